"""Figures of what the product refuses, tried here and now, and of what people owe. Nothing tried is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from intake.access.actors import has_training
from intake.access.passwords import PasswordRefused, check_password
from intake.access.permissions import parse_roles
from intake.desk.duties import Owed, list_owed
from intake.installation import Installation
from intake.keeper.record import verify_record
from retention.policy.check import Finding, Probe, find_stale
from retention.policy.lawful import find_faults
from retention.policy.notice import render_notice
from retention.policy.publish import earliest_effect, find_obstacles
from storage.models import DutyKind, Role
from storage.queries import duties

SEEING = frozenset({Role.RECRUITER, Role.HIRING_MANAGER})
"""Roles in which somebody may see people."""


def practice_probes(house: Installation) -> dict[str, Probe]:
    """What was tried, by the names under which controls know it."""
    told: tuple[Callable[[Installation], Finding], ...] = (
        notice, dated, notice_period, new_use, lawful, passwords, audit, training, reviews, assessments,
    )  # fmt: skip

    def probe(look: Callable[[Installation], Finding]) -> Probe:
        return lambda: look(house)

    return {look.__name__: probe(look) for look in told}


def notice(house: Installation) -> Finding:
    """The notice that the policy in force makes."""
    rendered = render_notice(house.policy)
    return Finding(f"version {rendered.version}, digest {rendered.digest[:12]}", is_good=True)


def dated(house: Installation) -> Finding:
    """The policy was dated within twelve months."""
    return find_stale(house.policy, house.today())


def notice_period(house: Installation) -> Finding:
    """A change that would hold too soon is refused."""
    policy, today = house.policy, house.today()
    first = earliest_effect(policy, today)
    changed = replace(policy, version=f"{policy.version}-tried")
    codes = {obstacle.code for obstacle in find_obstacles(policy, changed, today, first - timedelta(days=1))}
    return Finding(f"a change posted today holds from {first} at the earliest", "too_soon" in codes)


def new_use(house: Installation) -> Finding:
    """A new use of data that is held already is refused before people were told and chose."""
    policy, today = house.policy, house.today()
    other = replace(policy.purposes[0], id="tried", title=policy.purposes[0].title)
    changed = replace(policy, version=f"{policy.version}-tried", purposes=(*policy.purposes, other))
    codes = {obstacle.code for obstacle in find_obstacles(policy, changed, today, earliest_effect(policy, today))}
    return Finding("a new use tried here is refused until people were told and chose", "new_use" in codes)


def lawful(house: Installation) -> Finding:
    """A policy without an end for a purpose is refused."""
    policy = house.policy
    endless = replace(policy, periods=tuple(p for p in policy.periods if p.stages))
    faults = len([*find_faults(endless)])
    said = f"{len(policy.periods)} periods, each with its reason; without them the policy is refused ({faults} faults)"
    return Finding(said, faults > 0)


def passwords(_house: Installation) -> Finding:
    """A common password, and one's own name, are refused."""
    refused = 0
    for tried in ("password1234", "Ada Example 1"):
        try:
            check_password(tried, ("Ada Example", "ada@example.org"))
        except PasswordRefused:
            refused += 1
    return Finding(f"{refused} of 2 bad passwords tried here were refused", refused == 2)


def audit(house: Installation) -> Finding:
    """The whole record verifies."""
    report = verify_record(house)
    return Finding(f"{report.size} entries, {len(report.faults)} faults, root {report.root.hex()[:12]}", report.ok)


def training(house: Installation) -> Finding:
    """Who may see people, and who of them has no current training. Without one they see nobody, so nothing breaks."""
    if house.policy.staff.training_lasts is None:
        return Finding("the policy asks for no training", is_good=True)
    with house.database.reading() as session:
        active = duties.list_active_staff(session, house.today())
    seeing = [staff for staff in active if SEEING & parse_roles(staff.roles)]
    untrained = sum(not has_training(house, staff) for staff in seeing)
    said = f"{len(seeing)} accounts for seeing people, {untrained} shut out for want of training"
    return Finding(said, is_good=True)


def reviews(house: Installation) -> Finding:
    """Security reviews: done, due, overdue."""
    return _owed(house, DutyKind.REVIEW, "S8")


def assessments(house: Installation) -> Finding:
    """Assessments of recipients: done, due, overdue."""
    return _owed(house, DutyKind.ASSESSMENT, "")


def _owed(house: Installation, kind: DutyKind, promise: str) -> Finding:
    found = [o for o in list_owed(house) if o.kind is kind and (not promise or promise in o.promises)]
    return tell_owed(found)


def tell_owed(found: list[Owed]) -> Finding:
    """What is owed in one line: how many, when next, how many overdue, how many nobody's."""
    if not found:
        return Finding("nothing is owed under this policy", is_good=True)
    late, bare = sum(o.is_overdue for o in found), sum(not o.assigned_to for o in found)
    due = min(o.due_on for o in found)
    return Finding(f"{len(found)} owed, next due {due}, {late} overdue, {bare} assigned to nobody", late == 0)
