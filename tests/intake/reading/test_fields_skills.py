"""Skills: listed in whatever look, told by their names elsewhere, and their common names."""

import pytest

from intake.reading.page import Line, Sheets, Span
from intake.reading.readers.text import read_text
from intake.reading.structure import read_lines
from intake.reading.vocabulary.skill_names import common_name, common_names
from storage.profile import Profile
from tests.intake.reading.lines import make_line, make_lines

HEAD = ["** Jo van der Example", "jo@example.org"]
JOB = ["# Experience", "Analyst, Example Ltd\t2019 – 2021"]


def read(*texts: str) -> Profile:
    return read_lines(make_lines(*HEAD, *texts), Sheets("txt", "test"))[0]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("JS", "JavaScript"),
        ("MS Excel", "Microsoft Excel"),
        ("k8s", "Kubernetes"),
        ("Teamfähigkeit", "Teamwork"),
        ("Travail d’équipe", "Teamwork"),
        ("C++", "C++"),
        (".NET", ".NET"),
        ("Staplerschein", "Forklift"),
    ],
)
def test_a_written_skill_has_a_common_name(written: str, name: str) -> None:
    """Abbreviations and other languages lead to one name."""
    assert common_name(written) == name


def test_common_names_add_only_what_is_not_written() -> None:
    """A skill written by its common name is not said twice; an unknown one has none."""
    assert common_names(("JS", "Python", "Falconry")) == ("JavaScript",)


def test_labels_before_lists_in_cells_are_no_skills() -> None:
    """A group's name in a cell of its own is left out, left or right of the list."""
    assert read("# Skills", "Backend\tGo; Redis", "Office\tExcel; SAP").skills == ("Go", "Redis", "Excel", "SAP")
    assert read("# Skills", "Go, Redis\tBackend", "Excel, SAP\tOffice").skills == ("Go", "Redis", "Excel", "SAP")


def test_groups_with_a_level_below_their_name_keep_their_items_alone() -> None:
    """A name, a level and then items: the name is a label."""
    texts = ("# Skills", "Data Analysis", "Intermediate", "SQL", "Python", "Design", "Advanced", "Figma", "Sketch")
    assert read(*texts).skills == ("SQL", "Python", "Figma", "Sketch")


def test_names_with_levels_below_them_stay_skills() -> None:
    """A level under each name makes no label of it."""
    assert read("# Skills", "Python", "Advanced", "Welding", "Basic").skills == ("Python", "Welding")


def test_skills_without_separators_are_told_apart_by_their_names() -> None:
    """Known skills side by side are two; a phrase of ordinary words stays one."""
    assert read("# Skills", "Git Kubernetes Problem solving").skills == ("Git", "Kubernetes", "Problem solving")
    assert read("# Skills", "inventory forecasting").skills == ("inventory forecasting",)


def test_a_label_that_runs_into_an_item_is_cut_off() -> None:
    """Groups that lost their line breaks keep the item before the label."""
    assert read("# Skills", "Database: PostgreSQL, Redis Tools: Git, Jira").skills == (
        "PostgreSQL",
        "Redis",
        "Git",
        "Jira",
    )


def make_narrow(texts: list[str]) -> list[Line]:
    lines = []
    for number, text in enumerate(texts):
        right = 50.0 + 5.0 * len(text)
        top = 100.0 + 12 * number
        lines.append(Line((Span(text, 50.0, right),), 1, 50.0, top, right, top + 10, (text,)))
    return lines


def test_a_skill_broken_over_two_lines_is_one() -> None:
    """A name known as a whole is put together; where both parts are known skills, they are two."""
    lines = [
        *make_lines(*HEAD, "# Skills"),
        *make_narrow(["SEO, Copywriting, Adobe", "InDesign, Canva, Python", "SQL, Figma"]),
    ]
    assert read_lines(lines, Sheets("pdf", "test"))[0].skills == (
        "SEO",
        "Copywriting",
        "Adobe InDesign",
        "Canva",
        "Python",
        "SQL",
        "Figma",
    )


def test_lists_of_known_skills_count_outside_their_section() -> None:
    """A line of nothing but known skills is a list of skills, under whatever heading."""
    assert read(*JOB, "# Toolbox", "Docker, Terraform, Ansible, Jenkins").skills == (
        "Docker",
        "Terraform",
        "Ansible",
        "Jenkins",
    )


def test_running_text_is_asked_only_where_nothing_is_listed() -> None:
    """Names of tools in descriptions count, with little belief, when there is no list; ordinary words never do."""
    told = "- Moved the office to Kubernetes and taught sales teams Power BI"
    profile, evidence = read_lines(make_lines(*HEAD, *JOB, told), Sheets("txt", "test"))
    assert profile.skills == ("Kubernetes", "Power BI")
    assert evidence["skills/0"].confidence < 0.8
    assert read(*JOB, told, "# Skills", "Chess problems").skills == ("Chess problems",)


def test_filler_text_is_no_skill() -> None:
    """The words of a template's filler are left out."""
    assert read("# Skills", "Lorem ipsum, dolor sit, amet", "Python").skills == ("Python",)


def test_programming_names_with_a_leading_dot_keep_it() -> None:
    """A dot at the start belongs to the name."""
    assert read("# Skills", ".NET, C#").skills == (".NET", "C#")


def test_a_line_of_its_own_makes_no_wrap() -> None:
    """Short lines below each other stay two skills."""
    lines = [*make_lines(*HEAD, "# Skills"), make_line("Welding", 100.0), make_line("Forklift", 112.0)]
    assert read_lines(lines, Sheets("txt", "test"))[0].skills == ("Welding", "Forklift")


def test_a_level_after_a_colon_leaves_the_skill_before_it() -> None:
    """Where nothing but a level follows, the label is the skill."""
    assert read("# Kenntnisse", "MS Office: sehr gut", "SAP: gut").skills == ("MS Office", "SAP")


def test_marks_and_numbers_before_items_are_dropped() -> None:
    """Bullets of any shape and counting numbers are no part of a name."""
    assert read("# Skills", "» Teamwork", "1. Python", "✓ SQL").skills == ("Teamwork", "Python", "SQL")


def test_sentences_of_the_section_give_the_skills_they_name() -> None:
    """A long line is no skill, but may name some."""
    line = "Excellent working knowledge of the whole Microsoft Office package"
    assert read("# Skills", line, "Welding").skills == ("Microsoft Office", "Welding")


def test_skills_in_cells_beside_other_columns_are_found() -> None:
    """Three short columns that were read across still give the skills that they hold."""
    rows = ("Kubernetes\tEnglish: native\tchess", "Problem solving\tFrench: basic\tsailing", "Power BI", "Terraform")
    assert read("# Interests", *rows).skills == ("Kubernetes", "Problem solving", "Power BI", "Terraform")


def test_a_skill_taken_for_a_heading_comes_back() -> None:
    """A tool's name in capitals that looks like the headings is a skill with those below it."""
    text = (
        "Jo Example\njo@example.org\n\nEXPERIENCE\nAnalyst, Example Ltd   2019 - 2021\n\nSKILLS\nGo\n"
        "Redis\n\nAWS\nDocker\nKubernetes\nCode review\n\nLANGUAGES\nEnglish\n"
    )
    sheets = read_text(text.encode())
    assert set(read_lines(sheets.lines, sheets)[0].skills) == {
        "Go",
        "Redis",
        "AWS",
        "Docker",
        "Kubernetes",
        "Code review",
    }
