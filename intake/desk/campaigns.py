"""Letters that ask people to choose, each with a link of its own: keep or erase before an end; yes or no to a new use.

The link opens without sign-in, once, behind a button; it came to the address on record and shows nothing that is held.
No answer means that the end comes, and that a new use does not begin.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.access.actors import Visitor, digest_of
from intake.catalogues import N_
from intake.desk import ledger
from intake.desk.ends import EndInWords, end_of
from intake.desk.letters import address_of, compose, language_of, post_letter
from intake.desk.refusals import Refusal
from intake.desk.rights import Erased, erase_now
from intake.installation import Installation
from intake.policy_words import in_every_language
from retention.calendar import end_of_day
from retention.policy.load import parse_policy
from retention.policy.policy import PurposeTerms
from retention.policy.wording import say_date
from storage import audit
from storage.identifiers import new_token
from storage.models import (
    Answer,
    Campaign,
    CampaignKind,
    CampaignLetter,
    LetterState,
    Mail,
    MailState,
    Person,
    PersonState,
)
from storage.queries import bases, campaigns, people
from storage.queries.mails import has_bounced, was_told
from storage.vocabulary import Basis, Channel
from storage.vocabulary import BasisEvent as Kind

BATCH = 200
RENEWAL = (
    N_("Your application %(reference)s ends on %(day)s. Then it is erased by itself."),
    N_("If you want us to keep it, say so here. You can also have it erased now:\n%(link)s"),
    N_("If you do not answer, it ends on that day. You need to do nothing."),
)
NEW_USE = (
    N_("We would like to use your data, which we hold already, in a new way: %(title)s."),
    "%(description)s",
    N_("Please choose until %(day)s. Nothing is decided for you, and your answer changes nothing else:\n%(link)s"),
    N_("If you do not answer, we do not begin this use for you."),
)
CHANGED_USE = (
    N_("A use of your data, which we hold already, is to change: %(title)s."),
    "%(description)s",
    N_("If you do not want this, say no until %(day)s. We then stop this use for you:\n%(link)s"),
)
SENTENCES = tuple(line for line in (*RENEWAL, *NEW_USE, *CHANGED_USE) if line != "%(description)s")
"""For the catalogues."""


def choice_refused() -> Refusal:
    """The same answer for a link that never was, was answered, ran out or whose person ended."""
    return Refusal("link_expired", 410, "This link no longer works.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a link asks. ``title`` and ``description`` are those of the new use; ``ends_on`` the end put off."""

    kind: str
    ends_on: date | None
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to."""

    kind: str
    is_agreed: bool
    end: EndInWords | None = None
    erased: Erased | None = None


def write_letter(house: Installation, letter_id: bytes) -> None:
    """Compose one letter and put it into the sealed outbox; whoever cannot be reached counts as not told."""
    with house.database.writing() as session:
        letter = session.get(CampaignLetter, letter_id)
        if letter is None or letter.mail_id is not None or letter.state is not LetterState.WAITING:
            return
        campaign = session.get_one(Campaign, letter.campaign_id)
        person = people.find_present(session, letter.person_id)
        to = _address_of(session, house, person) if person is not None else ""
        if person is None or not to or (campaign.kind is CampaignKind.RENEWAL and person.ends_on != letter.ends_on):
            _give_up(letter, campaign)
            return
        token = new_token()
        letter.token_digest = digest_of(house, token)
        letter.expires_at = _last_moment(house, letter, campaign)
        letter.mail_id = _post(session, house, person, campaign, letter, to, token).id
        action = f"campaign.{campaign.kind.value}"
        about = {"purpose": campaign.purpose or str(person.end_decision.get("winner", {}).get("purpose", ""))}
        audit.record(session, at=house.now(), actor="keeper", action=action, subject=person.log_name, about=about)


def _give_up(letter: CampaignLetter, campaign: Campaign) -> None:
    if letter.state is LetterState.TOLD:
        campaign.told -= 1
    letter.state = LetterState.UNREACHED
    letter.told_at = None
    campaign.unreached += 1


def _address_of(session: Session, house: Installation, person: Person) -> str:
    """The first address on record from which nothing came back; empty where there is none."""
    profile = house.vault.open_profile(house.vault.key_of(person), people.find_fields(session, person.id))
    for address in profile.emails:
        if not has_bounced(session, person.id, house.vault.address_digest(address)):
            return address
    return ""


def _last_moment(house: Installation, letter: CampaignLetter, campaign: Campaign) -> datetime:
    day = letter.ends_on or campaign.answer_by or house.today() + timedelta(days=30)
    return end_of_day(day, house.policy.zone)


def _post(
    session: Session,
    house: Installation,
    person: Person,
    campaign: Campaign,
    letter: CampaignLetter,
    to: str,
    token: str,
) -> Mail:
    language = language_of(session, person)
    link = address_of(house, f"/choice/{token}")
    reference = people.find_applications(session, person.id)[-1].reference
    if campaign.kind is CampaignKind.RENEWAL:
        text = compose(RENEWAL, language, reference=reference, day=_say(letter.ends_on, language), link=link)
    else:
        terms = _terms_of(session, campaign)
        lines = CHANGED_USE if house.policy.find_purpose(campaign.purpose) else NEW_USE
        said = {"title": terms.title.say(language), "description": terms.description.say(language)}
        text = compose(lines, language, day=_say(campaign.answer_by, language), link=link, **said)
    return post_letter(
        session,
        house,
        person,
        template=campaign.kind.value,
        to=to,
        subject=f"{house.organisation}: {reference}",
        text=text,
    )


def _say(day: date | None, language: str) -> str:
    return say_date(day, language) if day else ""


def _terms_of(session: Session, campaign: Campaign) -> PurposeTerms:
    """The terms of a new use, as its proposed policy says them. Raises :class:`Refusal` once that was dropped."""
    proposal = campaigns.find_proposal(session, campaign.policy_version)
    terms = in_every_language(parse_policy(proposal.policy_toml)).find_purpose(campaign.purpose) if proposal else None
    if terms is None:
        raise choice_refused()
    return terms


def note_told(house: Installation) -> int:
    """Note which letters arrived and which did not; one that comes back later no longer counts. How many changed."""
    changed = 0
    with house.database.reading() as session:
        if not campaigns.find_returned(session, 1) and not campaigns.find_unsettled(session, 1):
            return 0
    with house.database.writing() as session:
        for letter in campaigns.find_returned(session, BATCH):
            _give_up(letter, session.get_one(Campaign, letter.campaign_id))
            changed += 1
        for letter in campaigns.find_unsettled(session, BATCH):
            changed += _note_one(session, house, letter)
    return changed


def _note_one(session: Session, house: Installation, letter: CampaignLetter) -> bool:
    campaign = session.get_one(Campaign, letter.campaign_id)
    mail = session.get(Mail, letter.mail_id)
    if was_told(session, letter.mail_id or b""):
        letter.state, letter.told_at = LetterState.TOLD, mail.sent_at if mail else house.now()
        campaign.told += 1
        return True
    if mail is None or mail.state is not MailState.WAITING:
        _give_up(letter, campaign)
        return True
    return False


def look_at_choice(session: Session, house: Installation, token: str, language: str) -> Choice:
    """What a link asks. Nothing is used up. Raises :class:`Refusal`."""
    letter, _ = _find_open(session, house, token)
    campaign = session.get_one(Campaign, letter.campaign_id)
    if campaign.kind is CampaignKind.RENEWAL:
        return Choice("renewal", letter.ends_on)
    terms = _terms_of(session, campaign)
    kind = "changed_use" if house.policy.find_purpose(campaign.purpose) else "new_use"
    return Choice(kind, campaign.answer_by, terms.title.say(language), terms.description.say(language))


def _find_open(session: Session, house: Installation, token: str) -> tuple[CampaignLetter, Person]:
    letter = campaigns.find_letter(session, digest_of(house, token))
    if letter is None or letter.answer is not Answer.NONE:
        raise choice_refused()
    if letter.expires_at is None or letter.expires_at <= house.now():
        raise choice_refused()
    person = people.find_present(session, letter.person_id)
    if person is None:
        raise choice_refused()
    return letter, person


def answer(session: Session, house: Installation, token: str, *, is_agreed: bool, language: str) -> Answered:
    """Take a person's answer, once. Raises :class:`Refusal`."""
    letter, person = _find_open(session, house, token)
    campaign = session.get_one(Campaign, letter.campaign_id)
    letter.answer, letter.answered_at = Answer.AGREED if is_agreed else Answer.DECLINED, house.now()
    campaign.agreed += is_agreed
    campaign.declined += not is_agreed
    session.flush()
    if campaign.kind is CampaignKind.NEW_USE:
        _take_use(session, house, campaign, person, is_agreed=is_agreed, language=language)
        return Answered("new_use", is_agreed)
    if not is_agreed:
        erased = erase_now(session, house, Visitor(person.id, None), language)
        return Answered("renewal", is_agreed=False, erased=erased)
    _renew(session, house, person, language)
    return Answered("renewal", is_agreed=True, end=end_of(house, person, language))


