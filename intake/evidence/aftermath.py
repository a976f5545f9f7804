"""Figures about rights that were used, about what is counted in aggregate, and about what stays after an end."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from intake.desk.tallies import BEGUN, SEEN, SMALLEST
from intake.installation import Installation
from intake.keeper.rewriting import count_owed
from intake.night import last_night
from retention.policy.check import Finding, Probe
from retention.replay import find_brought_back
from retention.worker import first_technical_day
from storage.queries import evidence, tallies

ACTS = ("person.exported", "profile.corrected", "erasure.asked")


def aftermath_probes(house: Installation) -> dict[str, Probe]:
    """What is shown, by the names under which controls know it."""
    told: tuple[Callable[[Installation, Session], Finding], ...] = (
        notes, campaigns, consequences, leftovers, digests, brought_back, key_copies, acts, proved, signals, wishes,
    )  # fmt: skip

    def probe(look: Callable[[Installation, Session], Finding]) -> Probe:
        def answer() -> Finding:
            with house.database.reading() as session:
                return look(house, session)

        return answer

    return {look.__name__: probe(look) for look in told}


def notes(_house: Installation, session: Session) -> Finding:
    """Notes of staff are part of somebody's data."""
    found, lost = evidence.count_notes(session)
    return Finding(f"{found} notes, {lost} belonging to nobody's record", lost == 0)


def campaigns(house: Installation, session: Session) -> Finding:
    """Campaigns are counted, never visitors."""
    first = first_technical_day(house.policy, house.now())
    counted = [tallies.sum_by_word(session, what, first) for what in (SEEN, BEGUN)]
    tags, total = len({*counted[0], *counted[1]}), sum(sum(each.values()) for each in counted)
    return Finding(f"{tags} tags, {total} counts, below {SMALLEST} none is told", is_good=True)


def consequences(_house: Installation, session: Session) -> Finding:
    """Withdrawals on record; each was confirmed after what follows was told."""
    found = evidence.count_actions(session, ("application.withdrawn", "consent.withdrawn", "erasure.asked"))
    return Finding(f"{sum(found.values())} withdrawals and erasures confirmed after being told", is_good=True)


def leftovers(house: Installation, session: Session) -> Finding:
    """Kept answers of repeated calls end by their own clock."""
    found, late = evidence.count_repeated(session, last_night(house, house.now()))
    return Finding(f"{found} kept answers, {late} past their clock", late == 0)


def digests(house: Installation, session: Session) -> Finding:
    """Keyed digests of erased people end by their own clock."""
    found, late = evidence.count_digests(session, last_night(house, house.now()).date())
    return Finding(f"{found} digests of erased people, {late} past their clock", late == 0)


def brought_back(house: Installation, session: Session) -> Finding:
    """Nobody on the forget list is on record."""
    forget = house.database.forget
    erased = [entry for entry in forget.list_erased() if entry.is_settled] if forget else []
    back = len(find_brought_back(session, erased))
    return Finding(f"{len(erased)} erasures on the forget list, {back} brought back", back == 0)


def key_copies(house: Installation, _session: Session) -> Finding:
    """The keystore is written anew so that destroyed keys are gone from it; copies end with the window."""
    status = house.vault.keystore.status()
    said = f"generation {status.generation} of {status.begun_on}, {status.keys} keys"
    said += f", {status.erased_since} destroyed since, window {house.settings.key_window_days} days"
    owed = count_owed(house)
    return Finding(f"{said}, {owed} copies past it, owed by a person", owed == 0)


def acts(_house: Installation, session: Session) -> Finding:
    """Rights that people used by themselves."""
    found = evidence.count_actions(session, ACTS)
    return Finding(", ".join(f"{found.get(name, 0)} {name.partition('.')[2]}" for name in ACTS), is_good=True)


def proved(_house: Installation, session: Session) -> Finding:
    """Addresses that people proved by opening a link sent to them."""
    found, total = evidence.count_proved(session)
    return Finding(f"{found} of {total} addresses proved", is_good=True)


def signals(_house: Installation, session: Session) -> Finding:
    """Global Privacy Control, where browsers sent it, stands on the ledger."""
    return Finding(f"{evidence.count_signals(session)} entries of the ledger made under the signal", is_good=True)


def wishes(_house: Installation, session: Session) -> Finding:
    """Wishes about contact and objections to advertising; none of them is written to against it."""
    chosen, objected = evidence.count_wishes(session)
    return Finding(f"{chosen} wishes about contact, {objected} objections to advertising or sale", is_good=True)
