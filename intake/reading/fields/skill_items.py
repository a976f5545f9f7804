"""One listing of skills cut into its items: labels, levels and brackets dropped, run-together names parted.

It never splits a name such as ``CI/CD``.
"""

import re

from intake.reading.vocabulary import SKILL_LEVELS, fold
from intake.reading.vocabulary.skill_names import common_name, find_skills, is_name_alone

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
    r"en|i)\s+(?=[A-Z][\w.+#]*\s*$)|\.\s+(?=[A-ZÀ-Þ][^:,.]{2,40}:\s)"
)
_LABEL = re.compile(r"^\s*([^:,;]{2,45}?)\s*(?::|\s[–—]\s)\s*")
_MARK = re.compile(r"^(?:[»›→>➤✓✔✦❯]+|\d{1,2}[.)])\s+(?=\S)")
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
    item = re.sub(
        r"^\.+(?![A-Z])|\.+$", "", _MARK.sub("", _DOTS.sub("", item.replace("\u00ad", "")).strip(" \t:;,•·–—-*|/"))
    )
    item = _LEVELS.sub("", item) if len(item.split()) > 1 else item
    return re.sub(r"\s+", " ", item).strip(" :;,()[]" if item.count("(") != item.count(")") else " :;,")


def _is_skill(item: str) -> bool:
    if not any(c.isalnum() for c in item):
        return False
    if (len(item) > 45 or len(item.split()) > _MAX_WORDS) and not common_name(item):
        return False
    if len(item) == 1 and item.upper() not in ("C", "R", "D", "J"):
        return False
    return not is_level(item) and not item.isdigit()


def is_level(text: str) -> bool:
    """Whether a text only says how well something is known, or nothing at all."""
    return fold(text) in SKILL_LEVELS


def items_of(text: str) -> list[str]:
    """The items of one listing, cleaned of labels, levels and brackets."""
    label = _LABEL.match(text)
    if label and len(label.group(1).split()) <= 5:
        text = label.group(1) if is_level(text[label.end() :]) else text[label.end() :]
    found: list[str] = []
    for number, part in enumerate(_split_outside_brackets(_LEAD.sub("", text))):
        inner = _LABEL.match(part)
        if inner and len(inner.group(1).split()) <= 4:
            found += _before_label(inner.group(1)) if number else []
            part = part[inner.end() :]
        found += _drop_bracket(_LEAD.sub("", part))
    return [cleaned for cleaned in map(_clean, found) if _is_skill(cleaned)]


def _before_label(label: str) -> list[str]:
    """The skill that runs into the next group's label where a line lost its break: ``Redis Tools: Git``."""
    named = find_skills(label, listed=True)
    first = named[0] if named else None
    is_whole = first is None or first.start or not is_name_alone(first.text) or label[first.end :].strip(" &") == ""
    return [] if first is None or is_whole else [first.text]


_LEAD = re.compile(
    r"^\s*(?:(?:highly |very )?(?:proficient|proficiency|experienced?|skilled|knowledge|knowledgeable|"
    r"familiar(?:ity)?|competent|expert(?:ise)?|fluent|fluency|working knowledge|experience|good|basic|strong|"
    r"sehr gute|gute|kenntnisse|kenntnis)\s+(?:in|with|of|using|knowledge of|kenntnisse in)|and|und|et|sowie)\s+",
    re.IGNORECASE,
)


def part_by_names(item: str) -> list[str]:
    """Skills that stand side by side without a separator, told apart where every word belongs to a known one."""
    if " " not in item or common_name(item):
        return [item]
    named = find_skills(item, listed=True)
    if len(named) < 2 or not all(is_name_alone(name.text) for name in named):
        return [item]
    rest = item
    for name in reversed(named):
        rest = rest[: name.start] + " " + rest[name.end :]
    return [name.text for name in named] if all(word in _ANDS for word in fold(rest).split()) else [item]


_ANDS = ("and", "und", "et", "y", "e", "en", "i")


def joins_to_name(end: str, start: str) -> bool:
    """Whether the end of one line and the start of the next are a known skill together, and not each for itself."""
    return common_name(f"{end} {start}") is not None and not (common_name(end) and common_name(start))


def is_list(text: str) -> bool:
    """Whether a text is parted like a list."""
    return text.count(",") >= 2 or text.count("•") >= 1 or text.count("|") >= 1 or text.count(";") >= 2


def is_labelled(text: str) -> bool:
    """Whether a text opens with the name of a group and a colon."""
    return bool(_LABEL.match(text))


def is_parted(text: str) -> bool:
    """Whether a text holds separators at all."""
    return bool(re.search(r"[,;]|\s[|•·/]\s", text))


def after_last_mark(text: str) -> str:
    """What stands after the last comma of a line."""
    return _LEAD.sub("", re.split(r"[,;:|•·]", text)[-1].strip())


def before_first_mark(text: str) -> str:
    """What stands before the first comma of a line."""
    return re.split(r"[,;|•·]", text, maxsplit=1)[0].strip(" .")
