"""Where a rule applies: ISO 3166-1 countries, their regions (``US-CA``), and the groups that law speaks of.

Knows codes only; which law follows from a place is the policy's to say.
"""

import re
from collections.abc import Collection

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())
"""Every country that ISO 3166-1 assigns a two-letter code; reserved and private ones are none."""
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(re.findall(r"\w+", _EU))
EEA = EU | {"IS", "LI", "NO"}
GROUPS: dict[str, frozenset[str]] = {"EU": EU, "EEA": EEA}

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def is_place(code: str) -> bool:
    """Whether a code has the form of an ISO 3166 country or region, or names a group."""
    return code in GROUPS or _PLACE.fullmatch(code) is not None


def is_country(code: str) -> bool:
    """Whether a code is a country of ISO 3166-1, or a region written after one (``US-CA``): where a person can live."""
    return code.partition("-")[0] in COUNTRIES and _PLACE.fullmatch(code) is not None


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
