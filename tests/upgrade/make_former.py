"""Makes an installation with the code of a former release, with fictional people in it, as an archive with its facts.

Run with that release's code in front, never with today's:

    git archive 0d6ec75 | tar x -C former
    PYTHONPATH=former:former/tests/intake python tests/upgrade/make_former.py tests/upgrade/former-0.1.0.tar.gz

The archive holds ``data``, ``keys``, a backup made by that release, and ``facts.json``: who is in it, by which word
each is found, on which day each ends. The keys in it open nothing else: they were drawn for it, like the people.
"""

import json
import sys
import tarfile
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from houses import PASSWORD, Live, SettableClock, living, on_record, put_on_record, staff_of

from intake.access.passwords import hash_password
from intake.backups import back_up
from intake.desk import candidates, holds, openings
from intake.desk.applications import move_stage
from intake.desk.links import make_link
from intake.desk.staff import make_staff
from intake.keeper.record import sign_record
from storage.backup import BlobMode
from storage.models import LinkKind, Person, Role
from storage.profile import Education, Profile, Work
from storage.vocabulary import Stage

WORDS = ("zymurgy", "weaving", "carpentry", "bookkeeping", "beekeeping", "glazing", "thatching", "falconry")
GONE = "thatching"
"""Who ended before the upgrade: must be on record as ended, and found by nothing."""


def profile_of(number: int, word: str) -> Profile:
    """Somebody who is found by one word."""
    return Profile(
        name=f"Jane {word.title()} Example",
        emails=(f"{word}@example.org",),
        phones=(f"+1 555 010{number}",),
        location="Example City",
        summary=f"Knows {word}.",
        work=(Work("Acme Works", f"Master of {word}", "2015", "2020"),),
        education=(Education("University of Example", "BSc", "Crafts", "2010", "2013"),),
        skills=(word.title(),),
        languages=("English",),
    )


def fill(live: Live, folder: Path) -> dict[str, Any]:
    """Let people apply, be looked at, noted on, decided on, held and ended. Returns the facts."""
    house, recruiter = live.house, staff_of(live, Role.RECRUITER, name="Rosa Reyes")
    with house.database.writing() as session:
        make_staff(
            session, house, name="Adam Adler", email="adam@example.org",
            roles="administrator,recruiter,privacy_officer", password_hash=hash_password(PASSWORD), actor="setup",
        )  # fmt: skip
        opening = openings.create_opening(session, house, title="Maker", place="Example City", actor="setup")
    taken = {}
    for number, word in enumerate(WORDS):
        where = {"opening": opening.slug} if number % 2 else {"consents": ("pool", "share")[: 1 + number % 4 // 2]}
        taken[word] = put_on_record(live, profile_of(number, word), text=f"Jane {word.title()} knows {word}.", **where)
        live.clock.advance(hours=5)
    with house.database.writing() as session:
        candidates.add_note(session, house, recruiter.actor, taken["zymurgy"].person.id, "Called on Monday.")
        move_stage(
            session, house, taken["weaving"].application.id, stage=Stage.REJECTED, reason="Chose somebody else.",
            actor=recruiter.actor,
        )  # fmt: skip
    until = house.today() + timedelta(days=4000)
    holds.place(
        house, taken["falconry"].application.reference, reason="A claim.", owner="Office", ends_on=until, actor="setup"
    )
    with house.database.writing() as session:
        link = make_link(session, house, LinkKind.PERSON, person_id=taken["zymurgy"].person.id)
    live.work()
    end_one(live, taken[GONE].person.id)
    sign_record(house)
    back_up(house, folder / "backups", BlobMode.INCLUDED)
    return {
        "at": house.now().isoformat(),
        "link": link,
        "gone": taken[GONE].person.id.hex(),
        "people": people_in(live, taken),
    }


def end_one(live: Live, person_id: bytes) -> None:
    """End one person as their own request would."""
    from intake.access.actors import Visitor
    from intake.desk import rights

    with live.house.database.writing() as session:
        rights.erase_now(session, live.house, Visitor(person_id, None))
    live.night()
    live.work()


def people_in(live: Live, taken: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is on record, by the word that finds them."""
    found = []
    for word, one in taken.items():
        row = on_record(live, lambda session, of=one: session.get(Person, of.person.id))
        if row is not None:
            ends_on = row.ends_on.isoformat() if row.ends_on else None
            found.append({"word": word, "id": row.id.hex(), "ends_on": ends_on, "reference": one.application.reference})
    return found


def write_archive(folder: Path, facts: dict[str, Any], target: Path) -> None:
    """Everything under ``folder`` with its modes and links, and the facts."""
    (folder / "facts.json").write_text(json.dumps(facts, indent=1), "utf-8")
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name, filter=_without_owner)


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main() -> None:
    """Make the installation, and pack it once it is closed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with living(folder, clock=SettableClock()) as live:
            facts = fill(live, folder)
        write_archive(folder, facts, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
