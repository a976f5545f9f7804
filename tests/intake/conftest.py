"""An installation that a module's tests share, on either database."""

from collections.abc import Iterator

import pytest
from houses import Live, living


@pytest.fixture(scope="module")
def live(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """An installation that serves while the module's tests run; they only add people of their own to it."""
    with living(tmp_path_factory.mktemp("installation"), shared_url) as found:
        yield found
