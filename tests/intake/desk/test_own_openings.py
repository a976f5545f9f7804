"""Hiring managers reach those who applied to their own openings, and nobody else: by id, search, count or picture."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from houses import Live, ReaderDouble, Signed, living, on_record, put_on_record, staff_of

from intake.desk import openings, reach
from intake.desk.submit import Taken
from storage.identifiers import new_id
from storage.models import Application, AuditEntry, Document, Opening, OpeningManager, Role
from storage.profile import Profile, Reading, Verdict, Work
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
SEARCH = "/api/v1/candidates/search"


@dataclass(frozen=True, slots=True)
class Floor:
    """Two openings with people of their own, people of the pool, and a manager of the first opening."""

    live: Live
    own: Opening
    other: Opening
    manager: Signed
    recruiter: Signed


def open_opening(live: Live, title: str) -> Opening:
    """A new opening."""
    with live.house.database.writing() as session:
        return openings.create_opening(session, live.house, title=title, place="", actor="test")


def apply_to(live: Live, opening: Opening | None, skill: str, *, text: str = "") -> Taken:
    """Somebody with a skill applies to an opening, or to the pool."""
    profile = Profile(
        name="Jane Example", emails=(f"{new_id().hex()}@example.org",), work=(Work("Acme GmbH", "Zymurgist", "2019"),),
        skills=(skill,),
    )  # fmt: skip
    return put_on_record(live, profile, opening=opening.slug if opening else "", text=text)


@pytest.fixture(scope="module")
def floor(live: Live) -> Floor:
    manager, recruiter = staff_of(live, Role.HIRING_MANAGER, name="Hugo Hill"), staff_of(live, Role.RECRUITER)
    own, other = open_opening(live, "Brewer"), open_opening(live, "Baker")
    openings.give_opening(live.house, own.id, manager.actor.staff_id or b"", recruiter.actor)
    return Floor(live, own, other, manager, recruiter)


def find(floor: Floor, who: Signed, query: str = "") -> dict[str, object]:
    """What a search answers."""
    headers = {"X-CSRF-Token": who.actor.csrf}
    answer = who.client.post(SEARCH, json={"query": query, "purpose": "recruitment"}, headers=headers)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def ids_in(found: dict[str, object]) -> set[str]:
    """The ids that a search found."""
    return {hit["id"] for hit in found["hits"]}  # type: ignore[attr-defined]


def every_door(taken: Taken, document: bytes) -> list[tuple[str, str, dict[str, str]]]:
    """Every request of staff that names a candidate, an application or a document by id."""
    own = f"/recruit/candidates/{taken.person.id.hex()}"
    return [
        ("GET", own, {}),
        ("POST", f"{own}/reveal", {"purpose": "recruitment"}),
        ("POST", f"{own}/reveal", {"purpose": ""}),
        ("POST", f"{own}/notes", {"note": "canary note"}),
        ("POST", f"{own}/notes", {"note": ""}),
        ("POST", f"/recruit/applications/{taken.application.id.hex()}/stage", {"stage": "review"}),
        ("POST", f"/recruit/applications/{taken.application.id.hex()}/stage", {"stage": "rejected", "reason": ""}),
        ("GET", f"{own}/documents/{document.hex()}/1.png?purpose=recruitment", {}),
    ]


def document_of(live: Live, taken: Taken) -> bytes:
    """The id of somebody's document."""
    found = on_record(live, lambda s: s.query(Document.id).filter_by(person_id=taken.person.id).scalar())
    assert isinstance(found, bytes)
    return found


