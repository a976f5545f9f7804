"""The forget list: on disk before the erasure commits, never silently altered, and without personal data."""

import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.forget import Event, ForgetList, ForgetListDamaged, Position

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Position(41, b"root-at-forty-one")
ONE, TWO = (b"row-one", "R-1"), (b"row-two", "R-2")


def make(tmp_path: Path) -> ForgetList:
    """An empty list."""
    return ForgetList(tmp_path / "forgotten")


def test_an_erasure_is_intended_then_confirmed(tmp_path: Path) -> None:
    """The last word on each erasure counts; what was not settled stands out."""
    listed = make(tmp_path)
    assert listed.read() == []
    listed.intend([ONE, TWO], HERE, AT)
    assert [erasure.row_id for erasure in listed.list_unsettled()] == [b"row-one", b"row-two"]
    listed.confirm([ONE], Position(43, b"later"), AT)
    (settled, open_) = listed.read()
    assert (settled.event, settled.position, settled.at) == (Event.CONFIRMED, Position(43, b"later"), AT)
    assert (open_.event, open_.position, open_.receipt) == (Event.INTENT, HERE, "R-2")


def test_what_did_not_commit_is_withdrawn_and_not_replayed(tmp_path: Path) -> None:
    """A restore replays confirmed erasures and open intents, never withdrawn ones."""
    listed = make(tmp_path)
    listed.intend([ONE, TWO], HERE)
    listed.withdraw([ONE], HERE)
    assert [erasure.row_id for erasure in listed.list_erased()] == [b"row-two"]
    assert [erasure.row_id for erasure in listed.list_unsettled()] == [b"row-two"]


def test_saying_it_again_changes_nothing(tmp_path: Path) -> None:
    """Every call may be repeated after a crash."""
    listed = make(tmp_path)
    for _ in range(2):
        listed.intend([ONE], HERE, AT)
        listed.confirm([ONE], HERE, AT)
    assert len(listed.read()) == 1
    assert listed.read()[0].is_settled


@pytest.mark.parametrize("torn", [1, 10, 60])
def test_a_line_torn_by_a_crash_is_no_line(tmp_path: Path, torn: int) -> None:
    """Half of the last line counts for nothing and is cleared by the next write."""
    listed, path = make(tmp_path), tmp_path / "forgotten"
    listed.intend([ONE], HERE)
    listed.intend([TWO], HERE)
    path.write_bytes(path.read_bytes()[:-torn])
    assert [erasure.row_id for erasure in listed.read()] == [b"row-one"]
    listed.intend([TWO], HERE)
    assert [erasure.row_id for erasure in listed.read()] == [b"row-one", b"row-two"]


def test_a_torn_header_is_written_again(tmp_path: Path) -> None:
    """A crash in the very first write leaves a list that works."""
    (tmp_path / "forgotten").write_bytes(b"vitavault for")
    listed = make(tmp_path)
    assert listed.read() == []
    listed.intend([ONE], HERE)
    assert len(listed.read()) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"intent", b"withdrawn"), (b" 41 ", b" 42 "), (b"R-1", b"R-9"), (b"intent", b"maybe"), (b"R-1", b"R\xff1")],
)
def test_an_altered_line_is_an_alarm(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Nobody can take a person off the list by editing it unseen."""
    listed, path = make(tmp_path), tmp_path / "forgotten"
    listed.intend([ONE], HERE)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(ForgetListDamaged, match="line 2"):
        listed.read()


def test_another_file_is_not_taken_for_a_list(tmp_path: Path) -> None:
    """A wrong path is noticed."""
    (tmp_path / "forgotten").write_bytes(b"something else\n")
    with pytest.raises(ForgetListDamaged, match="not a forget list"):
        make(tmp_path).read()
    (tmp_path / "forgotten").write_bytes(b"something else")
    with pytest.raises(ForgetListDamaged, match="not a forget list"):
        make(tmp_path).read()


def test_lines_are_written_down_as_documented(tmp_path: Path) -> None:
    """The format of the decision page, to the letter."""
    make(tmp_path).intend([ONE], HERE, AT)
    assert (tmp_path / "forgotten").read_text() == (
        "vitavault forget list 1\n"
        "intent 726f772d6f6e65 R-1 2026-03-01T12:00:00.000000+00:00 41 726f6f742d61742d666f7274792d6f6e65 "
        "07149eff873fb9cc\n"
    )


def test_a_number_that_would_break_a_line_is_refused(tmp_path: Path) -> None:
    """Nothing is written then."""
    for odd in ("", "R 1", "R\n1", "é", "R" * 101):
        with pytest.raises(ValueError, match="printable ASCII"):
            make(tmp_path).intend([(b"row", odd)], HERE)
    assert make(tmp_path).read() == []


def test_processes_write_at_once(tmp_path: Path) -> None:
    """Lines of several processes never mix."""
    script = """
import sys
from pathlib import Path
from storage.forget import ForgetList, Position
for n in range(40):
    ForgetList(Path(sys.argv[1])).intend([(f"{sys.argv[2]}-{n}".encode(), "R")], Position(1, b"r"))
"""
    path = tmp_path / "forgotten"
    running = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b", "c")]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(make(tmp_path).read()) == 120
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
