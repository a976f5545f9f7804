"""Templates escape, miss nothing silently, and speak the reader's language."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from gallery import CONFIRMATION, DETAILS, PAGES, REVEALED, SIGN_IN, START
from jinja2 import UndefinedError
from page_requests import make_request
from starlette.requests import Request

from intake.web.apply.views import Read
from intake.web.rendering import Pages, render, static_url
from intake.web.words import WORDS
from storage.profile import PROFILE_FIELDS, REGISTRY, Category, Verdict
from storage.vocabulary import Action, Basis, Channel, Purpose, Source, Stage

HOSTILE = """"><img src=x onerror=alert(1)>{{ 7 * 7 }}<script>alert('x')</script>"""


def body_of(template: str, *, request: Request | None = None, **values: object) -> str:
    """The text of one rendered page."""
    return bytes(render(request or make_request(), template, **values).body).decode()


@pytest.mark.asvs("1.2.1")
@pytest.mark.parametrize("field", ["name", "location", "links", "summary", "skills"])
def test_what_was_read_from_a_document_is_shown_as_text(field: str) -> None:
    """Markup and template code inside a resume reach the page as the characters that they are."""
    page = body_of("apply/details.html", view=replace(DETAILS, **{field: Read(HOSTILE)}))
    assert "<img src=x" not in page
    assert "<script>" not in page
    assert "{{ 7 * 7 }}" in page
    assert "&#34;&gt;&lt;img" in page


@pytest.mark.asvs("1.2.1")
def test_names_in_translated_sentences_are_escaped() -> None:
    """A value put into a translated sentence is escaped like any other."""
    page = body_of("apply/details.html", view=replace(DETAILS, file_name=HOSTILE))
    assert "<img src=x" not in page
    assert "Example &lt;Hospitals&gt;" in page


@pytest.mark.asvs("1.2.2")
def test_links_from_a_resume_never_become_links() -> None:
    """An address read from a document is text; only the product's own addresses are followed."""
    facts = (replace(REVEALED.facts[0], field="links", values=("javascript:alert(1)", "https://example.org/x")),)
    page = body_of("recruit/candidate.html", view=replace(REVEALED, facts=facts))
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page
    assert 'href="https://example.org/x"' not in page


def test_a_name_that_the_view_does_not_have_is_an_error_not_a_gap() -> None:
    """A template that asks for something unknown raises, so that no promise vanishes from a page."""
    with pytest.raises(UndefinedError):
        body_of("apply/start.html")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_a_script_or_a_style_of_its_own(name: str) -> None:
    """Nothing that our own content security policy would refuse is written into a page."""
    template, values = PAGES[name]
    page = body_of(template, **values)
    assert re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?! src=)|javascript:", page) is None
    own = re.sub(r'<a class="outside" href="https://[^"]+" rel="noreferrer external">', "", page)
    assert re.search(r"(?:src|href)=\"(?:https?:)?//", own) is None


@pytest.mark.parametrize("name", PAGES)
def test_ids_on_a_page_are_unique_and_every_description_exists(name: str) -> None:
    """Labels, hints and faults point at elements that are there once."""
    template, values = PAGES[name]
    page = body_of(template, **values)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    pointers = " ".join(re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', page)).split()
    assert set(pointers) <= set(ids)


def test_a_moment_is_shown_in_the_zone_of_the_policy() -> None:
    """Late on a UTC evening it is the next day in Tokyo."""
    view = replace(CONFIRMATION, received_at=datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
    page = body_of("apply/confirmation.html", view=view)
    assert '<time datetime="2026-11-21T07:00+09:00">21 Nov 2026, 07:00</time>' in page


def test_the_language_is_the_visitors_choice_then_the_browsers_then_the_installations() -> None:
    """A choice in the address wins over the browser's wish; an unknown wish falls back."""
    pages: Pages = make_request().app.state.pages
    assert pages.language_of(make_request(query="lang=ar", accept_language="de")) == "ar"
    assert pages.language_of(make_request(accept_language="fr;q=0.9, de-AT;q=0.8, en;q=0.1")) == "de"
    assert pages.language_of(make_request(accept_language="xx, *;q=0.1")) == "en"
    assert pages.language_of(make_request(query="lang=../../etc")) == "en"


def test_a_route_may_set_the_language_that_a_draft_remembers() -> None:
    """What a route knows wins over everything the visitor's browser says."""
    request = make_request(query="lang=ar", accept_language="en")
    request.state.language = "de"
    assert render(request, "accessibility.html").headers["content-language"] == "de"


def test_a_chosen_language_is_carried_into_forms_and_links_without_a_cookie() -> None:
    """An explicit choice stands in every address of the page; a browser's wish needs not."""
    chosen = body_of("apply/start.html", request=make_request(query="lang=de"), view=START)
    assert 'action="/apply/registered-nurse?lang=de"' in chosen
    wished = body_of("apply/start.html", request=make_request(accept_language="de"), view=START)
    assert 'action="/apply/registered-nurse"' in wished
    assert "set-cookie" not in render(make_request(), "apply/start.html", view=START).headers


def test_pages_in_arabic_run_from_right_to_left() -> None:
    """Direction and language stand on the document itself."""
    page = body_of("apply/start.html", request=make_request(query="lang=ar"), view=START)
    assert '<html lang="ar" dir="rtl">' in page


def test_languages_are_offered_only_where_a_link_can_show_the_same_page() -> None:
    """The answer to a form has no address of its own, so no link in another language leads to it."""
    assert "hreflang" in body_of("accessibility.html")
    assert "hreflang" not in body_of("accessibility.html", request=make_request(method="POST"))


def test_the_address_of_a_static_file_changes_with_its_content() -> None:
    """The address carries the content's digest."""
    assert re.fullmatch(r"/static/vitavault\.css\?v=[0-9a-f]{12}", static_url("vitavault.css"))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("stage", Stage), ("source", Source), ("source_to_you", Source), ("channel", Channel), ("basis", Basis),
        ("purpose", Purpose), ("category", Category), ("action", Action), ("verdict", Verdict), ("field", REGISTRY),
    ],
)  # fmt: skip
def test_every_value_that_is_stored_has_words(kind: str, values: object) -> None:
    """No code of the database or the registry is shown to a person as it is stored."""
    assert {str(value) for value in values} <= set(WORDS[kind])  # type: ignore[attr-defined]


def test_fields_are_called_what_the_registry_calls_them() -> None:
    """Pages and exports use the same names for the same data."""
    assert {name: WORDS["field"][name] for name in PROFILE_FIELDS} == {n: f.label for n, f in PROFILE_FIELDS.items()}


def test_pages_for_staff_speak_one_language_whole() -> None:
    """There is no catalogue for staff, so a browser's wish does not turn half of a page around."""
    page = body_of("recruit/sign_in.html", request=make_request(accept_language="ar"), view=SIGN_IN)
    assert '<html lang="en" dir="ltr">' in page