@pytest.mark.asvs("8.2.2")
def test_a_manager_reaches_their_own_applicants_by_every_door(floor: Floor) -> None:
    """Found, read blind, revealed, noted, moved on and seen as a picture."""
    taken = apply_to(floor.live, floor.own, "Brewing")
    floor.live.work()
    assert taken.person.id.hex() in ids_in(find(floor, floor.manager, "brewing"))
    # An answer in a double's words: pictures are drawn without a sandbox here.
    reader = ReaderDouble(Reading(Verdict.OK, kind="text"))
    doubled = floor.live.with_reader(reader)
    client = doubled.client()
    client.cookies.update(floor.manager.client.cookies)
    for method, path, form in every_door(taken, document_of(floor.live, taken)):
        answer = client.request(method, path, data={"csrf": floor.manager.actor.csrf, **form} if form else None)
        assert answer.status_code in (200, 422), path
    person = f"/recruit/candidates/{taken.person.id.hex()}"
    assert "Jane Example" not in floor.manager.get(person).text
    assert "Jane Example" in floor.manager.post(f"{person}/reveal", purpose="recruitment").text


@pytest.mark.asvs("8.2.2")
def test_a_manager_reaches_nobody_else_by_any_door(floor: Floor) -> None:
    """Applicants to another opening and to the pool are not found: the same answer as for an id that never was."""
    for opening in (floor.other, None):
        taken = apply_to(floor.live, opening, "Baking", text="quixotic")
        floor.live.work()
        assert taken.person.id.hex() in ids_in(find(floor, floor.recruiter, "baking"))
        for query in ("", "baking", "quixotic", f"opening:{floor.other.slug}", "opening:pool", "stage:received"):
            assert taken.person.id.hex() not in ids_in(find(floor, floor.manager, query)), query
        for method, path, form in every_door(taken, document_of(floor.live, taken)):
            form = {"csrf": floor.manager.actor.csrf, **form} if method == "POST" else None
            answer = floor.manager.client.request(method, path, data=form)
            assert answer.status_code == 404, path
        stage = on_record(floor.live, lambda s, of=taken: s.get(type(of.application), of.application.id).stage)
        assert stage is Stage.RECEIVED


def test_what_a_manager_is_told_counts_nobody_else(floor: Floor) -> None:
    """Totals and facets count own applicants alone, whatever else these applied to and whoever may be found no more."""
    gone = apply_to(floor.live, floor.own, "Distilling")
    apply_to(floor.live, floor.own, "Distilling")
    apply_to(floor.live, floor.other, "Distilling")
    floor.live.work()
    floor.recruiter.post(f"/recruit/applications/{gone.application.id.hex()}/stage", stage="rejected", reason="Full")
    found = find(floor, floor.manager, "distilling")
    told = {hit["id"] for hit in found["hits"]}  # type: ignore[attr-defined]
    assert found["total"] == len(told)
    assert found["facets"] == {"opening": {floor.own.slug: len(told)}}
    assert find(floor, floor.recruiter, "distilling")["total"] == len(told) + 1


def test_without_an_opening_a_manager_finds_nobody_and_is_told_why(live: Live) -> None:
    """A new account with the role sees an empty house."""
    manager = staff_of(live, Role.HIRING_MANAGER)
    apply_to(live, None, "Gilding")
    live.work()
    answer = manager.client.post(
        SEARCH, json={"query": "", "purpose": "recruitment"}, headers={"X-CSRF-Token": manager.actor.csrf}
    ).json()
    assert (answer["total"], answer["hits"], answer["facets"]) == (0, [], {})
    assert "No opening was given to you yet" in manager.get("/recruit").text


