"""The HTML and plain text designs that measure readers; whoever tunes a reader must not look at them."""

from pathlib import Path
from textwrap import fill

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.layouts.web import fill_template
from tests.resumes.people import OTHER_CAREERS as CAREERS
from tests.resumes.people import Shows

KEPT_OUT = True
HERE = Path(__file__).parent
WIDTH = 72


def write_mail(view: View) -> bytes:
    """As pasted into a mail: everything flush left and wrapped, starred headings, entries parted by blank lines."""
    heads = view["heads"]
    lines = [view["name"], *(item["text"] for item in view["contact"]), ""]
    lines += [f"*** {heads['summary']} ***", "", fill(view["summary"], WIDTH), "", f"*** {heads['work']} ***", ""]
    for job in view["jobs"]:
        lines += [f"{job['employer']}, {job['city']}", f"{job['title']} ({job['dates']})"]
        lines += [*(fill(f"* {line}", WIDTH, subsequent_indent="  ") for line in job["bullets"]), ""]
    lines += [f"*** {heads['education']} ***", ""]
    for it in view["studies"]:
        lines += [it["institution"], f"{it['degree']} ({it['dates']})", ""]
    members = ", ".join(member for line in view["skills"] for member in line["members"])
    lines += [f"*** {heads['skills']} ***", "", fill(members, WIDTH), "", f"*** {heads['languages']} ***", ""]
    lines += [", ".join(f"{it['name']} ({it['level']})" for it in view["languages"]), "", "-- ", view["name"]]
    return "\r\n".join(lines).encode()


LAYOUTS = (
    Layout(
        "html_cards",
        "html",
        Shows(("short: – ", "long: – ", "open_year"), ("years: – ", "end_year"), careers=CAREERS),
        fill_template(HERE / "html_cards.html"),
    ),
    Layout(
        "html_export",
        "html",
        Shows(("long: - ", "slash: - "), ("end_month", "slash: - "), careers=CAREERS),
        fill_template(HERE / "html_export.html"),
    ),
    Layout("txt_mail", "txt", Shows(("short: - ", "slash: - ", "years: - "), careers=CAREERS), write_mail),
    Layout(
        "txt_fields",
        "txt",
        Shows(("until", "slash: - ", "since"), (), "address", careers=CAREERS),
        fill_template(HERE / "fields.txt"),
    ),
    Layout(
        "txt_marked",
        "txt",
        Shows(("long: – ", "iso: – ", "short: – "), careers=CAREERS),
        fill_template(HERE / "marked.txt"),
    ),
)
