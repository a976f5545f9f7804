"""How large the pages of a document are, so that places can be marked on their pictures.

Runs inside the sandbox. Must agree with what `drawing` draws: a sheet of lines is as wide as `flow` lays it.
"""

from intake.reading.page import Sheets
from intake.reading.readers.flow import MARGIN, PAGE_WIDTH
from storage.profile import Extent

MOST = 20
"""Pages that are measured; nobody is shown more."""


def measure_pages(sheets: Sheets) -> tuple[Extent, ...]:
    """The sizes of the first pages in points; 0 by 0 for a page whose boxes do not fit its picture."""
    if sheets.lines:
        return (Extent(PAGE_WIDTH, sheets.lines[-1].bottom + MARGIN),)
    return tuple(
        Extent(0.0, 0.0) if page.is_turned else Extent(page.width, page.height) for page in sheets.pages[:MOST]
    )
