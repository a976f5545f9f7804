"""Skills: the items of a skills section, and names of tools found by vocabulary in prose.

Labels before a colon and levels in brackets are dropped. It never splits a name such as ``CI/CD`` or ``CVS / Subversion``.
"""

import re

from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line
from intake.reading.vocabulary import LANGUAGES, fold

_LEVELS = re.compile(
    r"\s*[(\[–—:-]?\s*\b(?:expert|advanced|intermediate|beginner|basic|proficient|fluent|master|experienced|novice|familiar|good|very good|excellent|fortgeschritten|grundkenntnisse|sehr gut|gut|"
    r"experte|avanc[ée]|interm[ée]diaire|d[ée]butant|confirm[ée]|ma[îi]trise|avanzado|intermedio|b[áa]sico|avanzato|base|gevorderd|basis|goed|avan[çc]ado|intermedi[áa]rio|zaawansowany|[śs]redniozaawansowany|podstawowy|dobry|"
    r"\d+\+?\s*(?:years?|yrs?|jahre?|ans|a[ñn]os|anni|jaar|anos|lat|lata)|\d{1,3}\s?%|[●○•★☆■□▪▫⬤◯*]{2,})\b\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_DOTS = re.compile(r"[●○★☆■□▪▫⬤◯◉◎]{2,}|[•·]{3,}|\b\d{1,3}\s?%|\b[1-9]\s?/\s?(?:5|10)\b")
_SPLIT = re.compile(
    r"\s*[,;|•·●▪◦‣∙]\s*|\s{3,}|\s+[–—-]\s+(?=[A-Z])|\s+/\s+(?=\S+\s*/)|\t|(?<=[a-z)]),(?=\S)|\s+(?:and|und|et|y|e|en|i)\s+(?=[A-Z][\w.+#]*\s*$)"
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


_STOP = frozenset({"etc", "and more", "u a", "others", "andere", "autres", "expert", "advanced", "intermediate", "beginner", "basic", "proficient", "familiar", "fluent",
    "und", "and", "skills", "tools", "other", "usw", "native speaker", "good", "excellent"})  # fmt: skip


def _is_label_row(line: Line) -> bool:
    """A short bold line that names the group below it."""
    return line.spans[0].bold and len(line.cells) == 1 and len(line.text.split()) <= 3


def _items_of(text: str) -> list[str]:
    label = _LABEL.match(text)
    if label and len(label.group(1).split()) <= 5:
        text = text[label.end() :]
    found: list[str] = []
    for part in _split_outside_brackets(text):
        inner = _LABEL.match(part)
        if inner and len(inner.group(1).split()) <= 4:
            part = part[inner.end() :]
        found += _drop_bracket(part)
    return [cleaned for cleaned in map(_clean, found) if _is_skill(cleaned)]


def _join_wrapped(lines: list[Line]) -> list[tuple[str, Line]]:
    """Rows of text, a line that ends in a comma or goes on in the next joined with it."""
    joined: list[tuple[str, Line]] = []
    for line in lines:
        for cell in line.cells or (line.text,):
            cell = cell.strip()
            last = joined[-1] if joined else None
            if (
                last
                and (
                    last[0].endswith((",", "&", "\u00ad", " and", " und", " et"))
                    or (cell[:1].islower() and "," in last[0])
                )
                and len(line.cells) <= 2
            ):
                glue = "" if last[0].endswith("\u00ad") else " "
                joined[-1] = (last[0].rstrip("\u00ad") + glue + cell, last[1])
            else:
                joined.append((cell, line))
    return joined


def _has_lists(lines: list[Line]) -> bool:
    return sum("," in line.text or len(line.cells) > 1 or ":" in line.text for line in lines) >= max(
        1, 0.3 * len(lines)
    )


def read_skills(lines: list[Line]) -> list[Found]:
    """The skills that a section lists."""
    found: dict[str, Found] = {}
    rows = _join_wrapped(lines)
    grouped = _has_group_labels(lines)
    for text, line in rows:
        if grouped and _is_label_row(line):
            continue
        prose = len(text.split()) > 12 and text.count(",") < len(text.split()) / 6
        if prose:
            continue
        items = _items_of(text)
        confidence = 0.9 if "," in text or len(line.cells) > 1 else 0.75
        for item in items:
            if fold(item) in LANGUAGES:
                continue
            found.setdefault(fold(item), Found(item, confidence, (place_of(line),)))
    return list(found.values())


def _has_group_labels(lines: list[Line]) -> bool:
    """Whether bold lines are labels over lists of plain text."""
    bold = [line for line in lines if _is_label_row(line)]
    plain = [line for line in lines if not line.spans[0].bold]
    return bool(bold) and len(plain) >= len(bold) and _has_lists(plain)
