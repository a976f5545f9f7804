"""The shape of the tree: one direction, no cycles, keys within reach of few, every column says what it holds."""

import ast
from pathlib import Path

from storage import models
from storage.models import Holds, Model
from storage.profile import KEPT_FIELDS, PROFILE_FIELDS, REGISTRY
from storage.seal import ORGANISATION_NAMES

ROOT = Path(__file__).parent.parent
PACKAGES = ("storage", "retention", "intake")
ORDER = {name: place for place, name in enumerate(PACKAGES)}
MAY_REACH_KEYS = (
    "storage.keystore",
    "storage.secrets",
    "intake.opening",
    "intake.desk.vault",
    "intake.desk.repeating",
    "intake.desk.search",
    "intake.desk.suppression",
    "intake.keeper",
    "intake.cli",
    "intake.desk.doctor",
    "storage.backup",
)
"""Modules (and what lies in them) that may import the keystore; nothing else ever may."""
THIRD_LAYERS = ("intake.web", "intake.api")


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if "migrations.versions" not in name:
                found[name] = path
    return found


def _imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Every module of ours that this one imports, imports inside functions counted."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return {item for item in found if item in known and item != name}


def _graph() -> dict[str, set[str]]:
    known = _modules()
    graph = {name: _imports(name, path, known) for name, path in known.items()}
    for name, targets in graph.items():  # importing a module of a package is not using what the package re-exports
        graph[name] = {t for t in targets if not any(other.startswith(f"{t}.") for other in targets)}
    return graph


def test_imports_go_one_way() -> None:
    """``intake`` builds on ``retention``, that on ``storage``, and never back."""
    wrong = [
        (name, target)
        for name, targets in _graph().items()
        for target in targets
        if ORDER[target.split(".")[0]] > ORDER[name.split(".")[0]]
    ]
    assert wrong == []


def test_no_module_imports_itself_by_a_detour() -> None:
    """There is no cycle among modules, imports inside functions counted."""
    graph, done, cycles = _graph(), set(), []

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            cycles.append(trail[trail.index(name) :])
        elif name not in done:
            for target in sorted(graph[name]):
                visit(target, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
    assert cycles == []


def test_only_listed_modules_reach_the_keystore() -> None:
    """Who may open a person's key is a short list."""
    wrong = [
        name
        for name, targets in _graph().items()
        if any(t.startswith("storage.keystore") for t in targets)
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in MAY_REACH_KEYS)
    ]
    assert wrong == []


def test_pages_and_calls_do_not_import_storage() -> None:
    """``intake.web`` and ``intake.api`` speak to the desk, never to storage."""
    wrong = [
        (name, target)
        for name, targets in _graph().items()
        for target in targets
        if name.startswith(THIRD_LAYERS) and target.startswith("storage")
    ]
    assert wrong == []


def test_reading_knows_of_storage_only_what_a_profile_is() -> None:
    """What parses hostile files knows no database and no key."""
    allowed = {"storage.profile", "storage.profile_json"}
    wrong = [
        (name, target)
        for name, targets in _graph().items()
        for target in targets
        if name.startswith("intake.reading") and not target.startswith("intake.reading") and target not in allowed
    ]
    assert wrong == []


def test_retention_has_no_way_to_a_key() -> None:
    """The worker ends records without being able to read one: it imports neither keys nor secrets nor sealing."""
    wrong = [
        (name, target)
        for name, targets in _graph().items()
        for target in targets
        if name.startswith("retention") and target.startswith(("storage.keystore", "storage.secrets"))
    ]
    assert wrong == []


def test_every_column_says_what_it_holds() -> None:
    """A column that does not declare itself cannot be added by oversight (ASVS v5.0.0-14.1.1)."""
    silent = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.info.get("holds"), Holds)
    ]
    assert silent == []


def test_every_sealed_column_names_what_it_seals() -> None:
    """A sealed column belongs to a name of the registry, or of the organisation's own short list."""
    known = set(REGISTRY) | set(ORGANISATION_NAMES) | {"profile.*"}
    wrong = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.info["holds"] is Holds.SEALED and column.info.get("seals") not in known
    ]
    assert wrong == []


def test_everything_kept_beside_the_profile_has_a_sealed_place() -> None:
    """What the registry lists under ``Kept`` is stored sealed somewhere, or nowhere in clear."""
    sealed = {
        column.info.get("seals")
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.info["holds"] is Holds.SEALED
    }
    assert set(KEPT_FIELDS) - sealed - {"document_file", "request_text"} == set()
    assert set(PROFILE_FIELDS).isdisjoint(KEPT_FIELDS)


def test_every_model_is_exported() -> None:
    """What is not imported by :mod:`storage.models` would be missing from migrations."""
    declared = {mapper.class_.__name__ for mapper in Model.registry.mappers}
    assert declared <= set(models.__all__)


def test_no_file_is_longer_than_the_house_allows() -> None:
    """A module of more than 400 lines does too much."""
    long = {
        name: count for name, path in _modules().items() if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
