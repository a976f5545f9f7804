"""Taking in an application: the bytes are sealed and durable first, then read, then one commit makes it real.

:func:`prepare` may be repeated and may die at any point: what it leaves is ciphertext and a key that no row names,
both swept later. :func:`store` runs in the caller's transaction and is all or nothing.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intake.desk.notices import NoticeInForce
from intake.desk.refusals import Refusal
from intake.desk.suppression import require_not_suppressed
from intake.installation import Installation
from intake.reading.sniff import Sniffed, sniff
from intake.reading.verdicts import SENTENCES
from intake.reading.version import VERSION
from retention.places import is_country
from retention.policy.policy import PurposeTerms
from retention.records import settle_end
from retention.rules import Outcome
from storage import audit, outbox
from storage.identifiers import new_id, new_reference
from storage.models import Application, BasisEvent, Document, DocumentState, Opening, OpeningState, Person
from storage.profile import Profile, Reading, Verdict
from storage.queries import bases
from storage.queries.openings import find_opening_by_slug
from storage.queries.searching import INDEX_TOPIC
from storage.seal import DataKey
from storage.vocabulary import Basis, Channel, Purpose, Source, Stage
from storage.vocabulary import BasisEvent as BasisEventKind

READ_TOPIC = "read"
"""Outbox topic by which the keeper is asked to read a document again, with more time."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What came in. ``consents`` are ids of purposes that the person agreed to; applying itself is not a consent."""

    data: bytes
    file_name: str
    opening: str
    source: Source
    channel: Channel
    country: str
    language: str
    notice: NoticeInForce
    consents: tuple[str, ...] = ()
    age_confirmed: bool = False
    source_detail: str = ""
    global_privacy_control: bool = False
    stage: Stage = Stage.RECEIVED
    actor: str = "person"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Sealed and read, not yet on record."""

    submission: Submission
    person_id: bytes
    document_id: bytes
    key: DataKey
    blob_id: str
    kind: str
    content_digest: bytes
    reading: Reading
    is_pending: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """An application on record."""

    person: Person
    application: Application
    document: Document
    reading: Reading
    is_pending: bool
    outcome: Outcome
    messages: Mapping[str, str] = field(default_factory=dict)


def check_submission(house: Installation, submission: Submission) -> None:
    """Refuse what cannot be taken in, before anything is kept. Raises :class:`Refusal`."""
    if not is_country(submission.country):
        raise Refusal("country_unknown", 422, "Select a country from the list.", field="/country")
    if house.policy.minimum_age is not None and not submission.age_confirmed:
        raise Refusal("age_not_confirmed", 422, "Confirm that you are old enough to apply.", field="/age_confirmed")
    if submission.source not in house.policy.sources:
        raise Refusal("source_not_allowed", 422, "The policy in force takes nothing from this source.", field="/source")
    if submission.channel not in house.policy.channels:
        raise Refusal("channel_not_allowed", 422, "The policy in force takes nothing by this way.", field="/channel")
    known = {purpose.id for purpose in house.policy.choices}
    if not known.issuperset(submission.consents):
        raise Refusal("purpose_unknown", 422, "Only purposes that rest on consent can be chosen.", field="/purposes")


def check_file(house: Installation, data: bytes) -> Sniffed:
    """Tell what a file is, before anything of it is kept. Raises :class:`Refusal` for one that is not taken in."""
    if not data:
        raise Refusal("file_empty", 422, "The selected file is empty.", field="/file")
    if len(data) > house.settings.upload_limit:
        raise Refusal("file_too_large", 413, "The selected file is too large.", field="/file")
    told = sniff(data)
    if told.verdict is Verdict.UNSUPPORTED:
        raise Refusal("file_unsupported", 415, SENTENCES.get(told.code, SENTENCES["unsupported"]), field="/file")
    return told


def prepare(house: Installation, submission: Submission) -> Prepared:
    """Seal the bytes under a new key, make them durable, and read them within the time set. Raises :class:`Refusal`."""
    check_submission(house, submission)
    told = check_file(house, submission.data)
    person_id, document_id = new_id(), new_id()
    key = house.vault.new_key()
    sealed = house.vault.sealer.seal_object(key, "document_file", document_id, submission.data)
    blob_id = house.blobs.write(sealed)
    reading = house.reader.read(submission.data, timeout=house.settings.reading_seconds)
    _refuse_brought_back(house, submission, reading, blob_id)
    digest = hmac.digest(house.vault.secrets.digest_key, submission.data, hashlib.sha256)
    return Prepared(
        submission, person_id, document_id, key, blob_id, told.kind, digest, reading, reading.verdict is Verdict.TIMEOUT
    )


def _refuse_brought_back(house: Installation, submission: Submission, reading: Reading, blob_id: str) -> None:
    emails, source, channel = reading.profile.emails, submission.source, submission.channel
    try:
        require_not_suppressed(house, emails, source=source, channel=channel, actor=submission.actor)
    except Refusal:
        house.blobs.delete(blob_id)
        raise


def store(session: Session, house: Installation, prepared: Prepared) -> Taken:
    """Put a prepared application on record, in the caller's transaction. Raises :class:`Refusal`."""
    submission, now = prepared.submission, house.now()
    opening = find_taking(session, submission.opening)
    person = _make_person(house, prepared, now)
    session.add(person)
    session.flush()
    application = enter_application(session, house, person, prepared.key, submission, opening)
    document = make_document(house, prepared.key, prepared, application.id, now)
    session.add(document)
    session.flush()
    put_profile(session, house, prepared, document, now)
    outcome = settle_end(session, person, house.policy, now)
    if prepared.is_pending:
        outbox.enqueue(session, READ_TOPIC, document.id, {}, now, not_before=now)
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, now)
    return Taken(person, application, document, prepared.reading, prepared.is_pending, outcome)


