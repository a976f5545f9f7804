"""Interim: text only, until the structure step lands."""

from intake.reading.layout import lay_out
from intake.reading.page import Sheets
from storage.profile import Reading, Verdict


def read_sheets(sheets: Sheets) -> Reading:
    """Return the text."""
    lines = sheets.lines or lay_out(sheets.pages)
    return Reading(Verdict.OK, sheets.kind, sheets.reader, text="\n".join(line.text for line in lines), pages=sheets.page_count)
