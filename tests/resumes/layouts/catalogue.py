"""All layouts: those beside this module and in ``opened/`` may be tuned on, those in ``kept_out/`` must never be.

``opened/`` was kept out once. A half that has been looked at, or whose scores by family have been acted on, moves
there, and another is drawn.
"""

from importlib import import_module
from pathlib import Path

from tests.resumes.layouts.layout import Layout

HERE = Path(__file__).parent


def list_layouts(kept_out: bool) -> list[Layout]:
    """The layouts of one half, in a fixed order. A module belongs to the half that its ``KEPT_OUT`` says."""
    folders = ("kept_out",) if kept_out else ("", "opened")
    modules = [module for folder in folders for module in _import_modules(folder)]
    return [layout for module in modules if getattr(module, "KEPT_OUT", None) is kept_out for layout in module.LAYOUTS]


def _import_modules(folder: str) -> list[object]:
    package = f"{__package__}.{folder}".rstrip(".")
    return [import_module(f"{package}.{path.stem}") for path in sorted((HERE / folder).glob("*.py"))]
