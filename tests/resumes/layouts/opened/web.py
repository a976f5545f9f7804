"""The HTML and plain text designs of a former kept-out half."""

from itertools import zip_longest
from pathlib import Path
from textwrap import wrap

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.layouts.web import fill_template
from tests.resumes.people import Shows

KEPT_OUT = False
HERE = Path(__file__).parent
LEFT, GAP, RIGHT = 26, 4, 60


def write_columns(view: View) -> bytes:
    """Plain text of two columns side by side, as a page printed to text; dates flush with the right edge."""
    heads = view["heads"]
    left = [heads["contact"].upper(), *_fold(LEFT, *(item["text"] for item in view["contact"])), ""]
    left += [heads["skills"].upper(), *(member for line in view["skills"] for member in line["members"]), ""]
    left += [heads["languages"].upper(), *(f"{item['name']} {item['cefr']}".strip() for item in view["languages"])]
    right = [heads["work"].upper(), ""]
    for job in view["jobs"]:
        right += [_push(job["employer"], job["dates"]), job["title"]]
        right += [*_fold(RIGHT, *(f"- {line}" for line in job["bullets"])), ""]
    right += [heads["education"].upper(), ""]
    for study in view["studies"]:
        right += [_push(study["institution"], study["dates"]), study["degree"], ""]
    edge = max(map(len, left)) + GAP
    rows = [f"{one:{edge}}{two}".rstrip() for one, two in zip_longest(left, right, fillvalue="")]
    return "\n".join([f"{view['name']:^{edge + RIGHT}}".rstrip(), "", *rows, ""]).encode()


def _fold(width: int, *lines: str) -> list[str]:
    return [part for line in lines for part in wrap(line, width, break_long_words=False, break_on_hyphens=False)]


def _push(text: str, dates: str) -> str:
    return f"{text}{' ' * max(3, RIGHT - len(text) - len(dates))}{dates}"


LAYOUTS = (
    Layout(
        "html_table", "html", Shows(("slash:–", "short: - "), (), "address"), fill_template(HERE / "html_table.html")
    ),
    Layout("html_lists", "html", Shows(("long: – ", "years: - ")), fill_template(HERE / "html_lists.html")),
    Layout("txt_columns", "txt", Shows(("slash: - ", "years: - ")), write_columns),
)