def check_opening(house: Installation, slug: str) -> None:
    """Refuse an unknown or closed opening before anything is sealed: :func:`store` would leave leftovers to sweep."""
    with house.database.reading() as session:
        find_taking(session, slug)


def find_taking(session: Session, slug: str) -> Opening | None:
    """The opening of this public name, which must take applications; None for the pool. Raises :class:`Refusal`."""
    if not slug:
        return None
    opening = find_opening_by_slug(session, slug)
    if opening is None:
        raise Refusal("opening_unknown", 404, "There is no such opening.", field="/opening")
    if opening.state is not OpeningState.OPEN:
        raise Refusal("opening_closed", 409, "This opening takes no more applications.", field="/opening")
    return opening


def _make_person(house: Installation, prepared: Prepared, now: datetime) -> Person:
    return Person(
        id=prepared.person_id,
        key_id=prepared.key.id,
        log_name=house.vault.log_name(prepared.key),
        created_at=now,
        last_contact_on=house.today(),
        index_shard=house.index.pick_shard(),
    )


def enter_application(
    session: Session,
    house: Installation,
    person: Person,
    key: DataKey,
    submission: Submission,
    opening: Opening | None,
) -> Application:
    """Put one application on a person's record: with source, channel, notice and bases, and an entry of the record."""
    now, row_id = house.now(), new_id()
    detail = submission.source_detail
    application = Application(
        id=row_id,
        reference=new_reference(),
        person_id=person.id,
        opening_id=opening.id if opening else None,
        stage=submission.stage,
        received_at=now,
        touched_at=now,
        source=submission.source,
        channel=submission.channel,
        source_detail=house.vault.sealer.seal_text(key, "source_detail", row_id, detail) if detail else None,
        country=submission.country,
        language=submission.language,
        notice_version=submission.notice.version,
        notice_digest=submission.notice.digest,
        age_confirmed=submission.age_confirmed,
    )
    application.basis_id = _open_ledger(session, house, application, submission, now)
    session.add(application)
    session.flush()
    _record(session, person, application, submission, now)
    return application


def make_document(
    house: Installation, key: DataKey, prepared: Prepared, application_id: bytes, now: datetime
) -> Document:
    """The document's row with its name, text and reading sealed."""
    row_id = prepared.document_id
    document = Document(
        id=row_id,
        person_id=prepared.person_id,
        application_id=application_id,
        blob_id=prepared.blob_id,
        size=len(prepared.submission.data),
        kind=prepared.kind,
        received_at=now,
        content_digest=prepared.content_digest,
        name=house.vault.sealer.seal_text(key, "document_name", row_id, prepared.submission.file_name),
    )
    if not prepared.is_pending:
        apply_reading(house, key, document, prepared.reading)
    return document


def apply_reading(house: Installation, key: DataKey, document: Document, reading: Reading) -> None:
    """Write how a document's reading ended into its row."""
    document.attempts = (document.attempts or 0) + 1
    document.verdict = reading.verdict
    document.reader = (reading.reader or f"none; structure {VERSION}")[:40]
    document.pages = reading.pages
    document.state = DocumentState.READ if reading.verdict is Verdict.OK else DocumentState.UNREADABLE
    house.vault.seal_reading(key, document, reading)


def put_profile(session: Session, house: Installation, prepared: Prepared, document: Document, now: datetime) -> None:
    """Write what was read as the person's profile, with its source, and make the person recognisable."""
    profile: Profile = prepared.reading.profile
    session.add_all(
        house.vault.make_fields(
            prepared.key,
            prepared.person_id,
            profile,
            source=prepared.submission.source,
            document_id=document.id,
            at=now,
        )
    )
    session.add_all(house.vault.make_digests(prepared.person_id, profile))


