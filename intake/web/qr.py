"""Draws a QR code as the outline of its dark squares, for a template to put into an SVG. Nothing is fetched or kept."""

from dataclasses import dataclass

import segno

QUIET = 4
"""Modules of empty margin that readers need (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code: ``size`` modules a side with its margin, and the SVG path of its dark modules."""

    size: int
    path: str


def draw_qr(text: str) -> QrCode:
    """The QR code of a text, with medium error correction."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    squares = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    ]
    return QrCode(len(rows) + 2 * QUIET, "".join(squares))
