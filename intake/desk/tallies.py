"""Campaigns counted in aggregate from the source tag of an address, and shown without small groups (C16, D9).

A count knows a day and a tag. It never learns who came: no address, no device, no cookie, no person.
"""

import re
from dataclasses import dataclass

from intake.installation import Installation
from retention.worker import first_technical_day
from storage.queries import tallies

SEEN, BEGUN = "campaign.seen", "campaign.begun"
OTHER = "other"
MOST_TAGS = 100
"""Tags counted apart on one day; whoever makes up more of them is counted under one."""
SMALLEST = 10
"""The smallest count that is told; below it a group could single somebody out."""
_TAG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Campaign:
    """What one tag brought. None stands for a count too small to be told, zero included."""

    tag: str
    seen: int | None
    begun: int | None


def read_tag(text: str) -> str:
    """The tag in an address (``?from=fair-2026``), or nothing where it is none: a tag is a word, not a person."""
    plain = text.strip().casefold()
    return plain if _TAG.fullmatch(plain) else ""


def count_visit(house: Installation, tag: str, *, what: str = SEEN) -> None:
    """Count one visit, or one application that was sent, under a tag."""
    if not tag:
        return
    today = house.today()
    with house.database.writing() as session:
        is_new = not tallies.is_known(session, today, what, tag)
        if is_new and tallies.count_words(session, today, what) >= MOST_TAGS:
            tag = OTHER
        tallies.add_one(session, today, what, tag)


def list_campaigns(house: Installation) -> tuple[Campaign, ...]:
    """What each tag brought within the time that technical data is kept, small counts left out."""
    first = first_technical_day(house.policy, house.now())
    with house.database.reading() as session:
        seen, begun = (tallies.sum_by_word(session, what, first) for what in (SEEN, BEGUN))
    return tuple(
        Campaign(tag, hide_small(seen.get(tag, 0)), hide_small(begun.get(tag, 0))) for tag in sorted({*seen, *begun})
    )


def hide_small(count: int) -> int | None:
    """The count, or None where it is so small that it could single somebody out."""
    return count if count >= SMALLEST else None
