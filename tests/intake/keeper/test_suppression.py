"""Digests of erased people: a list cannot bring them back, they themselves are welcome, and everything ends."""

from dataclasses import replace

import pytest
from houses import SLOW, Live, ReaderDouble, csrf_in, on_record, post_application, put_on_record
from sqlalchemy import select

from intake.desk.links import make_link
from intake.desk.suppression import find_terms, is_suppressed
from intake.keeper.loop import do_work
from intake.keeper.suppressing import end_digests, keep_digests
from retention.erasure import begin_end, end_of_record
from retention.policy.load import load_policy
from retention.policy.policy import Kept, Policy
from storage import audit
from storage.keystore.yearly import list_yearly_keys
from storage.models import AuditEntry, EndCause, Ending, LinkKind, Person, Suppression
from storage.profile import Profile, Reading, Verdict
from storage.vocabulary import Stage

JANE = Profile(name="Jane Example", emails=("Jane@Example.org", "jane2@example.org"))
READ = Reading(Verdict.OK, kind="text", profile=Profile(name="Jane Example", emails=("jane@example.org",)))
LISTS = {"source": "partner", "channel": "import"}


def under(live: Live, policy: Policy) -> Live:
    """The same installation under another policy."""
    house = replace(live.house, find_policy=lambda: policy, reader=ReaderDouble(READ))  # type: ignore[arg-type]
    return replace(live, house=house).with_settings()


@pytest.fixture
def charity(live: Live) -> Live:
    """Under a policy that has digests kept, and with nothing kept yet."""
    with live.house.database.writing() as session:
        session.query(Suppression).delete()
    policy = replace(load_policy("uk-charity"), minimum_age=None)
    found = under(live, policy)
    end_digests(found.house)
    return found


def erase(live: Live, profile: Profile = JANE, **other: object) -> Ending:
    """Somebody who was on record and is erased."""
    taken = put_on_record(live, profile, **other)
    with live.house.database.writing() as session:
        person = session.get_one(Person, taken.person.id)
        begin_end(session, person.id, end_of_record(person, EndCause.REQUEST, "person"), live.house.now())
    do_work(live.house)
    ending = on_record(live, lambda s: s.scalars(select(Ending).where(Ending.subject == taken.person.id)).one())
    assert isinstance(ending, Ending)
    return ending


def digests(live: Live) -> list[Suppression]:
    """What is kept."""
    return list(on_record(live, lambda session: session.scalars(select(Suppression)).all()))


def refused(live: Live) -> int:
    """How often a list's refusal is on record."""
    return len(list(on_record(live, lambda s: list(audit.entries_by(s, action="import.suppressed")))))


def test_no_digest_is_kept_unless_the_policy_names_terms(live: Live) -> None:
    """The default policy keeps none: nothing is written, no key is made, a list may bring anybody."""
    plain = under(live, load_policy("default"))
    assert find_terms(plain.house.policy) is None
    assert erase(plain).digest_until is None
    assert digests(plain) == []
    assert list_yearly_keys(plain.house.settings.keys) == []
    with plain.house.database.reading() as session:
        assert not is_suppressed(session, plain.house, ["jane@example.org"])


def test_a_list_cannot_bring_an_erased_person_back_but_they_may_apply(charity: Live) -> None:
    """The import is refused with a stable code, on record, and leaves no file; they themselves are taken in."""
    ending = erase(charity)
    assert ending.digest_until is not None
    assert (ending.digest_until.year - charity.clock.now.year, len(digests(charity))) == (2, 2)
    files, before = {blob.blob_id for blob in charity.house.blobs.list_ids()}, refused(charity)
    answer = post_application(charity, **LISTS)
    assert (answer.status_code, answer.json()["code"]) == (409, "suppressed")
    assert refused(charity) == before + 1
    assert {blob.blob_id for blob in charity.house.blobs.list_ids()} == files
    assert post_application(charity, source="referring_agency").json()["code"] == "suppressed"
    assert post_application(charity).status_code == 201


def test_a_list_may_bring_somebody_who_was_never_erased(charity: Live) -> None:
    """Only the erased are refused."""
    erase(charity, Profile(name="Ada", emails=("ada@example.org",)))
    assert post_application(charity, **LISTS).status_code == 201


def test_what_is_kept_names_nobody_and_fits_no_other_digest(charity: Live) -> None:
    """It is not the digest by which people are recognised, and the record has none of them."""
    erase(charity)
    kept = {row.value for row in digests(charity)}
    assert charity.house.vault.address_digest("jane@example.org") not in kept
    entries = on_record(charity, lambda s: [row.entry for row in s.scalars(select(AuditEntry))])
    assert not any(value.hex() in entry for value in kept for entry in entries)