def test_any_share_of_openings_reaches_exactly_its_applicants(tmp_path_factory: pytest.TempPathFactory) -> None:
    """For any drawing of openings over managers, each finds and opens exactly who applied to theirs."""
    rng = Random(20261122)
    with living(tmp_path_factory.mktemp("shares")) as live:
        recruiter = staff_of(live, Role.RECRUITER)
        posts = [open_opening(live, f"Post {number}") for number in range(4)]
        taken = [(opening, apply_to(live, opening, "Weaving")) for opening in (*posts, None, *posts)]
        live.work()
        for _ in range(6):
            manager = staff_of(live, Role.HIRING_MANAGER)
            own = rng.sample(posts, rng.randrange(len(posts) + 1))
            for opening in own:
                openings.give_opening(live.house, opening.id, manager.actor.staff_id or b"", recruiter.actor)
            theirs = {one.person.id.hex() for opening, one in taken if opening in own}
            floor = Floor(live, posts[0], posts[1], manager, recruiter)
            found = find(floor, manager)
            assert (ids_in(found), found["total"]) == (theirs, len(theirs))
            for _, one in taken:
                answer = manager.get(f"/recruit/candidates/{one.person.id.hex()}")
                assert (answer.status_code == 200) == (one.person.id.hex() in theirs)


def test_an_opening_taken_away_closes_at_the_next_request(floor: Floor) -> None:
    """Given and taken by recruiters and administrators, each time on record; nobody else's page does it."""
    administrator, manager = staff_of(floor.live, Role.ADMINISTRATOR), staff_of(floor.live, Role.HIRING_MANAGER)
    taken = apply_to(floor.live, floor.other, "Turning")
    own, path = f"/admin/openings/{floor.other.id.hex()}", f"/recruit/candidates/{taken.person.id.hex()}"
    staff_id = (manager.actor.staff_id or b"").hex()
    assert "It was given to nobody yet" in administrator.get(own).text
    administrator.post(f"{own}/managers", manager=staff_id)
    administrator.post(f"{own}/managers", manager=staff_id)
    assert manager.get(path).status_code == 200
    assert manager.post(f"{own}/managers", manager=staff_id).status_code == 403
    administrator.post(f"{own}/managers/{staff_id}/take")
    administrator.post(f"{own}/managers/{staff_id}/take")
    assert manager.get(path).status_code == 404
    actions = on_record(
        floor.live,
        lambda s: [e.action for e in s.query(AuditEntry).filter(AuditEntry.actor == administrator.actor.name)],
    )
    assert [one for one in actions if one.startswith("opening.")] == ["opening.given", "opening.taken"]


def test_an_opening_is_given_to_hiring_managers_alone(floor: Floor) -> None:
    """Not to a recruiter, a closed account or nobody; an opening that never was is not found."""
    recruiter_id = (floor.recruiter.actor.staff_id or b"").hex()
    own = f"/admin/openings/{floor.own.id.hex()}/managers"
    for wrong in (recruiter_id, new_id().hex(), "", "nonsense"):
        assert floor.recruiter.post(own, manager=wrong).status_code == 422
    assert floor.recruiter.get(f"/admin/openings/{new_id().hex()}").status_code == 404
    assert floor.recruiter.post(f"/admin/openings/{new_id().hex()}/managers", manager=recruiter_id).status_code == 404
    rows = on_record(floor.live, lambda s: s.query(OpeningManager).filter_by(staff_id=floor.recruiter.actor.staff_id))
    assert rows.count() == 0


def test_a_manager_sees_only_what_came_with_applications_to_their_openings(floor: Floor) -> None:
    """Somebody who applied twice: the other application and its document are neither shown nor drawn."""
    first, second = apply_to(floor.live, floor.own, "Carving"), apply_to(floor.live, floor.other, "Carving")
    bound = replace(floor.manager.actor, openings=frozenset({floor.own.id}))
    with floor.live.house.database.reading() as session:
        # Rows of both applications as one person's, as after a second application under a proved address.
        session.get_one(Application, second.application.id).person_id = first.person.id
        session.get_one(Document, document_of(floor.live, second)).person_id = first.person.id
        session.flush()
        for actor, count in ((bound, 1), (floor.recruiter.actor, 2)):
            applications = reach.find_applications(session, actor, first.person.id)
            documents = reach.find_documents(session, actor, first.person.id)
            assert (len(applications), len(documents)) == (count, count)
        session.rollback()
