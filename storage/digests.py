"""Keyed digests: the same address, query or token recognised without being kept.

A digest is still personal data: it ends with its key or with the person. Nothing here keeps or logs what it is given.
Purposes never share a digest: the same input under another purpose gives unrelated bytes.
"""

import hashlib
import hmac
import unicodedata

from storage.seal import join_lengths


def keyed_digest(secret: bytes, purpose: str, *parts: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) over the purpose and the parts, each preceded by its length: 32 bytes.

    Raises ``ValueError`` for a secret of fewer than 32 bytes.
    """
    if len(secret) < 32:
        raise ValueError("a digest key has at least 32 bytes")
    return hmac.digest(secret, join_lengths(b"vitavault digest 1", purpose.encode(), *parts), hashlib.sha256)


def normalise_email(address: str) -> str:
    """An address in the form in which two spellings of the same mailbox are equal.

    NFC, case folded, the domain as its IDNA A-labels. Dots and plus signs stay: to most servers they matter, and
    two people must never be taken for one. What is not an address is normalised as text; nothing is refused here.
    """
    text = unicodedata.normalize("NFC", address.strip()).casefold()
    local, at, domain = text.rpartition("@")
    return unicodedata.normalize("NFC", local) + at + _ascii_domain(domain.rstrip("."))


def email_digest(secret: bytes, address: str) -> bytes:
    """The digest by which an e-mail address is recognised again in this installation."""
    return keyed_digest(secret, "email", normalise_email(address).encode(errors="surrogatepass"))


def query_digest(secret: bytes, query: str) -> bytes:
    """The digest that stands for a search in the audit log."""
    words = " ".join(unicodedata.normalize("NFC", query).casefold().split())
    return keyed_digest(secret, "query", words.encode(errors="surrogatepass"))


def token_digest(secret: bytes, token: str) -> bytes:
    """What is kept of a link's, session's or machine client's token."""
    return keyed_digest(secret, "token", token.encode(errors="surrogatepass"))


def suppression_digest(secret: bytes, address: str) -> bytes:
    """The digest that keeps an erased person from being brought back by a list; ``secret`` is that year's own key."""
    return keyed_digest(secret, "suppression", normalise_email(address).encode(errors="surrogatepass"))


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain
