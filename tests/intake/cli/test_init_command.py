"""``vitavault init``: a commented settings file and two folders, nothing overwritten."""

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intake.cli.init import app
from intake.keeper.rewriting import copy_at_start, key_house
from intake.opening import open_installation
from intake.settings import Settings, load_settings
from intake.settings_file import describe_settings, write_settings
from storage.keystore.depot import open_depot
from storage.keystore.escrow import NoRecoveryKey
from storage.keystore.recovery import recover
from storage.keystore.recovery_key import FILE as RECIPIENTS_FILE
from storage.keystore.upkeep import report_keys


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
    assert [path.name for path in settings.keys.iterdir()] == [RECIPIENTS_FILE]
    assert "shown this once" in said


def test_the_recovery_key_is_shown_at_init_and_opens_what_is_escrowed_from_the_first_key_on(tmp_path: Path) -> None:
    """Made once, before there is any key; the first generation is escrowed to it before it wraps anything."""
    _, said = run_init(tmp_path)
    text = said.partition("machine:\n\n")[2].partition("\n\n")[0]
    escrow = tmp_path / "escrow"
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys", escrow=str(escrow))
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        report = report_keys(key_house(house))
        assert (report.escrowed_at is not None, len(report.recipients)) == (True, 1)
        house.vault.new_key()
        copy_at_start(house)
        assert report_keys(key_house(house)).troubles == ()
    shutil.rmtree(tmp_path / "keys")
    (tmp_path / "new").mkdir(mode=0o700)
    done = recover(open_depot(str(escrow), tmp_path / "new", tmp_path / "data"), text, tmp_path / "new")
    assert done.keys == 1
    done.begun.keystore.close()


def test_nothing_is_wrapped_where_escrow_is_set_and_nobody_could_open_it(tmp_path: Path) -> None:
    """Without a recovery key a new installation with an escrow does not begin, and leaves no installation behind."""
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys", escrow=str(tmp_path / "escrow"))
    with pytest.raises(NoRecoveryKey):
        open_installation(settings, is_serving=False)
    told: list[str] = []
    _, stack = open_installation(settings, is_serving=False, tell_recovery=told.append)
    stack.close()
    assert len(told) == 1


def test_a_depot_out_of_reach_does_not_keep_the_product_from_starting(tmp_path: Path) -> None:
    """What cannot be copied at the start is red, not an end."""
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys")
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        copy_at_start(house)
        (tmp_path / "escrow").write_text("a file where the folder should be")
        given = settings.model_copy(update={"escrow": str(tmp_path / "escrow")})
        copy_at_start(replace(house, settings=given))
        assert house.vault.keystore.status().generation == 1


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
