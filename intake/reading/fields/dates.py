"""Dates in every form that resumes of eight languages use, normalised to ``YYYY`` or ``YYYY-MM``.

It finds points in time and joins them to ranges. It never guesses a month or a year that is not written.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from intake.reading.vocabulary import CALENDAR


@dataclass(frozen=True, slots=True)
class Span:
    """A range or single date at ``[begin, finish)`` of the text. ``single`` when only one point was written."""

    start: str | None
    end: str | None
    current: bool
    begin: int
    finish: int
    single: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    year: int | None
    month: int | None
    kind: str
    begin: int
    finish: int


class _Flat(dict[int, int]):
    """Code point → plain lower-case code point, so that positions in the text stay as they are."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        plain = unicodedata.normalize("NFKD", char)[0].lower() if char not in "łŁß" else {"ß": "s"}.get(char, "l")
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


_FLAT = _Flat()
_FLAT[ord("’")] = _FLAT[ord("`")] = _FLAT[ord("´")] = ord("'")


def flatten(text: str) -> str:
    """Lower case without accents, of the same length."""
    return text.translate(_FLAT)


def _either(kind: str) -> str:
    wanted = str.isdigit if kind == "month" else kind.__eq__
    words = sorted((flatten(w) for w, key in CALENDAR.items() if wanted(key)), key=len, reverse=True)
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in dict.fromkeys(words))


_MONTH = f"(?:{_either('month')})"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)(?!\d(?!\s?(?:year|yr|month|mo)))"
_SHORT = r"'\d\d(?!\d)"
_OF = r"(?:\s*(?:de|of|del|d'|di|do)\s+|[\s.,/\-–]*)"
_POINT = re.compile(
    rf"""(?<![\w])(?:
    (?P<dmy>\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?{_OF}(?P<dmy_m>{_MONTH})(?![^\W\d_])\.?{_OF}(?P<dmy_y>{_YEAR}))
    |(?P<mdy>(?P<mdy_m>{_MONTH})(?![^\W\d_])\.?\s*\d{{1,2}}(?:st|nd|rd|th)?\s*,\s*(?P<mdy_y>{_YEAR}))
    |(?P<my>(?P<my_m>{_MONTH})(?![^\W\d_])\.?{_OF}(?P<my_y>{_YEAR}|{_SHORT}))
    |(?P<myy>(?P<myy_m>{_MONTH})(?![^\W\d_])\.?[\s\-/]?(?P<myy_y>\d\d)(?![\d\w.,:/%+]))
    |(?P<sy>(?:{_either("season")})(?![^\W\d_])\.?{_OF}(?P<sy_y>{_YEAR}|{_SHORT})(?:\s?/\s?\d\d(?!\d))?)
    |(?P<ymd>(?P<ymd_y>{_YEAR})\s?[-/.]\s?(?P<ymd_m>0?[1-9]|1[0-2])(?!\d)(?!\s?[./]\s?\d{{4}})(?:\s?[-/.]\s?(?:[0-3]?\d)(?!\d))?)
    |(?P<cjk>(?P<cjk_y>{_YEAR})\s?[年년]\s?(?:(?P<cjk_m>1[0-2]|0?[1-9])\s?[月월])?)
    |(?P<ym>(?P<ym_y>{_YEAR})[\s,.]+(?P<ym_m>{_MONTH})(?![^\W\d_])\.?(?!\s*(?:{_YEAR})))
    |(?P<dotted>[0-3]?\d\s?[./-]\s?(?P<dotted_m>0?[1-9]|1[0-2])\s?[./-]\s?(?P<dotted_y>{_YEAR}))
    |(?P<slash>(?P<slash_m>0?[1-9]|1[0-2])\s?[./-]\s?(?P<slash_y>{_YEAR}))
    |(?P<slyy>(?P<slyy_m>0[1-9]|1[0-2])\s?/\s?(?P<slyy_y>\d\d)(?![\d/]))
    |(?P<quarter>q[1-4]\s?/?\s?(?P<quarter_y>{_YEAR}))
    |(?P<year>(?P<year_y>{_YEAR})(?:\s?/\s?(?P<year_2>\d\d)(?!\d))?)
    |(?P<short>{_SHORT})
    |(?P<present>(?:{_either("present")})(?![\w]))
    |(?P<month>(?P<month_m>{_MONTH})(?![^\W\d_])\.?)
    )""",
    re.VERBOSE,
)
_DASH = r"[-‐‑‒–—―−~→➔⟶➝]"
_JOIN = re.compile(
    rf"[\s.,(]*(?:{_DASH}+|(?:{_either('until')})(?!\w)|/|>|bis)[\s.]*(?:(?:{_either('until')}|the)(?!\w)[\s.]*)?"
    r"(?:\(?(?:expected|anticipated|exp|voraussichtlich|prevu|previsto|prevista|verwacht|przewidywan[ey])\b[.)]?\s*)?"
)
_SINCE = re.compile(rf"(?:^|[\s(,|])(?:{_either('since')})\s*:?\s*$")
_UNTIL = re.compile(rf"(?:^|[\s(,|])(?:{_either('until')})\s*:?\s*$")
_SHORT_END = re.compile(r"\s*(?:[–—/]|-|to)\s*['’]?(\d\d)(?![\d\w%])")
_OPEN_END = re.compile(rf"\s*{_DASH}+\s*(?:\.\.\.|…|\?)?\s*$")
_MIN_PLAIN, _MAX_YEAR = 1940, 2040


