"""Makes fictional people with whole careers, the same ones for the same seed.

Words come from ``careers/<language>.toml``. Must never use a real person's data, and must never depend on the clock:
a person made today is made again, letter for letter, next year.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

CAREERS = Path(__file__).parent / "careers"
LATEST = (2025, 10)
"""The month in which every career is told: nothing begins or ends later."""

Month = tuple[int, int]
Pack = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoJob:
    """One position. ``end`` is ``None`` while it is held."""

    employer: str
    title: str
    start: Month
    end: Month | None
    city: str
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """One finished course of study."""

    institution: str
    degree: str
    start: Month
    end: Month
    city: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A fictional person; ``language`` is the one that the resume is written in.

    ``languages`` holds (name, level in words, CEFR level or empty) and ``skills`` (group, members).
    """

    language: str
    name: str
    given: str
    family: str
    email: str
    phone: str
    city: str
    address: str
    country: str
    links: tuple[str, ...]
    headline: str
    born: tuple[int, int, int]
    summary: str
    jobs: tuple[DemoJob, ...]
    studies: tuple[DemoStudy, ...]
    skills: tuple[tuple[str, tuple[str, ...]], ...]
    languages: tuple[tuple[str, str, str], ...]
    certificates: tuple[tuple[str, int], ...]
    volunteering: tuple[str, str, int] | None
    interests: tuple[str, ...]


@cache
def load_pack(language: str, folder: Path = CAREERS) -> Pack:
    """The words of one language. Raises ``FileNotFoundError`` for a language without any."""
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


