"""A former release's installation, with people in it, under today's code: nobody is lost, and everybody ends on time.

``former-0.1.0.tar.gz`` was made by that release's own code; ``make_former.py`` says how.
"""

import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from houses import PASSWORD, Live, SettableClock, living, on_record, settings_for, staff_of
from typer.testing import CliRunner

from intake.cli.migrate import app as migrate
from intake.desk.notices import find_kept
from intake.keeper.record import verify_record
from intake.opening import open_installation
from intake.restoring import restore
from storage import migrations
from storage.database import open_database
from storage.models import Application, Ending, Note, Person, Role
from storage.queries import people

pytestmark = pytest.mark.enable_socket
FORMER = Path(__file__).parent / "former-0.1.0.tar.gz"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An installation that was upgraded, and what its former release knew of it."""

    live: Live
    facts: dict[str, Any]

    @property
    def known(self) -> list[dict[str, Any]]:
        """Who was in it, by the word that finds them."""
        found = self.facts["people"]
        assert isinstance(found, list)
        return found


def unpack(folder: Path) -> dict[str, Any]:
    """The former installation in a folder; its facts."""
    with tarfile.open(FORMER) as archive:
        # Python 3.11.2, which Debian 12 has, knows no filters yet.
        archive.extraction_filter = getattr(tarfile, "tar_filter", None)
        archive.extractall(folder)  # noqa: S202 - our own archive
    facts = json.loads((folder / "facts.json").read_text("utf-8"))
    assert isinstance(facts, dict)
    return facts


def clock_of(facts: dict[str, Any]) -> SettableClock:
    """A clock that goes on where the former release stopped."""
    return SettableClock(datetime.fromisoformat(facts["at"]) + timedelta(minutes=5))


@pytest.fixture(params=["upgraded", "restored"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Upgraded]:
    """The former data upgraded in place; and its logical backup put back on PostgreSQL by today's code."""
    facts = unpack(tmp_path)
    clock, url = clock_of(facts), ""
    if request.param == "upgraded":
        ran = CliRunner().invoke(migrate, ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")])
        assert ran.exit_code == 0, ran.output
    else:
        url = request.getfixturevalue("empty_postgres_url")
        (backup,) = (tmp_path / "backups").glob("vitavault-*")
        shutil.rmtree(tmp_path / "data")
        restore(settings_for(tmp_path, url), backup, is_replacing=False, clock=clock)
    with living(tmp_path, url, clock=clock) as live:
        live.work()
        yield Upgraded(live, facts)


def test_an_upgrade_takes_a_backup_first_and_is_asked_for(tmp_path: Path) -> None:
    """Today's server refuses the former shape and says what to run; that copies the database before it changes it."""
    unpack(tmp_path)
    with pytest.raises(migrations.WrongSchema, match="vitavault migrate"):
        open_installation(settings_for(tmp_path))
    ran = CliRunner().invoke(migrate, ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")])
    assert ran.exit_code == 0, ran.output
    (copy,) = (tmp_path / "data").glob("before-migration-*.db")
    assert copy.stat().st_mode & 0o077 == 0
    former, now = (open_database(f"sqlite:///{path}") for path in (copy, tmp_path / "data" / "vitavault.db"))
    assert migrations.current(former.engine) == "0002"
    assert migrations.current(now.engine) == migrations.head()
    former.close()
    now.close()


def test_everybody_is_found_read_and_overseen_after_an_upgrade(upgraded: Upgraded) -> None:
    """By their word, by name once revealed, with notes and decisions; the record and the former notice stand."""
    live = upgraded.live
    recruiter, officer = staff_of(live, Role.RECRUITER), staff_of(live, Role.PRIVACY_OFFICER)
    headers = {"X-CSRF-Token": recruiter.actor.csrf}
    for one in upgraded.known:
        ask = {"query": one["word"], "purpose": "recruitment"}
        found = recruiter.client.post("/api/v1/candidates/search", json=ask, headers=headers).json()
        assert [hit["id"] for hit in found["hits"]] == [one["id"]]
        path = f"/recruit/candidates/{one['id']}"
        answer = recruiter.post(f"{path}/reveal", purpose="recruitment")
        assert f"Jane {one['word'].title()} Example" in answer.text
        assert one["reference"] in officer.post("/privacy/why", reference=one["reference"]).text
    assert "Called on Monday." in recruiter.get(f"/recruit/candidates/{upgraded.known[0]['id']}").text
    assert on_record(live, lambda s: s.query(Note).count()) == 1
    assert verify_record(live.house).ok
    for version in on_record(live, lambda s: {row.notice_version for row in s.query(Application)}):
        assert find_kept(live.house, version, "en").text


def test_who_was_erased_before_stays_erased(upgraded: Upgraded) -> None:
    """The end is on record; nothing finds or brings back the person."""
    gone = bytes.fromhex(upgraded.facts["gone"])
    assert on_record(upgraded.live, lambda s: s.query(Ending).filter_by(subject=gone).count()) == 1
    assert on_record(upgraded.live, lambda s: list(people.rows_left(s, gone))) == []


def test_everybody_ends_on_the_day_that_the_former_release_promised(upgraded: Upgraded) -> None:
    """Not a day early, not a day late; who is held stays."""
    live = upgraded.live
    days = sorted({date.fromisoformat(one["ends_on"]) for one in upgraded.known if one["ends_on"]})
    assert days
    for day in days:
        live.clock.now = datetime.combine(day, time(12), tzinfo=UTC)
        live.night()
        assert day.isoformat() in ends_of(live)
        live.clock.now = datetime.combine(day + timedelta(days=1), time(3), tzinfo=UTC)
        live.night()
        assert day.isoformat() not in ends_of(live)
    held = [one["id"] for one in upgraded.known if one["ends_on"] is None]
    assert on_record(live, lambda s: [row.id.hex() for row in s.query(Person)]) == held


def ends_of(live: Live) -> set[str]:
    """The days on which those on record end."""
    found = on_record(live, lambda s: {row.ends_on.isoformat() for row in s.query(Person) if row.ends_on})
    assert isinstance(found, set)
    return found


def test_staff_sign_in_and_people_open_their_links_after_an_upgrade(tmp_path: Path) -> None:
    """Passwords and one-time links of the former release hold."""
    facts = unpack(tmp_path)
    CliRunner().invoke(migrate, ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")])
    with living(tmp_path, clock=clock_of(facts)) as live:
        form = {"email": "adam@example.org", "password": PASSWORD}
        assert live.client(follow=False).post("/sign-in", data=form).headers["location"] == "/staff"
        client = live.client()
        assert client.get(f"/link/{facts['link']}").status_code == 200
