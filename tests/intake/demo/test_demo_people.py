"""The people of the demo are fictional, repeatable and have whole resumes."""

import pypdfium2
import pytest

from intake.demo.people import LATEST, make_people
from intake.demo.resumes import LAYOUTS, render_resume


@pytest.mark.parametrize("seed", [1, 2])
def test_people_are_repeatable_and_differ(seed: int) -> None:
    """The same seed makes the same people; no two of them share an e-mail address and a career."""
    people = make_people(60, seed)
    assert people == make_people(60, seed)
    assert len({(person.email, person.jobs) for person in people}) == 60


def test_people_use_reserved_domains_alone() -> None:
    """Mail to anyone in the demo reaches nobody."""
    domains = {person.email.rpartition("@")[2] for person in make_people(60)}
    assert domains <= {"example.org", "example.com", "example.net", "mail.example.org"}


def test_careers_run_forward_and_end_by_the_month_they_are_told() -> None:
    """Every post begins before it ends, the newest stands first, and none begins after the telling."""
    for person in make_people(60):
        starts = [job.start for job in person.jobs]
        assert starts == sorted(starts, reverse=True)
        assert starts[0] < LATEST
        assert all(job.end is None or job.start < job.end for job in person.jobs)
        assert all(study.end <= person.jobs[-1].start for study in person.studies)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_prints_name_employers_and_schools(layout: str) -> None:
    """Each layout of the demo makes a PDF that can be read as text, the same each time."""
    for person in make_people(4, seed=5):
        content = render_resume(person, layout)
        document = pypdfium2.PdfDocument(content)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        squeezed = "".join(text.split()).casefold()
        wanted = [person.name, *(job.employer for job in person.jobs), *(study.institution for study in person.studies)]
        assert not [string for string in wanted if "".join(string.split()).casefold() not in squeezed]
        assert render_resume(person, layout) == content
