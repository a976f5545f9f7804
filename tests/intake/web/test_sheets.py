"""Where values stand in a document: only what was read, and only as long as it stands as it was read."""

from dataclasses import replace

from intake.web.sheets import field_of, group_of, lay_sheets, number_groups, trace
from storage.profile import Education, Evidence, Extent, Place, Profile, Reading, Verdict, Work

READ = Profile(
    name="Jane Example",
    emails=("jane@example.org", "j@example.com"),
    work=(Work(employer="Acme", title="Clerk", start="2019"), Work(employer="Bolt", title="Porter")),
    education=(Education(institution="Example University", degree="BSc"),),
    skills=("SQL", "Python"),
)


def place_on(page: int, top: float = 10.0) -> Place:
    """A box of a page."""
    return Place(page, 100.0, top, 150.0, top + 12.0)


EVIDENCE = {
    "name": Evidence(0.95, (place_on(1),)),
    "emails/0": Evidence(0.99, (place_on(1, 30.0),)),
    "emails/1": Evidence(0.5),
    "work/0/employer": Evidence(0.95, (place_on(1, 50.0),)),
    "work/0/title": Evidence(0.6, (place_on(1, 70.0),)),
    "work/0/start": Evidence(0.95, (place_on(1, 90.0),)),
    "work/1/title": Evidence(0.95, (place_on(2),)),
    "education/0/degree": Evidence(0.95, (place_on(2, 30.0), place_on(2, 45.0))),
    "skills/0": Evidence(0.89, (place_on(2, 60.0),)),
    "skills/1": Evidence(0.85, (place_on(2, 80.0),)),
}
READING = Reading(
    Verdict.OK, "pdf", "test", READ, EVIDENCE, "text", 2, extents=(Extent(595.0, 842.0), Extent(0.0, 0.0))
)


def test_what_stands_as_it_was_read_is_traced() -> None:
    """An unchanged profile leads to all its evidence, in the order of the form."""
    assert list(trace(READ, READING)) == list(EVIDENCE)
    assert trace(READ, None) == {}


def test_what_a_person_changed_has_no_place() -> None:
    """A value typed instead of what was read is neither marked nor asked about."""
    changed = replace(READ, name="Janet Example", emails=("j@example.com",))

    traced = trace(changed, READING)

    assert "name" not in traced
    assert traced["emails/0"] is EVIDENCE["emails/1"]


def test_rows_keep_their_places_when_they_move() -> None:
    """A position that was left out does not lend its place to the next; a changed part loses its own alone."""
    left = replace(READ, work=(Work(employer="Bolt Ltd", title="Porter"), Work(employer="New", title="New")))

    assert {path for path in trace(left, READING) if path.startswith("work")} == {"work/0/title"}


def test_paths_lead_to_their_inputs() -> None:
    """The names of inputs are those of the form."""
    paths = ("name", "emails/0", "emails/1", "work/2/title", "skills/3")

    assert [field_of(path) for path in paths] == ["name", "emails", "emails-1", "work-2-title", "skills"]
    assert [group_of(path) for path in paths] == ["name", "emails/0", "emails/1", "work/2", "skills"]


def test_groups_are_numbered_as_the_form_shows_them() -> None:
    """One number for a position, a course, a list; none for what has no place."""
    numbers = number_groups(trace(READ, READING))

    assert numbers == {"name": 1, "emails/0": 2, "work/0": 3, "work/1": 4, "education/0": 5, "skills": 6}


def test_marks_lie_on_pages_whose_size_is_known() -> None:
    """Each field's first box is its anchor, each group's first box has its number, doubt is kept with its box."""
    first, second = lay_sheets(READING, trace(READ, READING), "/pages/{}".format)

    assert (first.src, first.box, first.width) == ("/pages/1", "0 0 595 842", 1000)
    assert [(m.at, m.field, m.number, m.is_sure) for m in first.marks] == [
        ("at-name", "name", 1, True),
        ("at-emails", "emails", 2, True),
        ("at-work-0-employer", "work-0-employer", 3, True),
        ("at-work-0-title", "work-0-title", 0, False),
        ("at-work-0-start", "work-0-start", 0, True),
    ]
    assert (second.box, second.marks) == ("", ())


def test_a_number_stands_where_the_eye_comes_first() -> None:
    """Dates at the left of their line carry the number, though the form asks for the title before."""
    left, right = Place(1, 50.0, 20.0, 90.0, 30.0), Place(1, 100.0, 21.0, 150.0, 30.0)
    evidence = {"work/1/title": Evidence(0.95, (right,)), "work/1/employer": Evidence(0.95, (left,))}
    reading = replace(READING, evidence=evidence)

    (sheet, _) = lay_sheets(reading, trace(READ, reading), str)

    assert {mark.field: mark.number for mark in sheet.marks} == {"work-1-title": 0, "work-1-employer": 1}


def test_a_document_of_many_pages_is_shown_in_part() -> None:
    """Ten pages at most, and one where the reading does not know."""
    assert len(lay_sheets(replace(READING, pages=400), {}, str)) == 10
    assert len(lay_sheets(None, {}, str)) == 1
