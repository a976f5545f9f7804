"""Draw the screenshots of the README and the guides from a demo: ``uv run python script/screenshots.py [OUT_DIR]``.

Starts ``vitavault demo`` with its fictional people, walks through it in chromium, and writes one PNG for each screen.
"""

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from intake.demo.people import make_people
from intake.demo.resumes import render_resume

PORT = 8765
SCREEN: ViewportSize = {"width": 1100, "height": 820}
BASE = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
COMMAND = [str(Path(sys.executable).with_name("vitavault")), "demo", "--port", str(PORT)]


def read_accounts(process: subprocess.Popen[str]) -> dict[str, tuple[str, str]]:
    """Role to address and password, from what the demo prints before it serves."""
    accounts: dict[str, tuple[str, str]] = {}
    for line in process.stdout or ():
        found = re.match(r"\s+(\w[\w ]*?)\s{2,}(\S+@\S+)\s+(\S+)\s*$", line)
        if found:
            accounts[found[1]] = (found[2], found[3])
        if line.startswith("Vitavault serves"):
            break
    return accounts


def wait_until_served() -> None:
    """Return once the demo answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{BASE}/healthz", timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.5)
        else:
            return


def sign_in(page: Page, account: tuple[str, str]) -> None:
    """Sign a member of the demo's staff in."""
    page.goto(f"{BASE}/sign-in")
    page.fill("#email", account[0])
    page.fill("#password", account[1])
    page.click("main button[type=submit]")


def shoot(page: Page, folder: Path, name: str, *, whole: bool = False) -> None:
    """Write one screen, once its pictures are there."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(folder / f"{name}.png"), full_page=whole)
    print(name)


def apply(page: Page, folder: Path) -> None:
    """From the openings to the person's own page."""
    person = make_people(1, seed=5)[0]
    page.goto(f"{BASE}/apply")
    shoot(page, folder, "openings")
    page.locator("main h2 a").first.click()
    shoot(page, folder, "apply-start")
    resume = {"name": "resume.pdf", "mimeType": "application/pdf", "buffer": render_resume(person, "sidebar")}
    page.set_input_files("#file", resume)  # type: ignore[arg-type]
    page.select_option("#country", "IE")
    if page.query_selector("#age"):
        page.check("#age")
    page.check("#pool")
    page.click("main form button[type=submit]")
    shoot(page, folder, "apply-details")
    page.locator("main form button[value=check]").last.click()
    shoot(page, folder, "apply-check")
    page.click("main form button[type=submit]")
    shoot(page, folder, "confirmation")
    page.click("main a[href*='/link/']")
    page.click("main form button[type=submit]")
    shoot(page, folder, "me")
    for path, name in OWN_PAGES:
        page.goto(f"{BASE}{path}")
        shoot(page, folder, name)


OWN_PAGES = (("/me/correct", "me-correct"), ("/me/receipts", "me-receipts"), ("/me/access", "me-access"))
STAFF_PAGES = {
    "privacy officer": (
        ("/privacy", "privacy"),
        ("/privacy/why", "privacy-why"),
        ("/privacy/holds", "privacy-holds"),
        ("/privacy/promises", "privacy-promises"),
        ("/privacy/audit", "privacy-record"),
    ),
    "administrator": (("/admin/first-hour", "first-hour"), ("/admin/staff", "admin-staff"), ("/account", "account")),
}
"""What is looked at by role: address and name of the screen."""


def recruit(page: Page, folder: Path) -> None:
    """Search, look blind, reveal for a purpose."""
    page.goto(f"{BASE}/recruit")
    page.fill("#query", "analyst OR engineer OR nurse")
    page.click("form.search button[type=submit]")
    page.wait_for_url("**/recruit/search/**")
    shoot(page, folder, "recruit-results")
    page.locator("main a[href*='/recruit/candidates/']").first.click()
    shoot(page, folder, "candidate-blind")
    page.click("summary")
    page.select_option("#purpose", index=1)
    page.click("form[action*='/reveal'] button[type=submit]")
    shoot(page, folder, "candidate-revealed")


def main() -> None:
    """Start the demo, draw, stop it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/screens")
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
    try:
        accounts = read_accounts(process)
        wait_until_served()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            apply(browser.new_page(viewport=SCREEN), folder)
            page = browser.new_page(viewport=SCREEN)
            sign_in(page, accounts["recruiter"])
            recruit(page, folder)
            for role, pages in STAFF_PAGES.items():
                page = browser.new_page(viewport=SCREEN)
                sign_in(page, accounts[role])
                for path, name in pages:
                    page.goto(f"{BASE}{path}")
                    shoot(page, folder, name)
            browser.close()
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
