"""The vendored assets are the ones that the list beside them names."""

import hashlib
import re

from intake.web.rendering import STATIC

VENDOR = STATIC / "vendor"


def test_vendored_files_have_the_digests_and_licences_that_their_list_names() -> None:
    """Nothing was changed, added or left unlisted."""
    listed = dict(re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE))
    present = {path.name for path in VENDOR.iterdir() if path.suffix in {".css", ".js"}}
    assert set(listed) == present
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed} == listed
    assert all((VENDOR / name).read_text() for name in ("pico-LICENSE.md", "htmx-LICENSE"))
