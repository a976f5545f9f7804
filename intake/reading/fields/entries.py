"""A section's lines grouped to entries, each anchored on its dates.

An entry is a head (a few short lines, one of them with dates) and a body. How many lines stand above the dates is
decided once for a section. It never splits a line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from intake.reading.fields.dates import Span, find_dates, is_only_dates, without_dates
from intake.reading.page import Line
from intake.reading.page import Span as Run
from intake.reading.sections import Look, look_of

_MAX_HEAD = 4
_PROSE_WORDS = 13


@dataclass(slots=True)
class Entry:
    """One entry of a section. ``above`` is how many of the head's lines stand before its dates."""

    head: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    span: Span | None = None
    date_line: Line | None = None
    above: int = 0


@dataclass(slots=True)
class _Row:
    line: Line
    span: Span | None
    prose: bool
    gap: float = 0.0


_SENTENCE_END = re.compile(r"[a-zà-ÿ0-9)%]\.\s*$")


def _is_prose(line: Line) -> bool:
    words = line.text.split()
    if line.listed:
        return not (line.spans[0].bold and len(words) <= 12)
    if len(line.cells) > 1 and any(is_only_dates(cell) for cell in line.cells):
        return False
    if line.spans[0].bold and line.spans[-1].text[-1:] != "." and len(words) <= 18:
        return False
    if len(words) >= _PROSE_WORDS or len(words) < 5 or not _SENTENCE_END.search(line.text):
        return len(words) >= _PROSE_WORDS
    return len(words) >= 8 or not (words[-1][0].isupper() or "." in words[-1][:-1])


def best_span(spans: Sequence[Span]) -> Span:
    """The range that dates an entry: a written range before a single date."""
    return next((s for s in spans if not s.single), spans[0])


def _date_of(line: Line) -> Span | None:
    """The dates that a line gives its entry; none where they only occur in its prose."""
    spans = find_dates(line.text)
    if not spans:
        return None
    span = best_span(spans)
    if any(is_only_dates(cell) for cell in line.cells):
        return span
    rest = without_dates(line.text).split()
    if line.listed:
        return span if not span.single and len(rest) <= 14 and _at_edge(line.text, span) else None
    if span.single and (len(rest) > 10 or (len(rest) > 5 and not _at_edge(line.text, span))):
        return None
    if len(rest) > 10 and _is_aside(line.text, span):
        return None
    return span if len(rest) <= 16 and (_at_edge(line.text, span) or len(rest) <= 8) else None


def _is_aside(text: str, span: Span) -> bool:
    """Whether dates in brackets stand amid a text that goes on."""
    return span.begin > 2 and len(text[span.finish :].strip(" )].,;|").split()) > 0


def _at_edge(text: str, span: Span) -> bool:
    return (
        span.begin <= 2 or len(text[span.finish :].strip(" )].,;|")) <= 2 or text[span.begin - 1 : span.begin] in "(["
    )


_SENTENCE = re.compile(r"(?<=[\w)\]]{2})\.\s+(?=\S)(?<!\b(?:Inc|Ltd)\. )(?<!\bCo\. )(?<!\bSt\. )")
_PAUSE = re.compile(r"\s*[:;]\s+(?=\S)|\s[–—]\s(?=\S)")


def _split_run_in(line: Line) -> list[Line]:
    """A head that runs into its text (``Title, Employer, 2019-2021. Did this and that``) as two lines."""
    if line.listed or len(line.cells) > 1 or len(line.text.split()) <= 9:
        return [line]
    spans = find_dates(line.text)
    if not spans or spans[0].single or len(line.text[: spans[0].begin].split()) > 12:
        return [line]
    at = _end_of_head(line, spans[0].finish)
    if at is None:
        return [line]
    return [_with_text(line, line.text[:at].rstrip(" .:;–—")), _with_text(line, line.text[at:].lstrip(" .:;–—"))]


def _end_of_head(line: Line, dated: int) -> int | None:
    """Where a head ends that runs into its text: with its bold words, a sentence, or a pause after the dates."""
    bold = len("".join(s.text for s in takewhile(lambda s: s.bold, line.spans)))
    ends = [bold if dated <= bold + 3 else 0] if 0 < bold < len(line.text) else []
    for mark in (_SENTENCE, _PAUSE):
        ends += [match.start() for match in mark.finditer(line.text, max(0, dated - 1))][:1]
    for end in ends:
        at = max(end, dated)
        if without_dates(line.text[:at]) and len(line.text[:at].split()) <= 18 and len(line.text[at:].split()) >= 3:
            return at
    return None


def _with_text(line: Line, text: str) -> Line:
    first = line.spans[0]
    span = Run(text, line.left, line.right, first.size, first.bold, first.italic)
    return Line((span,), line.page, line.left, line.top, line.right, line.bottom, (text,), line.column)