def _renew(session: Session, house: Installation, person: Person, language: str) -> None:
    if person.state is not PersonState.LIVE:
        raise choice_refused()
    renewable = set(house.policy.renewals.purposes)
    live = {e.purpose for e in bases.find_live(session, person.id, house.today()) if e.basis is Basis.CONSENT}
    person.last_contact_on = house.today()
    for purpose in sorted(live & renewable):
        ledger.give_consent(session, house, person, purpose, language=language, channel=Channel.EMAIL)


def _take_use(
    session: Session, house: Installation, campaign: Campaign, person: Person, *, is_agreed: bool, language: str
) -> None:
    """Enter yes as given (again), no as refused, or as an objection where the use itself is not new."""
    terms = _terms_of(session, campaign)
    is_known = house.policy.find_purpose(campaign.purpose) is not None
    events = {(True, True): Kind.RENEWED, (True, False): Kind.GIVEN, (False, True): Kind.OBJECTED}
    event = events.get((is_agreed, is_known), Kind.REFUSED)
    for application in people.find_applications(session, person.id):
        ledger.enter(
            session, house, application, campaign.purpose, event, language=language, channel=Channel.EMAIL,
            basis=terms.basis,
        )  # fmt: skip
    ledger.settle(session, house, person, f"use.{event.value}", campaign.purpose)


