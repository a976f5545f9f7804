"""The sizes of pages, by which places are marked on their pictures."""

from collections.abc import Iterator

import pytest

from intake.reading.extents import MOST, measure_pages
from intake.reading.page import Page, Sheets
from intake.reading.raster import png_size
from intake.reading.reader import ResumeReader
from intake.reading.readers.ocr import sheets_from_tables
from intake.reading.sandbox.layers import probe
from storage.profile import Extent


@pytest.fixture(scope="module")
def reader() -> Iterator[ResumeReader]:
    """A reader with one worker."""
    opened = ResumeReader("require" if probe().is_complete else "best-effort", workers=1)
    opened.start()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "data",
    [b"Jane Roe\njane@example.org\n\nExperience\n" + b"Clerk, Acme\n" * 30, b"{\\rtf1 Jane Roe\\par Clerk\\par Acme}"],
    ids=["txt", "rtf"],
)
def test_a_measured_page_has_the_shape_of_its_picture(reader: ResumeReader, data: bytes) -> None:
    """What is marked by the page's size lands on the same place of its picture."""
    extent = reader.read(data).extents[0]
    size = png_size(reader.render(data, "", 1, 600) or b"")

    assert size is not None
    assert size[1] / size[0] == pytest.approx(extent.height / extent.width, abs=0.01)


def test_only_the_pages_that_are_shown_are_measured() -> None:
    """A document of very many pages does not swell what is kept of it."""
    sheets = Sheets("pdf", "test", pages=[Page(number, 595.0, 842.0) for number in range(1, 800)])

    assert measure_pages(sheets) == (Extent(595.0, 842.0),) * MOST


@pytest.mark.parametrize(("turn", "extent"), [(0, Extent(500.0, 1000.0)), (90, Extent(0.0, 0.0))])
def test_a_page_that_was_turned_cannot_be_marked(turn: int, extent: Extent) -> None:
    """Boxes of a page that was turned for recognition do not fit its picture."""
    about = f'{{"width": 1000, "height": 2000, "scale": 0.5, "turn": {turn}}}'

    assert measure_pages(sheets_from_tables("png", [{"about": about, "table": ""}])) == (extent,)
