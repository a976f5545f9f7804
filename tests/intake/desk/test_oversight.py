"""What the privacy office is shown of staff and of a month: true to the record, and true after its people are gone."""

from datetime import timedelta

import pytest
from houses import Live, SettableClock, living, put_on_record, staff_of

from intake.desk import office, oversight
from storage.identifiers import new_id
from storage.models import EndCause, Ending, Role
from storage.profile import Profile
from storage.vocabulary import Action

pytestmark = pytest.mark.enable_socket


@pytest.mark.promise("S6")
def test_looks_are_counted_for_each_member_of_staff(live: Live) -> None:
    """By name, the most frequent first; blind looks do not count, and whose account is gone keeps a pseudonym."""
    ada, eve = staff_of(live, Role.RECRUITER, name="Ada Often"), staff_of(live, Role.RECRUITER, name="Eve Seldom")
    path = f"/recruit/candidates/{put_on_record(live).person.id.hex()}"
    for who, times in ((ada, 3), (eve, 1)):
        for _ in range(times):
            who.post(f"{path}/reveal", purpose="recruitment")
        who.get(path)
    looks = [(one.who, one.role, one.revealed) for one in oversight.count_recent_looks(live.house)]
    assert looks == [("Ada Often", "recruiter", 3), ("Eve Seldom", "recruiter", 1)]
    page = staff_of(live, Role.PRIVACY_OFFICER).get("/privacy").text
    assert page.index("Ada Often") < page.index("Eve Seldom")


def test_an_end_under_way_is_listed_with_its_age_and_what_it_waits_for(live: Live) -> None:
    """By receipt, never by name."""
    at = live.house.now() - timedelta(hours=5)
    with live.house.database.writing() as session:
        session.add(
            Ending(
                id=new_id(), subject=new_id(), receipt="VR-TEST-0001", cause=EndCause.RETENTION, action=Action.PURGE,
                rule="pool", ended_at=at, key_gone_at=at,
            )
        )  # fmt: skip
    page = staff_of(live, Role.PRIVACY_OFFICER).get("/privacy").text
    assert "VR-TEST-0001" in page
    assert "The word index is to be made anew" in page
    assert office.look_over(live.house).oldest_ending_hours == 5


def test_a_month_reads_true_after_its_people_are_gone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What came, what ended by which rule, nights, looks and verifications, in the month in which they happened."""
    clock = SettableClock()
    with living(tmp_path_factory.mktemp("month"), clock=clock) as live:
        recruiter, officer = staff_of(live, Role.RECRUITER), staff_of(live, Role.PRIVACY_OFFICER)
        for number in range(3):
            put_on_record(live, Profile(name="Jane Example", emails=(f"jane{number}@example.org",)))
        person = put_on_record(live).person.id.hex()
        recruiter.post(f"/recruit/candidates/{person}/reveal", purpose="recruitment")
        live.work()
        live.night()
        officer = staff_of(live, Role.PRIVACY_OFFICER)
        officer.post("/privacy/audit")
        clock.advance(days=900)
        live.night()
        march = oversight.report_month(live.house, clock.now.date().replace(year=2026, month=3, day=1))
        assert (march.received, march.by_source, march.ended) == (4, {"person": 4}, ())
        assert [one.revealed for one in march.looks] == [1]
        assert [one.is_sound for one in march.verifications] == [True]
        assert (march.incidents, march.restores, march.holds_placed) == (0, 0, 0)
        assert (march.nights, march.nights_missed) == (1, 29)
        later = oversight.report_month(live.house, clock.now.date().replace(day=1))
        assert later.received == 0
        assert sum(count for *_, count in later.ended) == 4
        assert {cause for cause, *_ in later.ended} == {"retention"}
        assert not later.is_over
        assert (later.people, later.past_due, later.ending) == (0, 0, 0)


def test_the_report_is_a_page_for_officers_and_auditors(live: Live) -> None:
    """This month and those before; none that lies ahead, and no month that is none."""
    officer = staff_of(live, Role.PRIVACY_OFFICER)
    assert "Privacy report, March 2026" in officer.get("/privacy/report/2026-03").text
    assert "Incidents: none on record." in officer.get("/privacy/report/2026-02").text
    assert "/privacy/report/2026-03" in officer.get("/privacy").text
    for wrong in ("2026-04", "2026-13", "march", "2026-3"):
        assert officer.get(f"/privacy/report/{wrong}").status_code == 404
    assert staff_of(live, Role.AUDITOR).get("/privacy/report/2026-03").status_code == 200
    assert staff_of(live, Role.RECRUITER).get("/privacy/report/2026-03").status_code == 403
