"""An application while it is filled in: uploaded, corrected, checked, sent. One that is not sent ends by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from intake.access.actors import digest_of
from intake.desk.contact_ways import objection_path
from intake.desk.ends import EndInWords, end_of
from intake.desk.letters import RECEIVED, address_of, compose, post_letter
from intake.desk.links import link_refused, make_link, rename_link
from intake.desk.notices import NoticeInForce, notice_in_force
from intake.desk.profiles import correct_profile
from intake.desk.refusals import Refusal
from intake.desk.submit import Submission, Taken, append_basis, end_deemed, prepare, refuse_unticked, store
from intake.installation import Installation
from retention import erasure
from retention.records import settle_end
from storage import audit, outbox
from storage.models import Application, Document, DocumentState, EndCause, LinkKind, Opening, Person
from storage.profile import Profile, Reading
from storage.queries import access, bases, people
from storage.queries.applications import find_application, find_document_of
from storage.queries.openings import find_opening
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Basis, Channel, Source, Stage
from storage.vocabulary import BasisEvent as BasisEventKind

DRAFT_LINK = timedelta(days=2)
"""How long a draft can be named at most; the draft itself ends by the policy's rule."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, opened for the person who is filling it in."""

    person: Person
    application: Application
    document: Document
    opening: Opening | None
    file_name: str
    profile: Profile
    reading: Reading | None
    consents: frozenset[str]
    end: EndInWords

    @property
    def is_pending(self) -> bool:
        """Whether its document is still being read."""
        return self.document.state is DocumentState.STORED


@dataclass(frozen=True, slots=True)
class Sent:
    """What the confirmation page shows. ``link`` opens only this application; empty once it was used."""

    reference: str
    opening_title: str
    application: Application
    end: EndInWords
    link: str
    is_mailed: bool


def start_draft(house: Installation, submission: Submission) -> str:
    """Take a file in as a draft. Returns the token that names the draft."""
    prepared = prepare(house, submission)
    with house.database.writing() as session:
        taken = store(session, house, prepared)
        token = _name_draft(session, house, taken)
    house.wake()
    return token


def _name_draft(session: Session, house: Installation, taken: Taken) -> str:
    return make_link(
        session,
        house,
        LinkKind.DRAFT,
        person_id=taken.person.id,
        application_id=taken.application.id,
        lasts=DRAFT_LINK,
    )


def open_draft(session: Session, house: Installation, token: str) -> Draft:
    """The draft that a token names. Raises :class:`Refusal`: ``draft_sent`` once sent, ``draft_expired`` once over."""
    link = access.find_named_link(session, digest_of(house, token), house.now())
    if link is not None and link.kind is LinkKind.APPLICATION:
        raise Refusal("draft_sent", 409, "This application was sent already.")
    application = find_application(session, link.application_id or b"") if link else None
    person = people.find_present(session, application.person_id) if application else None
    if link is None or link.kind is not LinkKind.DRAFT or application is None or person is None:
        raise Refusal("draft_expired", 410, "This application was not finished in time, or was sent already.")
    document = find_document_of(session, application.id)
    if application.stage is not Stage.DRAFT or document is None:
        raise Refusal("draft_expired", 410, "This application was not finished in time, or was sent already.")
    key = house.vault.key_of(person)
    live = bases.find_live(session, person.id, house.today())
    return Draft(
        person=person,
        application=application,
        document=document,
        opening=find_opening(session, application.opening_id) if application.opening_id else None,
        file_name=house.vault.sealer.open_text(key, "document_name", document.id, document.name),
        profile=house.vault.open_profile(key, people.find_fields(session, person.id)),
        reading=house.vault.open_reading(key, document),
        consents=frozenset(event.purpose for event in live if event.basis is Basis.CONSENT),
        end=end_of(house, person, application.language),
    )


def with_profile(draft: Draft, profile: Profile) -> Draft:
    """The draft as it would be with another profile; nothing is kept."""
    return replace(draft, profile=profile)


def save_details(session: Session, house: Installation, draft: Draft, wanted: Profile) -> None:
    """Keep what the person typed or corrected."""
    correct_profile(session, house, draft.person, wanted, source=Source.PERSON, actor="person")
    _touch(session, house, draft)


def change_start(
    session: Session,
    house: Installation,
    draft: Draft,
    *,
    country: str,
    consents: Iterable[str],
    notice: NoticeInForce,
    language: str,
) -> None:
    """Change country and choices of a draft; each choice is entered into the ledger."""
    draft.application.country = country
    wanted = frozenset(consents)
    submission = _submission_of(draft, notice, language)
    for purpose in sorted(wanted ^ draft.consents):
        event = BasisEventKind.GIVEN if purpose in wanted else BasisEventKind.WITHDRAWN
        append_basis(session, draft.application, purpose, Basis.CONSENT, event, submission, house.now())
    _touch(session, house, draft)


