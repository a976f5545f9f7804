"""Second factors, passkeys and sessions of staff: each step and each code is accepted once, whoever asks beside."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.models import Passkey, RecoveryCode, Staff, StaffSession


def use_step(session: Session, staff_id: bytes, step: int) -> bool:
    """Accept a time step once; False when it, or a later one, was accepted before (RFC 6238 §5.2)."""
    done = session.execute(
        update(Staff).where(Staff.id == staff_id, Staff.totp_last_step < step).values(totp_last_step=step)
    )
    return bool(getattr(done, "rowcount", 0))


def use_recovery_code(session: Session, staff_id: bytes, code_digest: bytes, now: datetime) -> bool:
    """Accept a recovery code once; False for one that is unknown, used or somebody else's."""
    done = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff_id, RecoveryCode.code_digest == code_digest, RecoveryCode.used_at.is_(None)
        )
        .values(used_at=now)
    )
    return bool(getattr(done, "rowcount", 0))


def delete_recovery_codes(session: Session, staff_id: bytes) -> None:
    """Make every recovery code of a member of staff worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def count_recovery_codes(session: Session, staff_id: bytes) -> int:
    """How many recovery codes are left."""
    unused = select(func.count()).select_from(RecoveryCode)
    return session.scalar(unused.where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))) or 0


def find_sessions(session: Session, staff_id: bytes) -> list[StaffSession]:
    """Where a member of staff is signed in, latest use first."""
    mine = select(StaffSession).where(StaffSession.staff_id == staff_id)
    return list(session.scalars(mine.order_by(StaffSession.seen_at.desc())))


def end_session(session: Session, staff_id: bytes, session_id: bytes) -> bool:
    """End one session of a member of staff; False when it is not theirs or over."""
    done = session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id == session_id))
    return bool(getattr(done, "rowcount", 0))


def end_other_sessions(session: Session, staff_id: bytes, kept: bytes) -> int:
    """End every session but one. Returns how many."""
    done = session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id != kept))
    return int(getattr(done, "rowcount", 0))


def find_passkeys(session: Session, staff_id: bytes) -> list[Passkey]:
    """A member of staff's passkeys, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.created_at)))


def find_passkey(session: Session, credential_digest: bytes) -> Passkey | None:
    """The passkey with this digest, locked against a second use at the same moment; None for one that is unknown."""
    return session.scalar(select(Passkey).where(Passkey.credential_digest == credential_digest).with_for_update())


def find_keepers(session: Session) -> frozenset[bytes]:
    """Ids of the members of staff who have a passkey."""
    return frozenset(session.scalars(select(Passkey.staff_id).distinct()))


def delete_passkey(session: Session, staff_id: bytes, passkey_id: bytes) -> bool:
    """Remove a member of staff's passkey; False when it is not theirs."""
    done = session.execute(delete(Passkey).where(Passkey.staff_id == staff_id, Passkey.id == passkey_id))
    return bool(getattr(done, "rowcount", 0))


def delete_passkeys(session: Session, staff_id: bytes) -> None:
    """Remove every passkey of a member of staff."""
    session.execute(delete(Passkey).where(Passkey.staff_id == staff_id))
