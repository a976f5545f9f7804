"""The person's own links: as written in the parts about the person, and behind text or icons.

Links of employers, projects and publications are not the person's; one that bears the person's name is, wherever it
stands.
"""

import re

from intake.reading.fields.addresses import (
    EMAIL,
    URL,
    contact_rows,
    is_own,
    is_short,
    link_key,
    mend_addresses,
    rows_of_section,
)
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line, Link, Sheets
from intake.reading.sections import Section
from intake.reading.vocabulary import fold
from intake.reading.vocabulary.skill_names import SKILL_NAMES
from storage.profile import Place

_SOCIAL = re.compile(
    r"^(?:https?://)?(?:[a-z]{2,3}\.)?(?:www\.)?(?:linkedin\.com/(?:in|pub)|github\.com|gitlab\.com|bitbucket\.org|"
    r"twitter\.com|x\.com|xing\.com|behance\.net|dribbble\.com|stackoverflow\.com/users|medium\.com|orcid\.org|"
    r"scholar\.google|youtube\.com|instagram\.com|soundcloud\.com|facebook\.com|mastodon|researchgate\.net/profile|"
    r"kaggle\.com|codepen\.io|leetcode\.com|hackerrank\.com|bsky\.app|t\.me|vimeo\.com|dev\.to|about\.me|malt\.[a-z]+|"
    r"goldenline\.pl|viadeo\.com|artstation\.com|huggingface\.co|npmjs\.com/~|angel\.co|wellfound\.com)",
    re.IGNORECASE,
)
_FOREIGN = ("work", "education", "projects", "publications", "references", "awards", "certificates", "volunteer")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_WEB = ("http://", "https://", "www.")


def read_links(sections: list[Section], sheets: Sheets, emails: list[Found], name: str) -> list[Found]:
    """Links in the person's own parts, and those that bear the person's name or e-mail domain."""
    domains = {found.value.split("@")[-1].casefold() for found in emails}
    marks, first = _marks_of(name, emails), tuple(word for word in fold(name).split() if len(word) > 2)
    found: dict[str, Found] = {}
    owned = _owned_lines(sections)
    for number, section in enumerate(sections):
        for line in rows_of_section(section):
            if "." not in line.text:
                continue
            last = number == len(sections) - 1 and line in section.lines[-1:]
            stray = _is_bare(line, 6) if last else _is_bare(line, 22) and section.kind not in _FOREIGN
            for match in URL.finditer(EMAIL.sub(" ", mend_addresses(line.text))):
                url = match.group().rstrip(".,;:")
                own = id(line) in owned
                named = section.kind != "references" and _is_named(url, marks, first, domains)
                allowed = own or named or (section.kind not in _FOREIGN and bool(_SOCIAL.match(url)))
                if (allowed or stray) and _is_link(url, domains):
                    found.setdefault(link_key(url), Found(url, 0.95 if own else 0.8, (place_of(line),)))
    if sheets.pages:
        _add_annotations(sections, owned, sheets, found)
    else:
        _add_behind(sections, owned, found)
    return [link for key, link in found.items() if not _is_fragment(key, found)]


def _owned_lines(sections: list[Section]) -> set[int]:
    """The lines, by identity, that are about the person: their own parts, and short lines beside an e-mail address."""
    owned: set[int] = set()
    for number, section in enumerate(sections):
        rows = rows_of_section(section)
        near = contact_rows(rows) if section.kind != "references" else set()
        own = is_own(section, number)
        owned |= {id(line) for index, line in enumerate(rows) if own or (index in near and is_short(line))}
    return owned


def _marks_of(name: str, emails: list[Found]) -> set[str]:
    """Words by which a link is told to be the person's: of the name, and the e-mail addresses' first parts."""
    words = {word for form in (name, name.translate(_UMLAUTS)) for word in fold(form).split() if len(word) > 3}
    return words | {local for email in emails if len(local := fold(email.value.split("@")[0]).replace(" ", "")) > 4}


def _is_named(url: str, marks: set[str], first: tuple[str, ...], domains: set[str]) -> bool:
    """Whether a link leads to a page of the person: a site or an account with their name, or their e-mail's domain."""
    key = link_key(url)
    host, _, path = key.partition("/")
    if host in domains and not path:
        return True
    account = path.removeprefix("in/") if _SOCIAL.match(url) else path and "/"
    shown = fold(account or host).replace(" ", "")
    begins = bool(account) and shown.startswith(first or ("/",))
    return "/" not in account and (begins or any(mark in shown for mark in marks))


def _is_fragment(key: str, found: dict[str, Found]) -> bool:
    """Whether an address is only a broken part of another one that was found."""
    whole = [other for other in found if other != key and len(other) > len(key)]
    if key.endswith("\u00ad") or any(other.startswith(key) and other[len(key)] not in "/?" for other in whole):
        return True
    if key.endswith(("/in", "/")) or ("/" not in key and key.split(".", maxsplit=1)[0] in ("linkedin", "github")):
        return any(other.startswith(key) for other in whole) or key in ("linkedin.com/in", "linkedin.com", "github.com")
    return any(other.endswith(key) and other[-len(key) - 1] not in "./" for other in whole)


def _is_bare(line: Line, most: int) -> bool:
    """Whether a line holds fewer than ``most`` letters beside addresses."""
    return len(re.sub(r"\W", "", URL.sub("", line.text))) < most


def _is_link(url: str, domains: set[str]) -> bool:
    """Whether an address is more than an e-mail's domain or the name of a tool with a dot in it."""
    if "://" in url or url.lower().startswith("www."):
        return True
    key = link_key(url)
    return fold(url) not in SKILL_NAMES and not any(d == key or d.endswith("." + key) for d in domains)


def _add_annotations(sections: list[Section], owned: set[int], sheets: Sheets, found: dict[str, Found]) -> None:
    """Addresses behind the person's own lines, and those of known sites behind bare icons."""
    rows = [line for section in sections for line in rows_of_section(section)]
    own = [place_of(line) for line in rows if id(line) in owned and is_short(line)]
    others = [place_of(line) for line in rows if id(line) not in owned]
    for page in sheets.pages:
        for link in page.links:
            if not link.url.lower().startswith(_WEB):
                continue
            if _touches(link, page.number, own) or (_is_profile(link.url) and not _touches(link, page.number, others)):
                place = Place(page.number, link.left, link.top, link.right, link.bottom)
                found.setdefault(link_key(link.url), Found(link.url, 0.8, (place,)))


def _add_behind(sections: list[Section], owned: set[int], found: dict[str, Found]) -> None:
    """The same for formats without pages, whose runs carry the address."""
    rows = [line for section in sections for line in rows_of_section(section) if id(line) in owned]
    for line in rows:
        for span in line.spans:
            if span.url.lower().startswith(_WEB):
                found.setdefault(link_key(span.url), Found(span.url, 0.8, (place_of(line),)))


def _is_profile(url: str) -> bool:
    """Whether an address is a person's page at one of the known sites."""
    return bool(_SOCIAL.match(url)) and link_key(url).count("/") <= 2


def _touches(link: Link, page: int, places: list[Place]) -> bool:
    middle = (link.top + link.bottom) / 2
    return any(
        p.page == page and p.top - 3 <= middle <= p.bottom + 3 and p.left - 30 <= link.left <= p.right + 10
        for p in places
    )
