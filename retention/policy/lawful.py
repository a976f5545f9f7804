"""What law forbids a policy to say (engineering's reading, to be confirmed by counsel), each with its source.

Only the laws that the profile states to apply are asked. A refusal names the article; none can be switched off.
"""

from collections.abc import Callable, Iterator

from retention.places import EEA, can_share_a_place, match_place
from retention.policy.coherent import Fault, find_incoherence
from retention.policy.kinds import Law, Safeguard
from retention.policy.policy import Ceiling, Floor, Kept, Policy, RightName
from storage.vocabulary import Basis, Source

_EU_RIGHTS = (
    RightName.ACCESS,
    RightName.CORRECTION,
    RightName.ERASURE,
    RightName.RESTRICTION,
    RightName.OBJECTION,
    RightName.PORTABILITY,
    RightName.WITHDRAWAL,
    RightName.COMPLAINT,
)
_CALIFORNIA_RIGHTS = (
    RightName.KNOW,
    RightName.ACCESS,
    RightName.CORRECTION,
    RightName.ERASURE,
    RightName.OPT_OUT,
    RightName.LIMIT,
)


def find_faults(policy: Policy) -> Iterator[Fault]:
    """Everything for which a policy is refused: first what contradicts itself, then what law forbids."""
    checks: tuple[Callable[[Policy], Iterator[Fault]], ...] = (
        find_incoherence,
        _check_bases,
        _check_digest,
        _check_european_bases,
        _check_floors,
        _check_decisions,
        _check_rights,
        _check_european_duties,
        _check_transfers,
        _check_california,
        _check_backup,
    )
    for check in checks:
        yield from check(policy)


def is_european(policy: Policy) -> bool:
    """Whether EU or UK data protection law applies."""
    return Law.EU in policy.laws or Law.UK in policy.laws


def _check_bases(policy: Policy) -> Iterator[Fault]:
    for index, purpose in enumerate(policy.purposes):
        path = ("purposes", index)
        if purpose.basis is Basis.CONSENT and purpose.question is None:
            yield (*path, "question"), "is missing: what rests on consent is asked (GDPR Art. 7)"
        if purpose.basis is not Basis.CONSENT and purpose.question is not None:
            yield (*path, "question"), "is refused: a choice that changes nothing misleads; only consent is asked for"
        if purpose.basis is Basis.LEGITIMATE_INTEREST and not purpose.balancing:
            yield (*path, "balancing"), "is missing: a legitimate interest needs its balancing note (GDPR Art. 6(1)(f))"
        if purpose.basis is Basis.LEGAL_OBLIGATION and not purpose.law:
            yield (*path, "law"), "is missing: a legal obligation names its law (GDPR Art. 6(3))"


def _check_digest(policy: Policy) -> Iterator[Fault]:
    """The digest of an erased address is personal data: kept on a basis of its own, or not at all (promise R7)."""
    kept = policy.find_kept_apart(Kept.ERASED_DIGEST)
    if kept is None:
        if "R7" in policy.promises:
            yield ("kept_apart",), "must name 'erased_digest' with its basis: promise R7 is made"
        return
    path = ("kept_apart", policy.kept_apart.index(kept))
    if kept.basis not in (Basis.LEGITIMATE_INTEREST, Basis.LEGAL_OBLIGATION):
        yield (*path, "basis"), "must be 'legitimate_interest' or 'legal_obligation'; leave the table out to keep none"
    if kept.basis is Basis.LEGITIMATE_INTEREST and not kept.balancing:
        yield (*path, "balancing"), "is missing: a legitimate interest needs its balancing note (GDPR Art. 6(1)(f))"
    if kept.basis is Basis.LEGAL_OBLIGATION and not kept.law:
        yield (*path, "law"), "is missing: a legal obligation names its law (GDPR Art. 6(3))"


def _check_european_bases(policy: Policy) -> Iterator[Fault]:
    if not is_european(policy):
        return
    for index, purpose in enumerate(policy.purposes):
        if purpose.basis is Basis.DEEMED_CONSENT:
            message = "deemed consent is no consent under UK or EU law (GDPR Art. 4(11)); name another basis"
            yield ("purposes", index, "basis"), message
    if Law.UK in policy.laws and Source.FRIEND in policy.sources:
        yield (
            ("sources",),
            "'friend' is refused under UK law: an invitation on a friend's word is unasked (PECR reg. 22)",
        )


