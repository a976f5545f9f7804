"""Which version of reading this is, as a number that is stored with each reading.

Goes up whenever the same document may be read differently. Must stay cheap to import: the whole reader is not.
"""

import re

VERSION = 2
_WRITTEN = re.compile(r"structure (\d+)")


def version_in(reader: str) -> int:
    """The version that a stored reader names; 0 where it names none, as of documents that could not be read."""
    found = _WRITTEN.search(reader)
    return int(found[1]) if found else 0