def _open_ledger(
    session: Session, house: Installation, application: Application, submission: Submission, now: datetime
) -> bytes:
    """Enter the bases on which an application is taken in, then each consent that was given, then what was opted out.

    What is begun and not sent stands on deemed consent alone where the policy knows it (C2); else as it will be sent.
    Returns the first entry's id.
    """
    deemed = _deemed(house) if submission.stage is Stage.DRAFT else ()
    entered = [
        append_basis(session, application, terms.id, terms.basis, BasisEventKind.GIVEN, submission, now)
        for terms in deemed
    ] or enter_unasked(session, house, application, submission, now)
    for purpose in submission.consents:
        append_basis(session, application, purpose, Basis.CONSENT, BasisEventKind.GIVEN, submission, now)
    if submission.stage is not Stage.DRAFT:
        refuse_unticked(session, house, application, submission, now)
    if submission.global_privacy_control:
        _opt_out(session, application, submission, now)
    return entered[0].id


def _deemed(house: Installation) -> tuple[PurposeTerms, ...]:
    return tuple(terms for terms in house.policy.purposes if terms.basis is Basis.DEEMED_CONSENT)


def enter_unasked(
    session: Session, house: Installation, application: Application, submission: Submission, now: datetime
) -> list[BasisEvent]:
    """Enter the basis of applying, and of each other purpose that is not asked for."""
    terms = house.policy.find_purpose(Purpose.APPLICATION)
    bases_of = {Purpose.APPLICATION.value: terms.basis if terms is not None else Basis.CONTRACT}
    bases_of |= {other.id: other.basis for other in house.policy.unasked}
    return [
        append_basis(session, application, purpose, basis, BasisEventKind.GIVEN, submission, now)
        for purpose, basis in bases_of.items()
    ]


def end_deemed(
    session: Session, house: Installation, application: Application, submission: Submission, now: datetime
) -> None:
    """End what stood on deemed consent, now that the application is sent; it stands on its own bases from here on."""
    live = {e.purpose for e in bases.find_live(session, application.person_id, house.today())}
    deemed = [terms for terms in _deemed(house) if terms.id in live]
    for terms in deemed:
        append_basis(session, application, terms.id, terms.basis, BasisEventKind.EXPIRED, submission, now)
    if Purpose.APPLICATION not in live:
        enter_unasked(session, house, application, submission, now)


def refuse_unticked(
    session: Session, house: Installation, application: Application, submission: Submission, now: datetime
) -> None:
    """Enter each choice that was put and not taken: it was asked, and the answer was not yes."""
    told = {e.purpose for e in bases.find_ledger(session, application.person_id) if e.application_id == application.id}
    for terms in house.policy.choices:
        if terms.id not in submission.consents and terms.id not in told:
            append_basis(session, application, terms.id, Basis.CONSENT, BasisEventKind.REFUSED, submission, now)


def _opt_out(session: Session, application: Application, submission: Submission, now: datetime) -> None:
    """Take Global Privacy Control as an objection to sale and advertising, except to what was chosen by hand."""
    for purpose in (Purpose.SALE, Purpose.MARKETING):
        if purpose not in submission.consents:
            basis = Basis.LEGITIMATE_INTEREST
            append_basis(session, application, purpose, basis, BasisEventKind.OBJECTED, submission, now)


def append_basis(
    session: Session,
    application: Application,
    purpose: str,
    basis: Basis,
    event: BasisEventKind,
    submission: Submission,
    now: datetime,
) -> BasisEvent:
    """One entry of the person's ledger, with notice, wording, language, channel and time (Art. 7(1) GDPR)."""
    wording = submission.notice.wordings.get(purpose, "")
    return bases.append_event(
        session,
        BasisEvent(
            id=new_id(),
            person_id=application.person_id,
            application_id=application.id,
            purpose=purpose,
            basis=basis,
            event=event,
            at=now,
            channel=submission.channel,
            notice_version=submission.notice.version,
            notice_digest=submission.notice.digest,
            wording_digest=hashlib.sha256(wording.encode()).hexdigest() if wording else "",
            language=submission.language,
            global_privacy_control=submission.global_privacy_control,
        ),
    )


def _record(session: Session, person: Person, application: Application, submission: Submission, now: datetime) -> None:
    about = {
        "reference": application.reference,
        "source": application.source.value,
        "channel": application.channel.value,
        "country": application.country,
        "stage": application.stage.value,
        "notice_version": application.notice_version,
        "bytes": len(submission.data),
    }
    action = "application.drafted" if application.stage is Stage.DRAFT else "application.received"
    audit.record(session, at=now, actor=submission.actor, action=action, subject=person.log_name, about=about)
