"""Skills: the items of a skills section, and names of tools found by vocabulary in prose.

Labels before a colon and levels in brackets are dropped. It never splits a name such as ``CI/CD``.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line, Span
from intake.reading.vocabulary import LANGUAGES, fold

_LEVELS = re.compile(
    r"\s*[(\[–—:-]?\s*\b(?:expert|advanced|intermediate|beginner|basic|proficient|fluent|master|experienced|novice|"
    r"familiar|good|very good|excellent|fortgeschritten|grundkenntnisse|sehr gut|gut|"
    r"experte|avanc[ée]|interm[ée]diaire|d[ée]butant|confirm[ée]|ma[îi]trise|avanzado|intermedio|b[áa]sico|"
    r"avanzato|base|gevorderd|basis|goed|avan[çc]ado|intermedi[áa]rio|zaawansowany|[śs]redniozaawansowany|"
    r"podstawowy|dobry|"
    r"\d+\+?\s*(?:years?|yrs?|jahre?|ans|a[ñn]os|anni|jaar|anos|lat|lata)|\d{1,3}\s?%|"
    r"[●○•★☆■□▪▫⬤◯*]{2,})\b\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_DOTS = re.compile(r"[●○★☆■□▪▫⬤◯◉◎]{2,}|[•·]{3,}|\b\d{1,3}\s?%|\b[1-9]\s?/\s?(?:5|10)\b")
_SPLIT = re.compile(
    r"\s*[,;|•·●▪◦‣∙]\s*|\s{3,}|\s+[–—-]\s+(?=[A-Z])|\s+/\s+(?=\S+\s*/)|\t|(?<=[a-z)]),(?=\S)|\s+(?:and|und|et|y|e|"
    r"en|i)\s+(?=[A-Z][\w.+#]*\s*$)"
)
_LABEL = re.compile(r"^\s*([^:,;]{2,45}?)\s*(?::|\s[–—]\s)\s*")
_MAX_WORDS = 5


def _split_outside_brackets(text: str) -> list[str]:
    """Cut at separators, but not inside brackets."""
    held: list[str] = []

    def hide(match: re.Match[str]) -> str:
        held.append(match.group())
        return f"\x00{len(held) - 1}\x00"

    parts = _SPLIT.split(re.sub(r"\([^()]*\)", hide, text))
    return [re.sub(r"\x00(\d+)\x00", lambda m: held[int(m.group(1))], part) for part in parts if part]


def _drop_bracket(item: str) -> list[str]:
    """``AWS (Lambda, S3)`` names three; ``Java (advanced)`` one."""
    match = re.match(r"^(.*?)\s*\(([^()]*)\)\s*(.*)$", item)
    if not match:
        return [item]
    outer, inner, rest = match.groups()
    outer = f"{outer} {rest}".strip()
    if "," in inner and not rest:
        return [outer, *[part.strip() for part in inner.split(",")]]
    return [outer] if outer else [inner]


def _clean(item: str) -> str:
    item = _DOTS.sub("", item.replace("\u00ad", "")).strip(" \t.:;,•·–—-*|/")
    item = _LEVELS.sub("", item) if len(item.split()) > 1 else item
    return re.sub(r"\s+", " ", item).strip(" .:;,()[]" if item.count("(") != item.count(")") else " .:;,")


def _is_skill(item: str) -> bool:
    if not item or len(item) > 45 or len(item.split()) > _MAX_WORDS or not any(c.isalnum() for c in item):
        return False
    if len(item) == 1 and item.upper() not in ("C", "R", "D", "J"):
        return False
    return fold(item) not in _STOP and not item.isdigit()


_STOP = frozenset(
    {
        "etc",
        "and more",
        "u a",
        "others",
        "andere",
        "autres",
        "expert",
        "advanced",
        "intermediate",
        "beginner",
        "basic",
        "proficient",
        "familiar",
        "fluent",
        "und",
        "and",
        "skills",
        "tools",
        "other",
        "usw",
        "native speaker",
        "good",
        "excellent",
        "master",
        "skilled",
        "competent",
        "conversational",
        "novice",
    }
)


def _items_of(text: str) -> list[str]:
    label = _LABEL.match(text)
    if label and len(label.group(1).split()) <= 5:
        text = text[label.end() :]
    found: list[str] = []
    for part in _split_outside_brackets(_LEAD.sub("", text)):
        inner = _LABEL.match(part)
        if inner and len(inner.group(1).split()) <= 4:
            part = part[inner.end() :]
        found += _drop_bracket(_LEAD.sub("", part))
    return [cleaned for cleaned in map(_clean, found) if _is_skill(cleaned)]


_LEAD = re.compile(
    r"^\s*(?:(?:highly |very )?(?:proficient|proficiency|experienced?|skilled|knowledge|knowledgeable|"
    r"familiar(?:ity)?|competent|expert(?:ise)?|fluent|fluency|working knowledge|experience|good|basic|strong|"
    r"sehr gute|gute|kenntnisse|kenntnis)\s+(?:in|with|of|using|knowledge of|kenntnisse in)|and|und|et|sowie)\s+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Row:
    """One cell of a skills section with its look."""

    text: str
    line: Line
    size: float
    bold: bool
    label: bool = False


def _to_rows(lines: list[Line]) -> list[_Row]:
    rows: list[_Row] = []
    pairs = [line.cells for line in lines if len(line.cells) == 2]
    labelled = any("," in second and "," not in first for first, second in pairs)
    for line in lines:
        spans = [s for s in line.spans if s.text.strip()] or list(line.spans)
        cells = list(line.cells or (line.text,))
        if (labelled and len(cells) == 2 and "," not in cells[0] and len(cells[0].split()) <= 4) or (
            len(cells) > 2 and _is_list(cells[1]) and len(cells[0].split()) <= 3
        ):
            cells = cells[1:]
        elif len(cells) == 1 and len(spans) > 1 and spans[0].bold and not spans[-1].bold:
            cells = ["".join(span.text for span in spans[_bold_run(spans) :])]
        rows += [_Row(cell.strip(), line, spans[0].size, spans[0].bold and spans[-1].bold) for cell in cells]
    return [row for row in rows if row.text]


def _bold_run(spans: list[Span]) -> int:
    return next((i for i, span in enumerate(spans) if not span.bold and span.text.strip(" :,.-–")), len(spans))


def _is_list(text: str) -> bool:
    return text.count(",") >= 2 or text.count("•") >= 1 or text.count("|") >= 1 or text.count(";") >= 2


def _join_wrapped(rows: list[_Row]) -> list[_Row]:
    """A row that ends in a comma, or goes on in small letters, joined with the next."""
    joined: list[_Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and last.line is not row.line and _goes_on(last.text, row.text):
            glue = "" if last.text.endswith("\u00ad") else " "
            last.text = last.text.rstrip("\u00ad") + glue + row.text
        else:
            joined.append(row)
    return joined


def _goes_on(text: str, following: str) -> bool:
    if text.endswith((",", "&", "\u00ad", " and", " und", " et", " y", "/")):
        return True
    return following[:1].islower() and text.count(",") >= 2


def _mark_labels(rows: list[_Row]) -> None:
    """Rows that only name the group below: bolder or larger than the rows that follow."""
    plain = [row for row in rows if not row.bold]
    usual = median([row.size for row in rows]) if rows else 10.0
    for row, following in pairwise(rows):
        if _is_list(row.text) or len(row.text.split()) > 4:
            continue
        over = next((r for r in rows[rows.index(row) + 1 :] if r.line is not row.line), following)
        bolder = row.bold and not over.bold and len(plain) >= 0.4 * len(rows)
        larger = row.size > 1.08 * over.size and row.size > 1.04 * usual
        if (bolder or larger or (row.line.heading and not over.line.heading)) and not _is_description(over.text):
            row.label = True


def _is_description(text: str) -> bool:
    """Wrapped running text below a skill, rather than a list of skills."""
    words = text.split()
    return len(words) >= 3 and "," not in text and sum(w[:1].islower() for w in words) >= 0.6 * len(words)


def _is_prose(text: str) -> bool:
    words = len(text.split())
    return words > 12 and len(re.findall(r"[,;•|·]", text)) < words / 6


def read_skills(lines: list[Line]) -> list[Found]:
    """The skills that a section lists."""
    rows = _join_wrapped(_to_rows(lines))
    _mark_labels(rows)
    described = sum(_is_description(row.text) for row in rows) >= 2
    large = max((row.size for row in rows), default=0.0)
    found: dict[str, Found] = {}
    for row in rows:
        if row.label or _is_prose(row.text) or (described and row.size < 0.85 * large and not _is_listing(row.text)):
            continue
        for item in _items_of(row.text):
            confidence = 0.9 if _is_list(row.text) or len(row.line.cells) > 1 else 0.75
            if fold(item) not in LANGUAGES:
                found.setdefault(fold(item), Found(item, confidence, (place_of(row.line),)))
    return list(found.values())


def _is_listing(text: str) -> bool:
    return _is_list(text) or (
        len(text.split()) <= 3 and text[:1].isupper() and not text.rsplit(maxsplit=1)[-1].islower()
    )
