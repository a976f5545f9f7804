"""The lines of a skills section as rows: one listing each, wrapped ones joined, labels of groups marked.

It never drops a row: what is a label is only said.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from intake.reading.fields.skill_items import (
    after_last_mark,
    before_first_mark,
    is_labelled,
    is_level,
    is_list,
    is_parted,
    joins_to_name,
)
from intake.reading.page import Line, Span
from intake.reading.vocabulary.skill_names import common_name

Edges = dict[tuple[int, int], float]


@dataclass(slots=True)
class Row:
    """One cell of a skills section with its look. ``tail`` is the last line that was joined to it."""

    text: str
    line: Line
    size: float
    bold: bool
    tail: Line
    label: bool = False


def rows_of(lines: list[Line]) -> list[Row]:
    """The rows of a section, in order, labels marked."""
    rows = _join_wrapped(_to_rows(lines))
    _mark_by_look(rows)
    _mark_by_order(rows)
    return rows


def _to_rows(lines: list[Line]) -> list[Row]:
    side = _label_side(lines)
    rows: list[Row] = []
    for index, line in enumerate(lines):
        spans = [s for s in line.spans if s.text.strip()] or list(line.spans)
        cells = _without_label(line, side)
        if len(cells) == 1 and len(spans) > 1 and spans[0].bold and not spans[-1].bold:
            cells = ["".join(span.text for span in spans[_bold_run(spans) :])]
        bold = spans[0].bold and spans[-1].bold
        beside = _is_left_label(line, lines[index + 1]) if index + 1 < len(lines) else False
        rows += [Row(cell.strip(), line, spans[0].size, bold, line, beside) for cell in cells]
    return [row for row in rows if row.text]


def _label_side(lines: list[Line]) -> int:
    """Which cell of the lines with two names the group: 0, 1, or -1 where none does."""
    pairs = [line.cells for line in lines if len(line.cells) == 2]
    for side in (0, 1):
        listed = sum(is_parted(pair[1 - side]) and _may_label(pair[side]) for pair in pairs)
        against = sum(is_parted(pair[side]) for pair in pairs)
        if listed and not against and (side == 0 or listed >= 0.5 * len(pairs)):
            return side
    return -1


def _may_label(cell: str) -> bool:
    return not is_parted(cell) and len(cell.split()) <= 4


def _without_label(line: Line, side: int) -> list[str]:
    cells = list(line.cells or (line.text,))
    if len(cells) == 2 and side >= 0 and _may_label(cells[side]):
        return [cells[1 - side]]
    if len(cells) > 2 and is_list(cells[1]) and len(cells[0].split()) <= 3:
        return cells[1:]
    return cells


def _is_left_label(line: Line, following: Line) -> bool:
    """Whether a line stands to the left of a list, on the same row."""
    level = abs(line.top - following.top) < 0.3 * (line.bottom - line.top)
    return level and following.left > line.right and _may_label(line.text) and is_parted(following.text)


def _bold_run(spans: list[Span]) -> int:
    return next((i for i, span in enumerate(spans) if not span.bold and span.text.strip(" :,.-–")), len(spans))


def _join_wrapped(rows: list[Row]) -> list[Row]:
    """A row that ends in a comma, goes on in small letters, or filled its line, joined with the next."""
    edges: Edges = {}
    for row in rows:
        key = (row.line.page, row.line.column)
        edges[key] = max(edges.get(key, 0.0), row.line.right)
    joined: list[Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and last.tail is not row.line and not last.label and _goes_on(last, row, edges):
            last.text = _glue(last.text, row.text)
            last.tail = row.line
        else:
            joined.append(row)
    return joined


def _glue(text: str, following: str) -> str:
    if text.endswith("\u00ad") or (text.endswith("-") and following[:1].islower()):
        return text[:-1] + following
    return f"{text} {following}"


def _goes_on(last: Row, row: Row, edges: Edges) -> bool:
    text, following = last.text, row.text
    if text.endswith((",", "&", "\u00ad", " and", " und", " et", " y", "/", " |", " •", " ·")):
        return True
    if following[:1].islower() and (len(re.findall(r"[,;|•·]", text)) >= 2 or text.endswith("-")):
        return True
    if len(last.tail.cells) > 1 or len(row.line.cells) > 1 or row.line.listed or row.bold != last.bold:
        return False
    return joins_to_name(after_last_mark(text), before_first_mark(following)) or (
        is_list(text) and is_parted(following) and not is_labelled(following) and _is_cut(last, row, edges)
    )


def _is_cut(last: Row, row: Row, edges: Edges) -> bool:
    """Whether a line was broken inside an item: the next word had no room, and neither part is known."""
    edge = edges.get((last.tail.page, last.tail.column), 0.0)
    word = row.text.split()[0]
    full = last.tail.right + 0.45 * row.size * (len(word) + 1) > edge
    near = last.tail.column == row.line.column and row.line.top - last.tail.bottom < row.size
    return full and near and not _ends_known(last.text, row.text)


def _ends_known(text: str, following: str) -> bool:
    return bool(common_name(after_last_mark(text)) or common_name(before_first_mark(following)))


def _mark_by_look(rows: list[Row]) -> None:
    """Rows that only name the group below: bolder or larger than the rows that follow."""
    plain = [row for row in rows if not row.bold]
    usual = median([row.size for row in rows]) if rows else 10.0
    for index, (row, following) in enumerate(pairwise(rows)):
        if is_list(row.text) or len(row.text.split()) > 4:
            continue
        over = next((r for r in rows[index + 1 :] if r.line is not row.line), following)
        bolder = row.bold and not over.bold and len(plain) >= 0.4 * len(rows)
        larger = row.size > 1.08 * over.size and row.size > 1.04 * usual
        if (bolder or larger or (row.line.heading and not over.line.heading)) and not is_description(over.text):
            row.label = True


def _mark_by_order(rows: list[Row]) -> None:
    """Rows told to be labels by what follows: a list each time, or a level and then items."""
    listed = [is_parted(row.text) for row in rows]
    short = [index for index, row in enumerate(rows) if not listed[index]]
    regular = sum(listed) >= 2 and all(index + 1 < len(rows) and listed[index + 1] for index in short)
    levels = [is_level(row.text) for row in rows] + [False, True]
    for index in short:
        if (regular and len(short) == sum(listed) and _may_label(rows[index].text)) or (
            levels[index + 1] and index + 2 < len(rows) and not levels[index + 2] and not levels[index + 3]
        ):
            rows[index].label = True


def is_description(text: str) -> bool:
    """Wrapped running text below a skill, rather than a list of skills."""
    words = text.split()
    return len(words) >= 3 and "," not in text and sum(w[:1].islower() for w in words) >= 0.6 * len(words)
