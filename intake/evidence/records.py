"""Figures from the live records: counts of what is kept, and of what would break a promise. No seal is opened."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.night import last_night
from retention.policy.check import Finding, Probe
from retention.worker import first_technical_day
from storage.models import Model
from storage.models.columns import Holds
from storage.profile import REGISTRY
from storage.queries import applications, bases, endings, evidence, searching
from storage.seal import Unsealable, read_header
from storage.vocabulary import Purpose, Stage

LOOKS = ("candidate.viewed", "candidate.revealed", "document.viewed")
NEWEST = 500
"""How many entries, or people, a figure looks at one by one."""


def record_probes(house: Installation) -> dict[str, Probe]:
    """What the records show, by the names under which controls know it."""
    told: tuple[Callable[[Installation, Session], Finding], ...] = (
        registry, drafts, sources, field_sources, ages, stamps, consents, without_basis, served, views, decisions,
        overdue, restricted, holds, asked, ending, keys, anonymous, enquiries, sealed, sessions, technical,
    )  # fmt: skip

    def probe(look: Callable[[Installation, Session], Finding]) -> Probe:
        def answer() -> Finding:
            with house.database.reading() as session:
                return look(house, session)

        return answer

    return {look.__name__: probe(look) for look in told}


def _none(total: int, wrong: int, what: str, how: str) -> Finding:
    """A figure that is good while nothing is wrong."""
    return Finding(f"{total} {what}, {wrong} {how}", wrong == 0)


def registry(_house: Installation, _session: Session) -> Finding:
    """Every column says what it holds, and every kind of data its category."""
    columns = [column for table in Model.metadata.sorted_tables for column in table.columns]
    silent = sum(not isinstance(column.info.get("holds"), Holds) for column in columns)
    return Finding(f"{len(REGISTRY)} kinds of data declared; {len(columns)} columns, {silent} undeclared", silent == 0)


def drafts(house: Installation, session: Session) -> Finding:
    """What was begun and not sent."""
    found, late = evidence.count_drafts(session, last_night(house, house.now()))
    return _none(found, late, "drafts on record", "past their end")


def sources(_house: Installation, session: Session) -> Finding:
    """From whom and by which way records came."""
    by_source, by_channel = applications.count_by(session, "source"), applications.count_by(session, "channel")
    total = evidence.count_applications(session)
    silent = 2 * total - sum(by_source.values()) - sum(by_channel.values())
    return _none(total, silent, "applications", "without source or channel")


def field_sources(_house: Installation, session: Session) -> Finding:
    """Each field keeps its own source."""
    return _none(*evidence.count_fields(session), "fields", "without a source")


def ages(house: Installation, session: Session) -> Finding:
    """Nobody was taken in without a confirmed age, where the policy names one."""
    if house.policy.minimum_age is None:
        return Finding("the policy names no minimum age", is_good=True)
    return _none(
        evidence.count_applications(session), evidence.count_ages_unconfirmed(session), "applications",
        f"without a confirmed age of {house.policy.minimum_age}",
    )  # fmt: skip


def stamps(_house: Installation, session: Session) -> Finding:
    """The notice under which each record came can still be read."""
    return _none(*evidence.count_notices_lost(session), "versions of the notice stand on records", "no longer readable")


def consents(_house: Installation, session: Session) -> Finding:
    """What was agreed to can be proved."""
    kinds, bare = evidence.count_consents(session)
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "no consent yet"
    return Finding(f"{said}; {bare} without the wording", bare == 0)


def without_basis(house: Installation, session: Session) -> Finding:
    """Nobody stays whose every basis ended."""
    waiting = bases.count_without(session, house.today())
    late = evidence.count_baseless(session, last_night(house, house.now()), house.today())
    return Finding(f"{waiting} wait for the next run without a basis, {late} longer than that", late == 0)


def served(house: Installation, session: Session) -> Finding:
    """Who exercised a right is still found and considered for what they applied for."""
    choosers = evidence.find_choosers(session, Purpose.APPLICATION)[:NEWEST]
    found = searching.find_findable(session, choosers, house.scope())
    lost = [p for p in choosers if p not in found and _is_considered(house, session, p)]
    return _none(len(choosers), len(lost), "people exercised a right", "are served differently since")


def _is_considered(house: Installation, session: Session, person_id: bytes) -> bool:
    live = {e.application_id for e in bases.find_live(session, person_id, house.today())
            if e.purpose == Purpose.APPLICATION}  # fmt: skip
    rows = evidence.find_stages(session, person_id)
    return any(row_id in live and stage in (Stage.RECEIVED, Stage.REVIEW, Stage.INTERVIEW) for row_id, stage in rows)


def views(_house: Installation, session: Session) -> Finding:
    """Each look states a purpose."""
    entries = [json.loads(entry)["about"] for entry in evidence.find_entries(session, LOOKS, NEWEST)]
    return _none(
        len(entries), sum(not about.get("purpose") for about in entries), "looks on record", "without a purpose"
    )


def decisions(_house: Installation, session: Session) -> Finding:
    """Each rejection is a person's."""
    return _none(*evidence.count_decisions(session), "rejections", "not a person's")