def test_whoever_never_sent_anything_leaves_no_digest(charity: Live) -> None:
    """A draft that ends is no reason to remember anybody."""
    assert erase(charity, stage=Stage.DRAFT).digest_until is None
    assert digests(charity) == []


def test_digests_are_made_once(charity: Live) -> None:
    """Killed between the digests and the key, the keeper begins again and makes no second set."""
    taken = put_on_record(charity, JANE)
    with charity.house.database.writing() as session:
        person = session.get_one(Person, taken.person.id)
        begin_end(session, person.id, end_of_record(person, EndCause.REQUEST, "person"), charity.house.now())
        assert keep_digests(session, charity.house, person.id) == 2
    do_work(charity.house)
    assert len(digests(charity)) == 2


def test_an_erasure_waits_for_no_digest(charity: Live) -> None:
    """Where the year's key cannot be had the record ends all the same, and its receipt names no digest."""
    away = charity.with_settings(root_provider="environment")
    ending = erase(away)
    assert (ending.digest_until, ending.key_gone_at is not None) == (None, True)
    assert digests(charity) == []


def test_a_slow_import_that_turns_out_to_be_of_an_erased_person_is_ended(charity: Live) -> None:
    """The address was not known when it came; read later, it ends by the one way to erase, without a new digest."""
    erase(charity)
    slow = charity.with_reader(ReaderDouble(SLOW, READ))
    answer = post_application(slow, **LISTS)
    assert (answer.status_code, answer.json()["profile"]["state"]) == (201, "pending")
    before = refused(charity)
    do_work(slow.house)
    do_work(slow.house)
    assert refused(charity) == before + 1
    assert len(digests(charity)) == 2
    ending = on_record(charity, lambda s: s.scalars(select(Ending).where(Ending.rule == "suppressed")).first())
    assert ending is not None
    assert ending.digest_until is None
    assert ending.key_gone_at is not None


def test_the_night_ends_digests_and_destroys_each_years_key_with_the_last(charity: Live) -> None:
    """Past its last day a digest goes, and the key of its year with it; then the list may bring the person again."""
    ending = erase(charity)
    assert list_yearly_keys(charity.house.settings.keys) == [charity.clock.now.year]
    started = charity.clock.now
    assert ending.digest_until is not None
    try:
        charity.clock.now = started.replace(year=ending.digest_until.year)
        assert end_digests(charity.house) == 0, "its last day is a day on which it is kept"
        charity.clock.advance(days=1)
        assert end_digests(charity.house) == 2
        assert list_yearly_keys(charity.house.settings.keys) == []
        assert digests(charity) == []
    finally:
        charity.clock.now = started


def test_a_policy_that_keeps_no_digests_any_more_ends_all_of_them(charity: Live) -> None:
    """With their reason gone they go at once, and their keys with them."""
    erase(charity)
    policy = charity.house.policy
    off = replace(policy, kept_apart=tuple(k for k in policy.kept_apart if k.kept is not Kept.ERASED_DIGEST))
    assert end_digests(under(charity, off).house) == 2
    assert list_yearly_keys(charity.house.settings.keys) == []


def test_a_lost_key_refuses_lists_until_the_night_then_its_digests_are_gone(charity: Live) -> None:
    """A doubt is never taken for a no: without the key nobody can tell, so no list is taken in."""
    erase(charity)
    (charity.house.settings.keys / f"suppression-{charity.clock.now.year}.key").unlink()
    assert post_application(charity, **LISTS).json()["code"] == "suppression_unreadable"
    assert post_application(charity).status_code == 201
    assert end_digests(charity.house) == 2
    assert post_application(charity, **LISTS).status_code == 201


def test_the_receipt_of_an_erasure_names_what_is_kept_and_until_when(charity: Live) -> None:
    """Whoever has themselves erased is told of the digest with its last day; where none is kept nothing is said."""
    for live, said in ((charity, "2 March 2028"), (under(charity, load_policy("default")), "")):
        taken, client = put_on_record(live, JANE), live.client()
        with live.house.database.writing() as session:
            token = make_link(session, live.house, LinkKind.PERSON, person_id=taken.person.id)
        page = client.post("/link", data={"token": token})
        done = client.post("/me/erase", data={"csrf": csrf_in(page.text), "confirm": "erase"})
        assert "is erased" in done.text
        assert ("digest of your e-mail address" in done.text) == bool(said)
        assert said in done.text
