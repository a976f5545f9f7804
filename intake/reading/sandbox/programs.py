"""Programs that a jail may start, and the places that they read."""

import os
from pathlib import Path

_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin")
_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
READABLE = ["/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/tesseract-ocr", "/usr/share/tessdata"]
"""What a program may read: libraries and models."""


def find_program(name: str) -> str | None:
    """Return a program's path in the system's own folders, whatever PATH says."""
    paths = (Path(folder) / name for folder in _FOLDERS)
    return next((str(path) for path in paths if path.is_file() and os.access(path, os.X_OK)), None)


def executables(programs: list[str]) -> list[str]:
    """Return what the kernel must be allowed to run for these programs: themselves and the loader."""
    return [str(Path(path).resolve()) for path in [*programs, *_LOADERS] if Path(path).exists()]
