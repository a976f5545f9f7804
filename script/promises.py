"""Write down which tests show which promise, for the evidence that ``vitavault policy check`` prints.

Run ``uv run python script/promises.py`` after adding a test that carries ``@pytest.mark.promise``. ``--check`` changes
nothing and fails where the list is not what the tests say.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "retention" / "policy" / "tested.py"
LONGEST = 120
"""Letters of a line."""
HEAD = '''"""Which tests show which promise: written by ``script/promises.py`` from the tests, never by hand."""

TESTS: dict[str, tuple[str, ...]] = {
'''


def find_tests() -> dict[str, list[str]]:
    """The tests that carry each promise's mark, as ``file::function``."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for promise in marks_of(node):
                    found[promise].append(f"{path.relative_to(ROOT / 'tests')}::{node.name}")
    return {promise: choose(tests) for promise, tests in found.items()}


def choose(tests: list[str]) -> list[str]:
    """The tests through the front door where there are any: one is enough to read, and the rest carry the mark."""
    return [test for test in tests if test.startswith("test_promises")] or tests


def marks_of(function: ast.FunctionDef) -> Iterator[str]:
    """The promises that a test says it shows."""
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
            yield from (arg.value for arg in mark.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def write_list(found: dict[str, list[str]]) -> str:
    """The list as a module."""
    lines = []
    for promise in sorted(found, key=lambda name: (name[0], int(name[1:]))):
        names = [f'"{name}",' for name in sorted(set(found[promise]))]
        is_short = len(names) == 1 and len(f'    "{promise}": ({names[0]}),') <= LONGEST
        inside = names[0] if is_short else "\n        " + "\n        ".join(names) + "\n    "
        lines.append(f'    "{promise}": ({inside}),\n')
    return HEAD + "".join(lines) + "}\n"


def main() -> int:
    """Write the list, or check it."""
    text = write_list(find_tests())
    if "--check" in sys.argv:
        is_same = LIST.is_file() and LIST.read_text("utf-8") == text
        print("the list is what the tests say" if is_same else "run: uv run python script/promises.py")
        return 0 if is_same else 1
    LIST.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
