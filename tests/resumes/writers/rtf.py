"""Writes a paper as Rich Text Format 1.9: pure ASCII, other characters as numbers."""

from tests.resumes.writers.paper import Block, Paper, Para, Run, Table

SPECIAL = {"\\": "\\\\", "{": "\\{", "}": "\\}", "\t": "\\tab "}
ALIGN = {"left": "\\ql", "center": "\\qc", "right": "\\qr"}
LOOK = {
    "normal": "\\sa60",
    "title": "\\sa120\\b\\fs40",
    "heading": "\\sb200\\sa80\\b\\fs26",
    "bullet": "\\fi-200\\li360",
}


def write_rtf(paper: Paper) -> bytes:
    """The paper as an ``.rtf`` file."""
    header = f"{{\\header {_write_paras(paper.header)}}}" if paper.header else ""
    footer = f"{{\\footer {_write_paras(paper.footer)}}}" if paper.footer else ""
    body = "\n".join(_write_block(block) for block in (*paper.floating, *paper.body))
    fonts = f"{{\\fonttbl{{\\f0\\fswiss\\fcharset0 {paper.font};}}}}"
    return f"{{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0{fonts}\\f0\\fs21\n{header}{footer}{body}\n}}".encode("ascii")


def _write_block(block: Block) -> str:
    return _write_table(block) if isinstance(block, Table) else _write_para(block) + "\\par"


def _write_paras(paras: tuple[Para, ...]) -> str:
    return "\\par ".join(_write_para(item) for item in paras)


def _write_para(item: Para, inside: str = "") -> str:
    kind = "\\tqr" if item.right else ""
    stop = f"{kind}\\tx{item.tab}" if item.tab else ""
    mark = "\\bullet\\tab " if item.style == "bullet" else ""
    runs = "".join(_write_run(run) for run in item.runs)
    return f"\\pard{inside}{ALIGN[item.align]}{stop}{{{LOOK[item.style]} {mark}{runs}}}"


def _write_run(run: Run) -> str:
    look = ("\\b" if run.bold else "") + ("\\i" if run.italic else "") + (f"\\fs{run.size * 2}" if run.size else "")
    text = f"{{{look} {_escape(run.text)}}}" if look else _escape(run.text)
    if run.href is None:
        return text
    return f'{{\\field{{\\*\\fldinst HYPERLINK "{_escape(run.href)}"}}{{\\fldrslt {text}}}}}'


def _escape(text: str) -> str:
    return "".join(SPECIAL.get(character) or _encode(character) for character in text)


def _encode(character: str) -> str:
    if character.isascii():
        return character
    raw = character.encode("utf-16-le")
    units = [int.from_bytes(raw[place : place + 2], "little", signed=True) for place in range(0, len(raw), 2)]
    return "".join(f"\\u{unit}?" for unit in units)


def _write_table(table: Table) -> str:
    edges, reached = "", 0
    for width in table.widths:
        reached += width
        edges += f"\\clbrdrb\\brdrs\\cellx{reached}" if table.ruled else f"\\cellx{reached}"
    rows = []
    for row in table.rows:
        cells = "".join("\\par ".join(_write_para(item, "\\intbl") for item in cell) + "\\cell " for cell in row)
        rows.append(f"\\trowd{edges}{cells}\\row")
    return "\n".join(rows) + "\\pard\\par"