def _full_year(text: str) -> int:
    digits = text.strip("' ")
    year = int(digits)
    if len(digits) == 2:
        return 2000 + year if year < 50 else 1900 + year
    return year


def _read_point(match: re.Match[str]) -> _Point:
    kind = match.lastgroup or ""
    if kind.endswith(("_y", "_m", "_2")):
        kind = next(
            k
            for k in (
                "dmy",
                "mdy",
                "my",
                "myy",
                "sy",
                "ymd",
                "cjk",
                "ym",
                "dotted",
                "slash",
                "slyy",
                "quarter",
                "year",
                "month",
            )
            if match.group(k)
        )
    groups = match.groupdict()
    year = groups.get(f"{kind}_y")
    month = groups.get(f"{kind}_m")
    if kind == "short":
        year = match.group()
    number = None
    if month:
        number = int(month) if month.isdigit() else int(CALENDAR.get(month.rstrip("."), "0")) or None
    return _Point(_full_year(year) if year else None, number, kind, match.start(), match.end())


def _write(point: _Point | None, year: int | None = None) -> str | None:
    if point is None:
        return None
    year = point.year or year
    if year is None:
        return None
    return f"{year:04d}-{point.month:02d}" if point.month else f"{year:04d}"


def _is_plausible(point: _Point) -> bool:
    return point.year is None or 1500 <= point.year <= _MAX_YEAR


def _join(first: _Point, second: _Point) -> Span | None:
    if second.kind == "present":
        start = _write(first)
        return Span(start, None, True, first.begin, second.finish) if start else None
    start, end = _write(first, second.year), _write(second)
    if not start or not end or start[:4] > end[:4]:
        return None
    return Span(start, end, False, first.begin, second.finish)


def _alone(flat: str, point: _Point) -> Span | None:
    before, after = flat[: point.begin], flat[point.finish :]
    date = _write(point)
    if point.kind in ("month", "present", "short") or date is None:
        return None
    if point.kind == "year":
        span = _from_year(flat, point, date)
        if span:
            return span
    since = _SINCE.search(before)
    if point.kind == "year" and not since and point.year is not None and point.year < _MIN_PLAIN:
        return None
    if since:
        return Span(date, None, True, since.start(), point.finish)
    open_end = _OPEN_END.match(after)
    if open_end:
        return Span(date, None, True, point.begin, point.finish + open_end.end())
    until = _UNTIL.search(before)
    if until:
        return Span(None, date, False, point.begin - len(until.group()), point.finish, single=True)
    return Span(date, date, False, point.begin, point.finish, single=True)


def _from_year(flat: str, point: _Point, date: str) -> Span | None:
    """``2011–13``, ``2011/12``: a year and the two last digits of another."""
    written = flat[point.begin : point.finish]
    if "/" in written:
        end = int(date[:2] + written[-2:])
        return Span(date, str(end), False, point.begin, point.finish) if end >= int(date) else None
    short = _SHORT_END.match(flat, point.finish)
    if not short:
        return None
    end = int(date[:2] + short.group(1))
    if end < int(date):
        return None
    return Span(date, str(end), False, point.begin, short.end())


