"""A decision is undone with a reason: the clock starts anew, and the record shows both; mail that did not arrive."""

import pytest
from houses import Live, on_record, put_on_record, staff_of

from intake.desk.openings import create_opening
from storage.identifiers import new_id
from storage.models import Application, Bounce, Person, Role
from storage.profile import Profile
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket


def rejected(live: Live) -> tuple[Person, Application]:
    """Somebody turned away, who did not ask to be kept."""
    profile = Profile(name="Jane Example", emails=("jane@example.org",))
    with live.house.database.writing() as session:
        slug = create_opening(session, live.house, title=f"Falconer {new_id().hex()}", place="", actor="test").slug
    taken = put_on_record(live, profile, consents=(), opening=slug)
    return taken.person, taken.application


def test_a_decision_leads_to_its_own_page_and_is_undone_there(live: Live) -> None:
    """Rejected the candidate is out of sight; undone they are back, with the end recomputed and the reason kept."""
    person, application = rejected(live)
    recruiter = staff_of(live, Role.RECRUITER)
    before = on_record(live, lambda s: s.get(Person, person.id).ends_on)
    moving = f"/recruit/applications/{application.id.hex()}/stage"
    decided = recruiter.post(moving, stage="rejected", reason="Another person fits better.")
    assert decided.url.path == f"/recruit/decided/{application.reference}"
    assert "Jane" not in decided.text
    assert recruiter.get(f"/recruit/candidates/{person.id.hex()}").status_code == 404
    assert on_record(live, lambda s: s.get(Person, person.id).ends_on) != before
    path = f"{decided.url.path}/reopen"
    assert recruiter.post(path, reason=" ").status_code == 422
    assert recruiter.post(path, reason="I clicked the wrong one.").url.path == f"/recruit/candidates/{person.id.hex()}"
    row = on_record(live, lambda s: s.get(Application, application.id))
    assert (row.stage, row.decision_on, row.decided_by) == (Stage.REVIEW, None, None)
    assert on_record(live, lambda s: s.get(Person, person.id).ends_on) == before
    key = live.house.vault.key_of(person)
    kept = live.house.vault.sealer.open_text(key, "decision_reason", row.id, row.decision_reason)
    assert "Another person fits better." in kept
    assert "I clicked the wrong one." in kept
    assert recruiter.post(path, reason="Again.").status_code == 409


def test_a_decision_is_found_by_its_reference(live: Live) -> None:
    """Also later, and by nobody whose openings it does not belong to."""
    _, application = rejected(live)
    recruiter = staff_of(live, Role.RECRUITER)
    moving = f"/recruit/applications/{application.id.hex()}/stage"
    assert recruiter.get("/recruit/decided").status_code == 200
    assert recruiter.post("/recruit/decided", reference="").status_code == 422
    assert recruiter.post("/recruit/decided", reference=application.reference).status_code == 422
    recruiter.post(moving, stage="rejected", reason="No.")
    found = recruiter.post("/recruit/decided", reference=f" {application.reference.lower()} ")
    assert "Put it back under review" in found.text
    manager = staff_of(live, Role.HIRING_MANAGER)
    assert manager.get(f"/recruit/decided/{application.reference}").status_code == 404


def test_the_privacy_office_sees_mail_that_came_back(live: Live) -> None:
    """By reference and status; neither an address nor a name."""
    person, application = rejected(live)
    address = live.house.vault.address_digest("jane@example.org")
    with live.house.database.writing() as session:
        for whose in (person.id, None):
            session.add(
                Bounce(
                    id=new_id(), person_id=whose, mail_id=new_id(), address=address, status="5.1.1", at=live.house.now()
                )
            )
    page = staff_of(live, Role.PRIVACY_OFFICER).get("/privacy/mail")
    assert application.reference in page.text
    assert "5.1.1" in page.text
    assert "A member of staff" in page.text
    assert "jane@" not in page.text
