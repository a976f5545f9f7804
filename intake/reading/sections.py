"""A document's lines parted at its headings.

Headings are found by vocabulary and by look: the look that the headings known by vocabulary share marks the others. It
never drops a line.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from statistics import median

from intake.reading.fields.dates import find_dates
from intake.reading.fields.scores import degree_score, school_score, title_score
from intake.reading.page import Line, Span
from intake.reading.vocabulary import HEADINGS, LANGUAGES, WEAK_HEADINGS, fold

_STRONG = (
    "work",
    "education",
    "skills",
    "languages",
    "projects",
    "publications",
    "awards",
    "certificates",
    "volunteer",
    "interests",
    "references",
)
_KEYWORDS = {word: kind for word, kind in HEADINGS.items() if " " not in word and kind in _STRONG}


_MARGIN = 9


@dataclass(slots=True)
class Section:
    """Lines under one heading. ``kind`` is ``head`` before the first one, ``other`` where it is not understood."""

    kind: str
    title: str = ""
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    size: float
    bold: bool
    italic: bool
    capitals: bool
    level: int


def look_of(line: Line) -> Look:
    """How a line looks: what headings of one document share."""
    first = next((s for s in line.spans if not s.text.isspace()), line.spans[0])
    capitals = _is_capital(line.text)
    return Look(round(first.size * 2) / 2, first.bold, first.italic, capitals, line.heading)


@lru_cache(maxsize=2048)
def _is_capital(text: str) -> bool:
    small = sum(map(str.islower, text))
    return sum(map(str.isupper, text)) > 4 * small


_NUMBERED = re.compile(r"^\W*(?:[ivx]+|\d{1,2})[.)]\s+(?=\D)", re.IGNORECASE)


_COUNT = re.compile(
    r"\s*\(\d+\)\s*$|\s*\((?:cont(?:inued|['’]?d)?\.?|forts\.?|suite|seguito|vervolg|cd\.?)\)\s*$", re.IGNORECASE
)
_HEADING_WORDS = {word for phrase in HEADINGS for word in phrase.split()}
_ANDS = ("and", "und", "et", "y", "e", "en", "i")
_TIGHT = {phrase.replace(" ", ""): kind for phrase, kind in HEADINGS.items() if len(phrase) > 9 and " " in phrase}


def kind_of_heading(text: str) -> str | None:
    """The kind of section that a text names by vocabulary alone."""
    if len(text) > 60 or not text:
        return None
    plain = fold(_COUNT.sub("", _NUMBERED.sub("", text)))
    kind = HEADINGS.get(plain) or _TIGHT.get(plain.replace(" ", ""))
    if kind or len(plain) > 45:
        return kind
    if "&" in text:
        spelled = (HEADINGS.get(fold(text.replace("&", f" {word} "))) for word in _ANDS)
        kind = next((k for k in spelled if k), None)
        if kind:
            return kind
    parts = re.split(r"\s*(?:&|/|\+|,|:|\||•|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bi\b)\s*", text.lower())
    kinds = [HEADINGS.get(fold(p)) for p in parts if p.strip()]
    return kinds[0] if len(kinds) > 1 and all(kinds) else None


def _kind_by_keyword(text: str) -> str | None:
    """The kind that a word of a heading-like line suggests; what narrows it (projects, volunteer) wins over work."""
    words = fold(_COUNT.sub("", text)).split()
    if not 1 < len(words) <= 5 or any(c.isdigit() for c in "".join(words)):
        return None
    kinds = [_KEYWORDS[word] for word in reversed(words) if word in _KEYWORDS and word not in WEAK_HEADINGS]
    narrow = [
        HEADINGS[w]
        for w in words
        if HEADINGS.get(w) in ("projects", "volunteer", "publications", "awards", "certificates")
    ]
    if "work" in kinds and narrow:
        return narrow[0]
    return kinds[0] if kinds else None


def _is_candidate(line: Line) -> bool:
    text = line.text.strip()
    return bool(text) and len(text) <= 60 and not line.listed and text[-1] not in ".;," and len(text.split()) <= 7


def _body_size(lines: list[Line]) -> float:
    sizes = [span.size for line in lines for span in line.spans for _ in range(0, len(span.text), 10)]
    return median(sizes) if sizes else 10.0


def _find_looks(lines: list[Line], known: dict[int, str]) -> set[Look]:
    """Looks that mark headings: shared by known headings and by little else."""
    of_known = Counter(look_of(lines[i]) for i in known)
    of_all = Counter(look_of(line) for line in lines if _is_candidate(line))
    return {look for look, count in of_known.items() if count >= 2 and count >= 0.5 * of_all[look]}


def _stands_out(look: Look, body: float) -> bool:
    return bool(look.level) or look.bold or look.capitals or look.size > 1.08 * body


def _second_halves(lines: list[Line]) -> dict[int, str]:
    """Headings set on two lines of one look: index of the second line → kind."""
    found: dict[int, str] = {}
    for index, (line, below) in enumerate(pairwise(lines)):
        if len(line.cells) > 1 or len(below.cells) > 1 or not _is_candidate(below) or len(line.text.split()) > 3:
            continue
        if len(below.text.split()) > 3 or look_of(line) != look_of(below) or fold(line.text) == fold(below.text):
            continue
        kind = kind_of_heading(f"{line.text} {below.text}")
        alone = {kind_of_heading(line.text), kind_of_heading(below.text)} - {None}
        if kind and below.top - line.bottom < line.bottom - line.top and (not alone or kind in alone):
            found[index + 1] = kind
    return found


def _known_headings(lines: list[Line]) -> dict[int, str]:
    """Lines that are headings by vocabulary, by index."""
    known: dict[int, str] = {}
    for index, line in enumerate(lines):
        if not _is_candidate(line) or (len(line.cells) > 1 and not all(_COUNT.fullmatch(c) for c in line.cells[1:])):
            continue
        kind = kind_of_heading(line.text)
        if kind:
            known[index] = kind
    return known


def _main_look(lines: list[Line], known: dict[int, str]) -> Look | None:
    """The look that most kinds of section share."""
    kinds: dict[Look, set[str]] = {}
    for index, kind in known.items():
        kinds.setdefault(look_of(lines[index]), set()).add(kind)
    return max(kinds, key=lambda look: (len(kinds[look]), look.level > 0, look.size), default=None)


def _is_lesser(look: Look, main: Look | None) -> bool:
    return (
        main is not None
        and look != main
        and look.size < main.size + 0.1
        and main.capitals >= look.capitals
        and look.bold <= main.bold
    )


def _drop_unlikely(lines: list[Line], known: dict[int, str], body: float) -> dict[int, str]:
    """Without the words of the vocabulary that stand in running text or as labels of another look."""
    looks = Counter(look_of(lines[i]) for i in known)
    main = _main_look(lines, known)
    repeated = Counter((fold(lines[i].text), look_of(lines[i])) for i in known)
    kept: dict[int, str] = {}
    for index, kind in known.items():
        look = look_of(lines[index])
        if _is_lesser(look, main) and (
            kind in ("summary", "other", "contact") or repeated[fold(lines[index].text), look] > 1
        ):
            continue
        weak = fold(lines[index].text) in WEAK_HEADINGS
        if look == main or (looks[look] >= 3 and not (main and main.level and not look.level)):
            kept[index] = kind
        elif (
            main is not None
            and look.size < 0.93 * main.size
            and not look.capitals
            and not (look.bold and not main.bold)
        ) or (main is not None and main.bold > look.bold and main.capitals >= look.capitals and look.size <= main.size):
            continue
        elif (
            (_stands_out(look, body) and not weak)
            or (not weak and main is not None and look.size >= main.size)
            or (not weak and looks[look] >= 2 and not main)
        ):
            kept[index] = kind
    return kept


def _is_inside_list(kind: str, lines: list[Line], index: int) -> bool:
    """Whether a heading of languages is a label of programming languages: no language named below it."""
    if kind != "languages":
        return False
    below = " ".join(line.text for line in lines[index + 1 : index + 5])
    return not any(word in LANGUAGES for word in fold(below).split())


def find_headings(lines: list[Line]) -> dict[int, str]:
    """Index of each heading line → kind of its section."""
    body = _body_size(lines)
    known = _drop_unlikely(lines, _known_headings(lines), body)
    looks = {look for look in _find_looks(lines, known) if _stands_out(look, body)}
    halves = {i: kind for i, kind in _second_halves(lines).items() if _stands_out(look_of(lines[i]), body)}
    found: dict[int, str] = {}
    for index, line in enumerate(lines):
        if index in halves or index + 1 in halves:
            found[index] = halves.get(index) or halves[index + 1]
        elif index in known:
            kind = known[index]
            found[index] = "skills" if _is_inside_list(kind, lines, index) else kind
        elif _is_candidate(line) and len(line.cells) == 1:
            guess = _by_look(line, looks, body, started=bool(found))
            if guess and (guess != "other" or _is_level_with(line, [lines[i] for i in known])):
                found[index] = guess
    return _without_entry_heads(lines, found, {*known, *halves, *(index - 1 for index in halves)})


def _is_level_with(line: Line, headings: list[Line]) -> bool:
    """Whether a line begins, or is centred, where one of the headings is."""
    return any(
        abs(line.left - other.left) < 4 or abs(line.left + line.right - other.left - other.right) < 4
        for other in headings
    )


_WITH_ENTRIES = ("work", "education", "volunteer", "projects")
_PARTED = re.compile(r"\s[|•·–—-]\s|,\s")


def _without_entry_heads(lines: list[Line], found: dict[int, str], sure: set[int]) -> dict[int, str]:
    """Headings without the heads of entries, which may share the look of headings: only ``sure`` ones are spared."""
    kept: dict[int, str] = {}
    section = "head"
    for index, kind in sorted(found.items()):
        if index not in sure and section in _WITH_ENTRIES and _is_entry_head(lines, index, found, kept):
            continue
        kept[index] = section = kind
    return kept


def _is_entry_head(lines: list[Line], index: int, found: dict[int, str], kept: dict[int, str]) -> bool:
    """Whether a line names a position or a school, or stands beside its dates."""
    text = lines[index].text
    beside = any(_is_dated_head(line) for line in (lines[index - 1], *lines[index + 1 : index + 2]))
    dated = beside or any(find_dates(line.text) for line in lines[index + 1 : index + 3])
    if found[index] != "other":
        return dated and (title_score(text) > 0.6 or school_score(text) > 0.8 or index - 1 in kept)
    told = any(abs(title_score(part)) > 0.3 or school_score(part) or degree_score(part) for part in _PARTED.split(text))
    return told or beside or (dated and (index - 1 in kept or bool(_PARTED.search(text))))


def _is_dated_head(line: Line) -> bool:
    return not line.listed and len(line.text.split()) <= 9 and bool(find_dates(line.text))


def _by_look(line: Line, looks: set[Look], body: float, *, started: bool) -> str | None:
    look = look_of(line)
    if look in looks and not find_dates(line.text):
        kind = _kind_by_keyword(line.text)
        if kind:
            return kind
        return "other" if started else None
    if not looks and set(fold(line.text).split()) <= _HEADING_WORDS and line.text[:1].isupper():
        return _kind_by_keyword(line.text) if started else None
    if look.level and not set(fold(line.text).split()) <= _HEADING_WORDS:
        return None
    if look.capitals or look.size > 1.15 * body or look.level:
        return _kind_by_keyword(line.text) if started or look.size < 1.8 * body else None
    return None


_INLINE = re.compile(r"^\s*([^:]{3,40}?)\s*:\s+(\S.*)$")


def _inline_heading(line: Line, current: str) -> tuple[str, str] | None:
    """``Skills: Java, C++``: a heading with its content on one line; (kind, rest)."""
    match = None if line.listed else _INLINE.match(line.text)
    if not match:
        return None
    label = fold(match.group(1))
    kind = HEADINGS.get(label)
    if (
        not kind
        or kind in ("contact", "work", "other")
        or (kind == "languages" and not _names_language(match.group(2)))
    ):
        return None
    if kind == "languages" or (_has_bold_label(line) and current not in ("skills", "work", "projects", "head")):
        return kind, match.group(2)
    if current == "head" and (kind != "skills" or match.group(2).count(",") >= 2):
        return (kind, match.group(2)) if kind in ("skills", "interests", "summary") else None
    if current in ("skills", "work", "education", "projects", "head") or label in WEAK_HEADINGS:
        return None
    return (kind, match.group(2)) if kind in ("skills", "interests") else None


def _has_bold_label(line: Line) -> bool:
    """Whether the line opens bold and goes on plain."""
    shown = [span for span in line.spans if span.text.strip()]
    return len(shown) > 1 and shown[0].bold and not shown[-1].bold


_CAPITALS = re.compile(r"^([A-ZÀ-Þ][A-ZÀ-Þ&/ ]{3,38}?)\s+(?=[•\d]|[A-ZÀ-Þ]?[a-zà-ÿ])")


def _part_headings(lines: list[Line]) -> list[Line]:
    """Lines that open with a heading in capitals and run on (text that lost its line breaks), cut after it."""
    cuts = {}
    for index, line in enumerate(lines):
        match = _CAPITALS.match(line.text) if len(line.cells) <= 1 else None
        if match and fold(match.group(1)) in HEADINGS:
            cuts[index] = match.end()
    if len(cuts) < 3:
        return lines
    parted: list[Line] = []
    for index, line in enumerate(lines):
        at = cuts.get(index)
        parted += (
            [line] if at is None else [_retext(line, line.text[:at].strip(), 12.0), _retext(line, line.text[at:], 0.0)]
        )
    return parted


def _retext(line: Line, text: str, size: float) -> Line:
    first = line.spans[0]
    span = Span(text, line.left, line.right, size or first.size, bool(size) or first.bold, first.italic)
    return Line((span,), line.page, line.left, line.top, line.right, line.bottom, (text,), line.column)


def split_sections(lines: list[Line]) -> list[Section]:
    """The sections of a document in order; the first is its head."""
    lines = _part_headings(lines)
    headings = find_headings(lines)
    sections = [Section("head")]
    for index, line in enumerate(lines):
        kind = headings.get(index)
        if kind:
            sections.append(Section(kind, line.text, line))
            continue
        if index and line.column == 2 and lines[index - 1].column == 1 and not _spans_columns(sections[-1]):
            sections.append(Section("contact", "", None))
        if line.column == _MARGIN and sections[-1].title != "margin":
            sections.append(Section("contact", "margin", None))
        current = sections[-1]
        inline = _inline_heading(line, current.kind)
        if inline:
            sections.append(Section(inline[0], line.text.split(":")[0], None, [line]))
            if current.kind in ("head", "skills"):
                sections.append(Section(current.kind, "", None))
            continue
        current.lines.append(line)
    return sections


def _spans_columns(section: Section) -> bool:
    """Whether a section's lines may go on in a second column: its heading stands above both."""
    return section.kind in ("head", "contact") or (section.heading is not None and section.heading.column == 0)


def _names_language(text: str) -> bool:
    return any(word in LANGUAGES for word in fold(text).split())
