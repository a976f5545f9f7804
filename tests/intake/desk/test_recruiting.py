"""Recruiters' work: search with its purpose, a look on record, decisions with reasons, notes, pages as pictures."""

from dataclasses import replace

import pytest
from houses import Live, ReaderDouble, application_of, on_record, put_on_record, staff_of, token_of

from intake.access.permissions import Permission
from intake.desk import candidates, openings
from intake.desk import search as searching
from intake.desk.applications import move_stage
from intake.desk.refusals import Refusal
from storage.digests import query_digest
from storage.identifiers import new_id
from storage.models import AuditEntry, Role
from storage.profile import Profile, Reading, Verdict, Work
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
PERSON = Profile(
    name="Jane Example",
    emails=("jane@example.org",),
    work=(Work("Acme GmbH", "Zymurgist", "2019", summary="Jane brewed"),),
    skills=("Brewing",),
)


def last_entry(live: Live, action: str) -> str:
    """What the latest entry of an action says."""
    query = on_record(
        live,
        lambda s: [e.entry for e in s.query(AuditEntry).filter(AuditEntry.action == action).order_by(AuditEntry.id)],
    )
    return str(query[-1])


@pytest.mark.promise("D1")
def test_a_search_needs_a_purpose_and_leaves_no_word_of_itself(live: Live) -> None:
    """Without a purpose nothing is searched; the record keeps a keyed digest of the query."""
    put_on_record(live, PERSON)
    live.work()
    headers = token_of(live, Permission.SEARCH)
    ask = {"query": "work:zymurgist", "purpose": ""}
    refused = live.client().post("/api/v1/candidates/search", json=ask, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "purpose_needed")
    answer = live.client().post("/api/v1/candidates/search", json=ask | {"purpose": "recruitment"}, headers=headers)
    body = answer.json()
    assert body["total"] >= 1
    assert "Jane" not in answer.text
    assert set(body["hits"][0]) == {"id", "title", "pieces", "stage", "country", "retain_until"}
    assert "Zymurgist" in body["hits"][0]["title"]
    entry = last_entry(live, "candidates.searched")
    assert "zymurgist" not in entry.lower()
    assert query_digest(live.house.vault.secrets.digest_key, "work:zymurgist").hex()[:32] in entry


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"query": '"unended', "purpose": "recruitment"}, "/query", None),
        ({"query": "x" * 2000, "purpose": "recruitment"}, "/query", "string_too_long"),
        ({"query": "x", "purpose": "recruitment", "page": 0}, "/page", "greater_than_equal"),
        ({"purpose": "recruitment"}, "/query", "missing"),
        ({"query": "x", "purpose": "recruitment", "canary": 1}, "", "extra_forbidden"),
    ],
)
def test_a_query_that_cannot_be_understood_is_told_by_place(
    live: Live, sent: dict[str, object], pointer: str, code: str | None
) -> None:
    """422 with the place at fault; the words themselves are not repeated."""
    answer = live.client().post("/api/v1/candidates/search", json=sent, headers=token_of(live, Permission.SEARCH))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert code in (None, error["code"])
    assert "unended" not in answer.text
    assert "canary" not in answer.text


def test_a_search_is_its_own_persons_alone(live: Live) -> None:
    """Kept under an opaque id for whoever ran it; for others, and later, it is gone."""
    mine, other = staff_of(live, Role.RECRUITER), staff_of(live, Role.RECRUITER)
    with live.house.database.writing() as session:
        search_id = searching.keep_search(session, live.house, mine.actor, "brewing")
        assert searching.find_search(session, live.house, mine.actor, search_id) == "brewing"
        for actor, given in ((other.actor, search_id), (mine.actor, new_id())):
            with pytest.raises(Refusal, match="search_gone"):
                searching.find_search(session, live.house, actor, given)


def test_everybody_is_found_by_an_empty_query_but_not_who_lost_their_key(live: Live) -> None:
    """Whose key is gone is left out, though the index still knows them."""
    from intake.keeper.rewriting import witness_of
    from storage.models import PersonState
    from storage.queries import people

    kept, gone = put_on_record(live, PERSON), put_on_record(live, PERSON)
    live.work()
    live.house.vault.keystore.destroy([gone.person.key_id], witness_of(live.house))
    actor = staff_of(live, Role.RECRUITER).actor
    found = searching.search(live.house, actor, "", "recruitment")
    ids = [one.person_id for one in found.found]
    assert kept.person.id in ids
    assert gone.person.id not in ids
    with live.house.database.writing() as session:
        people.find_person(session, gone.person.id).state = PersonState.ENDING


@pytest.mark.promise("D1")
def test_each_look_is_on_record_with_role_and_purpose(live: Live) -> None:
    """Blind without a purpose, whole with one; a purpose that is none, or a role that may not, is refused."""
    taken = put_on_record(live, PERSON, text="Jane Example brewed")
    recruiter = staff_of(live, Role.RECRUITER)
    unentitled = replace(recruiter.actor, permissions=frozenset({Permission.VIEW}))

    def view(actor: object, purpose: str) -> candidates.Candidate:
        with live.house.database.writing() as session:
            candidates.add_note(session, live.house, recruiter.actor, taken.person.id, "Jane called")
            return candidates.view_candidate(
                session, live.house, actor, taken.person.id, purpose=purpose, language="en"  # type: ignore[arg-type]
            )  # fmt: skip

    blind = view(recruiter.actor, "")
    assert blind.profile.name is None
    assert "Jane" not in blind.documents[0][2] + blind.notes[0][1] + blind.heading
    assert '"candidate.viewed"' in last_entry(live, "candidate.viewed")
    whole = view(recruiter.actor, "recruitment")
    assert (whole.profile.name, whole.heading, whole.notes[0][1]) == ("Jane Example", "Jane Example", "Jane called")
    entry = last_entry(live, "candidate.revealed")
    assert "recruiter" in entry
    assert "recruitment" in entry
    for actor, purpose in ((unentitled, "recruitment"), (recruiter.actor, "curiosity")):
        with pytest.raises(Refusal, match="purpose_needed"):
            view(actor, purpose)