def overdue(house: Installation, session: Session) -> Finding:
    """Nothing stays past its end."""
    late, run = endings.count_due(session, last_night(house, house.now())), endings.find_last_run(session)
    when = f"last run {run.started_at:%Y-%m-%d}" if run else "no run yet"
    return Finding(f"{late} in violation, {when}", late == 0)


def restricted(house: Installation, session: Session) -> Finding:
    """What only law keeps is restricted."""
    return _none(
        *evidence.count_restricted(session, house.today()), "records restricted", "kept by law and not restricted"
    )


def holds(_house: Installation, session: Session) -> Finding:
    """Nothing under a hold ends."""
    return _none(*evidence.count_held(session), "people under a hold", "of them ending")


def asked(_house: Installation, session: Session) -> Finding:
    """Who asked to be erased is gone, or restricted until a law lets go."""
    return _none(*evidence.count_asked_to_go(session), "who asked for erasure are kept by law", "still in use")


def ending(house: Installation, session: Session) -> Finding:
    """Ends that began are finished."""
    limit = timedelta(hours=house.policy.thresholds.ending_stuck_hours)
    open_ones = endings.find_unfinished(session)
    late = sum(house.now() - one.ended_at > limit for one in open_ones)
    return _none(len(open_ones), late, "ends under way", "stuck")


def keys(house: Installation, session: Session) -> Finding:
    """The key of each ended record is destroyed."""
    limit = timedelta(hours=house.policy.thresholds.ending_stuck_hours)
    return _none(*evidence.count_ends(session, house.now() - limit), "records purged", "ends still with a key")


def anonymous(_house: Installation, session: Session) -> Finding:
    """What outlives a person ties to nobody."""
    return _none(*evidence.count_anonymous(session), "coarse facts kept", "with an id of an ended record")


def enquiries(house: Installation, session: Session) -> Finding:
    """Questions end a short time after their answer."""
    found, waiting, late = evidence.count_enquiries(session, last_night(house, house.now()))
    return Finding(f"{found} questions on record, {waiting} unanswered, {late} past their end", late == 0)


def sealed(_house: Installation, session: Session) -> Finding:
    """What lies in the database is ciphertext."""
    sample = evidence.sample_fields(session, NEWEST)
    return _none(len(sample), sum(not _is_sealed(value) for value in sample), "sealed fields looked at", "in clear")


def _is_sealed(value: bytes) -> bool:
    try:
        read_header(value)
    except Unsealable:
        return False
    return True


def sessions(house: Installation, session: Session) -> Finding:
    """Sessions are kept as digests, and none outlives its account."""
    return _none(*evidence.count_sessions(session, house.now()), "sessions, kept as digests", "of closed accounts")


def technical(house: Installation, session: Session) -> Finding:
    """Technical data ends by a clock of its own."""
    rows, late = evidence.count_technical(session, last_night(house, house.now()), _yesterday(house))
    return _none(rows, late, "rows of technical data, tied to nobody", "past their clock")


def _yesterday(house: Installation) -> date:
    """The first day that technical data may be of; the night that ends the day before it may still be to come."""
    return first_technical_day(house.policy, last_night(house, house.now()))
