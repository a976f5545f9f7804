"""Staff data: theirs to see, take and correct; ended by the night; and training that opens what identifies."""

from datetime import timedelta
from pathlib import Path

import pytest
from houses import Live, living, on_record, put_on_record, staff_of
from sqlalchemy import text

from storage.models import AuditEntry, Role, Staff
from storage.queries.staff_ends import columns_naming_staff

pytestmark = pytest.mark.enable_socket


def test_staff_see_and_take_what_is_held_about_them(live: Live) -> None:
    """All of it but what signs them in; that it was taken is on record; until when it is kept stands beside."""
    who = staff_of(live, Role.RECRUITER, name="Ada Example")
    who.post(f"/recruit/candidates/{put_on_record(live).person.id.hex()}/reveal", purpose="recruitment")
    answer = who.get("/account/data.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    told = answer.json()
    assert (told["name"], told["email"], told["roles"]) == ("Ada Example", who.email, ["recruiter"])
    assert told["acts_on_record"]["candidate.revealed"] == 1
    assert told["kept"]["after_the_account_ends"] == "12 months"
    assert "argon2id$" not in answer.text
    page = who.get("/account").text
    assert "it is kept for 12 months" in page
    assert "No privacy training is on record." in page
    live.clock.advance(minutes=11)
    assert "acts_on_record" not in who.get("/account/data.json").text


def test_staff_correct_their_own_name(live: Live) -> None:
    """Sealed like the one before; an empty name is refused."""
    who = staff_of(live, Role.AUDITOR, name="Ada Exmaple")
    assert "Ada Example" in who.post("/account/name", name=" Ada  Example ").text
    assert who.post("/account/name", name=" ").status_code == 422


def test_the_night_ends_accounts_whose_time_is_over_and_no_other(tmp_path: Path) -> None:
    """Twelve months after the account closed: every row goes, the pseudonym on record and on notes stays."""
    with living(tmp_path) as live:
        person = put_on_record(live)
        leaver = staff_of(live, Role.RECRUITER, name="Lea Leaver")
        kept, ending = staff_of(live, Role.RECRUITER), staff_of(live, Role.AUDITOR)
        leaver.post(f"/recruit/candidates/{person.person.id.hex()}/notes", note="Called.")
        leaver.post("/recruit/search", query="brewing")
        boss = staff_of(live, Role.ADMINISTRATOR)
        leaver_id = (leaver.actor.staff_id or b"").hex()
        boss.post(f"/admin/staff/{leaver_id}/disable")
        with live.house.database.writing() as session:
            session.get_one(Staff, ending.actor.staff_id).ends_on = live.house.today() + timedelta(days=30)
        for days, left in ((364, {leaver, ending}), (3, {ending}), (31, set())):
            live.clock.advance(days=days)
            live.night()
            rows = on_record(live, lambda s: {row.id for row in s.query(Staff)})
            assert {one for one in (leaver, ending) if one.actor.staff_id in rows} == left
        assert kept.actor.staff_id in on_record(live, lambda s: {row.id for row in s.query(Staff)})
        entries = on_record(live, lambda s: s.query(AuditEntry).filter_by(actor=leaver.actor.name).count())
        assert entries > 0
        with live.house.database.reading() as session:
            for table, column in columns_naming_staff():
                count = text(f"SELECT count(*) FROM {table.name} WHERE {column.name} = :id")  # noqa: S608 - our names
                assert session.execute(count, {"id": leaver.actor.staff_id}).scalar() == 0, table.name


def test_a_note_outlives_its_authors_account(tmp_path: Path) -> None:
    """The note is the candidate's data and stays readable; of its author nothing but a pseudonym is left."""
    with living(tmp_path) as live:
        person, leaver = put_on_record(live), staff_of(live, Role.RECRUITER, name="Lea Leaver")
        path = f"/recruit/candidates/{person.person.id.hex()}"
        assert "Lea Leaver" in leaver.post(f"{path}/notes", note="Called.").text
        with live.house.database.writing() as session:
            session.get_one(Staff, leaver.actor.staff_id).disabled_at = live.house.now() - timedelta(days=400)
        live.night()
        page = staff_of(live, Role.RECRUITER).get(path).text
        assert "Called." in page
        assert "Lea Leaver" not in page


@pytest.mark.promise("D2")
def test_without_a_training_that_counts_nobody_is_identified(tmp_path: Path) -> None:
    """Where the policy asks for it: blind review goes on, names and pictures stay closed until one is entered."""
    with living(tmp_path, policy="us-staffing") as live:
        who, officer = staff_of(live, Role.RECRUITER), staff_of(live, Role.PRIVACY_OFFICER)
        taken = put_on_record(live, consents=())
        path = f"/recruit/candidates/{taken.person.id.hex()}"
        document = f"{path}/documents/{'00' * 16}/1.png?purpose=recruitment"
        page = who.get(path)
        assert page.status_code == 200
        assert "Your privacy training is not on record" in page.text
        for refused in (who.post(f"{path}/reveal", purpose="recruitment"), who.get(document)):
            assert refused.status_code == 403
            assert "Jane Example" not in refused.text
        colleague, today = (who.actor.staff_id or b"").hex(), live.house.today()
        assert officer.post("/training", colleague=colleague, trained_on="soon").status_code == 422
        ahead = (today + timedelta(days=1)).isoformat()
        assert officer.post("/training", colleague=colleague, trained_on=ahead).status_code == 422
        assert officer.post("/training", colleague="", trained_on=today.isoformat()).status_code == 422
        officer.post("/training", colleague=colleague, trained_on=(today - timedelta(days=366)).isoformat())
        assert who.post(f"{path}/reveal", purpose="recruitment").status_code == 403
        officer.post("/training", colleague=colleague, trained_on=(today - timedelta(days=300)).isoformat())
        assert "Jane Example" in who.post(f"{path}/reveal", purpose="recruitment").text
        assert on_record(live, lambda s: s.query(AuditEntry).filter_by(action="staff.trained").count()) == 2
        assert who.get("/training").status_code == 403
