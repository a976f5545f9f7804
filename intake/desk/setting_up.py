"""The first hour: what an administrator still has to see to, told from the settings, the policy and the database."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.desk.letters import one_line
from intake.desk.second_factor import own_account
from intake.installation import Installation
from intake.settings import Settings
from storage import audit
from storage.identifiers import new_id
from storage.models import Mail, MailState
from storage.queries import access, setting_up, staff_security
from storage.queries.notices import find_published_policy

_SHIPPED_CONTACT = "privacy@example.org"


class Progress(StrEnum):
    """How a task stands."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tasks:
    """How each task of the first hour stands, in the order in which they are best done."""

    organisation: Progress
    logo: Progress
    address: Progress
    policy: Progress
    zone: Progress
    opening: Progress
    colleague: Progress
    second_factor: Progress
    keys: Progress
    mail: Progress
    has_mail_server: bool

    @property
    def left(self) -> int:
        """How many are not done. A logo is nobody's duty."""
        told = (
            self.organisation, self.address, self.policy, self.zone, self.opening, self.colleague,
            self.second_factor, self.keys, self.mail,
        )  # fmt: skip
        return sum(one is not Progress.DONE for one in told)


def look_at_tasks(house: Installation, actor: Actor) -> Tasks:
    """How the first hour stands."""
    settings, policy = house.settings, house.policy
    has_contact = policy.privacy_contact.email != _SHIPPED_CONTACT
    with house.database.reading() as session:
        row = setting_up.find_installation(session)
        is_own = settings.policy != "default" or find_published_policy(session, house.now()) is not None
        return Tasks(
            organisation=_done(house.organisation != Settings.model_fields["organisation"].default),
            logo=_done(row.logo is not None),
            address=_done(bool(settings.base_url)),
            policy=_done(is_own and has_contact),
            zone=_done(row.zone_confirmed == policy.timezone),
            opening=_done(setting_up.count_openings(session) > 0),
            colleague=_done(access.count_staff(session) > 1),
            second_factor=_done(_has_second_factor(session, actor)),
            keys=_done(row.keys_confirmed_at is not None),
            mail=_progress_of(setting_up.find_test_mail(session)),
            has_mail_server=bool(settings.smtp_host),
        )


def _has_second_factor(session: Session, actor: Actor) -> bool:
    staff = own_account(session, actor)
    return staff.totp_secret is not None or bool(staff_security.find_passkeys(session, staff.id))


def _done(is_done: bool) -> Progress:
    return Progress.DONE if is_done else Progress.OPEN


def _progress_of(mail: Mail | None) -> Progress:
    if mail is None:
        return Progress.OPEN
    told = {MailState.SENT: Progress.DONE, MailState.WAITING: Progress.WAITING}
    return told.get(mail.state, Progress.FAILED)


def confirm_key_copy(house: Installation, actor: Actor) -> None:
    """Note that the administrator confirmed that a copy of the keys is kept apart from this machine."""
    with house.database.writing() as session:
        setting_up.confirm_keys(session, house.now())
        audit.record(session, at=house.now(), actor=actor.name, action="keys.copy_confirmed", subject=None)


def confirm_zone(house: Installation, actor: Actor) -> None:
    """Note that the administrator confirmed the policy's time zone to be the organisation's."""
    with house.database.writing() as session:
        setting_up.confirm_zone(session, house.policy.timezone)
        about = {"setting": "zone"}
        audit.record(session, at=house.now(), actor=actor.name, action="setting.changed", subject=None, about=about)


def send_test_mail(house: Installation, actor: Actor) -> None:
    """Put a test message to the administrator's own address into the outbox."""
    now, row_id = house.now(), new_id()
    with house.database.writing() as session:
        staff = own_account(session, actor)
        to = house.vault.open_organisation("staff.email", staff.id, staff.email)
        message = {
            "to": to,
            "subject": one_line(f"{house.organisation}: test"),
            "text": "This is the test message that you asked for. Mail works.\n",
        }
        organisation = house.vault.secrets.organisation
        session.add(
            Mail(
                id=row_id,
                staff_id=staff.id,
                template=setting_up.TEST_TEMPLATE,
                message=house.vault.sealer.seal_json(organisation, "mail_message", row_id, message),
                created_at=now,
                not_before=now,
            )
        )
        audit.record(session, at=now, actor=actor.name, action="mail.tested", subject=None)
    house.wake()
