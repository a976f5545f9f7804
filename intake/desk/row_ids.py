"""Row ids as addresses spell them."""

from storage.identifiers import find_id, to_text

__all__ = ["find_id", "to_text"]