_BROKEN = re.compile(r"(?:[-–—−/(]|\b(?:to|bis|au|al|tot|do|a|à)|(?<![\w.])[^\W\d_]{3,10}\.?)\s*$")


def _join_broken_dates(lines: list[Line]) -> list[Line]:
    """Lines whose dates run on below put together with what they run on into."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above is not None and len(line.text) <= 60 and _BROKEN.search(above.text) and _is_broken(above, line):
            joined[-1] = replace(
                above,
                spans=(*above.spans, Run(" ", above.right, above.right), *line.spans),
                bottom=line.bottom,
                cells=(*above.cells[:-1], f"{(above.cells or ('',))[-1]} {line.text}") if len(above.cells) > 1 else (),
            )
        else:
            joined.append(line)
    return joined


def _is_broken(line: Line, below: Line) -> bool:
    """Whether a date begins in one line and ends in the next, of the same look."""
    text, more = line.text, below.text
    last, first = line.spans[-1], below.spans[0]
    if not more[:1].isalnum() or (last.bold, round(last.size)) != (first.bold, round(first.size)):
        return False
    whole = find_dates(f"{text} {more}")
    crossing = [s for s in whole if s.begin < len(text) < s.finish and not s.single]
    if not crossing:
        return False
    before = [s for s in find_dates(text) if s.finish > crossing[0].begin]
    return all(s.single or s.current for s in before)


def _to_rows(lines: list[Line]) -> list[_Row]:
    rows: list[_Row] = []
    for line in (part for whole in _join_broken_dates(lines) for part in _split_run_in(whole)):
        span = _date_of(line)
        row = _Row(line, span, _is_prose(line) and not (span and not line.listed))
        if rows and rows[-1].line.page == line.page and rows[-1].line.top <= line.top:
            row.gap = line.top - rows[-1].line.bottom
        rows.append(row)
    return _unlist(rows)


def _unlist(rows: list[_Row]) -> list[_Row]:
    """Where every entry is one list item with dates, items are heads; otherwise a dated item is body."""
    dated = [r for r in rows if r.span]
    plain = [r for r in dated if not r.line.listed]
    listed = [r for r in dated if r.line.listed]
    for row in listed:
        if len(plain) >= 1 and len(plain) * 2 >= len(listed):
            row.span = None
        else:
            row.prose = False
    return rows


def _lines_above(rows: list[_Row], anchors: list[int]) -> int:
    """How many head lines stand above the date line: told by the first entry, else by most entries."""
    first = anchors[0]
    lead = rows[:first]
    if len(lead) <= 3 and not any(r.prose for r in lead):
        return len(lead)
    counts = Counter(_run_above(rows, anchor, anchors) for anchor in anchors)
    return counts.most_common(1)[0][0]


def _run_above(rows: list[_Row], anchor: int, anchors: list[int]) -> int:
    """Head-like lines directly above a date line, back to a wide gap or to body text."""
    count = 0
    for index in range(anchor - 1, max(-1, anchor - 4), -1):
        row = rows[index]
        if row.prose or index in anchors:
            break
        count += 1
        if row.gap > 0.9 * (row.line.bottom - row.line.top):
            break
    return count


def group_entries(lines: list[Line]) -> list[Entry]:
    """The entries of a section in order."""
    rows = _to_rows(lines)
    anchors = [i for i, row in enumerate(rows) if row.span]
    anchors = _drop_second_dates(rows, _drop_mentions(rows, anchors))
    if not anchors:
        return _group_undated(rows)
    if _are_dated_last(rows, anchors):
        return _group_from_below(rows, anchors)
    above = _lines_above(rows, anchors)
    starts = _find_starts(rows, anchors, above)
    entries: list[Entry] = []
    for number, (anchor, start) in enumerate(zip(anchors, starts, strict=True)):
        stop = starts[number + 1] if number + 1 < len(starts) else len(rows)
        entries.append(_make_entry(rows, start, anchor, stop))
    return entries


def _are_dated_last(rows: list[_Row], anchors: list[int]) -> bool:
    """Whether entries end with their dated line: heads and text stand before it, and nothing after the last."""
    if len(anchors) < 2 or anchors[-1] != len(rows) - 1 or rows[0].span or rows[0].prose:
        return False
    begins = [0, *(anchor + 1 for anchor in anchors[:-1])]
    if any(rows[a].prose for a in begins):
        return False
    if all(any(r.prose for r in rows[a:b]) for a, b in zip(begins, anchors, strict=True)):
        return True
    first = look_of(rows[0].line)
    alike = [i for i, row in enumerate(rows) if _is_alike(look_of(row.line), first)]
    return alike == begins and min(b - a for a, b in zip(begins, anchors, strict=True)) >= 2


def _group_from_below(rows: list[_Row], anchors: list[int]) -> list[Entry]:
    entries: list[Entry] = []
    begin = 0
    for anchor in anchors:
        part = rows[begin:anchor]
        head = [row.line for row in takewhile(lambda row: not row.prose, part)][:_MAX_HEAD]
        entry = Entry([*head, rows[anchor].line], [row.line for row in part[len(head) :]], rows[anchor].span)
        entry.date_line, entry.above = rows[anchor].line, len(head)
        entries.append(entry)
        begin = anchor + 1
    return entries


def _drop_mentions(rows: list[_Row], anchors: list[int]) -> list[int]:
    """Without dates that text only mentions: single or in mid-line, set otherwise than the ranges that date entries."""
    ranges = {_setting(rows[i]) for i in anchors if _dates_surely(rows[i])}
    if not ranges:
        return anchors
    return [i for i in anchors if _dates_surely(rows[i]) or _setting(rows[i]) in ranges]


def _dates_surely(row: _Row) -> bool:
    return bool(row.span and not row.span.single and (row.span.end or _setting(row)[0] != "middle"))


def _setting(row: _Row) -> tuple[str, bool, bool, int, bool]:
    """Where in its line a date stands, and how the line looks."""
    line, span = row.line, row.span
    place = "middle"
    if any(is_only_dates(cell) for cell in line.cells or (line.text,)):
        place = "cell"
    elif span and span.begin <= 2:
        place = "start"
    elif span and len(line.text[span.finish :].strip(" )].,;|")) <= 2:
        place = "end"
    look = look_of(line)
    return place, look.bold, look.italic, round(look.size), line.text.rstrip()[-1:] == "."


def _drop_second_dates(rows: list[_Row], anchors: list[int]) -> list[int]:
    """A line of nothing but a date right after a dated line adds no entry."""
    kept: list[int] = []
    for anchor in anchors:
        alone = all(is_only_dates(cell) for cell in rows[anchor].line.cells)
        if alone and kept and anchor == kept[-1] + 1 and not _is_bare(rows[kept[-1]]):
            continue
        kept.append(anchor)
    return kept


def _is_bare(row: _Row) -> bool:
    return all(is_only_dates(cell) for cell in row.line.cells)


def _find_starts(rows: list[_Row], anchors: list[int], above: int) -> list[int]:
    """The first line of each entry."""
    starts = [anchors[0] - above]
    pattern = [look_of(rows[i].line) for i in range(starts[0], anchors[0])]
    first = look_of(rows[starts[0]].line)
    for before, anchor in pairwise(anchors):
        start = anchor
        own = look_of(rows[anchor].line)
        for back in range(1, max(above, 1) + 1):
            index = anchor - back
            if index <= before or rows[index].prose:
                break
            look = look_of(rows[index].line)
            if not (
                any(_is_alike(look, p) for p in pattern)
                if above
                else _is_alike(look, first) and not _is_alike(look, own)
            ):
                break
            start = index
        starts.append(start)
    return starts


def _is_alike(one: Look, other: Look) -> bool:
    return (
        abs(one.size - other.size) <= 0.6
        and one.bold == other.bold
        and one.italic == other.italic
        and one.level == other.level
    )


def _make_entry(rows: list[_Row], start: int, anchor: int, stop: int) -> Entry:
    entry = Entry(span=rows[anchor].span, date_line=rows[anchor].line, above=anchor - start)
    entry.head = [row.line for row in rows[start : anchor + 1]]
    after = anchor + 1
    while (
        after < stop and len(entry.head) < _MAX_HEAD + entry.above and not rows[after].prose and _goes_on(rows, after)
    ):
        entry.head.append(rows[after].line)
        after += 1
    entry.body = [row.line for row in rows[after:stop]]
    return entry


def _goes_on(rows: list[_Row], index: int) -> bool:
    """Whether a line below the dates still belongs to the head: no wide gap before it."""
    row = rows[index]
    return row.gap <= 1.2 * (row.line.bottom - row.line.top)


def _group_undated(rows: list[_Row]) -> list[Entry]:
    """Entries without any date: a head starts at each line that looks like the first one after body text."""
    entries: list[Entry] = []
    for index, row in enumerate(rows):
        fresh = not row.prose and (
            index == 0 or rows[index - 1].prose or row.gap > 0.9 * (row.line.bottom - row.line.top)
        )
        if not entries or (
            fresh and _is_alike(look_of(row.line), look_of(entries[0].head[0]))
            if entries and entries[0].head
            else fresh
        ):
            entries.append(Entry())
        entry = entries[-1]
        if row.prose or entry.body or len(entry.head) >= _MAX_HEAD:
            entry.body.append(row.line)
        else:
            entry.head.append(row.line)
    return [entry for entry in entries if entry.head]
