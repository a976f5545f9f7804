"""Positions held: employer, title and dates from a section's entries.

Which comes first, employer or title, is voted once for a document; a role without an employer inherits the one above.
It never invents a value: what is not found stays absent.
"""

import re
from dataclasses import dataclass, field

from intake.reading.fields.entries import Entry
from intake.reading.fields.found import Found, FoundEntry
from intake.reading.fields.pieces import Piece, cut_head, open_brackets, place_of, upper_lines
from intake.reading.fields.places import strip_places
from intake.reading.fields.scores import title_score
from intake.reading.fields.summary import join_lines

_COMMA_GAIN = 0.7


@dataclass(slots=True)
class _Draft:
    entry: Entry
    pieces: list[Piece]
    places: list[str]
    employer: Piece | None = None
    title: Piece | None = None
    inherited: bool = False
    forced: bool = False
    margin: float = field(default=0.0)


def read_work(entries: list[Entry]) -> list[FoundEntry]:
    """The positions of a work section."""
    drafts, slots, vote = max((_arrange(entries, short=short) for short in (True, False)), key=lambda found: found[2])
    for number, draft in enumerate(drafts):
        _assign(draft, slots, drafts[number - 1] if number else None)
    drafts = [d for d in _merge_groups(drafts) if _is_position(d)]
    title_first = slots[0] < slots[1]
    return [_finish(draft, abs(vote), title_first=title_first) for draft in drafts]


Slots = tuple[int, int]
"""The numbers of the pieces, in their order, that are the title and the employer."""
_ORDERS: tuple[Slots, ...] = ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))


def _arrange(entries: list[Entry], *, short: bool) -> tuple[list[_Draft], Slots, float]:
    """Drafts cut in one way, the order of title and employer that fits most of them, and how well it fits.

    ``short``: title and employer stand up to the dated line, and what follows is body.
    """
    drafts = [_draft(entry, short=short) for entry in entries]
    drafts = [d for d in drafts if d.pieces]
    single = [d for d in drafts if len(_main(d.pieces)) < 2]
    if short and 2 * len(single) < len(drafts):
        for draft in single:
            draft.pieces = [part for piece in draft.pieces for part in _cut_anywhere(piece)]
    _cut_words(drafts)
    _drop_towns(drafts)
    slots, fit = max(((order, _fit(drafts, order)) for order in _ORDERS), key=lambda found: found[1])
    return drafts, slots, fit + (0.1 if short else 0.0) * len(drafts)


def _fit(drafts: list[_Draft], order: Slots) -> float:
    """How much more like a title the one piece is than the other, over all drafts."""
    total = -0.02 * sum(order) * len(drafts)
    for draft in drafts:
        main = _main(draft.pieces)
        if max(order) < len(main):
            title, employer = title_score(main[order[0]].text), title_score(main[order[1]].text)
            total += max(-1.0, min(title, 1.0)) - max(-1.0, min(employer, 1.0)) - (0.4 if draft.forced else 0.0)
    return total


def _cut_upper(entry: Entry, *, loose: bool) -> tuple[list[Piece], list[str]]:
    pieces, places = cut_head(upper_lines(entry))
    return _cut_further(pieces, loose=loose), places


def _draft(entry: Entry, *, short: bool) -> _Draft:
    if short:
        return _Draft(entry, *_cut_upper(entry, loose=True))
    whole, places = cut_head(entry.head)
    return _Draft(entry, _cut_further(whole, loose=False), places)


def _cut_anywhere(piece: Piece) -> list[Piece]:
    """At the bracket or the first comma: where most entries of the section are cut so, this one is too."""
    parts = open_brackets(piece)
    if len(parts) == 2:
        return parts
    before, comma, after = piece.text.partition(", ")
    return [_with_text(piece, before), _with_text(piece, after)] if comma and after else [piece]


def _cut_further(pieces: list[Piece], *, loose: bool) -> list[Piece]:
    """Commas and brackets, where nothing else parts employer and title."""
    if len(_main(pieces)) < 2:
        pieces = _cut_commas(pieces, loose=loose)
    if len(_main(pieces)) < 2:
        pieces = [part for piece in pieces for part in _open(piece)]
    return pieces


