"""What stays for a while afterwards: replaced files, and the digests of erased people's addresses."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.models import DoomedBlob, RetiredBlob, Suppression


def retire_blob(session: Session, person_id: bytes, blob_id: str, *, at: datetime, kept_until: datetime) -> None:
    """Keep a file that a living person replaced until ``kept_until``: backups made before may still name it.

    The night after that unlinks it; if the person's record ends sooner, it goes with the record.
    """
    session.add(RetiredBlob(blob_id=blob_id, person_id=person_id, retired_at=at, kept_until=kept_until))


def doom_retired(session: Session, at: datetime) -> int:
    """Put files whose time is over on the list of those to be unlinked; how many."""
    over = list(session.scalars(select(RetiredBlob).where(RetiredBlob.kept_until <= at)))
    for row in over:
        session.add(DoomedBlob(blob_id=row.blob_id, ending_id=None, doomed_at=at))
        session.delete(row)
    return len(over)


def add_suppressions(session: Session, rows: Collection[Suppression]) -> None:
    """Keep digests of an erased person's addresses."""
    session.add_all(rows)


def suppression_years(session: Session) -> set[int]:
    """Years under whose keys there are digests."""
    return set(session.scalars(select(Suppression.year).distinct()))


def is_suppressed(session: Session, values: Collection[bytes], today: date) -> bool:
    """Whether one of these digests is on record and not past its day."""
    wanted = select(func.count()).select_from(Suppression)
    return bool(session.scalar(wanted.where(Suppression.value.in_(values), Suppression.ends_on >= today)))


def end_suppressions(session: Session, today: date) -> int:
    """Delete digests whose last day has passed; how many."""
    return _rows(session.execute(delete(Suppression).where(Suppression.ends_on < today)))


def end_all_suppressions(session: Session, years: Collection[int]) -> int:
    """Delete every digest of these years: their keys are gone, and nothing could ever be compared with them."""
    return _rows(session.execute(delete(Suppression).where(Suppression.year.in_(years))))


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
