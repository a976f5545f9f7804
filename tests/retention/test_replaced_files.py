"""A file that a living person replaced stays while backups may name it, then goes; it goes with the person at once."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from people_on_record import NOW, add_person, keeper_did_its_part, night_over

from retention.worker import finish_endings, run_night
from storage.blobs import FolderBlobs
from storage.database import Database
from storage.queries import people
from storage.queries.afterwards import retire_blob
from storage.seal import Sealed
from storage.vocabulary import Stage

WINDOW = timedelta(days=14)


def old_blob(folder: Path) -> str:
    """A file in the store that was written long ago: an orphan by its age if no row names it."""
    blob = FolderBlobs(folder).write(Sealed(b"sealed bytes"))
    long_ago = (NOW - timedelta(days=30)).timestamp()
    os.utime(folder / blob[:2] / blob, (long_ago, long_ago))
    return blob


def there(folder: Path) -> set[str]:
    """The files in the store."""
    return {entry.blob_id for entry in FolderBlobs(folder).list_ids()}


def night_at(database: Database, folder: Path, at: datetime) -> None:
    """One night at this instant."""
    run_night(night_over(database, folder, clock=lambda: at))


def test_a_replaced_file_stays_until_its_day_and_goes_in_the_night_after(database: Database, tmp_path: Path) -> None:
    """Neither the sweep of orphans nor a night before the day takes it; the night after does, and only it."""
    former, present = old_blob(tmp_path), old_blob(tmp_path)
    with database.writing() as session:
        person = add_person(session, at=NOW - timedelta(days=1), stage=Stage.REVIEW, blob_id=present)
        retire_blob(session, person.id, former, at=NOW, kept_until=NOW + WINDOW)
    night_at(database, tmp_path, NOW + WINDOW - timedelta(hours=1))
    assert there(tmp_path) == {former, present}
    night_at(database, tmp_path, NOW + WINDOW)
    assert there(tmp_path) == {present}
    with database.reading() as session:
        assert people.find_present(session, person.id) is not None


def test_a_replaced_file_goes_with_the_record_however_long_it_was_to_stay(database: Database, tmp_path: Path) -> None:
    """Whoever ends before the window is over leaves no former file behind, and the end is confirmed only then."""
    former, present = old_blob(tmp_path), old_blob(tmp_path)
    with database.writing() as session:
        person = add_person(session, blob_id=present)
        retire_blob(session, person.id, former, at=NOW, kept_until=NOW + WINDOW)
    night = night_over(database, tmp_path)
    run_night(night)
    keeper_did_its_part(database)
    assert finish_endings(night) == 1
    assert there(tmp_path) == set()
    with database.reading() as session:
        assert list(people.rows_left(session, person.id)) == []
