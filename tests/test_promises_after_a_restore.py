"""The promise that outlives a disk: an erased person comes back with no backup. Through the front door."""

from pathlib import Path

import pytest
from installations import (
    RESUME,
    SettableClock,
    apply_by_page,
    find_candidates,
    open_own_page,
    running,
    settings_for,
    sign_in,
    sign_up,
)
from plain_browser import PlainBrowser

from intake.backups import back_up
from intake.desk.first_start import first_link
from intake.keeper.record import sign_record
from intake.restoring import restore
from storage.backup import BlobMode

pytestmark = pytest.mark.enable_socket
OTHER = RESUME.replace("Jane", "John").replace("jane@", "john@").replace("quuxomatic", "zibblework")


@pytest.mark.promise("R8")
def test_an_erased_person_comes_back_with_no_backup(tmp_path: Path) -> None:
    """Two apply, a backup is made, one has herself erased, the backup is put back: she is nowhere, he is whole."""
    clock = SettableClock()
    with running(tmp_path, clock=clock) as live:
        sign_up(live.browser(), f"/setup/{first_link(live.house)}")
        confirmation = apply_by_page(live.browser())
        apply_by_page(live.browser(), OTHER)
        live.work()
        assert [len(find_candidates(sign_in(live), word)) for word in ("quuxomatic", "zibblework")] == [1, 1]
        path = back_up(live.house, tmp_path / "backups", BlobMode.INCLUDED)
        own = open_own_page(live.browser(), confirmation)
        page = own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
        assert page.status == 200
        live.night()
        sign_record(live.house)
    _, finished = restore(settings_for(tmp_path), path, is_replacing=True, clock=clock)
    assert finished.replayed.ended == 1
    with running(tmp_path, clock=clock) as live:
        live.work()
        browser = let_in(live.browser(), finished.ways_in[0].token)
        assert [len(find_candidates(browser, word)) for word in ("quuxomatic", "zibblework")] == [0, 1]
        assert own_page_status(live.browser(), confirmation.link_to("/link/")) != 200


def let_in(browser: PlainBrowser, token: str) -> PlainBrowser:
    """The administrator starts afresh by the link that the restore showed."""
    given = {"name": "Ada Example", "password": "a violin under the stairs 9", "again": "a violin under the stairs 9"}
    page = browser.submit(browser.open(f"/invitation/{token}"), "/invitation", given)
    assert page.status == 200, page.text
    return browser


def own_page_status(browser: PlainBrowser, link: str) -> int:
    """What the link of before leads to."""
    page = browser.open(link)
    return browser.submit(page, "/link").status if page.status == 200 else page.status
