"""The Word, OpenDocument and RTF designs that readers may be tuned on."""

from collections.abc import Iterable

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.people import Shows
from tests.resumes.writers.docx import write_docx
from tests.resumes.writers.odt import write_odt
from tests.resumes.writers.paper import Block, Paper, Para, Run, Table, bold, italic, para, tabbed
from tests.resumes.writers.rtf import write_rtf

KEPT_OUT = False
RIGHT = 9600


def write_contacts(view: View) -> list[Run]:
    """The person's contacts as runs, links clickable."""
    return [Run(item["text"], href=item["href"]) for item in view["contact"]]


def join_runs(runs: Iterable[Run], between: str) -> list[str | Run]:
    """The runs with a separator between each two."""
    joined: list[str | Run] = []
    for run in runs:
        joined += [between, run] if joined else [run]
    return joined


def list_bullets(lines: Iterable[str]) -> list[Para]:
    """One bulleted paragraph a line."""
    return [para(line, style="bullet") for line in lines]


def lay_headings(view: View) -> Paper:
    """As Word's own resume: title, centred contacts, headings, dates at a right tab stop."""
    heads = view["heads"]
    body: list[Block] = [para(view["name"], style="title", align="center")]
    body += [para(*join_runs(write_contacts(view), " | "), align="center"), para(heads["summary"], style="heading")]
    body += [para(view["summary"]), para(heads["work"], style="heading")]
    for job in view["jobs"]:
        first, second = (
            (job["title"], job["employer"]) if view["style"]["title_first"] else (job["employer"], job["title"])
        )
        body += [
            tabbed(bold(first), f"\t{job['dates']}", at=RIGHT),
            para(italic(second)),
            *list_bullets(job["bullets"]),
        ]
    body.append(para(heads["education"], style="heading"))
    for study in view["studies"]:
        body += [tabbed(bold(study["institution"]), f"\t{study['dates']}", at=RIGHT), para(study["degree"])]
    body.append(para(heads["skills"], style="heading"))
    body += [para(bold(f"{line['group']}: "), ", ".join(line["members"])) for line in view["skills"]]
    body.append(para(heads["languages"], style="heading"))
    body += list_bullets(f"{item['name']} – {item['level']}" for item in view["languages"])
    return Paper(tuple(body), footer=(para(view["name"], align="center"),))


def lay_labels(view: View) -> Paper:
    """A table without rules: what or when at the left, the matter at the right."""
    heads, words = view["heads"], view["words"]
    kinds = {"place": words["address"], "phone": words["phone"], "email": words["email"], "link": words["links"]}
    about = [(kinds[item["kind"]], (para(item["text"]),)) for item in view["contact"]]
    work = [
        (
            job["dates"],
            (para(bold(job["title"])), para(f"{job['employer']}, {job['city']}"), *list_bullets(job["bullets"])),
        )
        for job in view["jobs"]
    ]
    studies = [(study["dates"], (para(bold(study["degree"])), para(study["institution"]))) for study in view["studies"]]
    skills = [(line["group"], (para(", ".join(line["members"])),)) for line in view["skills"]]
    spoken = [(item["name"], (para(f"{item['level']} {item['cefr']}".strip()),)) for item in view["languages"]]
    parts = (("personal", about), ("work", work), ("education", studies), ("skills", skills), ("languages", spoken))
    body: list[Block] = [para(heads["document"], style="title"), para(bold(view["name"]))]
    for key, lines in parts:
        rows = tuple(((para(left),), right) for left, right in lines)
        body += [para(heads[key], style="heading"), Table(rows, (2600, 7000))]
    return Paper(tuple(body), font="Arial")


def lay_lines(view: View) -> Paper:
    """Typed as on a typewriter: bold headings, each station in a line of its own, skills as prose."""
    heads = view["heads"]
    body: list[Block] = [para(view["name"], style="title")]
    body += [para(run) for run in write_contacts(view)]
    body.append(para(heads["work"], style="heading"))
    for job in view["jobs"]:
        body += [para(bold(f"{job['title']}, {job['employer']}")), para(f"{job['city']}, {job['dates']}")]
        body += [para(f"- {line}") for line in job["bullets"]]
    body.append(para(heads["education"], style="heading"))
    body += [para(f"{study['degree']}, {study['institution']}, {study['dates']}") for study in view["studies"]]
    body += [
        para(heads["skills"], style="heading"),
        para("; ".join(member for line in view["skills"] for member in line["members"])),
    ]
    body += [para(heads["languages"], style="heading")]
    body.append(para(", ".join(f"{item['name']} ({item['level']})" for item in view["languages"])))
    return Paper(tuple(body), font="Times New Roman")


LAYOUTS = (
    Layout("docx_headings", "docx", Shows(("short", "long", "slash: - ")), lambda view: write_docx(lay_headings(view))),
    Layout(
        "docx_labels",
        "docx",
        Shows(("slash: – ", "dot: - ", "since"), (), "address"),
        lambda v: write_docx(lay_labels(v)),
    ),
    Layout(
        "odt_lines", "odt", Shows(("years", "slash", "words"), (), "address"), lambda view: write_odt(lay_lines(view))
    ),
    Layout(
        "rtf_headings", "rtf", Shows(("short: - ", "two_digits"), ("end_year",)), lambda v: write_rtf(lay_headings(v))
    ),
)
