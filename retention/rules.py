"""When one person's record ends, by which rule, and why. Pure: no clock, no database, no personal data.

A purpose with a live basis keeps an application for its period, cut by every ceiling and by the end of a consent. The
record ends when its last purpose ends. A request for erasure ends every purpose at once. A floor set by law stands
above ceiling and request: the record is restricted meanwhile, and ends by itself. A hold stands above everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from retention.calendar import Length, Unit, add_length, end_of_day, last_day_within, local_date
from retention.places import match_place
from retention.policy.policy import Anchor, Ceiling, Floor, Kept, Period, Policy
from storage.vocabulary import Action, Basis, Source, Stage


@dataclass(frozen=True, slots=True)
class LiveBasis:
    """A purpose with a basis that is live: given or renewed, and neither withdrawn, objected to, nor expired.

    ``given_at`` is when it was last given or renewed; ``expires_on`` the last local day of a consent given until a day.
    """

    purpose: str
    basis: Basis
    given_at: datetime
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What bears on the end of one application. ``opening`` is None for the pool.

    ``country`` is ISO 3166-1, with a region where law differs (``US-CA``); ``opening_country`` where the work is, if
    elsewhere: floors and ceilings of either place bind. ``touched_at`` is when a draft was last worked on.
    """

    id: str
    country: str
    stage: Stage
    source: Source
    received_at: datetime
    opening: str | None = None
    opening_country: str | None = None
    touched_at: datetime | None = None
    decision_on: date | None = None
    closed_on: date | None = None
    bases: tuple[LiveBasis, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold that is not lifted (promise R3). It never lapses by itself: a passed review date is an alarm."""

    id: str
    placed_on: date


@dataclass(frozen=True, slots=True)
class EnquiryFacts:
    """What bears on the end of a question that somebody asked (promise R4)."""

    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that bears on the end of one person's record. Only live bases and holds belong here.

    ``restricted_until``: the person asked, under GDPR Art. 18, that nothing be erased before that day has ended.
    """

    applications: tuple[ApplicationFacts, ...]
    last_contact_on: date | None = None
    erasure_asked_at: datetime | None = None
    restricted_until: date | None = None
    holds: tuple[Hold, ...] = ()
    enquiries: tuple[EnquiryFacts, ...] = ()
    """Of somebody who only asked; whoever applied is kept by what holds for the application."""


class Kind(StrEnum):
    """Kinds of things that bear on an end."""

    PERIOD = "period"
    CEILING = "ceiling"
    CONSENT = "consent"
    NO_BASIS = "no_basis"
    REQUEST = "request"
    RESTRICTION = "restriction"
    FLOOR = "floor"
    HOLD = "hold"
    ENQUIRY = "enquiry"


NO_LIVE_BASIS = "no-live-basis"
ERASURE_ASKED = "erasure-asked"
RESTRICTION_ASKED = "restriction-asked"
CONSENT_ENDS = "consent-ends"
LEGAL_HOLD = "legal-hold"
ENQUIRY_ANSWERED = "enquiry-answered"
ENQUIRY_UNANSWERED = "enquiry-unanswered"
UNANSWERED = Length(12, Unit.MONTHS)
"""After this time nobody will answer any more."""
BUILT_IN_RULES = (
    NO_LIVE_BASIS, ERASURE_ASKED, RESTRICTION_ASKED, CONSENT_ENDS, LEGAL_HOLD, ENQUIRY_ANSWERED, ENQUIRY_UNANSWERED,
)  # fmt: skip
"""Ids of the rules that are not written in a policy. No policy may use them."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """One thing that bears on an end: the rule's id, its kind, the day to which it leads (None: none), and of what."""

    rule: str
    kind: Kind
    on: date | None
    application: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class PurposeEnd:
    """When one purpose of one application ends, which rule decided, and what it then comes to."""

    application: str
    purpose: str
    basis: Basis
    winner: Bearing
    action: Action
    on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one person's record.

    ``ends_on`` is the last local day and ``ends_at`` the aware UTC instant at which it is over, or for a request the
    instant of asking; both None while held. ``unheld_on`` is the day that would stand without holds.
    ``restricted_from``: from the end of this day the record is kept by law alone and must be restricted; None if never.
    ``rule`` is the winner's id and ``reason`` its kind, the code of the text that explains it.
    """

    ends_on: date | None
    ends_at: datetime | None
    rule: str
    reason: Kind
    action: Action
    winner: Bearing
    losers: tuple[Bearing, ...]
    purposes: tuple[PurposeEnd, ...]
    unheld_on: date
    restricted_from: date | None = None


def expiry_for(facts: Facts, policy: Policy) -> Outcome:
    """When the record ends under this policy. Total: facts with an application or an enquiry get one answer.

    Raises ValueError for facts with neither, or with a naive instant.
    """
    if not facts.applications:
        return _expiry_of_enquiries(facts, policy)
    weighed = [_weigh(facts, application, basis, policy) for application, basis in _live_bases(facts, policy)]
    purposes = tuple(end for end, _ in weighed)
    bearings = [bearing for _, others in weighed for bearing in others]
    end = _end_of_purposes(facts, policy, purposes)
    decided = _apply_request(facts, policy, end)
    minimums = tuple(_minimums(facts, policy))
    holds = tuple(Bearing(f"{LEGAL_HOLD}:{hold.id}", Kind.HOLD, None) for hold in facts.holds)
    kept = max((decided, *minimums), key=_day)
    winner = holds[0] if holds else kept
    everything = [end, decided, *(p.winner for p in purposes), *bearings, *minimums, *holds]
    return Outcome(
        ends_on=winner.on,
        ends_at=None if winner.on is None else _instant(facts, policy, winner),
        rule=winner.rule,
        reason=winner.kind,
        action=_action(purposes, decided),
        winner=winner,
        losers=tuple(dict.fromkeys(b for b in everything if b != winner)),
        purposes=purposes,
        unheld_on=_day(kept),
        restricted_from=_day(decided) if _day(kept) > _day(decided) else None,
    )


def _expiry_of_enquiries(facts: Facts, policy: Policy) -> Outcome:
    """The end of a record that holds nothing but questions: a short time after the last answer."""
    if not facts.enquiries:
        raise ValueError("a record without an application or an enquiry has no end of its own")
    ends = [_end_of_enquiry(enquiry, policy) for enquiry in facts.enquiries]
    decided = _apply_request(facts, policy, max(ends, key=_day))
    holds = tuple(Bearing(f"{LEGAL_HOLD}:{hold.id}", Kind.HOLD, None) for hold in facts.holds)
    winner = holds[0] if holds else decided
    return Outcome(
        ends_on=winner.on,
        ends_at=None if winner.on is None else _instant(facts, policy, winner),
        rule=winner.rule,
        reason=winner.kind,
        action=Action.PURGE,
        winner=winner,
        losers=tuple(dict.fromkeys(b for b in (*ends, decided, *holds) if b != winner)),
        purposes=(),
        unheld_on=_day(decided),
    )


def _end_of_enquiry(enquiry: EnquiryFacts, policy: Policy) -> Bearing:
    if enquiry.answered_at is None:
        asked_on = local_date(enquiry.asked_at, policy.zone)
        return Bearing(ENQUIRY_UNANSWERED, Kind.ENQUIRY, add_length(asked_on, UNANSWERED, policy.holidays))
    kept = policy.find_kept_apart(Kept.ENQUIRY)
    length = kept.length if kept else UNANSWERED
    answered_on = local_date(enquiry.answered_at, policy.zone)
    return Bearing(ENQUIRY_ANSWERED, Kind.ENQUIRY, add_length(answered_on, length, policy.holidays))


def _live_bases(facts: Facts, policy: Policy) -> Iterator[tuple[ApplicationFacts, LiveBasis]]:
    for application in facts.applications:
        for basis in application.bases:
            if policy.find_purpose(basis.purpose) is not None:
                yield application, basis


def _weigh(
    facts: Facts, application: ApplicationFacts, basis: LiveBasis, policy: Policy
) -> tuple[PurposeEnd, list[Bearing]]:
    """The end of one purpose: its most specific period, cut by ceilings and by the consent's own end."""

    def bear(rule: str, kind: Kind, on: date) -> Bearing:
        return Bearing(rule, kind, on, application.id, basis.purpose)

    period = find_period(policy, application, basis)
    start = _start(facts, application, basis, period.anchors, policy)
    found = [bear(period.id, Kind.PERIOD, add_length(start, period.length, policy.holidays))]
    for ceiling in policy.ceilings:
        if _applies(ceiling, application, basis):
            start = _start(facts, application, basis, ceiling.anchors, policy)
            found.append(bear(ceiling.id, Kind.CEILING, last_day_within(start, ceiling.length, policy.holidays)))
    if basis.expires_on is not None:
        found.append(bear(CONSENT_ENDS, Kind.CONSENT, basis.expires_on))
    winner = min(found, key=_day)
    end = PurposeEnd(application.id, basis.purpose, basis.basis, winner, period.action, _day(winner))
    return end, [b for b in found if b is not winner]


def find_period(policy: Policy, application: ApplicationFacts, basis: LiveBasis) -> Period:
    """The most specific period for one purpose of an application; of equals, the one written first.

    Stage outweighs place, place basis, basis source: a draft ends as a draft wherever it was begun. A region is more
    specific than a country, and that than a group.
    Raises LookupError where none applies, which a checked policy excludes.
    """
    best: tuple[tuple[bool, int, bool, bool], Period] | None = None
    for period in policy.periods:
        if basis.purpose not in period.purposes or not _fits(period, application, basis):
            continue
        place = match_place(application.country, period.countries)
        if place is None:
            continue
        rank = (bool(period.stages), place, bool(period.bases), bool(period.sources))
        if best is None or rank > best[0]:
            best = rank, period
    if best is None:
        raise LookupError(f"no period for purpose {basis.purpose!r}")
    return best[1]


def _fits(rule: Period | Ceiling, application: ApplicationFacts, basis: LiveBasis) -> bool:
    return (
        (not rule.bases or basis.basis in rule.bases)
        and (not rule.stages or application.stage in rule.stages)
        and (not rule.sources or application.source in rule.sources)
    )


def _applies(ceiling: Ceiling, application: ApplicationFacts, basis: LiveBasis) -> bool:
    return (
        (not ceiling.purposes or basis.purpose in ceiling.purposes)
        and _is_there(application, ceiling.countries)
        and _fits(ceiling, application, basis)
    )


def _is_there(application: ApplicationFacts, places: tuple[str, ...]) -> bool:
    countries = {application.country, application.opening_country or application.country}
    return any(match_place(country, places) is not None for country in countries)


def _binds(floor: Floor, application: ApplicationFacts) -> bool:
    is_stage = application.stage in floor.stages if floor.stages else application.stage is not Stage.DRAFT
    is_source = not floor.sources or application.source in floor.sources
    return is_stage and is_source and _is_there(application, floor.countries)


def _start(
    facts: Facts,
    application: ApplicationFacts,
    basis: LiveBasis | None,
    anchors: Iterable[Anchor],
    policy: Policy,
) -> date:
    """The local day that starts a clock: the latest known of the anchors, else the day of receipt."""
    zone = policy.zone
    received = local_date(application.received_at, zone)
    days: dict[Anchor, date | None] = {
        Anchor.RECEIVED: received,
        Anchor.TOUCHED: local_date(application.touched_at, zone) if application.touched_at else None,
        Anchor.DECISION: application.decision_on,
        Anchor.LAST_CONTACT: facts.last_contact_on,
        Anchor.CONSENT_GIVEN: local_date(basis.given_at, zone) if basis else None,
        Anchor.OPENING_CLOSED: application.closed_on,
    }
    return max((day for anchor in anchors if (day := days[anchor]) is not None), default=received)


def _end_of_purposes(facts: Facts, policy: Policy, purposes: tuple[PurposeEnd, ...]) -> Bearing:
    if purposes:
        return max(purposes, key=lambda p: p.on).winner
    known = max(local_date(a.received_at, policy.zone) for a in facts.applications)
    return Bearing(NO_LIVE_BASIS, Kind.NO_BASIS, known)


def _apply_request(facts: Facts, policy: Policy, end: Bearing) -> Bearing:
    if facts.erasure_asked_at is None:
        return end
    asked = Bearing(ERASURE_ASKED, Kind.REQUEST, local_date(facts.erasure_asked_at, policy.zone))
    return min(asked, end, key=_day)


def _minimums(facts: Facts, policy: Policy) -> Iterator[Bearing]:
    """What keeps a record beyond its purposes: floors of law, and the person's own wish that it be kept."""
    for application in facts.applications:
        for floor in policy.floors:
            if _binds(floor, application):
                start = _start(facts, application, None, floor.anchors, policy)
                on = add_length(start, floor.length, policy.holidays)
                yield Bearing(floor.id, Kind.FLOOR, on, application.id)
    if facts.restricted_until is not None and facts.erasure_asked_at is None:
        yield Bearing(RESTRICTION_ASKED, Kind.RESTRICTION, facts.restricted_until)


def _day(bearing: Bearing) -> date:
    return bearing.on or date.max


def _instant(facts: Facts, policy: Policy, winner: Bearing) -> datetime:
    """When the winner's day is over; what ends at once ends at the instant that ended it."""
    day = _day(winner)
    if winner.kind is Kind.REQUEST and facts.erasure_asked_at is not None:
        return facts.erasure_asked_at.astimezone(UTC)
    if winner.kind is Kind.NO_BASIS:
        return datetime.combine(day, time.min, tzinfo=policy.zone).astimezone(UTC)
    return end_of_day(day, policy.zone)


def _action(purposes: tuple[PurposeEnd, ...], decided: Bearing) -> Action:
    if decided.kind in {Kind.REQUEST, Kind.NO_BASIS}:
        return Action.PURGE
    return max(purposes, key=lambda p: p.on).action
