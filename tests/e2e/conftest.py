"""Where a whole installation keeps its rows: once in the embedded database, once in PostgreSQL."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty database for one installation; empty for the embedded one."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("empty_postgres_url"))
