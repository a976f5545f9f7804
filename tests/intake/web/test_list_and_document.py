"""Recruiters read a document beside the list of who was found: blind, each look on record."""

import re

import pytest
from houses import Live, Signed, on_record, put_on_record, staff_of

from storage.models import AuditEntry, Role
from storage.profile import Education, Profile, Work

pytestmark = pytest.mark.enable_socket
PERSON = Profile(
    name="Jane Example",
    emails=("jane@example.org",),
    work=(Work("Acme GmbH", "Glassblower", "2019"),),
    education=(Education("University of Example", "BSc", "Craft", "2001", "2004"),),
)


def results_of(who: Signed, query: str) -> str:
    """The page of what a search found."""
    return str(who.post("/recruit/search", query=query, purpose="recruitment").text)


def test_a_document_is_read_beside_the_list_blind(live: Live) -> None:
    """The document's text stands beside the hits without name, address or years of study; the look is on record."""
    taken = put_on_record(live, PERSON, text="Jane Example blew glass.\njane@example.org\n2001 - 2004 BSc Craft")
    live.work()
    who = staff_of(live, Role.RECRUITER)
    page = results_of(who, "glassblower")
    assert "Choose somebody in the list" in page
    (link,) = re.findall(r'href="([^"]*show=[0-9a-f]{32})"', page)
    shown = who.get(link.replace("&amp;", "&")).text
    beside = shown[shown.index("Beside the list") :]
    assert "blew glass" in beside
    assert "Shown beside the list" in shown
    for kept_back in ("Jane", "jane@", "2001"):
        assert kept_back not in shown
    looks = on_record(
        live, lambda s: s.query(AuditEntry).filter_by(actor=who.actor.name, action="candidate.viewed").count()
    )
    assert looks == 1
    assert taken.person.id.hex() in shown


def test_nobody_stands_beside_a_list_who_may_not_be_seen(live: Live) -> None:
    """An id that is none, or out of reach, is not found."""
    taken, who = put_on_record(live, PERSON), staff_of(live, Role.HIRING_MANAGER)
    answer = who.post("/recruit/search", query="", purpose="recruitment")
    for wrong in ("nonsense", "00" * 16, taken.person.id.hex()):
        assert who.get(f"{answer.url.path}?purpose=recruitment&show={wrong}").status_code == 404
