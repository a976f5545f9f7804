"""The first policy, chosen in the first hour: a shipped profile with the organisation's own particulars.

Only while nobody is on record and no policy was published: nobody was promised anything yet, so it holds at once. Every
later change is posted with its notice period (``intake.desk.policies``).
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.desk.notices import render_in
from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.policy_book import PolicyBook
from intake.policy_words import in_every_language
from retention.policy.load import bundled_names, parse_policy, read_bundled
from retention.policy.policy import Policy
from storage import audit
from storage.models import NoticeVersion
from storage.queries import notices, people, setting_up

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who the organisation is. ``zone``: the IANA zone in which its days begin and end."""

    profile: str
    organisation: str
    address: str
    contact: str
    email: str
    zone: str


def can_choose(house: Installation) -> bool:
    """Whether the first policy can still be chosen here."""
    with house.database.reading() as session:
        return _can_choose(session, house)


def _can_choose(session: Session, house: Installation) -> bool:
    is_shipped = house.settings.policy in bundled_names()
    published = notices.find_published_policy(session, house.now())
    return is_shipped and published is None and people.count_people(session) == 0


def list_profiles() -> tuple[str, ...]:
    """The names of the policies that come with the product, the default first."""
    return bundled_names()


def find_wrong(given: Particulars) -> dict[str, str]:
    """What is wrong with each input, by its name and a code; empty when nothing is."""
    found = {name: "required" for name in ("organisation", "address", "contact") if not _is_line(getattr(given, name))}
    if given.profile not in bundled_names():
        found["profile"] = "required"
    if given.zone not in available_timezones():
        found["zone"] = "zone_unknown"
    try:
        validate_email(given.email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        found["email"] = "email_malformed"
    return found


def _is_line(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST and text.isprintable()


def choose_first_policy(house: Installation, given: Particulars, actor: Actor) -> Policy:
    """Put the first policy into force. Raises :class:`Refusal` once somebody is on record or one was published."""
    if find_wrong(given):
        raise Refusal("particulars_not_valid", 422, "Some of the particulars are not valid.")
    with house.database.writing() as session:
        if not _can_choose(session, house):
            raise Refusal("policy_chosen", 409, "A policy is in force that people were told of. Post a changed one.")
        text, policy = _write(session, given, house.today())
        for language in policy.languages:
            notice = render_in(policy, language)
            session.add(
                NoticeVersion(
                    version=notice.version, language=language, digest=notice.digest, text=notice.markdown,
                    policy_toml=text, published_at=house.now(), in_force_from=house.now(),
                )
            )  # fmt: skip
        setting_up.confirm_zone(session, policy.timezone)
        about = {"policy_version": policy.version, "as_of": house.today().isoformat()}
        audit.record(session, at=house.now(), actor=actor.name, action="policy.post", subject=None, about=about)
    if isinstance(house.find_policy, PolicyBook):
        house.find_policy.look_again()
    return policy


def _write(session: Session, given: Particulars, today: date) -> tuple[str, Policy]:
    """The profile's text with the particulars, under the first version that no notice bears yet."""
    text = _without_fictions(read_bundled(given.profile))
    for table, key, value in (
        ("controller", "name", given.organisation), ("controller", "address", given.address),
        ("controller", "email", given.email), ("privacy_contact", "name", given.contact),
        ("privacy_contact", "email", given.email), ("", "timezone", given.zone),
    ):  # fmt: skip
        text = _put(text, table, key, json.dumps(value.strip(), ensure_ascii=False))
    text, number = _put(text, "", "dated_on", today.isoformat()), 1
    while True:
        policy = in_every_language(parse_policy(_put(text, "", "version", json.dumps(f"1.{number}"))))
        if all(notices.find_notice(session, policy.version, language) is None for language in policy.languages):
            return _put(text, "", "version", json.dumps(policy.version)), policy
        number += 1


def _without_fictions(text: str) -> str:
    """The text without the telephone numbers of the fictional organisation."""
    return re.sub(r'^phone = ".*"\n', "", text, flags=re.MULTILINE)


def _put(text: str, table: str, key: str, value: str) -> str:
    """The text with one key of one table (empty: the keys before all tables) set."""
    start = text.index(f"\n[{table}]\n") + 1 if table else 0
    end = text.find("\n[", start + 1)
    part = text[start : end if end >= 0 else len(text)]
    line = f"{key} = {value}"
    changed, count = re.subn(rf"^{key} = .*$", lambda _: line, part, count=1, flags=re.MULTILINE)
    if not count:
        changed = f"{part}\n{line}"
    return text[:start] + changed + text[start + len(part) :]