def _submission_of(draft: Draft, notice: NoticeInForce, language: str) -> Submission:
    return Submission(
        data=b"",
        file_name="",
        opening="",
        source=draft.application.source,
        channel=Channel.FORM,
        country=draft.application.country,
        language=language,
        notice=notice,
    )


def _touch(session: Session, house: Installation, draft: Draft) -> None:
    draft.application.touched_at = house.now()
    session.flush()
    settle_end(session, draft.person, house.policy, house.now())


def drop_draft(session: Session, house: Installation, draft: Draft) -> None:
    """End a draft at once, for instance because another file replaced it."""
    end = erasure.end_of_record(draft.person, EndCause.REQUEST, "person")
    erasure.begin_end(session, draft.person.id, end, house.now())


def preview_end(session: Session, house: Installation, draft: Draft) -> EndInWords:
    """When the application would end if it were sent now; nothing is changed."""
    with session.begin_nested() as savepoint:
        draft.application.stage = Stage.RECEIVED
        _enter_sending(session, house, draft)
        session.flush()
        settle_end(session, draft.person, house.policy, house.now())
        end = end_of(house, draft.person, draft.application.language)
        savepoint.rollback()
    session.refresh(draft.application)
    session.refresh(draft.person)
    return end


def missing_details(profile: Profile) -> list[str]:
    """Names of the fields without which nobody could be answered."""
    return [name for name in ("name", "emails") if not getattr(profile, name)]


def send_draft(session: Session, house: Installation, draft: Draft, token: str) -> None:
    """Turn a draft into an application; ``token`` then names its confirmation and opens it, once, behind a button.

    Raises :class:`Refusal` while something needed is missing.
    """
    missing = missing_details(draft.profile)
    if missing:
        raise Refusal("details_missing", 422, "Your name and an e-mail address are needed.", field=f"/{missing[0]}")
    now, application = house.now(), draft.application
    application.stage, application.received_at, application.touched_at = Stage.RECEIVED, now, now
    _enter_sending(session, house, draft)
    access.end_access(session, draft.person.id)
    session.flush()
    settle_end(session, draft.person, house.policy, now)
    rename_link(session, house, token, person_id=draft.person.id, application_id=application.id)
    outbox.enqueue(session, INDEX_TOPIC, draft.person.id, {}, now)
    about = {"reference": application.reference, "source": application.source.value, "country": application.country}
    audit.record(
        session, at=now, actor="person", action="application.received", subject=draft.person.log_name, about=about
    )
    _confirm_by_mail(session, house, draft)


def _enter_sending(session: Session, house: Installation, draft: Draft) -> None:
    """Enter what sending changes on the ledger: deemed consent ends, the application's own bases begin."""
    language = draft.application.language
    submission = replace(
        _submission_of(draft, notice_in_force(house, language), language), consents=tuple(draft.consents)
    )
    end_deemed(session, house, draft.application, submission, house.now())
    refuse_unticked(session, house, draft.application, submission, house.now())


def look_at_sent(session: Session, house: Installation, token: str) -> Sent:
    """The confirmation of the application just sent, as often as its page is loaded. Raises :class:`Refusal`.

    Tells the reference and the end, nothing that was said in the application.
    """
    link = access.find_named_link(session, digest_of(house, token), house.now())
    application = find_application(session, link.application_id or b"") if link else None
    person = people.find_present(session, application.person_id) if application else None
    if link is None or link.kind is not LinkKind.APPLICATION or application is None or person is None:
        raise link_refused()
    opening = find_opening(session, application.opening_id) if application.opening_id else None
    return Sent(
        reference=application.reference,
        opening_title=opening.title if opening else "",
        application=application,
        end=end_of(house, person, application.language),
        link="" if link.used_at else f"/link/{token}",
        is_mailed=bool(house.settings.smtp_host),
    )


def _confirm_by_mail(session: Session, house: Installation, draft: Draft) -> None:
    """Tell the address that was given, with a link that proves it."""
    to = draft.profile.emails[0]
    token = make_link(session, house, LinkKind.PERSON, person_id=draft.person.id, proves=house.vault.address_digest(to))
    text = compose(
        RECEIVED,
        draft.application.language,
        reference=draft.application.reference,
        link=address_of(house, f"/link/{token}"),
        hours=house.settings.link_hours,
        again=address_of(house, "/me/link"),
        object=address_of(house, objection_path(house, draft.person)),
    )
    post_letter(
        session,
        house,
        draft.person,
        template="received",
        to=to,
        subject=f"{house.organisation}: {draft.application.reference}",
        text=text,
    )
