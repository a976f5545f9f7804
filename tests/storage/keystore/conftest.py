"""What the tests of the keystore share: a place of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from places import Home

from storage.keystore import create_root_file


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A place of each kind with a root of its own and nothing in it."""
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgresql" else ""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    place = Home(keys, url, create_root_file(keys))
    with place.closing:
        yield place
