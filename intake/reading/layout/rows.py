"""From a block's segments to lines: one line for each baseline, its segments as cells.

Left labels that name a section become a line of their own; details that hang beside a list go to the row they
belong to.
"""

from itertools import pairwise

from intake.reading.fields.dates import find_dates, is_only_dates
from intake.reading.layout.columns import Block
from intake.reading.layout.segments import Segment
from intake.reading.page import Line, Span
from intake.reading.vocabulary import HEADINGS, fold


def _group(segments: list[Segment]) -> list[list[Segment]]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.baseline, s.left)):
        if rows and abs(segment.baseline - rows[-1][0].baseline) <= 0.3 * min(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda s: s.left)
    return rows


def _is_hanging(segment: Segment, row: list[Segment]) -> bool:
    """Whether a last cell (a date, a place) stands beside a list item or prose rather than a head line."""
    first = row[0]
    long = first.listed or (first.text.count(" ") >= 12 and not first.spans[0].bold and is_only_dates(segment.text))
    return segment is not first and long and segment.text.count(" ") <= 6 and not segment.listed


def _lift_details(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Move dates that hang beside list items up to the head line that opened their group."""
    for index, row in enumerate(rows):
        last = row[-1]
        if index == 0 or len(row) < 2 or not _is_hanging(last, row):
            continue
        above = _find_head(rows, index, last)
        if above is not None:
            above.append(last)
            row.remove(last)
    return rows


def _find_head(rows: list[list[Segment]], index: int, detail: Segment) -> list[Segment] | None:
    for row in reversed(rows[max(0, index - 3) : index]):
        if detail.baseline - row[0].baseline > 4 * detail.size:
            return None
        if not row[0].listed and row[0].text.count(" ") < 12:
            return row
    return None


def _merge(row: list[Segment]) -> Segment:
    """One segment of several that stand apart only for their spacing."""
    first, spans = row[0], list(row[0].spans)
    for segment in row[1:]:
        spans += [Span(" ", segment.left, segment.left, segment.size), *segment.spans]
    top, bottom = min(s.top for s in row), max(s.bottom for s in row)
    return Segment(spans, first.left, top, row[-1].right, bottom, first.baseline, first.size)


def _to_line(row: list[Segment], number: int, column: int) -> Line:
    spans: list[Span] = []
    for index, segment in enumerate(row):
        if index:
            spans.append(Span("   ", segment.left, segment.left, segment.size))
        spans += segment.spans
    return Line(
        tuple(spans),
        number,
        min(s.left for s in row),
        min(s.top for s in row),
        max(s.right for s in row),
        max(s.bottom for s in row),
        tuple(s.text for s in row),
        column,
        0,
        row[0].listed,
    )


def _raise_labels(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Put a section's label that hangs a little lower than the row beside it before that row."""
    for index in range(1, len(rows)):
        row, above = rows[index], rows[index - 1]
        label = row[0]
        if (
            fold(label.text) in HEADINGS
            and above[0].left > label.right
            and max(s.bottom for s in above) > label.top + 0.3 * label.size
        ):
            rows[index - 1] = [label]
            rows[index] = above
            if len(row) > 1:
                rows[index] = above + row[1:]
    return rows


def _join_wrapped_dates(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Put together a date that wraps in a narrow cell at the left or right of its rows."""
    for row, below in pairwise(rows):
        for place in (0, -1):
            if not row or not below or (len(row) == 1 and len(below) == 1 and place == -1):
                continue
            first, second = row[place], below[place]
            near = abs(first.left - second.left) < 4 or abs(first.right - second.right) < 4
            if near and second.top - first.bottom < first.size and _is_wrapped_date(first.text, second.text):
                first.append(second.spans)
                below.remove(second)
    return [row for row in rows if row]


def _is_wrapped_date(text: str, more: str) -> bool:
    if len(text) > 40 or len(more) > 30:
        return False
    joined = find_dates(f"{text} {more}")
    if len(joined) != 1 or joined[0].single or not is_only_dates(f"{text} {more}"):
        return False
    alone = find_dates(text)
    return not alone or alone[0].single or (alone[0].current and not joined[0].current)


def _raise_dates(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Put dates that hang a line lower at the left of an entry before the entry's bold first line."""
    for index in range(1, len(rows)):
        row = rows[index]
        label = row[0]
        if not is_only_dates(label.text) or (len(row) > 1 and row[1].spans[0].bold):
            continue
        for above in reversed(rows[max(0, index - 2) : index]):
            if above[0].left <= label.right or label.top - above[0].bottom > 1.2 * label.size:
                break
            if above[0].spans[0].bold:
                above.insert(0, label)
                row.remove(label)
                break
    return [row for row in rows if row]


def _is_label(row: list[Segment]) -> bool:
    """Whether a row opens with the name of a section, set apart by its look."""
    if len(row) < 2 or fold(row[0].text) not in HEADINGS or is_only_dates(row[1].text) or row[0].text.endswith(":"):
        return False
    label, first = row[0].spans[0], row[1].spans[0]
    return (
        label.bold > first.bold
        or label.size > 1.04 * first.size
        or (row[0].text.isupper() and not row[1].text.isupper())
    )


def to_lines(block: Block, number: int) -> list[Line]:
    """The lines of one block."""
    lines: list[Line] = []
    for row in _raise_labels(_raise_dates(_lift_details(_join_wrapped_dates(_group(block.segments))))):
        if len(row) > 1 and fold(" ".join(s.text for s in row)) in HEADINGS:
            row = [_merge(row)]
        rows = [row[:1], row[1:]] if _is_label(row) else [row]
        lines += [_to_line(part, number, block.column) for part in rows]
    return lines
