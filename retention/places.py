"""Where a rule applies: ISO 3166-1 countries, their regions (``US-CA``), and the groups that law speaks of.

Knows codes only; which law follows from a place is the policy's to say.
"""

import re
from collections.abc import Collection

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(re.findall(r"\w+", _EU))
EEA = EU | {"IS", "LI", "NO"}
GROUPS: dict[str, frozenset[str]] = {"EU": EU, "EEA": EEA}

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def is_place(code: str) -> bool:
    """Whether a code has the form of an ISO 3166 country or region, or names a group."""
    return code in GROUPS or _PLACE.fullmatch(code) is not None


def match_place(country: str, places: Collection[str]) -> int | None:
    """How exactly ``country`` is among ``places``: 3 region, 2 country, 1 group, 0 anywhere; None: not among them."""
    if not places:
        return 0
    if country in places:
        return 3 if "-" in country else 2
    nation = country.partition("-")[0]
    if nation in places:
        return 2
    return 1 if any(nation in GROUPS.get(place, ()) for place in places) else None


def can_share_a_place(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether some person's country could match both lists."""
    if not ours or not theirs:
        return True
    return any(_overlap(a, b) for a in ours for b in theirs)


def _overlap(one: str, other: str) -> bool:
    if one == other:
        return True
    nations = [GROUPS.get(place, frozenset({place.partition("-")[0]})) for place in (one, other)]
    both_regions = "-" in one and "-" in other
    return bool(nations[0] & nations[1]) and not both_regions