def make_people(count: int, seed: int = 1) -> list[DemoPerson]:
    """``count`` people, half of them writing English and the others each of the languages in turn."""
    others = sorted(path.stem for path in CAREERS.glob("*.toml") if path.stem != "en")
    tongues = ["en" if number % 2 == 0 else others[number // 2 % len(others)] for number in range(count)]
    return [make_person(tongue, f"{seed}/{number}") for number, tongue in enumerate(tongues)]


def make_person(language: str, seed: str, folder: Path = CAREERS) -> DemoPerson:
    """One person; the same for the same language and seed."""
    pack, rng = load_pack(language, folder), Random(f"{language}/{seed}")  # noqa: S311 — repeatable, guards nothing
    field = rng.choice(pack["field"])
    given, family = rng.choice(pack["given"]), rng.choice(pack["family"])
    place, studies = rng.choice(pack["cities"]), _make_studies(rng, pack, field)
    jobs = _make_jobs(rng, pack, field, studies[0].end)
    slug = make_slug(f"{given} {family}") or rng.choice(pack["slugs"])
    years = max(2, LATEST[0] - jobs[-1].start[0])
    return DemoPerson(
        language=language,
        name=pack.get("name_form", "{given} {family}").format(given=given, family=family),
        given=given,
        family=family,
        email=_make_email(rng, slug),
        phone=_number(rng.choice(pack["phones"]), f"{rng.randrange(10, 100)}"),
        city=pack["city_form"].format(city=place[0], region=place[1]),
        address=_make_address(rng, pack, place),
        country=pack["country"],
        links=_make_links(rng, slug),
        headline=jobs[0].title,
        born=(studies[-1].start[0] - rng.randrange(18, 21), rng.randrange(1, 13), rng.randrange(1, 29)),
        summary=_number(" ".join(rng.sample(field["summary"], rng.choice((1, 2)))), str(years)),
        jobs=jobs,
        studies=studies,
        skills=_make_skills(rng, field),
        languages=_make_languages(rng, pack),
        certificates=tuple((text, rng.randrange(2012, 2025)) for text in rng.sample(pack["certificates"], 2)),
        volunteering=(*rng.choice(pack["volunteer"]), rng.randrange(2014, 2024)) if rng.random() < 0.4 else None,
        interests=tuple(rng.sample(pack["interests"], 3)),
    )


def make_slug(name: str) -> str:
    """A name as it stands in addresses: ASCII letters joined by hyphens, empty for other scripts."""
    plain = name.replace("ß", "ss").replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z]+", folded))


def _number(text: str, digits: str) -> str:
    return text.replace("{n}", digits)


def _make_email(rng: Random, slug: str) -> str:
    local = rng.choice((slug.replace("-", "."), slug.replace("-", "_"), slug[0] + slug.rsplit("-", 1)[-1], slug))
    return f"{local}@{rng.choice(('example.org', 'example.com', 'mail.example.org', 'example.net'))}"


def _make_links(rng: Random, slug: str) -> tuple[str, ...]:
    choices = [
        f"linkedin.com/in/{slug}-demo",
        f"github.com/{slug}-demo",
        f"https://{slug}.example.org",
        f"www.{slug.replace('-', '')}.example.com",
    ]
    return tuple(rng.sample(choices, rng.choice((1, 1, 2, 2, 3))))


def _make_address(rng: Random, pack: Pack, place: list[str]) -> str:
    street = _number(rng.choice(pack["streets"]), str(rng.randrange(2, 140)))
    return str(pack["address_form"].format(street=street, city=place[0], region=place[1], code=place[2]))


def _make_studies(rng: Random, pack: Pack, field: Pack) -> tuple[DemoStudy, ...]:
    count = min(rng.choice((1, 2, 2, 2, 3)), len(field["degrees"]))
    year, studies = rng.randrange(1992, 2014), []
    schools = rng.sample(field["institutions"], count)
    rising = sorted(rng.sample(range(len(field["degrees"])), count))
    for school, degree in zip(schools, [field["degrees"][place] for place in rising], strict=True):
        start = (year, rng.choice((8, 9, 10)))
        year += rng.choice((2, 3, 3, 4))
        studies.append(DemoStudy(school, degree, start, (year, rng.choice((5, 6, 7))), rng.choice(pack["cities"])[0]))
    return tuple(reversed(studies))


def _add_months(month: Month, count: int) -> Month:
    total = month[0] * 12 + month[1] - 1 + count
    return total // 12, total % 12 + 1


def _make_jobs(rng: Random, pack: Pack, field: Pack, after: Month) -> tuple[DemoJob, ...]:
    """A career after the last degree: promotions within an employer, gaps, a side job that overlaps."""
    employers = rng.sample(field["employers"], len(field["employers"]))
    city, employer = rng.choice(pack["cities"])[0], employers.pop()
    start, jobs, rank = _add_months(after, rng.randrange(1, 8)), list[DemoJob](), 0
    for _ in range(rng.choice((2, 3, 3, 4, 5, 6, 8))):
        end = _add_months(start, rng.randrange(9, 62))
        title = field["titles"][min(rank, len(field["titles"]) - 1)]
        bullets = _make_bullets(rng, field)
        jobs.append(DemoJob(employer, title, start, end, city, bullets))
        if end >= _add_months(LATEST, -14):
            break
        risen = rng.random() < 0.75 and rank < len(field["titles"]) - 1
        rank += risen
        gap = rng.choice((0, 0, 0, 1, 1, 2, 5, 14))
        if employers and not (risen and rng.random() < 0.35):
            employer, city = employers.pop(), rng.choice(pack["cities"])[0]
        else:
            gap = 0
        start = _add_months(end, gap)
    jobs = _end_career(rng, [job for job in jobs if job.start < LATEST])
    return tuple(sorted([*jobs, *_make_side_job(rng, field, jobs)], key=lambda job: job.start, reverse=True))


def _end_career(rng: Random, jobs: list[DemoJob]) -> list[DemoJob]:
    last = jobs[-1]
    held = rng.random() < 0.75 or (last.end or LATEST) >= LATEST
    kept = DemoJob(last.employer, last.title, last.start, None if held else last.end, last.city, last.bullets)
    return [*jobs[:-1], kept]


def _make_side_job(rng: Random, field: Pack, jobs: list[DemoJob]) -> list[DemoJob]:
    if rng.random() > 0.2 or len(jobs) < 2:
        return []
    beside = jobs[1]
    employer = next((name for name in field["employers"] if all(job.employer != name for job in jobs)), beside.employer)
    begin = _add_months(beside.start, 3)
    return [DemoJob(employer, field["side"], begin, _add_months(begin, 18), beside.city, ())] if begin < LATEST else []


def _make_bullets(rng: Random, field: Pack) -> tuple[str, ...]:
    count = rng.choice((1, 2, 3, 4, 5))
    return tuple(_number(line, str(rng.randrange(2, 9))) for line in rng.sample(field["bullets"], count))


def _make_skills(rng: Random, field: Pack) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (group, tuple(rng.sample(members, rng.randrange(2, len(members) + 1))))
        for group, members in field["skills"].items()
    )


def _make_languages(rng: Random, pack: Pack) -> tuple[tuple[str, str, str], ...]:
    spoken = [(pack["own_language"], rng.choice(pack["levels"]["native"]), "")]
    levels = sorted(rng.sample(["C1", "B2", "B1", "A2"], rng.choice((1, 2, 2, 3))), reverse=True)
    for name, level in zip(rng.sample(pack["languages"], len(levels)), levels, strict=True):
        spoken.append((name, rng.choice(pack["levels"][level]), level))
    return tuple(spoken)
