"""Error pages: each says what happened, what was kept and what to do."""

import pytest
from page_requests import make_request

from intake.web.faults import FAULTS, find_fault_code, render_fault


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_has_a_page_with_its_status_and_all_three_answers(code: str) -> None:
    """The page has the fault's own status and none of its sentences is missing."""
    fault = FAULTS[code]
    answer = render_fault(make_request(), code)
    page = bytes(answer.body).decode()
    assert answer.status_code == fault.status
    assert all(sentence in page for sentence in (fault.title, fault.happened, fault.kept, fault.advice))


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 415, 422, 429, 500, 503])
def test_each_status_that_people_meet_has_a_page_of_its_own(status: int) -> None:
    """A bare status is told by the page for exactly that status."""
    assert FAULTS[find_fault_code(status)].status == status


def test_a_status_without_a_page_is_told_as_the_nearest_one() -> None:
    """Faults of ours are never blamed on the visitor."""
    assert find_fault_code(418) == "bad_request"
    assert find_fault_code(508) == "internal"


def test_the_time_to_wait_is_shown_and_sent() -> None:
    """People and programs are told the same number of seconds."""
    answer = render_fault(make_request(), "too_many_requests", retry_after=30)
    assert answer.headers["retry-after"] == "30"
    assert "Try again in 30 seconds." in bytes(answer.body).decode()