def _cut_words(drafts: list[_Draft]) -> None:
    """``Title at Employer`` and ``Title, Employer``, where most entries are written so."""
    single = [d for d in drafts if len(_main(d.pieces)) == 1]
    for way in (_cut_word, lambda piece: _cut_commas([piece], loose=True)):
        cut = [(d, way(_main(d.pieces)[0])) for d in single]
        if sum(len(parts) == 2 for _, parts in cut) >= 0.6 * len(drafts):
            for draft, parts in cut:
                draft.pieces, draft.forced = parts, len(parts) == 2
            return


_AT_WORD = re.compile(r"\s+(?:at|with|for|bei|beim|chez|en|em|no|na|presso|bij|w|we|in)\s+(?=[A-ZÀ-Þ\d«\"“„])")


def _cut_word(piece: Piece) -> list[Piece]:
    """``Title at Employer`` in any of the languages, where only the first part is a title."""
    for match in _AT_WORD.finditer(piece.text):
        before, after = piece.text[: match.start()], piece.text[match.end() :]
        if title_score(before) > 0.4 and title_score(after) <= 0.2:
            return [_with_text(piece, before), _with_text(piece, _IN_TOWN.sub("", after))]
    return [piece]


_IN_TOWN = re.compile(r"\s+(?:in|à|a|en|te|w|em|ad)\s+[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?$")


def _open(piece: Piece) -> list[Piece]:
    parts = open_brackets(piece)
    if len(parts) == 2 and title_score(parts[0].text) - title_score(parts[1].text) < 0.3:
        return [piece]
    return parts


def _main(pieces: list[Piece]) -> list[Piece]:
    return [p for p in pieces if len(p.text) > 1][:3]


def _cut_commas(pieces: list[Piece], *, loose: bool) -> list[Piece]:
    """Cut the piece whose parts before and after a comma differ most: one a title, one not."""
    cut: list[Piece] = []
    done = False
    for piece in pieces:
        halves = None if done else _best_comma(piece.text, loose=loose)
        if halves:
            done = True
            cut += [_with_text(piece, half) for half in halves]
        else:
            cut.append(piece)
    return cut


def _with_text(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.row, piece.place, piece.bold, piece.italic, piece.size)


_MARK = re.compile(r"(,\s+|\s+/\s+|:\s+)")


def _best_comma(text: str, *, loose: bool) -> list[str] | None:
    """The two halves, without places, at the comma, slash or colon where they differ most as title and employer."""
    best: tuple[float, list[str]] | None = None
    for match in _MARK.finditer(text):
        before, after = (strip_places(half.strip(" ,/:"))[0] for half in (text[: match.start()], text[match.end() :]))
        if not before or len(after) < 2:
            continue
        a, b = title_score(before), title_score(after)
        gain = abs(a - b)
        fits = gain >= _COMMA_GAIN and max(a, b) > 0.4 and min(a, b) <= (0.2 if loose else -0.2)
        if fits and (best is None or gain > best[0]):
            best = (gain, [before, after])
    return best[1] if best else None


_TOWN = re.compile(r"^(.{3,}?)(?:,| [–—-]) ([A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?)$")


def _drop_towns(drafts: list[_Draft]) -> None:
    """Take an unknown town off an employer's end where most entries name a known one."""
    named = sum(bool(draft.places) for draft in drafts)
    for draft in drafts:
        if draft.places or named < 0.5 * len(drafts):
            continue
        for number, piece in enumerate(draft.pieces):
            match = _TOWN.match(piece.text)
            if match and title_score(match.group(2)) == 0:
                draft.pieces[number] = _with_text(piece, match.group(1))
                draft.places.append(match.group(2))
                break


