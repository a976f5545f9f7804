"""Links that leave the site are marked and tell the other site nothing (C15)."""

import re

import pytest
from page_requests import make_request

from intake.web.formats import link_runs
from intake.web.public import NoticeView
from intake.web.rendering import TEMPLATES, render
from retention.policy.notice import Paragraph, Section

BARE = re.compile(r"<a\b[^>]*href=\"(?:https?:)?//")


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", ()),
        ("no address", (("no address", ""),)),
        (
            "See https://example.org/a, or write.",
            (("See ", ""), ("https://example.org/a", "https://example.org/a"), (", or write.", "")),
        ),
        ("(http://example.org)", (("(", ""), ("http://example.org", "http://example.org"), (")", ""))),
        ('"><script>', (('"><script>', ""),)),
    ],
)
def test_addresses_of_other_sites_are_found_in_a_text(text: str, runs: tuple[tuple[str, str], ...]) -> None:
    """Without the punctuation around them; everything else stays text."""
    assert link_runs(text) == runs


@pytest.mark.promise("C15")
def test_an_address_in_the_notice_is_marked_and_carries_no_referrer() -> None:
    """The word is there for those who do not see the mark."""
    section = Section("complain", "Complaints", (Paragraph("x", (), "Complain at https://authority.example.org/x."),))
    view = NoticeView("Notice", "1", "0" * 64, "en", (), (section,))
    page = bytes(render(make_request("/notice"), "notice.html", view=view).body).decode()
    (link,) = re.findall(r"<a class=\"outside\"[^>]*>.*?</a>", page)
    assert 'rel="noreferrer external"' in link
    assert "leaves this site" in link
    assert page.count("authority.example.org") == 2, "once as address, once as text"


@pytest.mark.promise("C15")
def test_no_page_links_elsewhere_but_by_the_marked_way() -> None:
    """A template writes no address of another site by itself."""
    found = {path.name for path in TEMPLATES.rglob("*.html") if BARE.search(path.read_text("utf-8"))}
    assert found == set()