def _check_floors(policy: Policy) -> Iterator[Fault]:
    """A ceiling below a floor is a conflict that a person decides, on record; the floor then wins."""
    decided = {(d.floor, d.ceiling) for d in policy.decisions}
    for index, ceiling in enumerate(policy.ceilings):
        for floor in policy.floors:
            if conflict(floor, ceiling) and (floor.id, ceiling.id) not in decided:
                below = (
                    f"{str(ceiling.length)!r} is below the floor {floor.id!r} of {str(floor.length)!r} ({floor.law})"
                )
                yield ("ceilings", index, "length"), below + "; this needs a recorded decision"


def conflict(floor: Floor, ceiling: Ceiling) -> bool:
    """Whether one application could be bound by both, with the ceiling reached before the floor."""
    do_meet = (
        can_share_a_place(floor.countries, ceiling.countries)
        and (not floor.stages or not ceiling.stages or bool(set(floor.stages) & set(ceiling.stages)))
        and (not floor.sources or not ceiling.sources or bool(set(floor.sources) & set(ceiling.sources)))
    )
    return do_meet and ceiling.length.shortest_days < floor.length.longest_days


def _check_decisions(policy: Policy) -> Iterator[Fault]:
    floors = {f.id: f for f in policy.floors}
    ceilings = {c.id: c for c in policy.ceilings}
    for index, decision in enumerate(policy.decisions):
        floor, ceiling = floors.get(decision.floor), ceilings.get(decision.ceiling)
        if floor is None:
            yield ("decisions", index, "floor"), f"{decision.floor!r} is no floor of this policy"
        if ceiling is None:
            yield ("decisions", index, "ceiling"), f"{decision.ceiling!r} is no ceiling of this policy"
        if floor and ceiling and not conflict(floor, ceiling):
            yield ("decisions", index), "decides nothing: floor and ceiling do not conflict"


def _check_rights(policy: Policy) -> Iterator[Fault]:
    for index, right in enumerate(policy.rights):
        is_free = right.name in {RightName.OPT_OUT, RightName.LIMIT, RightName.WITHDRAWAL, RightName.OBJECTION}
        if is_free and right.verified:
            yield (
                ("rights", index, "verified"),
                f"must be false: {str(right.name)!r} may not wait for proof of identity",
            )
    wanted = _EU_RIGHTS if is_european(policy) else ()
    for name in wanted:
        stated = [r for r in policy.rights if r.name is name]
        if not stated:
            yield ("rights",), f"must name {str(name)!r}, which UK and EU law give"
        elif name is not RightName.COMPLAINT and min(r.answer_within.longest_days for r in stated) > 31:
            yield ("rights",), f"{str(name)!r} must be answered within a month (GDPR Art. 12(3))"


def _check_european_duties(policy: Policy) -> Iterator[Fault]:
    if not is_european(policy):
        return
    if policy.authority is None:
        yield ("authority",), "is missing: the person is told to whom to complain (GDPR Art. 13(2)(d))"
    if all(clock.within_hours > 72 for clock in policy.breach_clocks):
        yield ("breach_clocks",), "one must be 72 hours or less, to the supervisory authority (GDPR Art. 33(1))"


def _check_transfers(policy: Policy) -> Iterator[Fault]:
    """Where EU or UK law applies, a country outside needs a safeguard (GDPR Chapter V)."""
    if not is_european(policy):
        return
    home = EEA if Law.EU in policy.laws else EEA | {"GB"}
    safe = {t.country for t in policy.transfers if t.safeguard is not Safeguard.NOT_REQUIRED}
    named = [("stored_in", c) for c in policy.stored_in] + [("reached_from", c) for c in policy.reached_from]
    named += [("recipients", r.country) for r in policy.recipients if r.country]
    for key, country in named:
        is_home = match_place(country, home) is not None or country in {"EU", "EEA"}
        if not is_home and match_place(country, safe or {"-"}) is None:
            yield (key,), f"{country!r} is outside: name it under transfers with its safeguard (GDPR Art. 44)"


def _check_california(policy: Policy) -> Iterator[Fault]:
    if Law.US_CALIFORNIA not in policy.laws:
        return
    for name in _CALIFORNIA_RIGHTS:
        if name not in {r.name for r in policy.rights}:
            yield ("rights",), f"must name {str(name)!r}, which California gives (Civ. Code 1798.100 to 1798.121)"
    kept = policy.find_kept_apart(Kept.REQUEST_LOG)
    if kept is None or kept.length.shortest_days < 730:
        yield ("kept_apart",), "must keep 'request_log' 24 months or more (11 CCR 7101)"


def _check_backup(policy: Policy) -> Iterator[Fault]:
    kept = policy.find_kept_apart(Kept.BACKUP)
    if kept is not None and kept.length.longest_days > 28 and not kept.balancing:
        index = policy.kept_apart.index(kept)
        yield (
            ("kept_apart", index, "length"),
            "copies of keys live 28 days at most, or erasure would not be one; for more write the reason as balancing",
        )
