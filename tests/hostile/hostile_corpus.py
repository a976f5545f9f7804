"""The hostile corpus of our own: ``python tests/hostile/hostile_corpus.py DIR`` writes it, the tests make it in memory.

Deterministic and of the standard library alone. Nothing in it is live: actions point at port 47009 of this machine, and
the antivirus test string stands split in the source.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from hostile_office import make_office
from hostile_others import make_others
from hostile_pdf import make_pdfs


def make_corpus() -> Iterator[tuple[str, bytes]]:
    """Yield every hostile file by name."""
    yield from make_pdfs()
    yield from make_office()
    yield from make_others()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, content in make_corpus():
        (folder / file_name).write_bytes(content)
