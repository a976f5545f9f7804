"""`vitavault read` prints or writes what was read, stores nothing else, and starts without the rest of the product."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from intake.cli.read import run
from intake.reading.sandbox.layers import probe

_SANDBOX = ["--sandbox", "require" if probe().is_complete else "best-effort"]
_TEXT = "Jane Roe\njane@example.org\n\nLanguages\n\nEnglish, French\n"


def _resume(folder: Path, name: str = "jane.txt", text: str = _TEXT) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_json_has_the_fields_and_how_sure_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file gives one object with the profile, confidence, place and verdict."""
    code = run([*_SANDBOX, "--json", _resume(tmp_path)])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["file"] == "jane.txt"
    assert found["emails"] == ["jane@example.org"]
    assert found["verdict"] == found["code"] == "ok"
    assert 0 < found["confidence"]["emails/0"] <= 1
    assert found["place"]["emails/0"][0]["page"] == 1


def test_the_table_names_every_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person sees what was found and what was not."""
    run([*_SANDBOX, _resume(tmp_path)])

    shown = capsys.readouterr().out
    assert "jane@example.org" in shown
    assert "Phone numbers     not found" in shown


def test_out_writes_one_file_each_and_nothing_else(tmp_path: Path) -> None:
    """Results are named after their documents; one that cannot be read has a verdict, and the exit tells."""
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    out = tmp_path / "out"

    code = run([*_SANDBOX, "--out", str(out), _resume(tmp_path), str(broken)])

    assert code == 1
    assert sorted(path.name for path in out.iterdir()) == ["broken.docx.json", "jane.txt.json"]
    told = json.loads((out / "broken.docx.json").read_text())
    assert told["verdict"] == "malformed"
    assert told["message"].startswith("This file seems to be damaged")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.docx", "jane.txt", "out"]


def test_what_cannot_work_is_refused_before_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file, or two that would overwrite each other's result, end it at once."""
    (tmp_path / "other").mkdir()
    twice = [_resume(tmp_path), _resume(tmp_path / "other")]

    assert run([*_SANDBOX, str(tmp_path / "missing.pdf")]) == 2
    assert run([*_SANDBOX, "--out", str(tmp_path / "out"), *twice]) == 2
    assert "same name" in capsys.readouterr().err


def test_control_characters_never_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document cannot move the cursor or set the window's title."""
    run([*_SANDBOX, _resume(tmp_path, text="\x1b]0;owned\x07 Jane Roe\njane@example.org\x1b[2J\n")])

    assert "\x1b" not in capsys.readouterr().out


def test_reading_starts_without_the_rest_of_the_product() -> None:
    """Neither the web, nor the database, nor Typer's validation is imported to read a file."""
    heavy = ("fastapi", "sqlalchemy", "pydantic", "typer", "rich", "cryptography", "storage.models")
    program = f"import sys, intake.cli.read; print([name for name in {heavy!r} if name in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "[]"


def test_read_is_listed_among_the_commands() -> None:
    """The whole command line knows it, and hands it its options."""
    command = [sys.executable, "-c", "from intake.cli import main; main()", "--help"]

    assert "read" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_skills_are_told_with_their_common_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is written stays; its usual name stands beside it."""
    run([*_SANDBOX, "--json", _resume(tmp_path, text="Jane Roe\n\nSkills\n\nJS, Falconry\n")])

    found = json.loads(capsys.readouterr().out)
    assert found["skills"] == ["JS", "Falconry"]
    assert found["skill_names"] == {"JS": "JavaScript"}
