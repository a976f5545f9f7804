"""Whether a policy agrees with itself: ids, references, places, and an end for everything that begins.

Says nothing of law; see ``lawful``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from retention.calendar import Length
from retention.places import is_place
from retention.policy.lines import Path
from retention.policy.policy import Anchor, Ceiling, Floor, Kept, Period, Policy
from retention.policy.promises import PROMISES
from retention.rules import BUILT_IN_RULES
from storage.vocabulary import Purpose, Stage

Fault = tuple[Path, str]

LONGEST_DAYS = 50 * 366
"""A length above this is for ever in all but name."""


def find_incoherence(policy: Policy) -> Iterator[Fault]:
    """Everything in which the policy contradicts itself or leaves something open."""
    checks: tuple[Callable[[Policy], Iterator[Fault]], ...] = (
        _check_names,
        _check_contacts,
        _check_zone,
        _check_ids,
        _check_references,
        _check_places,
        _check_lengths,
        _check_ends,
        _check_anchors,
        _check_cover,
        _check_kept_apart,
        _check_numbers,
        _check_renewals,
    )
    for check in checks:
        yield from check(policy)


def rules_of(policy: Policy) -> Iterator[tuple[Path, Period | Floor | Ceiling]]:
    """Every period, floor and ceiling, each with its place in the profile."""
    yield from ((("periods", i), rule) for i, rule in enumerate(policy.periods))
    yield from ((("floors", i), rule) for i, rule in enumerate(policy.floors))
    yield from ((("ceilings", i), rule) for i, rule in enumerate(policy.ceilings))


def _check_names(policy: Policy) -> Iterator[Fault]:
    for key, value in (("id", policy.id), ("version", policy.version)):
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,23}", value):
            yield (key,), "must be small letters, digits, dots and hyphens only, 24 at most"
    for key in ("languages", "laws", "sources", "channels", "promises", "stored_in", "reached_from"):
        if not getattr(policy, key):
            yield (key,), "must name at least one"
    if not policy.change_notice.posted_on:
        yield ("change_notice", "posted_on"), "must name at least one place"


def _check_contacts(policy: Policy) -> Iterator[Fault]:
    for key, contact in (("controller", policy.controller), ("privacy_contact", policy.privacy_contact)):
        if not contact.email:
            yield (key, "email"), "is missing: people must be able to reach you"
    for index, promise in enumerate(policy.promises):
        if promise not in PROMISES:
            yield ("promises", index), f"{promise!r} is no promise that is known here"


def _check_zone(policy: Policy) -> Iterator[Fault]:
    try:
        ZoneInfo(policy.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield ("timezone",), f"{policy.timezone!r} is no zone of the IANA database, as Europe/Paris is"


def _check_ids(policy: Policy) -> Iterator[Fault]:
    yield from _repeated((("purposes", i), p.id) for i, p in enumerate(policy.purposes))
    yield from _repeated((("recipients", i), r.id) for i, r in enumerate(policy.recipients))
    yield from _repeated((("questions", i), q.id) for i, q in enumerate(policy.questions))
    yield from _repeated((("breach_clocks", i), b.id) for i, b in enumerate(policy.breach_clocks))
    yield from _repeated((("reviews", i), r.id) for i, r in enumerate(policy.reviews))
    yield from _repeated((path, rule.id) for path, rule in rules_of(policy))
    named = [(("purposes", i), p.id) for i, p in enumerate(policy.purposes)]
    for path, name in [*named, *((path, rule.id) for path, rule in rules_of(policy))]:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
            yield (*path, "id"), "must be small letters, digits, hyphens and underscores only, 40 at most"
        if name in BUILT_IN_RULES:
            yield (*path, "id"), f"{name!r} is the name of a rule that is built in"


def _repeated(ids: Iterable[tuple[Path, str]]) -> Iterator[Fault]:
    seen: Counter[str] = Counter()
    for path, name in ids:
        seen[name] += 1
        if seen[name] > 1:
            yield (*path, "id"), f"{name!r} is used twice"


def _check_references(policy: Policy) -> Iterator[Fault]:
    purposes = {p.id for p in policy.purposes}
    recipients = {r.id for r in policy.recipients}
    for index, purpose in enumerate(policy.purposes):
        yield from _unknown(("purposes", index, "recipients"), purpose.recipients, recipients, "recipient")
    for index, recipient in enumerate(policy.recipients):
        yield from _unknown(("recipients", index, "purposes"), recipient.purposes, purposes, "purpose")
    for path, rule in rules_of(policy):
        if not isinstance(rule, Floor):
            yield from _unknown((*path, "purposes"), rule.purposes, purposes, "purpose")
    for index, review in enumerate(policy.reviews):
        yield from _unknown(("reviews", index, "promises"), review.promises, set(PROMISES), "promise")
    if Purpose.APPLICATION not in purposes:
        yield ("purposes",), f"one must be called {str(Purpose.APPLICATION)!r}: considering a person for an opening"


def _unknown(path: Path, names: Iterable[str], known: set[str], noun: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield path, f"{name!r} is no {noun} of this policy"


def _check_places(policy: Policy) -> Iterator[Fault]:
    stated: list[tuple[Path, Iterable[str]]] = [
        (("stored_in",), policy.stored_in),
        (("reached_from",), policy.reached_from),
        *(((*path, "countries"), rule.countries) for path, rule in rules_of(policy)),
        *((("transfers", i, "country"), (t.country,)) for i, t in enumerate(policy.transfers)),
        *((("rights", i, "residences"), r.residences) for i, r in enumerate(policy.rights)),
        *((("recipients", i, "country"), (r.country,)) for i, r in enumerate(policy.recipients) if r.country),
    ]
    for path, places in stated:
        for place in places:
            if place == "UK":
                yield path, "'UK' is no ISO 3166 code; the United Kingdom is 'GB'"
            elif not is_place(place):
                yield (
                    path,
                    f"{place!r} is no ISO 3166 code, as 'FR' and 'US-CA' are, and no group, as 'EU' and 'EEA' are",
                )


def _check_lengths(policy: Policy) -> Iterator[Fault]:
    lengths: list[tuple[Path, Length]] = [((*path, "length"), rule.length) for path, rule in rules_of(policy)]
    lengths += [(("kept_apart", i, "length"), k.length) for i, k in enumerate(policy.kept_apart)]
    for path, length in lengths:
        if length.shortest_days > LONGEST_DAYS:
            yield path, f"{str(length)!r} is for ever in all but name; the longest is 50 years"
        if length.amount == 0:
            yield path, "must be at least one day"


def _check_ends(policy: Policy) -> Iterator[Fault]:
    """Each purpose must end for anyone, wherever they are and whatever came of it."""
    for index, purpose in enumerate(policy.purposes):
        if not any(purpose.id in p.purposes and _is_for_all(p) for p in policy.periods):
            yield (
                ("purposes", index),
                f"{purpose.id!r} would have no end: a period without countries, stages, bases and sources must name it",
            )
    if not any(Stage.DRAFT in p.stages and Purpose.APPLICATION in p.purposes for p in policy.periods):
        yield ("periods",), "one must name the stage 'draft': what is begun and not sent has a clock of its own"


def _is_for_all(period: Period) -> bool:
    return not (period.countries or period.stages or period.bases or period.sources)


def _check_anchors(policy: Policy) -> Iterator[Fault]:
    for path, rule in rules_of(policy):
        if not rule.anchors:
            yield (*path, "anchors"), "must name at least one"
        if isinstance(rule, Floor) and Anchor.CONSENT_GIVEN in rule.anchors:
            yield (*path, "anchors"), "a floor of law cannot be counted from a consent"
    for index, period in enumerate(policy.periods):
        if not period.purposes:
            yield ("periods", index, "purposes"), "must name at least one"


def _check_cover(policy: Policy) -> Iterator[Fault]:
    """A period that a ceiling always cuts would be announced and never kept."""
    for index, period in enumerate(policy.periods):
        for ceiling in policy.ceilings:
            is_cut = period.length.shortest_days > ceiling.length.longest_days and period.anchors == ceiling.anchors
            if is_cut and covers(ceiling, period):
                yield ("periods", index, "length"), f"can never be reached: the ceiling {ceiling.id!r} ends it sooner"


def covers(ceiling: Ceiling, period: Period) -> bool:
    """Whether every application to which the period applies is under the ceiling."""
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
        (ceiling.purposes, period.purposes),
        (ceiling.bases, period.bases),
        (ceiling.countries, period.countries),
        (ceiling.stages, period.stages),
        (ceiling.sources, period.sources),
    )
    return all(not ours or (theirs and set(theirs) <= set(ours)) for ours, theirs in pairs)


def _check_kept_apart(policy: Policy) -> Iterator[Fault]:
    named = Counter(k.kept for k in policy.kept_apart)
    optional = {Kept.REQUEST_LOG, Kept.ERASED_DIGEST}
    for kept in Kept:
        if kept not in optional and not named[kept]:
            yield ("kept_apart",), f"must say how long {str(kept)!r} is kept"
        if named[kept] > 1:
            yield ("kept_apart",), f"says twice how long {str(kept)!r} is kept"


def _check_numbers(policy: Policy) -> Iterator[Fault]:
    if policy.minimum_age is not None and not 13 <= policy.minimum_age <= 21:
        yield ("minimum_age",), "must be from 13 to 21"
    for key in ("run_missed_hours", "request_nearly_late_days", "ending_stuck_hours", "erase_needs_second_person"):
        if getattr(policy.thresholds, key) < 1:
            yield ("thresholds", key), "must be at least 1"
    for index, clock in enumerate(policy.breach_clocks):
        if clock.within_hours < 1:
            yield ("breach_clocks", index, "within_hours"), "must be at least 1"


def _check_renewals(policy: Policy) -> Iterator[Fault]:
    """Only a consent can be renewed, and whoever is asked needs time to answer."""
    choices = {terms.id for terms in policy.choices}
    for purpose in policy.renewals.purposes:
        if purpose not in choices:
            yield ("renewals", "purposes"), f"{purpose!r} does not rest on consent: only a consent can be renewed"
    if policy.renewals.purposes and not 14 <= policy.renewals.days_before <= 90:
        yield ("renewals", "days_before"), "must be from 14 to 90: people need time to answer, and would forget sooner"
