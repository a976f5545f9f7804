"""All layouts, found in the modules beside this one and in ``kept_out/``."""

from importlib import import_module
from pathlib import Path

from tests.resumes.layouts.layout import Layout

HERE = Path(__file__).parent


def list_layouts(kept_out: bool) -> list[Layout]:
    """The layouts of one half, in a fixed order. A module belongs to the half that its ``KEPT_OUT`` says."""
    folder, package = (HERE / "kept_out", f"{__package__}.kept_out") if kept_out else (HERE, __package__)
    names = sorted(path.stem for path in folder.glob("*.py"))
    modules = [import_module(f"{package}.{name}") for name in names]
    return [layout for module in modules if getattr(module, "KEPT_OUT", None) is kept_out for layout in module.LAYOUTS]
