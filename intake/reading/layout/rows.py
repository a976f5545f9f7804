"""From a block's segments to lines: one line for each baseline, its segments as cells.

Left labels that name a section become a line of their own; details that hang beside a list go to the row they
belong to.
"""

from itertools import pairwise
from statistics import median

from intake.reading.fields.dates import find_dates, is_only_dates
from intake.reading.layout.columns import Block, is_wrapped_date
from intake.reading.layout.segments import Segment
from intake.reading.page import Line, Span
from intake.reading.sections import kind_of_heading
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
    return Segment(spans, first.left, top, row[-1].right, bottom, first.baseline, first.size, heading=first.heading)


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


def _join_label(row: list[Segment]) -> list[Segment]:
    """The row with the name of a section put together that opens it in several cells."""
    for count in range(len(row), 1, -1):
        if count <= 3 and fold(" ".join(s.text for s in row[:count])) in HEADINGS:
            return [_merge(row[:count]), *row[count:]]
    return row


def _part_labels(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Give names of sections that stand left or right of their first rows a row of their own, before them."""
    parted: list[list[Segment]] = []
    for index, row in enumerate(rows):
        for place in (0, -1):
            halves = _find_label(rows, index, place)
            if halves:
                label = halves[0]
                for half, below in zip(halves, rows[index:], strict=False):
                    below.remove(half)
                for half in halves[1:]:
                    label.append(half.spans)
                parted.append([label])
        if row:
            parted.append(row)
    return parted


def _find_label(rows: list[list[Segment]], index: int, place: int) -> list[Segment]:
    """The parts, one below the other, of a section's name at one end of a row; nothing where there is none."""
    row = rows[index]
    if not row or row[place].text.endswith(":") or row[place].listed:
        return []
    halves = [row[place]]
    for below in rows[index + 1 : index + 3]:
        if not below or not _goes_below(halves[-1], below[place]):
            break
        halves.append(below[place])
    for count in range(len(halves), 1, -1):
        if _names_section(" ".join(half.text for half in halves[:count])) and _is_apart(row, place):
            return halves[:count]
    return halves[:1] if len(row) > 1 and _names_section(halves[0].text) and _is_apart(row, place) else []


def _names_section(text: str) -> bool:
    plain = fold(text)
    return plain in HEADINGS or (len(plain) < 40 and "&" in text and kind_of_heading(text) is not None)


def _goes_below(first: Segment, second: Segment) -> bool:
    """Whether a segment goes on from the one above it: flush or centred, and in one look."""
    left, right = first.left - second.left, first.right - second.right
    near = second.top - first.bottom < 0.8 * first.size and min(abs(left), abs(right), abs(left + right)) < 2
    return near and abs(first.size - second.size) < 0.2 and first.spans[-1].bold == second.spans[0].bold


def _is_apart(row: list[Segment], place: int) -> bool:
    """Whether the first or last of a row is set apart from its neighbour by its look."""
    if len(row) < 2:
        return True
    segment, beside = row[place], row[1 if place == 0 else -2]
    if is_only_dates(beside.text) and place == 0:
        return False
    label, first = segment.spans[0], beside.spans[0]
    louder = label.bold > first.bold or label.size > 1.04 * first.size
    return segment.heading or louder or (segment.text.isupper() and not beside.text.isupper())


def _join_wrapped_dates(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Put together a date that wraps in a narrow cell at the left or right of its rows."""
    for row, below in pairwise(rows):
        for place in (0, -1):
            if not row or not below or (len(row) == 1 and len(below) == 1 and place == -1):
                continue
            first, second = row[place], below[place]
            near = abs(first.left - second.left) < 4 or abs(first.right - second.right) < 4
            if near and second.top - first.bottom < first.size and is_wrapped_date(first.text, second.text):
                first.append(second.spans)
                below.remove(second)
    return [row for row in rows if row]


def _join_wrapped_cells(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Put together cells of tables, and lines set apart by their look, that go on below for want of room."""
    edge = max((row[-1].right for row in rows if row), default=0.0)
    body = _median_size(rows)
    for row, below in zip(rows[-2::-1], rows[:0:-1], strict=True):
        pairs = [(s, first) for s in below if (first := next((f for f in row if _goes_below(f, s)), None))]
        if not pairs or len(below) > max(1, len(row) - 1) or any(find_dates(s.text) or s.listed for s in below):
            continue
        for second, first in pairs:
            place = row.index(first)
            room = (row[place + 1].left if place + 1 < len(row) else edge) - first.right
            if (
                room < _width_of_first_word(second)
                and _is_headlike(first, body, alone=len(row) == 1)
                and _may_go_on(first.text, second.text)
            ):
                first.append(second.spans)
                first.right, first.bottom = max(first.right, second.right), second.bottom
                below.remove(second)
    return [row for row in rows if row]


def _median_size(rows: list[list[Segment]]) -> float:
    return median([s.size for row in rows for s in row] or [0.0])


def _is_headlike(segment: Segment, body: float, *, alone: bool) -> bool:
    """Whether a segment is short and no sentence, and, where it stands alone, set apart by its look."""
    if (
        segment.text.count(" ") > (14 if segment.spans[0].bold else 9)
        or segment.text.endswith(".")
        or segment.listed
        or find_dates(segment.text)
    ):
        return False
    return not alone or segment.spans[-1].bold or segment.text.isupper() or segment.size > 1.08 * body


def _may_go_on(text: str, more: str) -> bool:
    """Whether a text may go on with another: not where a capital follows words that are written small."""
    if not more[:1].isupper() or text.endswith((",", "&", "-", "/", "(")):
        return True
    words = [word for word in text.split() if word[0].isalpha()]
    return len(words[-1:]) == 1 and (len(words[-1]) <= 3 or not any(w[0].islower() and len(w) > 3 for w in words[1:]))


def _width_of_first_word(segment: Segment) -> float:
    word = segment.text.split(" ", 1)[0]
    return (len(word) + 1) * (segment.right - segment.left) / max(1, len(segment.text))


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


def to_lines(block: Block, number: int) -> list[Line]:
    """The lines of one block."""
    rows = _raise_labels(_raise_dates(_lift_details(_join_wrapped_cells(_join_wrapped_dates(_group(block.segments))))))
    return [_to_line(row, number, block.column) for row in _part_labels([_join_label(row) for row in rows])]
