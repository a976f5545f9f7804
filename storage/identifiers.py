"""Random identifiers: row ids that mean nothing, and references that a person can read out on the phone."""

import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: nothing that is misheard or misread


def new_id() -> bytes:
    """A random 16-byte row id, never reused."""
    return secrets.token_bytes(16)


def new_token() -> str:
    """A random 256-bit token for links and sessions, safe in a URL path."""
    return secrets.token_urlsafe(32)


def new_reference(prefix: str = "VV") -> str:
    """A reference such as ``VV-7K3M-9QXT-C4``: 10 random letters (49 bits), unique by the database's word."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def find_id(text: str) -> bytes | None:
    """The row id that ``text`` spells, or None."""
    try:
        row_id = bytes.fromhex(text)
    except ValueError:
        return None
    return row_id if len(row_id) == 16 else None
