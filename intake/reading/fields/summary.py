"""The person's own summary: the text under its heading, joined to paragraphs."""

from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line
from intake.reading.sections import Section

_MAX = 3000


def join_lines(lines: list[Line]) -> str:
    """Running text of several lines, words cut at a line's end put together."""
    text = ""
    for line in lines:
        part = line.text.strip()
        if text.endswith("\u00ad"):
            text = text[:-1] + part
        elif text:
            text += ("\n" if line.listed else " ") + part
        else:
            text = part
    return text


def read_summary(sections: list[Section]) -> Found | None:
    """The text of the first section that is a summary."""
    for section in sections:
        if section.kind == "summary" and section.lines:
            text = join_lines(section.lines)[:_MAX].strip()
            if len(text) > 20:
                return Found(text, 0.9, (place_of(section.lines[0]),))
    return None
