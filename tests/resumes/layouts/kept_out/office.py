"""The Word, OpenDocument and RTF designs that measure readers; whoever tunes a reader must not look at them."""

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.people import OTHER_CAREERS as CAREERS
from tests.resumes.people import Shows
from tests.resumes.writers.docx import write_docx
from tests.resumes.writers.odt import write_odt
from tests.resumes.writers.paper import Block, Paper, Para, Run, Table, bold, italic, para, tabbed
from tests.resumes.writers.rtf import write_rtf

KEPT_OUT = True

Cell = tuple[Para, ...]


def _bullets(lines: list[str]) -> Cell:
    return tuple(para(line, style="bullet") for line in lines)


def lay_stock(view: View) -> Paper:
    """One table over the whole page: headings and dates in its left column, the matter in its right one."""
    heads = view["heads"]
    contacts = [item["text"] for item in view["contact"]]
    rows: list[tuple[Cell, Cell]] = [((), (para(view["name"], style="title"), para(" ▪ ".join(contacts))))]
    rows.append(((para(bold(heads["summary"])),), (para(view["summary"]),)))
    rows.append(((para(bold(heads["work"])),), ()))
    for job in view["jobs"]:
        told = (para(bold(job["title"])), para(f"{job['employer']}, {job['city']}"), *_bullets(job["bullets"]))
        rows.append(((para(job["dates"]),), told))
    rows.append(((para(bold(heads["education"])),), ()))
    rows += [((para(it["dates"]),), (para(bold(it["degree"])), para(it["institution"]))) for it in view["studies"]]
    members = [member for line in view["skills"] for member in line["members"]]
    rows.append(((para(bold(heads["skills"])),), _bullets(members)))
    spoken = tuple(para(f"{it['name']}, {it['level']}") for it in view["languages"])
    rows.append(((para(bold(heads["languages"])),), spoken))
    return Paper((Table(tuple(rows), (2300, 7300)),), font="Gill Sans MT")


def lay_boxes(view: View) -> Paper:
    """Contacts, skills and languages in a text box at the side, as Word keeps it: twice, for old and new versions."""
    heads = view["heads"]
    side = [para(Run(heads["contact"].upper(), bold=True)), *(para(item["text"]) for item in view["contact"])]
    side += [para(Run(heads["skills"].upper(), bold=True))]
    side += [para(member) for line in view["skills"] for member in line["members"]]
    side += [para(Run(heads["languages"].upper(), bold=True))]
    side += [para(f"{it['name']} – {it['level']}") for it in view["languages"]]
    body: list[Block] = [para(Run(view["name"].upper(), bold=True, size=26)), para(Run(view["headline"], size=14))]
    body += [para(heads["summary"], style="heading"), para(view["summary"]), para(heads["work"], style="heading")]
    for job in view["jobs"]:
        body += [para(bold(job["employer"])), para(italic(job["title"]), f"  |  {job['dates']}")]
        body += [*_bullets(job["bullets"])]
    body.append(para(heads["education"], style="heading"))
    for it in view["studies"]:
        body += [para(bold(it["institution"])), para(italic(it["degree"]), f"  |  {it['dates']}")]
    return Paper(tuple(body), floating=tuple(side), modern_box=True)


def lay_cities(view: View) -> Paper:
    """As an online editor exports it: "employer, city — title", the dates in small capitals on the next line."""
    heads = view["heads"]
    body: list[Block] = [para(Run(view["name"], bold=True, size=30))]
    body += [
        para(Run(item["text"], bold=item["kind"] in ("phone", "email"), href=item["href"])) for item in view["contact"]
    ]
    body.append(para(heads["skills"], style="heading"))
    body += [para(f"{line['group']}: {', '.join(line['members'])}") for line in view["skills"]]
    body.append(para(heads["work"], style="heading"))
    for job in view["jobs"]:
        body += [para(bold(job["employer"]), f", {job['city']} — ", italic(job["title"]))]
        body += [para(Run(job["dates"].upper(), size=8)), *(para(f"{line}.") for line in job["bullets"])]
    body.append(para(heads["education"], style="heading"))
    for it in view["studies"]:
        body += [para(bold(it["institution"]), f", {it['city']} — ", italic(it["degree"]))]
        body += [para(Run(it["dates"].upper(), size=8))]
    body += [para(heads["languages"], style="heading")]
    body.append(para(", ".join(f"{it['name']} ({it['level']})" for it in view["languages"])))
    return Paper(tuple(body), font="Merriweather")


