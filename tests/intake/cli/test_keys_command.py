"""``vitavault keys``: an operator makes a recovery key, loses the key folder, and has everything back."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from intake.cli.commands import app
from intake.keeper.rewriting import care_for_keys, key_house
from intake.opening import open_installation
from intake.settings import SettingsError, load_settings
from storage.keystore.upkeep import report_keys


def run(tmp_path: Path, *arguments: str, typed: str = "") -> Result:
    """Run ``vitavault keys`` on the installation of this test."""
    folders = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    return CliRunner().invoke(app, ["keys", *arguments, *folders], input=typed)


def key_in(output: str) -> str:
    """The recovery key that was printed last: a new installation shows its first one before anything else."""
    return [line for line in output.splitlines() if line.startswith("VITAVAULT-RECOVERY-1-")][-1]


@pytest.fixture
def escrow(tmp_path: Path) -> str:
    """A folder on another disk, as far as the product can tell."""
    return str(tmp_path / "depot")


def test_without_escrow_the_status_is_red(tmp_path: Path) -> None:
    """A new installation can lose everything with one folder, and says so."""
    shown = run(tmp_path, "status")
    assert shown.exit_code == 1
    assert "cannot be recovered" in shown.output
    assert "Generation:             1" in shown.output


def test_a_new_installation_shows_its_recovery_key_once_whatever_command_begins_it(tmp_path: Path, escrow: str) -> None:
    """The first generation is escrowed to it before it wraps anything, and no command shows it again."""
    first = run(tmp_path, "status", "--escrow", escrow)
    assert key_in(first.output)
    assert "not escrowed" not in first.output
    assert "VITAVAULT-RECOVERY" not in run(tmp_path, "status", "--escrow", escrow).output


def test_escrow_needs_a_recovery_key(tmp_path: Path, escrow: str) -> None:
    """Nothing is escrowed to nobody: what to do is said."""
    run(tmp_path, "status")
    (tmp_path / "keys" / "recovery.json").unlink()
    refused = run(tmp_path, "rotate", "--escrow", escrow)
    assert refused.exit_code == 2
    assert "vitavault keys recovery rotate" in refused.output


def test_a_lost_key_folder_is_recovered(tmp_path: Path, escrow: str) -> None:
    """Made, rotated, lost, recovered with what was written down, and in order again."""
    text = key_in(run(tmp_path, "recovery", "rotate", "--escrow", escrow).output)
    assert "Generation 3 is in force" in run(tmp_path, "rotate", "--escrow", escrow).output
    assert run(tmp_path, "status", "--escrow", escrow).exit_code == 0
    shutil.rmtree(tmp_path / "keys")
    done = run(tmp_path, "recover", "--escrow", escrow, typed=text + "\n")
    assert done.exit_code == 0, done.output
    assert "vitavault forget replay" in done.output
    assert text not in done.output
    assert key_in(done.output) != text
    assert run(tmp_path, "status", "--escrow", escrow).exit_code == 0
    again = run(tmp_path, "recover", "--escrow", escrow, typed=key_in(done.output) + "\n")
    assert again.exit_code == 2
    assert "never replaced" in again.output


def test_a_slip_in_the_recovery_key_is_told_plainly(tmp_path: Path, escrow: str) -> None:
    """One sentence, no traceback, and the key that was typed is not repeated."""
    text = key_in(run(tmp_path, "recovery", "rotate", "--escrow", escrow).output)
    shutil.rmtree(tmp_path / "keys")
    refused = run(tmp_path, "recover", "--escrow", escrow, typed=text[:-1] + ("A\n" if text[-1] != "A" else "B\n"))
    assert refused.exit_code == 2
    assert "compare it with what was written down" in refused.output
    assert text[:-1] not in refused.output


def test_a_place_for_escrows_must_be_named_to_recover(tmp_path: Path) -> None:
    """Neither by option nor by setting: said plainly, before the recovery key is asked for."""
    refused = run(tmp_path, "recover")
    assert refused.exit_code == 2
    assert "--escrow" in refused.output


def test_the_night_escrows_copies_and_keeps_the_window(tmp_path: Path, escrow: str) -> None:
    """The first night after escrow was set makes a generation that is escrowed; the next ones copy it."""
    run(tmp_path, "recovery", "rotate")
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys", escrow=escrow)
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        for _ in range(2):
            care_for_keys(house)
            assert report_keys(key_house(house)).troubles == ()
        assert house.vault.keystore.status().generation == 3


def test_a_window_above_28_days_needs_a_reason(tmp_path: Path) -> None:
    """In the settings as in the keystore."""
    with pytest.raises(SettingsError, match="key_window_reason"):
        load_settings(data=tmp_path / "data", keys=tmp_path / "keys", key_window_days=40)
    settings = load_settings(
        data=tmp_path / "data", keys=tmp_path / "keys", key_window_days=40, key_window_reason="the auditor asked for it"
    )
    assert settings.key_window_days == 40
