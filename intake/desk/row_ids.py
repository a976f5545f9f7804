"""Row ids as addresses spell them."""

from storage.identifiers import find_id

__all__ = ["find_id"]