@pytest.mark.promise("L5")
def test_a_decision_is_a_persons_and_has_a_reason(live: Live) -> None:
    """Without a reason nothing moves; who decided and when is kept, the reason sealed."""
    taken, actor = put_on_record(live, PERSON), staff_of(live, Role.RECRUITER).actor

    def move(stage: Stage, reason: str = "") -> None:
        with live.house.database.writing() as session:
            move_stage(session, live.house, taken.application.id, stage=stage, reason=reason, actor=actor)

    with pytest.raises(Refusal, match="reason_needed"):
        move(Stage.REJECTED, "  ")
    assert application_of(live, taken).stage is Stage.RECEIVED
    for stage in (Stage.DRAFT, Stage.WITHDRAWN):
        with pytest.raises(Refusal, match="stage_not_allowed"):
            move(stage, "x")
    move(Stage.REJECTED, "Another person fits better.")
    row = application_of(live, taken)
    assert (row.decided_by, row.decision_on) == (actor.staff_id, live.house.today())
    assert "fits better" not in repr(row.decision_reason)
    move(Stage.REVIEW)
    row = application_of(live, taken)
    assert (row.decided_by, row.decision_on) == (None, None)
    with pytest.raises(Refusal, match="not_found"), live.house.database.writing() as session:
        move_stage(session, live.house, new_id(), stage=Stage.REVIEW, reason="", actor=actor)


def test_a_note_has_words_and_a_limit(live: Live) -> None:
    """Nothing and too much are refused; nobody writes about who is not there."""
    taken, actor = put_on_record(live, PERSON), staff_of(live, Role.RECRUITER).actor
    for person_id, text, code in (
        (taken.person.id, " ", "note_needed"),
        (taken.person.id, "x" * 4001, "note_needed"),
        (new_id(), "x", "not_found"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code), live.house.database.writing() as session:
            candidates.add_note(session, live.house, actor, person_id, text)


@pytest.fixture
def drawing(live: Live) -> Live:
    """The installation with a reader that draws."""
    return live.with_reader(ReaderDouble(Reading(Verdict.OK)))


def test_a_page_is_drawn_for_a_purpose_and_on_record(drawing: Live) -> None:
    """A picture shows who it is: without purpose or permission there is none; a page that is not there is not found."""
    taken, recruiter = put_on_record(drawing, PERSON), staff_of(drawing, Role.RECRUITER).actor
    administrator = staff_of(drawing, Role.ADMINISTRATOR).actor
    ids = (taken.person.id, taken.document.id)
    picture = candidates.draw_page(drawing.house, recruiter, *ids, 1, "recruitment")
    assert picture.startswith(b"\x89PNG")
    assert "document.viewed" in last_entry(drawing, "document.viewed")
    for actor, number, purpose, code in (
        (recruiter, 1, "", "purpose_needed"), (administrator, 1, "recruitment", "purpose_needed"),
        (recruiter, 9, "recruitment", "not_found"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            candidates.draw_page(drawing.house, actor, *ids, number, purpose)


def test_openings_have_titles_and_addresses_of_their_own(live: Live) -> None:
    """Two of a title get two addresses; one of signs alone still has one; closing twice is closing once."""
    with live.house.database.writing() as session:
        first = openings.create_opening(session, live.house, title="Brau-Meister (m/w/d)", place="", actor="test")
        second = openings.create_opening(session, live.house, title="Brau-Meister (m/w/d)", place="", actor="test")
        signs = openings.create_opening(session, live.house, title="料理人", place="", actor="test")
        assert first.slug == "brau-meister-m-w-d"
        assert second.slug.startswith(first.slug)
        assert second.slug != first.slug
        assert signs.slug.startswith("opening")
        for title in ("", " ", "x" * 201):
            with pytest.raises(Refusal, match="title_needed"):
                openings.create_opening(session, live.house, title=title, place="", actor="test")
        openings.close_opening(session, live.house, first.id, "test")
        assert openings.close_opening(session, live.house, first.id, "test").closed_on == live.house.today()
        with pytest.raises(Refusal, match="not_found"):
            openings.close_opening(session, live.house, new_id(), "test")
    with pytest.raises(Refusal, match="opening_closed"):
        openings.find_public(live.house, first.slug)
    with pytest.raises(Refusal, match="not_found"):
        openings.find_public(live.house, "never")


def test_a_skill_is_found_by_its_common_name_too(live: Live) -> None:
    """Who writes "k8s" is found as Kubernetes; the written skill stays what is shown."""
    put_on_record(live, replace(PERSON, emails=("k8s@example.org",), skills=("k8s",)))
    live.work()
    headers = token_of(live, Permission.SEARCH)
    ask = {"query": "skill:kubernetes", "purpose": "recruitment"}
    assert live.client().post("/api/v1/candidates/search", json=ask, headers=headers).json()["total"] == 1
