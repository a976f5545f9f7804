"""Settings: what is weak or impossible is refused by its name; a value is never repeated."""

from pathlib import Path

import pytest

from intake.settings import Settings, SettingsError, load_settings

CANARY = "zeppelin-canary-4711"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set outside reaches a test."""
    import os

    for name in [name for name in os.environ if name.startswith("VITAVAULT_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_whole_and_frozen(tmp_path: Path) -> None:
    """Without anything set: the embedded database in the data folder, loopback, ten megabytes."""
    settings = load_settings(data=tmp_path / "d", keys=tmp_path / "k")
    assert settings.effective_database_url == f"sqlite:///{(tmp_path / 'd').resolve() / 'vitavault.db'}"
    assert (settings.host, settings.upload_limit) == ("127.0.0.1", 10_000_000)
    with pytest.raises(Exception, match="frozen"):
        settings.host = "::1"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "70000"), ("port", CANARY), ("upload_limit_mb", "0"), ("sandbox", CANARY), ("readers", "0"),
        ("link_hours", "48"), ("session_hours", "100"), ("reading_seconds", "0"), ("key_window_days", "60"),
        ("night_hour", "24"), ("end_share_limit", "2"), ("smtp_tls", CANARY), ("root_provider", CANARY),
        ("base_url", f"http://{CANARY}.example.org"), ("base_url", f"ftp://{CANARY}"), ("smtp_port", CANARY),
    ],
)  # fmt: skip
def test_a_refusal_names_the_setting_never_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Whatever is weak or impossible is told by name."""
    monkeypatch.setenv(f"VITAVAULT_{name.upper()}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert name in str(refused.value)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(("data", "keys"), [("d", "d"), ("d", "d/keys"), ("k/data", "k")])
def test_keys_never_lie_in_the_data_nor_data_in_the_keys(tmp_path: Path, data: str, keys: str) -> None:
    """A copy of the data folder must never hold the keys."""
    with pytest.raises(SettingsError, match="data and keys"):
        load_settings(data=tmp_path / data, keys=tmp_path / keys)


def test_keys_are_found_through_a_link_too(tmp_path: Path) -> None:
    """A link that leads into the data folder is followed before the folders are compared."""
    (tmp_path / "data" / "keys").mkdir(parents=True)
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data" / "keys")
    with pytest.raises(SettingsError):
        load_settings(data=tmp_path / "data", keys=tmp_path / "elsewhere")


@pytest.mark.parametrize("url", ["https://jobs.example.org/", "http://127.0.0.1:8000", "http://localhost:9", ""])
def test_an_address_is_secure_or_of_this_machine(url: str) -> None:
    """``https`` anywhere, ``http`` only on loopback; a slash at the end is dropped."""
    assert load_settings(base_url=url).base_url == url.rstrip("/")


def test_the_command_line_beats_the_environment_and_that_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three places, one order."""
    file = tmp_path / "vitavault.toml"
    file.write_text('port = 1\nhost = "::1"\norganisation = "File"\n')
    monkeypatch.setenv("VITAVAULT_CONFIG", str(file))
    monkeypatch.setenv("VITAVAULT_PORT", "2")
    monkeypatch.setenv("VITAVAULT_HOST", "localhost")
    settings = load_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.organisation) == (3, "localhost", "File")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt name never means the defaults; the path itself is not repeated."""
    monkeypatch.setenv("VITAVAULT_CONFIG", str(tmp_path / CANARY))
    with pytest.raises(SettingsError, match="VITAVAULT_CONFIG") as refused:
        load_settings()
    assert CANARY not in str(refused.value)


def test_a_misspelt_setting_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nothing knows may have been meant to protect something."""
    file = tmp_path / "vitavault.toml"
    file.write_text(f'sandbocks = "{CANARY}"\n')
    monkeypatch.setenv("VITAVAULT_CONFIG", str(file))
    with pytest.raises(SettingsError, match="sandbocks") as refused:
        load_settings()
    assert CANARY not in str(refused.value)


def test_a_password_stands_in_no_description() -> None:
    """The settings can be printed."""
    assert CANARY not in repr(Settings(smtp_password=CANARY))
