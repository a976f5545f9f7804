"""Yearly keys of suppression digests: one small wrapped file for each year in the key folder, and no copy anywhere.

They are neither in the keystore nor in any escrow or backup: destroying one ends for good what could be compared with
the digests made under it. It must never be made anew for a year that has digests.
"""

import contextlib
import os
import re
from pathlib import Path

from storage.keystore.folder import destroy_file, write_private
from storage.keystore.roots import Root

_FILE = re.compile(r"suppression-(\d{4})\.key")


def make_yearly_key(keys_dir: Path, root: Root, installation: bytes, year: int) -> bytes:
    """The key of this year, drawn if it is not there yet; durable on return. 32 bytes."""
    drawn = os.urandom(32)
    with contextlib.suppress(FileExistsError):
        write_private(_path(keys_dir, year), root.wrap(drawn, _context(installation, year)), replace=False)
        return drawn
    found = find_yearly_key(keys_dir, root, installation, year)
    if found is None:
        raise FileNotFoundError(f"the suppression key of {year} went while it was asked for")
    return found


def find_yearly_key(keys_dir: Path, root: Root, installation: bytes, year: int) -> bytes | None:
    """The key of this year, or None when it was destroyed. Raises :class:`WrongKey` for one that does not open."""
    try:
        return root.unwrap(_path(keys_dir, year).read_bytes(), _context(installation, year))
    except FileNotFoundError:
        return None


def list_yearly_keys(keys_dir: Path) -> list[int]:
    """The years whose keys are there."""
    return sorted(int(found[1]) for path in keys_dir.iterdir() if (found := _FILE.fullmatch(path.name)))


def destroy_yearly_key(keys_dir: Path, year: int) -> bool:
    """Overwrite and unlink the key of this year. Whether it was there."""
    return destroy_file(_path(keys_dir, year))


def _path(keys_dir: Path, year: int) -> Path:
    return keys_dir / f"suppression-{year:04}.key"


def _context(installation: bytes, year: int) -> str:
    return f"suppression {installation.hex()} {year}"
