"""The whole way in a real browser against a real server: apply without scripts, find, look, reveal, verify the record.

Every page on the way is shown to axe in light and dark, must not scroll sideways at 320 pixels, and must make the
browser complain of nothing.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from installations import PASSWORD, STAFF_EMAIL, find_candidates
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from server_process import Server, serving, wait_for

from intake.demo.people import make_people
from intake.demo.resumes import render_resume
from storage.models import utc_now

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FINISH_TRANSITIONS = "document.getAnimations().forEach(one => one.finish())"
REFUSED_FORM = "422 (Unprocessable Entity)"
"""What chromium itself says when a form comes back with its errors, which is part of the way."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROW, WIDE = 320, 1200
PATIENCE = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; its absence is told loudly, and is a failure where browsers are required."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "BROWSER TESTS DID NOT RUN: there is no chromium here (Debian: apt-get install chromium)"
        if os.environ.get("CI") or os.environ.get("VITAVAULT_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A new installation that serves."""
    with serving(tmp_path_factory.mktemp("browser")) as started:
        yield started


class Watch:
    """Looks at each page that a tab comes to, in both colour schemes and narrow, and keeps what is wrong."""

    def __init__(self, context: BrowserContext, *, has_scripts: bool = True) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self._has_scripts = has_scripts
        self.page.on("console", lambda line: self._note(line.type in ("error", "warning"), line.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))

    def _note(self, is_fault: bool, text: str) -> None:
        if is_fault and REFUSED_FORM not in text:
            self.faults.append(text)

    def look(self, name: str) -> None:
        """Show this page to axe, light and dark, wide and narrow."""
        for scheme, width in (("light", WIDE), ("dark", NARROW)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(FINISH_TRANSITIONS)  # a colour half way has a contrast that nobody sees
            if self.page.evaluate(OVERFLOW) > 0:
                self.faults.append(f"{name} scrolls sideways at {width}")
            if self._has_scripts:
                self.faults += [f"{name} ({scheme}): {fault}" for fault in ask_axe(self.page)]
        self.page.set_viewport_size({"width": WIDE, "height": 900})


def ask_axe(page: Page) -> list[str]:
    """What axe finds on a page."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def set_up(watch: Watch, server: Server) -> None:
    """The first administrator by the printed link, then one opening."""
    page = watch.page
    page.goto(server.address + server.first_link)
    watch.look("set-up")
    for name, value in (("name", "Ada Example"), ("email", STAFF_EMAIL), ("password", PASSWORD), ("again", PASSWORD)):
        page.fill(f"#{name}", value)
    page.click("main button[type=submit]")
    page.fill("#title", "Software Engineer")
    page.fill("#place", "Berlin")
    page.click("main form[action='/admin/openings'] button")
    page.get_by_role("link", name="Software Engineer").first.wait_for()
    watch.look("openings of staff")


def apply(watch: Watch, server: Server, resume: Path) -> None:
    """From the openings to the person's own page."""
    page = watch.page
    page.goto(f"{server.address}/apply")
    watch.look("openings")
    page.click("text=Software Engineer")
    watch.look("start")
    page.click("main form button[type=submit]")
    assert page.locator("#problem").is_visible()
    watch.look("start with errors")
    page.set_input_files("#file", resume)
    page.select_option("#country", "DE")
    page.check("#pool")
    page.click("main form button[type=submit]")
    page.locator("#name").wait_for()
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    wait_for("the picture of the document", lambda: picture.evaluate("image => image.naturalWidth > 0"))
    page.locator("a[href='#at-name']").click()
    assert page.locator("#at-name:target rect").is_visible()
    watch.look("details")
    page.fill("#name", "Jane Example")
    page.fill("#emails", "jane@example.org")
    page.locator("main form button[value=check]").last.click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    watch.look("check")
    page.click("main form button[type=submit]")
    page.locator(".reference").first.wait_for()
    watch.look("confirmation")
    assert page.context.cookies() == []
    page.click("text=Open my application")
    watch.look("link")
    page.click("main form button[type=submit]")
    page.get_by_role("heading", name="What we hold").wait_for()
    watch.look("me")
    for text, name in (("Replace this resume", "replace"), ("What we may write to you about", "preferences")):
        page.click(f"text={text}")
        page.locator("main form").first.wait_for()
        watch.look(name)
        page.goto(f"{server.address}/me")
    page.click("text=Links and pages that open your data now")
    page.get_by_text("This page").wait_for()
    watch.look("what opens it")


def recruit(watch: Watch, server: Server) -> None:
    """Find the candidate, see who it is, and verify the record."""
    page = watch.page
    wait_for("the keeper to index the candidate", lambda: _finds_somebody(server))
    page.goto(f"{server.address}/recruit")
    watch.look("search")
    page.fill("#query", "")
    page.select_option("#purpose", "recruitment")
    page.click("form.search button[type=submit]")
    page.locator("main a[href*='/recruit/candidates/']").first.wait_for()
    watch.look("results")
    page.locator("main a[href*='/recruit/candidates/']").first.click()
    page.get_by_text("Show who this is").wait_for()
    assert page.get_by_text("Jane Example").count() == 0
    watch.look("candidate")
    page.click("text=Show who this is")
    page.select_option("details #purpose", "recruitment")
    page.click("details form button")
    page.get_by_role("heading", name="Jane Example").wait_for()
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    wait_for("the picture of the page", lambda: picture.evaluate("image => image.naturalWidth > 0"))
    watch.look("revealed")


def _finds_somebody(server: Server) -> bool:
    browser = server.browser()
    browser.submit(browser.open("/sign-in"), "/sign-in", {"email": STAFF_EMAIL, "password": PASSWORD})
    return bool(find_candidates(browser, ""))


def oversee(watch: Watch, server: Server) -> None:
    """The privacy office's pages."""
    page = watch.page
    for path in (
        "/privacy",
        "/privacy/mail",
        "/privacy/holds",
        "/privacy/why",
        "/privacy/audit",
        f"/privacy/report/{utc_now():%Y-%m}",
        "/admin/staff",
        "/admin/tokens",
        "/recruit/decided",
        "/account",
    ):
        page.goto(server.address + path)
        watch.look(path)
    page.goto(f"{server.address}/privacy/audit")
    page.click("main form button")
    page.wait_for_load_state()
    watch.look("verified record")


def keep_passkey(watch: Watch, server: Server) -> None:
    """A passkey made on the account page signs in alone, by the browser's own authenticator."""
    page = watch.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    chosen = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = chosen | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    by_name = server.address.replace("127.0.0.1", "localhost")
    page.goto(f"{by_name}/sign-in")
    watch.look("sign-in")
    page.fill("#email", STAFF_EMAIL)
    page.fill("#password", PASSWORD)
    page.click("main form:not([data-passkey]) button")
    page.goto(f"{by_name}/account/passkeys")
    page.fill("#name", "This machine")
    watch.look("new passkey")
    page.click("text=Make a passkey")
    page.locator("bdi", has_text="This machine").wait_for()
    watch.look("account with a passkey")
    page.click("text=Sign out >> nth=0")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/recruit")
    page.goto(f"{by_name}/account")
    page.locator("small", has_text="last used").wait_for()


@pytest.mark.parametrize("layout", ["classic", "sidebar"])
def test_a_typeset_resume_is_read(layout: str, server: Server) -> None:
    """A PDF as people send it goes in, and its fields are read from it."""
    person = make_people(3)[1]
    browser = server.browser()
    start = browser.open("/apply/pool")
    file = ("resume.pdf", render_resume(person, layout))
    page = browser.submit(start, "/apply/pool", {"country": "DE"}, file=file)
    assert page.path.endswith("/details")
    assert person.email in page.text


def test_the_whole_way_in_a_browser_with_every_page_looked_at(browser: Browser, server: Server, tmp_path: Path) -> None:
    """Somebody applies without scripts and with them, staff find and see them; no page has a fault."""
    resume = tmp_path / "resume.pdf"
    resume.write_bytes(render_resume(make_people(1)[0], "classic"))
    with ExitStack() as contexts:

        def watch(*, has_scripts: bool = True) -> Watch:
            context = contexts.enter_context(browser.new_context(java_script_enabled=has_scripts))
            return Watch(context, has_scripts=has_scripts)

        staff, plain, scripted = watch(), watch(has_scripts=False), watch()
        set_up(staff, server)
        apply(plain, server, resume)
        apply(scripted, server, resume)
        recruit(staff, server)
        oversee(staff, server)
        keep_passkey(staff, server)
        faults = staff.faults + plain.faults + scripted.faults
        assert faults == [], "\n".join(faults)
