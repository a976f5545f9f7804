"""What the doctor looks at in an opened installation: rows, blobs and keys against each other, and the record."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from intake.desk.doctor.finding import Finding, ok, red, warn
from intake.desk.resealing import count_old
from intake.desk.violations import list_violations
from intake.installation import Installation
from intake.keeper.continuity import Outside, find_break
from intake.keeper.record import verify_record
from retention.sweep import ORPHAN_AGE
from storage.audit.recording import find_newest_at
from storage.queries import endings, people
from storage.queries.orphans import blob_ids, key_ids

_EARLY = timedelta(minutes=2)
_LONG = timedelta(days=60)


def look_at_records(house: Installation) -> Iterator[Finding]:
    """Clock, continuity, orphans on every side, ends that hang, the record itself."""
    with house.database.reading() as session:
        yield _look_at_clock(session, house)
        yield from _look_at_blobs(session, house)
        yield from _look_at_keys(session, house)
        yield _look_at_ends(session, house)
    yield _look_at_violations(house)
    yield _look_at_shapes(house)
    yield _look_at_continuity(house)
    yield _look_at_record(house)


def _look_at_clock(session: Session, house: Installation) -> Finding:
    newest = find_newest_at(session)
    if newest is None:
        return ok("clock", "nothing is on record yet")
    ahead = house.now() - newest
    if ahead < -_EARLY:
        return red(
            "clock",
            f"the newest entry of the record lies {-ahead} in the future",
            "Set the clock right before anything else: periods are measured by it.",
        )
    if ahead > _LONG:
        seen = f"the newest entry of the record is {ahead.days} days old"
        return warn("clock", seen, "If the product was in use meanwhile, the clock is ahead: set it right.")
    return ok("clock", "agrees with the record")


def _look_at_blobs(session: Session, house: Installation) -> Iterator[Finding]:
    named, doomed = blob_ids(session)
    entries = list(house.blobs.list_ids())
    missing = named - {entry.blob_id for entry in entries}
    old = house.now() - ORPHAN_AGE
    orphans = [e for e in entries if e.blob_id not in named and e.blob_id not in doomed and e.written_at <= old]
    yield (
        red("documents", f"{len(missing)} rows name a file that is gone", "Restore the files from a backup.")
        if missing
        else ok("documents", f"{len(named)} rows, each with its file")
    )
    yield (
        warn("files", f"{len(orphans)} files no row names", "The next night sweeps them; else look at its log.")
        if orphans
        else ok("files", f"{len(entries)} files, each named by a row")
    )


def _look_at_keys(session: Session, house: Installation) -> Iterator[Finding]:
    named, ending = key_ids(session)
    kept = {entry.key_id: entry.created_on for entry in house.vault.keystore.list_ids()}
    lost = len(named - kept.keys())
    today = house.now().date()
    orphans = sum(1 for key_id, day in kept.items() if key_id not in named | ending and day < today)
    seen = f"{len(kept)} keys for {len(named)} people"
    yield (
        red("keys of people", f"{lost} people have no key: {seen}", "Put the keystore back: `vitavault keys recover`.")
        if lost
        else ok("keys of people", seen)
    )
    yield (
        warn("keys", f"{orphans} keys belong to nobody", "Interrupted uploads and restores leave them.")
        if orphans
        else ok("keys", "each belongs to somebody")
    )


def _look_at_ends(session: Session, house: Installation) -> Finding:
    late = [e for e in endings.find_unfinished(session) if house.now() - e.ended_at > timedelta(days=1)]
    if late:
        oldest = max(house.now() - e.ended_at for e in late)
        return red("ends", f"{len(late)} are not purged, the oldest for {oldest}", "Look at keeper and worker.")
    return ok("ends", f"{endings.count_endings(session)} on record, {people.count_people(session)} people present")


def _look_at_violations(house: Installation) -> Finding:
    broken = Counter(violation.kind for violation in list_violations(house))
    if broken:
        said = ", ".join(f"{count} {kind}" for kind, count in sorted(broken.items()))
        return red("violations", f"promises are broken now: {said}", "Look at /privacy/violations, keeper and worker.")
    return ok("violations", "nothing has outlived what permits it")


def _look_at_shapes(house: Installation) -> Finding:
    old = sum(count_old(house).values())
    if old:
        return warn("shapes", f"{old} sealed values are in an older shape", "Run `vitavault reseal` when it is quiet.")
    return ok("shapes", "everything is sealed in today's shape")


def _look_at_continuity(house: Installation) -> Finding:
    forget = house.database.forget
    if forget is None:
        return red("continuity", "no forget list is kept", "Open the installation with one.")
    found = find_break(house.database, Outside(house.settings.keys, forget, house.vault))
    if found:
        return red("continuity", found, "If this database is to be in force, run `vitavault forget replay`.")
    return ok("continuity", "the database is the one that was served last")


def _look_at_record(house: Installation) -> Finding:
    report = verify_record(house)
    if not report.ok:
        return red("record", f"{len(report.faults)} faults", "Run `vitavault audit verify`, and keep what it prints.")
    return ok("record", f"{report.size} entries are sound, {report.waiting} wait for their position")