def _assign(draft: _Draft, slots: Slots, before: _Draft | None) -> None:
    main = _main(draft.pieces)
    if len(main) == 1:
        _assign_single(draft, main[0], before)
        return
    titles = [piece for piece in main if title_score(piece.text) > 0.5]
    if len(titles) == 1 and titles[0] is not main[0] and titles[0] is not main[1]:
        draft.title, draft.employer = titles[0], min(main[:2], key=lambda p: title_score(p.text))
        draft.margin = title_score(draft.title.text) - title_score(draft.employer.text)
        return
    title, employer = (main[slot] for slot in (slots if max(slots) < len(main) else _squeeze(slots)))
    draft.margin = title_score(title.text) - title_score(employer.text)
    if draft.margin < -1.6:
        title, employer = employer, title
    draft.title, draft.employer = title, employer


def _squeeze(slots: Slots) -> Slots:
    return (0, 1) if slots[0] < slots[1] else (1, 0)


def _assign_single(draft: _Draft, piece: Piece, before: _Draft | None) -> None:
    score = title_score(piece.text)
    draft.margin = score
    if score <= -0.2:
        draft.employer = piece
        return
    draft.title = piece
    if before and before.employer and draft.entry.span:
        draft.employer, draft.inherited = before.employer, True


def _merge_groups(drafts: list[_Draft]) -> list[_Draft]:
    """Drop a company's own line above its roles: it only lends its name."""
    kept: list[_Draft] = []
    group: Piece | None = None
    for number, draft in enumerate(drafts):
        following = drafts[number + 1] if number + 1 < len(drafts) else None
        main = _main(draft.pieces)
        if following and len(main) == 1 and not draft.entry.body and _is_role_of(draft, following):
            group = main[0]
            continue
        if len(main) != 1:
            group = None
        elif group is not None and title_score(main[0].text) > -0.2:
            draft.title, draft.employer, draft.inherited = main[0], group, True
        kept.append(draft)
    return kept


def _is_role_of(group: _Draft, draft: _Draft) -> bool:
    main = _main(draft.pieces)
    if len(main) != 1 or not group.entry.span or not draft.entry.span:
        return False
    return title_score(main[0].text) > 0.3 and title_score(_main(group.pieces)[0].text) < 0.3


def _is_position(draft: _Draft) -> bool:
    """An entry without dates counts only where employer and title are plain to see."""
    if draft.entry.span:
        return bool(draft.employer or draft.title)
    return bool(draft.employer and draft.title and not draft.inherited and abs(draft.margin) > 0.6)


def _how_sure(draft: _Draft, fit: float) -> dict[str, float]:
    """High only where the words themselves tell: a title's word, an organisation's word."""
    title = title_score(draft.title.text) if draft.title else 0.0
    employer = title_score(draft.employer.text) if draft.employer else 0.0
    told = title > 0.5 and employer < 0.3
    sure = {"title": 0.95 if told else 0.75, "employer": 0.95 if employer <= -0.4 and told else 0.85 if told else 0.7}
    doubt = 0.1 if len(draft.pieces) > 3 or fit < 0.8 else 0.0
    for name, piece in (("title", draft.title), ("employer", draft.employer)):
        odd = piece is not None and (len(piece.text) > 60 or piece.text.count(",") > 1)
        sure[name] -= doubt + (0.2 if odd else 0.0) + (0.1 if draft.inherited and name == "employer" else 0.0)
    return sure


def _finish(draft: _Draft, fit: float, *, title_first: bool) -> FoundEntry:
    entry = draft.entry
    sure = _how_sure(draft, fit)
    values: dict[str, Found] = {}
    for name, piece in (("employer", draft.employer), ("title", draft.title)):
        if piece:
            values[name] = Found(piece.text, sure[name], (piece.place,))
    if entry.span and entry.date_line:
        place = (place_of(entry.date_line),)
        for name, value in (("start", entry.span.start), ("end", entry.span.end)):
            if value:
                values[name] = Found(value, 0.75 if entry.span.single else 0.95, place)
    if draft.places:
        values["location"] = Found(draft.places[0], 0.8, (place_of(entry.head[0]),))
    if entry.body:
        values["summary"] = Found(join_lines(entry.body)[:4000], 0.8, (place_of(entry.body[0]),))
    return FoundEntry(values, current=bool(entry.span and entry.span.current), title_first=title_first)
