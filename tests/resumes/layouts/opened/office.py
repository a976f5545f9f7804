"""The Word, OpenDocument and RTF designs of a former kept-out half."""

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.people import Shows
from tests.resumes.writers.docx import write_docx
from tests.resumes.writers.odt import write_odt
from tests.resumes.writers.paper import Block, Paper, Para, Run, Table, bold, italic, para, tabbed
from tests.resumes.writers.rtf import write_rtf

KEPT_OUT = False


def lay_panel(view: View) -> Paper:
    """A panel of short lists beside the career; contacts in a text box, the name in the page header."""
    heads = view["heads"]
    panel: list[Para] = [para(bold(heads["skills"]))]
    panel += [para(member) for line in view["skills"] for member in line["members"]]
    panel += [para(bold(heads["languages"]))]
    panel += [para(f"{item['name']}: {item['level']}") for item in view["languages"]]
    panel += [para(bold(heads["interests"])), *(para(text) for text in view["interests"])]
    career: list[Para] = [para(bold(heads["summary"])), para(view["summary"]), para(bold(heads["work"]))]
    for job in view["jobs"]:
        career += [
            para(bold(job["title"]), f" | {job['employer']}"),
            para(italic(job["dates"])),
            para(" ".join(job["bullets"])),
        ]
    career.append(para(bold(heads["education"])))
    for study in view["studies"]:
        career += [para(bold(study["degree"]), f" | {study['institution']}"), para(italic(study["dates"]))]
    contacts = tuple(para(item["text"]) for item in view["contact"])
    name = para(Run(view["name"], bold=True, size=24))
    return Paper((Table(((tuple(panel), tuple(career)),), (3000, 6600)),), header=(name,), floating=contacts)


def lay_dates_first(view: View) -> Paper:
    """Each line opens with its dates and a tab; several posts under one employer; contacts at the very end."""
    heads, at = view["heads"], 2300
    body: list[Block] = [
        para(Run(view["name"].upper(), bold=True, size=18), align="right"),
        para(view["headline"], align="right"),
    ]
    body.append(para(bold(heads["education"])))
    body += [
        tabbed(f"{study['dates']}\t", bold(study["institution"]), f", {study['degree']}", at=at, right=False)
        for study in view["studies"]
    ]
    body.append(para(bold(heads["work"])))
    for group in view["employers"]:
        body.append(para(Run(group["employer"], bold=True, italic=True), f" ({group['city']})"))
        for role in group["roles"]:
            body.append(tabbed(f"{role['dates']}\t", role["title"], at=at, right=False))
            body += [tabbed(f"\t– {line}", at=at, right=False) for line in role["bullets"]]
    body += [
        para(bold(heads["skills"])),
        *(para(f"{line['group']}: {', '.join(line['members'])}.") for line in view["skills"]),
    ]
    body += [
        para(bold(heads["languages"])),
        para(" / ".join(f"{it['name']} {it['level']}" for it in view["languages"])),
    ]
    body.append(para(bold(heads["contact"])))
    body.append(para(" – ".join(item["text"] for item in view["contact"])))
    return Paper(tuple(body), font="Georgia")


def lay_ruled(view: View) -> Paper:
    """Ruled tables with a row of column names' worth of cells: post, employer, period in three columns."""
    heads = view["heads"]
    contacts = tuple(para(item["text"]) for item in view["contact"])
    work = tuple(
        (
            (para(bold(job["employer"])), para(job["city"])),
            (para(job["title"]), *(para(t) for t in job["bullets"])),
            (para(job["dates"]),),
        )
        for job in view["jobs"]
    )
    studies = tuple(
        ((para(bold(it["institution"])),), (para(it["degree"]),), (para(it["dates"]),)) for it in view["studies"]
    )
    skills = tuple(((para(line["group"]),), (para(", ".join(line["members"])),)) for line in view["skills"])
    spoken = tuple(((para(it["name"]),), (para(it["level"]),)) for it in view["languages"])
    body: list[Block] = [
        Table((((para(view["name"], style="title"), para(view["headline"])), contacts),), (5600, 4000))
    ]
    for key, rows in (("work", work), ("education", studies)):
        body += [para(heads[key], style="heading"), Table(rows, (3000, 4400, 2200), ruled=True)]
    for key, rows2 in (("skills", skills), ("languages", spoken)):
        body += [para(heads[key], style="heading"), Table(rows2, (3000, 6600), ruled=True)]
    return Paper(tuple(body), footer=(para(f"{view['words']['page']} 1"),))


def lay_letter(view: View) -> Paper:
    """Indented by tabs throughout, like a letter: name and address at the right, headings in the text's own size."""
    heads = view["heads"]
    body: list[Block] = [
        para(view["name"], align="right"),
        *(para(item["text"], align="right") for item in view["contact"]),
    ]
    body += [para(""), para(italic(heads["summary"])), para(view["summary"]), para(""), para(italic(heads["work"]))]
    for job in view["jobs"]:
        body += [
            para(f"{job['dates']}: {job['employer']} – {job['title']}"),
            *(para(f"\t• {line}") for line in job["bullets"]),
        ]
    body += [para(""), para(italic(heads["education"]))]
    body += [para(f"{it['dates']}: {it['institution']} – {it['degree']}") for it in view["studies"]]
    body += [para(""), para(italic(heads["skills"]))]
    body += [para(f"\t{line['group']}:\t{', '.join(line['members'])}") for line in view["skills"]]
    body += [
        para(""),
        para(italic(heads["languages"])),
        *(para(f"\t{it['name']}\t{it['level']}") for it in view["languages"]),
    ]
    return Paper(tuple(body), header=(para(view["name"], align="center"),), font="Garamond")


LAYOUTS = (
    Layout("docx_panel", "docx", Shows(("short: – ", "years: – ")), lambda view: write_docx(lay_panel(view))),
    Layout(
        "docx_dates_first",
        "docx",
        Shows(("slash:–", "years:-", "iso: – ")),
        lambda view: write_docx(lay_dates_first(view)),
    ),
    Layout("odt_ruled", "odt", Shows(("slash: – ", "long: – ")), lambda view: write_odt(lay_ruled(view))),
    Layout(
        "rtf_letter", "rtf", Shows(("short", "short_years"), (), "address"), lambda view: write_rtf(lay_letter(view))
    ),
)