def lay_matrix(view: View) -> Paper:
    """Capitals and bars: "TITLE | EMPLOYER" over its dates; skills in a table of three columns; headings centred."""
    heads = view["heads"]
    members = [member for line in view["skills"] for member in line["members"]]
    members += [""] * (-len(members) % 3)
    cells = tuple(
        tuple((para(f"✓ {text}" if text else ""),) for text in members[place : place + 3])
        for place in range(0, len(members), 3)
    )

    def head(key: str) -> Para:
        return para(Run(f"— {heads[key].upper()} —", bold=True), align="center")

    body: list[Block] = [para(Run(view["name"], bold=True, size=22), align="center")]
    body += [para(" • ".join(item["text"] for item in view["contact"]), align="center")]
    body += [head("summary"), para(view["summary"]), head("skills"), Table(cells, (3200, 3200, 3200)), head("work")]
    for job in view["jobs"]:
        body += [
            para(bold(f"{job['title'].upper()} | {job['employer'].upper()}")),
            para(f"{job['city']} | {job['dates']}"),
        ]
        body += [*_bullets(job["bullets"])]
    body.append(head("education"))
    body += [para(bold(it["degree"]), f" | {it['institution']} | {it['dates']}") for it in view["studies"]]
    body += [head("languages"), para(" • ".join(f"{it['name']}: {it['level']}" for it in view["languages"]))]
    return Paper(tuple(body), font="Cambria")


def lay_tabs(view: View) -> Paper:
    """All in tabs: labels and dates left, matter right, further lines of an entry tabbed alone; title first."""
    heads, words, at = view["heads"], view["words"], 2900
    kinds = {"place": words["address"], "phone": words["phone"], "email": words["email"], "link": words["links"]}

    def line(left: str, *right: str | Run) -> Para:
        return tabbed(f"{left}\t", *right, at=at, right=False)

    body: list[Block] = [para(heads["document"], style="title"), line(words["name"], view["name"])]
    body += [line(kinds[item["kind"]], item["text"]) for item in view["contact"]]
    body += [line(words["born"], view["born"]), para(""), para(bold(heads["education"]))]
    for it in view["studies"]:
        body += [line(it["dates"], it["institution"]), line("", it["degree"])]
    body += [para(""), para(bold(heads["work"]))]
    for job in view["jobs"]:
        body += [line(job["dates"], bold(job["title"])), line("", f"{job['employer']}, {job['city']}")]
        body += [line("", f"- {text}") for text in job["bullets"]]
    body += [para(""), para(bold(heads["skills"]))]
    body += [line(group["group"], ", ".join(group["members"])) for group in view["skills"]]
    body += [para(""), para(bold(heads["languages"]))]
    body += [line(it["name"], f"{it['level']} {it['cefr']}".strip()) for it in view["languages"]]
    return Paper(tuple(body), font="Liberation Sans")


