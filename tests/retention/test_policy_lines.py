"""The line on which each key of a profile stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from retention.policy.lines import find_line, locate_keys
from retention.policy.problems import write_key


def test_lines_are_found_through_strings_arrays_comments_and_tables() -> None:
    """What looks like a key inside a value is none."""
    text = '''# a comment with [brackets] and "quotes"
a = """
[not.a.table]
b = 1
"""
c = [ # a comment ] in an array
  "x] = 1", 'y\\',
  { d = 2 },
]
"quoted" = 'it''s'

[t.u] # trailing
e = "\\"#"
[[list]]
f = 1
[[list]]
f = 2
[list.inner]
g = 3
[[list.more]]
h = 4
# the end'''.replace("'it''s'", '"its"')
    document = tomllib.loads(text)
    lines = locate_keys(text)
    assert document["list"][1]["more"][0]["h"] == 4
    wanted = {
        ("a",): 2,
        ("c",): 6,
        ("quoted",): 10,
        ("t", "u"): 12,
        ("t", "u", "e"): 13,
        ("list", 0): 14,
        ("list", 0, "f"): 15,
        ("list", 1, "f"): 17,
        ("list", 1, "inner", "g"): 19,
        ("list", 1, "more", 0, "h"): 21,
    }
    assert {path: lines[path] for path in wanted} == wanted
    assert ("b",) not in lines
    assert find_line(lines, ("list", 1, "missing")) == 16
    assert find_line(lines, ("nowhere", 3)) == 1
    assert locate_keys('a = "never closed')[("a",)] == 1


@given(st.lists(st.tuples(st.text(max_size=12), st.integers() | st.text(max_size=12)), max_size=8))
def test_each_key_is_found_on_its_line(pairs: list[tuple[str, int | str]]) -> None:
    """Whatever the values hold, the keys of a document stand on the lines on which they were written."""

    def write(value: int | str) -> str:
        if isinstance(value, int):
            return str(value)
        escaped = "".join(f"\\U{ord(c):08X}" if ord(c) < 32 or c in '"\\\x7f' else c for c in value)
        return f'"{escaped}"'

    text = "".join(f"[[row]]\nvalue{index} = {write(value)}\n" for index, (_, value) in enumerate(pairs))
    tomllib.loads(text)
    lines = locate_keys(text)
    for index in range(len(pairs)):
        assert lines[("row", index, f"value{index}")] == 2 * index + 2


def test_keys_are_written_as_people_count() -> None:
    """The first entry is the first, not the zeroth."""
    assert write_key(("periods", 0, "reason")) == "periods[1].reason"
    assert write_key(()) == "the profile"