SMALLEST = 5
"""A figure below this could single somebody out, and is not told (D9)."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of letters in figures; None where a figure is too small to be told."""

    kind: str
    label: str
    started_at: datetime
    answer_by: date | None
    asked: int | None
    told: int | None
    unreached: int | None
    agreed: int | None
    declined: int | None
    silent: int | None


def list_rounds(house: Installation) -> tuple[Round, ...]:
    """Every round of letters, the latest first, in figures in which nobody stands out."""
    with house.database.reading() as session:
        return tuple(_figures(session, row) for row in campaigns.find_campaigns(session))


def _figures(session: Session, row: Campaign) -> Round:
    """Parts of one whole are hidden in pairs: a single hidden one could be worked out from the others."""
    silent = campaigns.count_silent(session, row.id)
    arrived = hide_small({"told": row.told, "unreached": row.unreached})
    answered = hide_small({"agreed": row.agreed, "declined": row.declined, "silent": silent})
    return Round(
        kind=row.kind.value,
        label=row.label,
        started_at=row.started_at,
        answer_by=row.answer_by,
        asked=hide_small({"asked": row.asked})["asked"],
        **arrived,
        **answered,
    )


def hide_small(parts: dict[str, int]) -> dict[str, int | None]:
    """The parts with what is too small hidden, and the next smallest with a single hidden one."""
    order = sorted((name for name in parts if parts[name]), key=lambda name: parts[name])
    hidden = [name for name in order if parts[name] < SMALLEST]
    if len(hidden) == 1:
        hidden = order[:2]
    return {name: None if name in hidden else count for name, count in parts.items()}
