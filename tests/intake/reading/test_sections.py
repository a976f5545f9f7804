"""Headings by vocabulary and by look."""

import pytest

from intake.reading.sections import kind_of_heading, split_sections
from tests.intake.reading.lines import make_lines


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Work Experience", "work"),
        ("BERUFSERFAHRUNG", "work"),
        ("Expériencesprofessionnelles", "work"),
        ("Formación académica", "education"),
        ("Diplômes & concours", "education"),
        ("Competenze", "skills"),
        ("Talenkennis", "languages"),
        ("Doświadczenie zawodowe", "work"),
        ("Habilitações académicas", "education"),
        ("Education (2)", "education"),
        ("3. Languages", "languages"),
        ("A plain sentence about work", None),
    ],
)
def test_headings_of_eight_languages_are_known(text: str, kind: str | None) -> None:
    """The words alone tell the kind of section."""
    assert kind_of_heading(text) == kind


def test_lines_go_under_their_heading() -> None:
    """Every line belongs to the section whose heading stands above it."""
    lines = make_lines(
        "Jo Example", "# Experience", "Analyst", "# Education", "BSc", "# Hiking Clubs", "Alpine Example"
    )
    kinds = [(section.kind, [line.text for line in section.lines]) for section in split_sections(lines)]
    assert kinds == [
        ("head", ["Jo Example"]),
        ("work", ["Analyst"]),
        ("education", ["BSc"]),
        ("other", ["Alpine Example"]),
    ]


def test_a_heading_on_two_lines_is_one() -> None:
    """``Istruzione e`` above ``Formazione`` opens one section."""
    sections = split_sections(make_lines("# Istruzione e", "# Formazione", "Liceo Esempio", "# Lingue", "Inglese"))
    assert [s.kind for s in sections if s.lines] == ["education", "languages"]


def test_programming_languages_are_skills() -> None:
    """A heading of languages over Python and Rust lists skills."""
    sections = split_sections(
        make_lines("# Education", "BSc", "# Languages", "Python, Rust", "# Experience", "Analyst")
    )
    assert "languages" not in {s.kind for s in sections}


def test_labels_inside_work_are_no_headings() -> None:
    """A small label that repeats in every entry does not end the section."""
    lines = make_lines(
        "# Experience", "Analyst", "** Highlights", "- one", "Clerk", "** Highlights", "- two", "# Skills", "Rust"
    )
    assert [s.kind for s in split_sections(lines)] == ["head", "work", "skills"]
