"""Opening an installation: what does not fit is refused with a code and what to do; nothing is ever replaced."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from houses import SettableClock, settings_for

from intake.night import last_night
from intake.opening import StartRefused, open_installation
from intake.settings import Settings
from storage import migrations
from storage.database import open_database
from storage.keystore import KeystoreError, MissingKey

pytestmark = pytest.mark.enable_socket


def begin(folder: Path, url: str = "") -> Settings:
    """Make an installation and close it again."""
    settings = settings_for(folder, url)
    _, stack = open_installation(settings, is_serving=False)
    stack.close()
    return settings


def refusal_of(settings: Settings) -> Exception:
    """How opening is refused."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 - its kind is what the tests look at
        open_installation(settings, is_serving=False)
    return refused.value


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; empty for the embedded one."""
    return "" if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")


def test_an_installation_is_made_once_and_opened_again(tmp_path: Path, url: str) -> None:
    """The second time everything is as it was; the notice is posted once."""
    settings = begin(tmp_path, url)
    root = next(path for path in settings.keys.iterdir() if path.is_file())
    before = root.read_bytes()
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        assert root.read_bytes() == before
        assert house.today() == house.now().astimezone(house.policy.zone).date()
    assert settings.keys.stat().st_mode & 0o777 == 0o700


def test_without_its_keys_a_database_in_use_is_refused_and_no_key_is_made(tmp_path: Path, url: str) -> None:
    """An empty key folder is never filled for a database that is in use."""
    settings = begin(tmp_path, url)
    shutil.rmtree(settings.keys)
    error = refusal_of(settings)
    assert isinstance(error, MissingKey)
    assert "backup" in str(error)
    assert not any(settings.keys.glob("**/*.key")) if settings.keys.exists() else True


def test_the_root_key_alone_missing_is_refused(tmp_path: Path) -> None:
    """What was sealed under it cannot be opened by another."""
    settings = begin(tmp_path)
    for path in settings.keys.glob("root*"):
        path.unlink()
    error = refusal_of(settings)
    assert isinstance(error, KeystoreError)
    assert not list(settings.keys.glob("root*"))


def test_keys_of_another_installation_are_refused(tmp_path: Path, url: str) -> None:
    """Two installations, one with the other's keys: wrong keys, and what to do."""
    mine = begin(tmp_path / "mine", url)
    other = begin(tmp_path / "other")
    error = refusal_of(mine.model_copy(update={"keys": other.keys}))
    assert isinstance(error, StartRefused)
    assert error.code == "wrong_keys"
    assert "folder that belongs to it" in str(error)


def test_a_database_that_needs_a_migration_is_refused(tmp_path: Path) -> None:
    """It is migrated deliberately, by the command."""
    settings = begin(tmp_path)
    set_revision(settings, "")
    error = refusal_of(settings)
    assert error.code in ("database_unmigrated", "database_newer")  # type: ignore[attr-defined]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """Older code never touches it."""
    settings = begin(tmp_path)
    set_revision(settings, "9999")
    error = refusal_of(settings)
    assert (type(error), error.code) == (migrations.WrongSchema, "database_newer")  # type: ignore[attr-defined]


def set_revision(settings: Settings, revision: str) -> None:
    """Say that the embedded database is at another revision; empty: an unknown older one."""
    connection = sqlite3.connect(settings.data / "vitavault.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision or "0000",))
    connection.commit()
    connection.close()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A file stands where the data folder should be."""
    (tmp_path / "data").write_text("")
    error = refusal_of(settings_for(tmp_path))
    assert isinstance(error, StartRefused)
    assert (error.code, "0700" in str(error)) == ("data_folder_unusable", True)


def test_a_database_that_does_not_answer_is_refused_without_its_address(tmp_path: Path) -> None:
    """The address may hold a password: it is in no message."""
    url = "postgresql+psycopg://somebody:zeppelin-canary@127.0.0.1:1/nothing"
    error = refusal_of(settings_for(tmp_path, url))
    assert isinstance(error, StartRefused)
    assert error.code == "database_unreachable"
    assert "zeppelin-canary" not in str(error)
    assert not (tmp_path / "keys").exists(), "no key is made before the database is reached"


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    """A key folder open to everybody is no key folder."""
    settings = begin(tmp_path)
    settings.keys.chmod(0o755)
    error = refusal_of(settings)
    assert "0700" in str(error) or "700" in str(error)


def test_the_night_began_at_its_local_hour(tmp_path: Path) -> None:
    """Before the hour it was yesterday's, after it today's."""
    clock = SettableClock()
    house, stack = open_installation(settings_for(tmp_path), clock=clock, is_serving=False)
    with stack:
        today = last_night(house, clock.now)
        assert today <= clock.now
        early = clock.now.replace(hour=0)
        assert last_night(house, early) < today
    database = open_database(house.settings.effective_database_url)
    assert migrations.current(database.engine) == migrations.head()
    database.close()
