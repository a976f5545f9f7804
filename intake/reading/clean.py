"""Text that came out of a document, made fit to store, show and search.

Extracted text is as hostile as the document: it holds NULs, control characters and lone surrogates, which databases
and terminals choke on. Nothing that a reader returns may bypass this module.
"""

import re
import unicodedata

MAX_CHARS = 1_000_000
"""Longest text kept of one document, in characters."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str, limit: int = MAX_CHARS) -> str:
    """Return NFC text of at most ``limit`` characters without control characters, surrogates or bidi overrides.

    Tab and newline stay; carriage returns and NEL become newlines; what is unfit becomes U+FFFD (ASVS v5.0.0-1.3.3).
    """
    text = text[:limit].replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = _BIDI.sub("", _UNFIT.sub("\ufffd", text))
    return unicodedata.normalize("NFC", text)[:limit]