def _is_short_range(flat: str, point: _Point) -> bool:
    """``2010–12`` with a long dash is a range of years, ``2010-12`` a month."""
    return point.kind == "ymd" and bool(re.fullmatch(r"\d{4}\s?[–—]\s?\d\d", flat[point.begin : point.finish]))


def _points(flat: str) -> list[_Point]:
    return [p for p in map(_read_point, _POINT.finditer(flat)) if _is_plausible(p)]


_HINT = re.compile(r"\d\d")
_LEAD = re.compile(
    rf"(?:(?:^|(?<=[\s(,|]))(?:{_either('since')}|expected|anticipated|class of|graduated?|graduation|graduating|"
    rf"completed|"
    r"abgeschlossen|abschluss|dates?|period|periodo|zeitraum|periode|duration|en|in|im)\s*:?\s*)+$"
)


def _with_lead(flat: str, span: Span) -> Span:
    """The span widened over the little words before it (from, since, expected), so that they go with the date."""
    lead = _LEAD.search(flat[: span.begin])
    if not lead or not lead.group():
        return span
    return Span(span.start, span.end, span.current, lead.start(), span.finish, span.single)


def find_dates(text: str) -> tuple[Span, ...]:
    """All date ranges and single dates of a text, in order."""
    return _find_dates(text) if _HINT.search(text) else ()


@lru_cache(maxsize=2048)
def _find_dates(text: str) -> tuple[Span, ...]:
    flat = flatten(text)
    points = _points(flat)
    found: list[Span] = []
    at = 0
    while at < len(points):
        point = points[at]
        following = points[at + 1] if at + 1 < len(points) else None
        span = None
        if following is not None and point.kind != "present":
            gap = flat[point.finish : following.begin]
            if _JOIN.fullmatch(gap) or (following.kind == "present" and re.fullmatch(r"[\s(]{1,3}", gap)):
                span = _join(point, following)
        if span is not None:
            at += 2
        else:
            span = _alone(flat, point)
            at += 1
        if span is not None:
            found.append(_with_lead(flat, span))
    return tuple(found)


@lru_cache(maxsize=4096)
def is_only_dates(text: str) -> bool:
    """Whether nothing but dates (and durations in brackets) stands in the text."""
    if len(text) > 80:
        return False
    spans = find_dates(text)
    return bool(spans) and not without_dates(text, spans)


_DURATION = re.compile(
    r"\(?\b\d+\+?\s*(?:years?|yrs?|y|months?|mos?|m|jahre?n?|monate?n?|ans?|annees?|mois|anos?|mes(?:es)?|anni|"
    r"anno|mesi|mese|jaar|jaren|maand(?:en)?|rok|lata?|miesiac\w*|miesiec\w*|weeks?|days?|wochen?)\b\.?"
    r"(?:\s*(?:,|and|und|et|y|e|en|i)?\s*\d+\s*(?:months?|mos?|monate?n?|mois|mes(?:es)?|mesi|mese|maand(?:en)?|"
    r"miesi\w*))?\)?",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"^[\s()\[\]{}|,;:·•–—\-/.*~]*$")


def without_dates(text: str, spans: Sequence[Span] | None = None) -> str:
    """The text with its dates, durations and what they leave (brackets, dashes) taken out."""
    spans = find_dates(text) if spans is None else spans
    if not spans:
        return text.strip()
    left: list[str] = []
    at = 0
    for span in spans:
        left.append(text[at : span.begin])
        at = span.finish
    left.append(text[at:])
    joined = " \x1f ".join(part.strip() for part in left)
    plain = _DURATION.sub(" ", flatten(joined)) if _DURATION.search(flatten(joined)) else None
    if plain is not None:
        joined = _DURATION.sub(" ", joined)
    joined = re.sub(r"[(\[]\s*\x1f?\s*[)\]]\s*,?", " \x1f ", joined)
    joined = re.sub(r"[\s|,;:·•–—\-/(]*\x1f[\s|,;:·•–—\-/)]*$", "", joined)
    joined = re.sub(r"^[\s|,;:·•–—\-/(]*\x1f[\s|,;:·•–—\-/).]*", "", joined)
    joined = joined.replace("\x1f", "|").strip(" |,;")
    return "" if _EMPTY.match(joined) else re.sub(r"\s{2,}", "  ", joined)
