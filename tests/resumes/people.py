"""The fictional people of the corpus, each with what a resume of theirs shows and what a reader should find in it.

Must never label what the document does not print, nor use a real person's data.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from intake.demo.people import CAREERS, DemoJob, DemoPerson, Month, Pack, load_pack, make_person
from intake.demo.resumes import View, describe
from tests.resumes.dates import Written, write_period

SCRIPTS = Path(__file__).parent / "scripts"
OTHER_CAREERS = Path(__file__).parent / "careers"
LATIN = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
OTHER = ("zh", "ja", "ar", "ru")
Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shows:
    """What a layout prints, so that labels hold no more than that.

    ``dates`` and ``studies`` are the forms of date it may use (``studies`` empty: as for jobs); ``place`` is ``city``,
    ``address`` or ``none``; ``most_skills`` is how many skills there is room for (0: all); ``careers`` holds the words
    from which the people are made.
    """

    dates: tuple[str, ...] = ("short",)
    studies: tuple[str, ...] = ()
    place: str = "city"
    skills: bool = True
    languages: bool = True
    volunteering: bool = False
    name_forms: tuple[str, ...] = ("{name}",)
    photo: bool = False
    most_skills: int = 0
    careers: Path = CAREERS


@dataclass(frozen=True, slots=True)
class Draft:
    """A resume ready to be laid out: the view for the layout and the label for the scorer."""

    person: DemoPerson
    view: View
    label: Label


def draft_resume(language: str, seed: str, shows: Shows) -> Draft:
    """The resume of one person as one layout shows it; the same for the same arguments."""
    folder = shows.careers if language in LATIN else SCRIPTS
    rng, pack = Random(f"{language}/{seed}/draft"), load_pack(language, folder)
    person = _limit_skills(_vary_name(rng, make_person(language, seed, folder), shows), shows.most_skills)
    form, present = rng.choice(shows.dates), rng.randrange(4)
    study_form = rng.choice(shows.studies or (form,))

    def write_job(start: Month, end: Month | None) -> Written:
        return write_period(form, start, end, pack, present)

    def write_study(start: Month, end: Month | None) -> Written:
        return write_period(study_form, start, end, pack, present)

    view = describe(person, _text_of(write_job), _text_of(write_study), seed, folder)
    view["contact"][0]["text"] = _place_of(person, shows)
    view["contact"] = [item for item in view["contact"] if item["text"]]
    more = _add_second_phone(rng, pack, person, view)
    label = _label(person, shows, write_job, write_study)
    return Draft(person, view, {**label, "phones": [_label_phone(phone) for phone in (person.phone, *more)]})


Write = Callable[[Month, Month | None], Written]


def _text_of(write: Write) -> Callable[[Month, Month | None, Pack], str]:
    return lambda start, end, _: write(start, end).text


def _vary_name(rng: Random, person: DemoPerson, shows: Shows) -> DemoPerson:
    form = rng.choice(shows.name_forms) if person.language in LATIN else "{name}"
    return replace(person, name=form.format(name=person.name, given=person.given, family=person.family))


def _limit_skills(person: DemoPerson, most: int) -> DemoPerson:
    if not most:
        return person
    members = tuple(member for _, group in person.skills for member in group)[:most]
    return replace(person, skills=((person.skills[0][0], members),))


def _place_of(person: DemoPerson, shows: Shows) -> str:
    if shows.place == "none":
        return ""
    return person.address if shows.place == "address" else f"{person.city}, {person.country}"


def _add_second_phone(rng: Random, pack: Pack, person: DemoPerson, view: View) -> list[str]:
    others = [form.replace("{n}", "77") for form in pack["phones"]]
    second = rng.choice(others)
    if rng.random() > 0.12 or second == person.phone:
        return []
    view["contact"].append({"kind": "phone", "text": second, "href": None})
    return [second]


def _label(person: DemoPerson, shows: Shows, write_job: Write, write_study: Write) -> Label:
    return {
        "name": person.name,
        "emails": [person.email],
        "location": _place_of(person, shows) or None,
        "links": list(person.links),
        "work": [_label_job(job, write_job(job.start, job.end)) for job in person.jobs],
        "education": [
            {"institution": study.institution, "degree": study.degree, **_ends(write_study(study.start, study.end))}
            for study in person.studies
        ],
        "skills": [member for _, members in person.skills for member in members] if shows.skills else None,
        "languages": [name for name, _, _ in person.languages] if shows.languages else [],
        "phones_optional": [],
        "work_optional": _label_volunteering(person) if shows.volunteering else [],
        "education_optional": [],
    }


def _label_phone(phone: str) -> str:
    """A number without what is dialled from one side of a border alone, so that either way of writing it compares."""
    return phone.rpartition("(0)")[2].strip()


def _label_job(job: DemoJob, written: Written) -> Label:
    return {"employer": job.employer, "title": job.title, **_ends(written), "current": job.end is None}


def _ends(written: Written) -> dict[str, str | None]:
    return {"start": written.start, "end": written.end}


def _label_volunteering(person: DemoPerson) -> list[Label]:
    if not person.volunteering:
        return []
    employer, title, year = person.volunteering
    return [{"employer": employer, "title": title, "start": str(year), "end": None, "current": False}]
