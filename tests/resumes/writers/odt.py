"""Writes a paper as OpenDocument text (ISO/IEC 26300)."""

from xml.sax.saxutils import escape, quoteattr

from tests.resumes.writers.archive import pack_parts
from tests.resumes.writers.paper import Block, Paper, Para, Run, Table

NAMES = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    f'xmlns:office="{NAMES}:office:1.0" xmlns:text="{NAMES}:text:1.0" xmlns:table="{NAMES}:table:1.0" '
    f'xmlns:style="{NAMES}:style:1.0" xmlns:fo="{NAMES}:xsl-fo-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
XML = '<?xml version="1.0" encoding="UTF-8"?>'
KIND = "application/vnd.oasis.opendocument.text"
LOOKS = {"B": 'fo:font-weight="bold"', "I": 'fo:font-style="italic"'}


def write_odt(paper: Paper) -> bytes:
    """The paper as an ``.odt`` file."""
    body = "".join(_write_block(block) for block in (*paper.floating, *paper.body))
    looks = "".join(
        f'<style:style style:name="{key}" style:family="text"><style:text-properties {look}/></style:style>'
        for key, look in LOOKS.items()
    )
    stops = "".join(_write_stop(tab, right) for tab, right in _find_stops(paper))
    content = (
        f'{XML}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{looks}{stops}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    files = ("content.xml", "styles.xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in files
    )
    manifest = (
        f'{XML}<manifest:manifest xmlns:manifest="{NAMES}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>{entries}</manifest:manifest>'
    )
    parts = {"mimetype": KIND, "content.xml": content, "styles.xml": _write_styles(paper)}
    return pack_parts({**parts, "META-INF/manifest.xml": manifest}, stored=("mimetype",))


def _find_stops(paper: Paper) -> list[tuple[int, bool]]:
    return sorted({(item.tab, item.right) for item in paper.body if isinstance(item, Para) and item.tab})


def _write_stop(tab: int, right: bool) -> str:
    kind = "right" if right else "left"
    stop = f'<style:tab-stop style:position="{tab / 567:.2f}cm" style:type="{kind}"/>'
    inner = f"<style:paragraph-properties><style:tab-stops>{stop}</style:tab-stops></style:paragraph-properties>"
    return f'<style:style style:name="T{tab}{kind}" style:family="paragraph">{inner}</style:style>'


def _write_block(block: Block) -> str:
    return _write_table(block) if isinstance(block, Table) else _write_para(block)


def _write_para(item: Para) -> str:
    text = "".join(_write_run(run) for run in item.runs)
    if item.style == "heading":
        return f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{text}</text:h>'
    if item.style == "bullet":
        return f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>"
    name = f"T{item.tab}{'right' if item.right else 'left'}" if item.tab else item.style.title()
    return f'<text:p text:style-name="{name}">{text}</text:p>'


def _write_run(run: Run) -> str:
    text = "<text:tab/>".join(escape(piece) for piece in run.text.split("\t")).replace("  ", ' <text:s text:c="1"/>')
    look = "B" if run.bold else "I" if run.italic else ""
    text = f'<text:span text:style-name="{look}">{text}</text:span>' if look else text
    return f'<text:a xlink:type="simple" xlink:href={quoteattr(run.href)}>{text}</text:a>' if run.href else text


def _write_table(table: Table) -> str:
    columns = "<table:table-column/>" * len(table.widths)
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string">{"".join(map(_write_para, cell))}</table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in table.rows
    )
    return f"<table:table>{columns}{rows}</table:table>"


def _write_styles(paper: Paper) -> str:
    header = f"<style:header>{''.join(map(_write_para, paper.header))}</style:header>" if paper.header else ""
    footer = f"<style:footer>{''.join(map(_write_para, paper.footer))}</style:footer>" if paper.footer else ""
    title = '<style:text-properties fo:font-size="20pt" fo:font-weight="bold"/>'
    heading = '<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/>'
    return (
        f'{XML}<office:document-styles {SPACES} office:version="1.3"><office:styles>'
        f'<style:style style:name="Title" style:family="paragraph">{title}</style:style>'
        f'<style:style style:name="Heading_20_1" style:family="paragraph">{heading}</style:style></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="page"/></office:automatic-styles>'
        f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">{header}{footer}'
        "</style:master-page></office:master-styles></office:document-styles>"
    )
