"""``vitavault init``: a commented settings file and two folders, nothing overwritten."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intake.cli.init import app
from intake.settings import Settings, load_settings
from intake.settings_file import describe_settings, write_settings


def run_init(folder: Path, *more: str) -> tuple[int, str]:
    """Run the command in ``folder``: exit status and all that it printed."""
    given = ["--file", f"{folder}/v.toml", "--data", f"{folder}/data", "--keys", f"{folder}/keys", *more]
    done = CliRunner().invoke(app, given)
    return done.exit_code, done.output


def test_init_writes_a_file_that_the_product_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file names the folders, which are there and closed to others; the settings are read from it."""
    status, said = run_init(tmp_path, "--organisation", "Example “Works”")
    assert status == 0, said
    monkeypatch.setenv("VITAVAULT_CONFIG", str(tmp_path / "v.toml"))
    settings = load_settings()
    assert settings.organisation == "Example “Works”"
    assert settings.data == tmp_path / "data"
    for made in (settings.data, settings.keys):
        assert made.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "v.toml").stat().st_mode & 0o077 == 0
    assert list(settings.keys.iterdir()) == []


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    """A second run is refused and leaves the file as it was."""
    (tmp_path / "v.toml").write_text("port = 9000\n")
    status, said = run_init(tmp_path)
    assert status == 2
    assert "there already" in said
    assert (tmp_path / "v.toml").read_text() == "port = 9000\n"


def test_init_refuses_keys_inside_the_data_folder(tmp_path: Path) -> None:
    """The rule that keeps keys apart holds before anything is made."""
    status, _ = run_init(tmp_path, "--keys", f"{tmp_path}/data/keys")
    assert status == 2
    assert list(tmp_path.iterdir()) == []


def test_every_line_that_is_commented_out_is_the_default(tmp_path: Path) -> None:
    """With all comment signs before settings removed the file says what the code says without it."""
    names = {setting.name for setting in describe_settings()}
    lines = write_settings(tmp_path / "v.toml", {}).splitlines()
    bare = [line[2:] for line in lines if line.startswith("# ") and line[2:].partition(" = ")[0] in names]
    told = tomllib.loads("\n".join(bare))
    assert set(told) == set(Settings.model_fields)
    assert Settings(**told).model_dump() == Settings().model_dump()
