"""Every page of the gallery in a real browser.

axe finds nothing, our own content security policy refuses nothing, and nothing scrolls sideways.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from gallery import PAGES, PERSON_PAGES
from gallery_server import serve_gallery
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = 320, 1280
VIEWS = {"light": WIDE, "dark": NARROW}
DEAD_LINKS = (
    """[...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute("href").slice(1))"""
    ".filter(id => !document.getElementById(id))"
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve_gallery() as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "BROWSER TESTS DID NOT RUN: there is no chromium here (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(browser: Browser) -> dict[str, Page]:
    return {
        scheme: browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        for scheme, width in VIEWS.items()
    }


def look_at(page: Page, address: str, *, audit: bool = True) -> list[str]:
    """Open one page and list what is wrong with it; without ``audit`` axe does not run."""
    complaints: list[str] = []

    def note(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            complaints.append(line.text)

    page.on("console", note)
    answer = page.goto(address)
    complaints += [f"#{target} leads nowhere" for target in page.evaluate(DEAD_LINKS)]
    if answer is None or answer.status != 200:
        complaints.append("no answer")
    if page.evaluate(OVERFLOW) > 0:
        complaints.append("scrolls sideways")
    page.remove_listener("console", note)
    return complaints + (ask_axe(page) if audit else [])


def ask_axe(page: Page) -> list[str]:
    """What axe finds on the open page, rule by rule."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_faults_light_and_wide_or_dark_and_narrow(
    name: str, pages: dict[str, Page], address: str
) -> None:
    """With data and with errors, each page passes in both schemes and at both widths."""
    faults = {scheme: look_at(page, f"{address}/gallery/{name}") for scheme, page in pages.items()}
    assert faults == {"light": [], "dark": []}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_pages_for_people_fit_in_other_languages(language: str, browser: Browser, address: str) -> None:
    """Longer words and right-to-left script fit a narrow screen; the browser's own wish is enough to get them."""
    page = browser.new_page(viewport={"width": NARROW, "height": 800}, locale=language)
    faults = {name: look_at(page, f"{address}/gallery/{name}", audit=False) for name in PERSON_PAGES}
    assert {name: found for name, found in faults.items() if found} == {}
    assert page.locator("html").get_attribute("lang") == language
    assert ask_axe(page) == []
    page.close()


def test_focus_starts_at_the_problem_and_its_links_lead_to_the_fields(browser: Browser, address: str) -> None:
    """After a refused form the summary is read first, and one key press leads to the input."""
    page = browser.new_page(java_script_enabled=True)
    page.goto(f"{address}/gallery/apply-start-errors")
    page.wait_for_function("document.activeElement.id === 'problem'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'file'")
    page.close()


def test_everything_a_page_does_is_reachable_by_keyboard_in_reading_order(browser: Browser, address: str) -> None:
    """Tab visits every visible control of the longest form once, in the order in which it stands."""
    page = browser.new_page()
    page.goto(f"{address}/gallery/apply-details")
    expected = page.evaluate(
        "[...document.querySelectorAll("
        "'a, button, input:not([type=hidden]), textarea, select, summary, [tabindex=\"0\"]')]"
        ".filter(e => e.tabIndex >= 0 && e.checkVisibility()).map(e => e.id || e.value || e.textContent)"
    )
    visited = []
    for _ in expected:
        page.keyboard.press("Tab")
        visited.append(page.evaluate("(e => e.id || e.value || e.textContent)(document.activeElement)"))
    assert visited == expected
    page.close()


def test_pages_work_without_scripts(browser: Browser, address: str) -> None:
    """Without JavaScript the forms, their errors and the numbers behind charts are all there."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/gallery/privacy-home")
    page.locator("summary").first.click()
    assert page.locator(".chart table").is_visible()
    page.goto(f"{address}/gallery/apply-start-errors")
    assert page.locator("#file").get_attribute("aria-invalid") == "true"
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_leads_to_the_address_of_its_results_with_and_without_scripts(
    scripts: bool, browser: Browser, address: str
) -> None:
    """The form is a plain form; with scripts the results come without loading the page again."""
    page = browser.new_page(java_script_enabled=scripts)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(f"{address}/gallery/recruit-search")
    if scripts:
        page.evaluate("window.stayed = true")
    page.locator("#query").fill("nurse")
    page.locator("#query").press("Enter")
    page.wait_for_url("**/gallery/recruit-search-results")
    assert page.get_by_role("heading", name="43 candidates").is_visible()
    assert complaints == []
    if scripts:
        assert page.evaluate("window.stayed")
        assert page.locator("form[role=search]").count() == 1
    page.close()
