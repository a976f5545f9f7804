"""Writes a paper as WordprocessingML (ECMA-376), as plain as Word itself accepts it."""

from xml.sax.saxutils import escape, quoteattr

from tests.resumes.writers.archive import pack_parts
from tests.resumes.writers.paper import Block, Paper, Para, Run, Table

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OUTSIDE = ' TargetMode="External"'
DEFAULT = 'w:default="1" '
STYLES = {"title": "Title", "heading": "Heading1", "bullet": "ListBullet"}
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def write_docx(paper: Paper) -> bytes:
    """The paper as a ``.docx`` file."""
    links: list[str] = []
    body = "".join(_write_block(block, links) for block in paper.body)
    box = _write_box(paper.floating, links, paper.modern_box) if paper.floating else ""
    edges = [(name, paras) for name, paras in (("header", paper.header), ("footer", paper.footer)) if paras]
    section = "".join(f'<w:{name}Reference w:type="default" r:id="{name}"/>' for name, _ in edges)
    page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'
    document = (
        f"{XML}<w:document {SPACES}><w:body>{box}{body}<w:sectPr>{section}{page}</w:sectPr></w:body></w:document>"
    )
    names = [name for name, _ in edges]
    parts = {
        "[Content_Types].xml": _write_types(names),
        "_rels/.rels": _write_relations([("doc", "officeDocument", "word/document.xml", False)]),
        "word/document.xml": document,
        "word/styles.xml": _write_styles(paper.font),
        "word/numbering.xml": _write_numbering(),
        "word/_rels/document.xml.rels": _write_relations(
            [
                ("styles", "styles", "styles.xml", False),
                ("numbering", "numbering", "numbering.xml", False),
                *((name, name, f"{name}1.xml", False) for name in names),
                *((f"link{place}", "hyperlink", href, True) for place, href in enumerate(links)),
            ]
        ),
    }
    for name, paras in edges:
        tag = "hdr" if name == "header" else "ftr"
        text = "".join(_write_para(_without_links(item), []) for item in paras)
        parts[f"word/{name}1.xml"] = f"{XML}<w:{tag} {SPACES}>{text}</w:{tag}>"
    return pack_parts(parts)


def _without_links(item: Para) -> Para:
    plain = tuple(Run(run.text, run.bold, run.italic, run.size) for run in item.runs)
    return Para(plain, item.style, item.align, item.tab, item.right)


def _write_block(block: Block, links: list[str]) -> str:
    return _write_table(block, links) if isinstance(block, Table) else _write_para(block, links)


def _write_para(item: Para, links: list[str]) -> str:
    style = f'<w:pStyle w:val="{STYLES[item.style]}"/>' if item.style in STYLES else ""
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if item.style == "bullet" else ""
    kind = "right" if item.right else "left"
    tabs = f'<w:tabs><w:tab w:val="{kind}" w:pos="{item.tab}"/></w:tabs>' if item.tab else ""
    align = f'<w:jc w:val="{item.align}"/>' if item.align != "left" else ""
    runs = "".join(_write_run(run, links) for run in item.runs)
    return f"<w:p><w:pPr>{style}{number}{tabs}{align}</w:pPr>{runs}</w:p>"


def _write_run(run: Run, links: list[str]) -> str:
    look = ("<w:b/>" if run.bold else "") + ("<w:i/>" if run.italic else "")
    look += f'<w:sz w:val="{run.size * 2}"/>' if run.size else ""
    pieces = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in run.text.split("\t"))
    written = f"<w:r><w:rPr>{look}</w:rPr>{pieces}</w:r>"
    if run.href is None:
        return written
    links.append(run.href)
    return f'<w:hyperlink r:id="link{len(links) - 1}">{written}</w:hyperlink>'


def _write_table(table: Table, links: list[str]) -> str:
    line = "single" if table.ruled else "none"
    edges = "".join(
        f'<w:{side} w:val="{line}" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in table.widths)
    rows = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{''.join(_write_para(item, links) for item in cell) or '<w:p/>'}</w:tc>"
            for cell, width in zip(row, table.widths, strict=True)
        )
        + "</w:tr>"
        for row in table.rows
    )
    head = f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    return f"<w:tbl>{head}{rows}</w:tbl><w:p/>"


def _write_box(paras: tuple[Para, ...], links: list[str], modern: bool) -> str:
    place = "position:absolute;margin-left:330pt;margin-top:0;width:150pt;height:120pt"
    text = f"<w:txbxContent>{''.join(_write_para(item, links) for item in paras)}</w:txbxContent>"
    box = f"<v:textbox>{text}</v:textbox>"
    picture = f'<w:pict><v:shape style="{place}">{box}<w10:wrap type="square"/></v:shape></w:pict>'
    return f"<w:p><w:r>{_write_drawing(text, picture) if modern else picture}</w:r></w:p>"


def _write_drawing(text: str, fallback: str) -> str:
    frame = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    inner = f'<wps:cNvSpPr txBox="1"/><wps:spPr>{frame}</wps:spPr><wps:txbx>{text}</wps:txbx><wps:bodyPr/>'
    graphic = f'<a:graphic><a:graphicData uri="{SHAPES}"><wps:wsp>{inner}</wps:wsp></a:graphicData></a:graphic>'
    size = '<wp:extent cx="1905000" cy="6096000"/><wp:wrapSquare wrapText="bothSides"/>'
    anchor = f'<wp:anchor behindDoc="0">{size}<wp:docPr id="1" name="Text Box 1"/>{graphic}</wp:anchor>'
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing></mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def _write_types(names: list[str]) -> str:
    parts = {"document": "document.main", "styles": "styles", "numbering": "numbering"}
    parts |= {f"{name}1": name for name in names}
    lines = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{KIND}.{kind}+xml"/>' for part, kind in parts.items()
    )
    known = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{XML}<Types xmlns="{PACKAGE}/content-types">{known}{lines}</Types>'


def _write_relations(relations: list[tuple[str, str, str, bool]]) -> str:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}{OUTSIDE if outside else ""}/>'
        for key, kind, target, outside in relations
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _write_styles(font: str) -> str:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
    default = f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
    named = (
        ("Normal", "Normal", ""),
        ("Title", "Title", '<w:b/><w:sz w:val="44"/>'),
        ("Heading1", "heading 1", '<w:b/><w:color w:val="1F4E79"/><w:sz w:val="27"/>'),
        ("ListBullet", "List Bullet", ""),
    )
    styles = "".join(
        f'<w:style w:type="paragraph" {DEFAULT if key == "Normal" else ""}w:styleId="{key}">'
        f'<w:name w:val="{name}"/><w:rPr>{look}</w:rPr></w:style>'
        for key, name, look in named
    )
    return f"{XML}<w:styles {SPACES}>{default}{styles}</w:styles>"


def _write_numbering() -> str:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    abstract = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
    return f'{XML}<w:numbering {SPACES}>{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