def lay_brackets(view: View) -> Paper:
    """Employers with their time in brackets, posts below; a page header with the name, a footer with the contacts."""
    heads = view["heads"]
    body: list[Block] = [para(Run(view["name"], bold=True, size=20)), para(italic(view["headline"]))]
    body += [para(heads["work"], style="heading")]
    for group in view["employers"]:
        body.append(para(bold(group["employer"]), f" ({group['dates']})"))
        for role in group["roles"]:
            dates = f" – {role['dates']}" if len(group["roles"]) > 1 else ""
            body += [para(italic(role["title"]), dates), *_bullets(role["bullets"])]
    body.append(para(heads["education"], style="heading"))
    body += [para(bold(it["degree"]), f", {it['institution']} ({it['dates']})") for it in view["studies"]]
    body.append(para(heads["skills"], style="heading"))
    body += [para(f"{line['group']} – {', '.join(line['members'])}") for line in view["skills"]]
    body += [para(heads["languages"], style="heading")]
    body += [para(f"{it['name']}: {it['cefr'] or it['level']}") for it in view["languages"]]
    contacts = tuple(para(item["text"]) for item in view["contact"])
    return Paper(tuple(body), header=(para(f"{view['name']} – {heads['document']}", align="right"),), footer=contacts)


def lay_grid(view: View) -> Paper:
    """Ruled tables with a head row of a table each: dates, employer with post, place; contacts beside the name."""
    heads, words = view["heads"], view["words"]
    contacts = tuple(para(item["text"], align="right") for item in view["contact"])
    first: Cell = (para(Run(view["name"], bold=True, size=18)), para(view["headline"]))
    body: list[Block] = [Table(((first, contacts),), (5000, 4600)), para(bold(heads["work"].upper()))]
    rows: list[tuple[Cell, ...]] = [tuple((para(bold(words[key])),) for key in ("period", "employer", "position"))]
    for job in view["jobs"]:
        told = (para(bold(job["title"])), *(para(f"- {line}") for line in job["bullets"]))
        rows.append(((para(job["dates"]),), (para(job["employer"]), para(job["city"])), told))
    body += [Table(tuple(rows), (2300, 3000, 4300), ruled=True), para(bold(heads["education"].upper()))]
    rows = [tuple((para(bold(words[key])),) for key in ("period", "school", "degree"))]
    rows += [((para(it["dates"]),), (para(it["institution"]),), (para(it["degree"]),)) for it in view["studies"]]
    body += [Table(tuple(rows), (2300, 3000, 4300), ruled=True), para(bold(heads["skills"].upper()))]
    body += [para(", ".join(member for line in view["skills"] for member in line["members"]))]
    body.append(para(bold(heads["languages"].upper())))
    body.append(para(", ".join(f"{it['name']} ({it['cefr'] or it['level']})" for it in view["languages"])))
    return Paper(tuple(body), font="Calibri")


LAYOUTS = (
    Layout(
        "docx_stock",
        "docx",
        Shows(("short: – ", "capitals: - ", "years: - "), careers=CAREERS),
        lambda view: write_docx(lay_stock(view)),
    ),
    Layout(
        "docx_boxes",
        "docx",
        Shows(("long: - ", "slash: – "), ("end_year", "years: – "), careers=CAREERS),
        lambda view: write_docx(lay_boxes(view)),
    ),
    Layout(
        "docx_cities",
        "docx",
        Shows(("long: - ", "year_slash: - "), careers=CAREERS),
        lambda view: write_docx(lay_cities(view)),
    ),
    Layout(
        "docx_matrix",
        "docx",
        Shows(("slash: - ", "until", "short: – "), ("end_year",), careers=CAREERS),
        lambda view: write_docx(lay_matrix(view)),
    ),
    Layout(
        "odt_tabs",
        "odt",
        Shows(("slash: – ", "open_end", "dot:-"), (), "address", careers=CAREERS),
        lambda view: write_odt(lay_tabs(view)),
    ),
    Layout(
        "odt_brackets",
        "odt",
        Shows(("years:–", "short: – ", "short_years"), ("end_year", "years:–"), careers=CAREERS),
        lambda view: write_odt(lay_brackets(view)),
    ),
    Layout(
        "rtf_grid",
        "rtf",
        Shows(("slash: - ", "years: - ", "short: - "), (), "address", careers=CAREERS),
        lambda view: write_rtf(lay_grid(view)),
    ),
)
