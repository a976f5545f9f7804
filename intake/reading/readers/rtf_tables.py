"""Fixed tables of RTF 1.9.1: character sets, symbols, destinations that hold no text for a reader."""

import re

CODE_PAGES = {
    437: "cp437", 708: "cp720", 850: "cp850", 852: "cp852", 866: "cp866", 874: "cp874", 932: "cp932", 936: "gbk",
    949: "cp949", 950: "cp950", 1250: "cp1250", 1251: "cp1251", 1252: "cp1252", 1253: "cp1253", 1254: "cp1254",
    1255: "cp1255", 1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 10000: "mac_roman", 65001: "utf-8",
}  # fmt: skip
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
SYMBOLS = {
    "tab": "\t", "bullet": "\u2022", "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
# fmt: off
DESTINATIONS_SKIPPED = frozenset({
    "colortbl", "info", "pict", "object", "objdata", "themedata", "colorschememapping", "datastore", "filetbl",
    "latentstyles", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "xmlnstbl", "nonshppict",
    "operator", "author", "title", "falt", "panose", "private", "template", "pntxta", "pntxtb", "atnid", "annotation",
    "bkmkstart", "bkmkend", "fchars", "lchars", "ftnsep", "ftnsepc", "aftnsep", "datafield", "formfield", "sp",
})
# fmt: on
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|nagłówek)\s*([1-6])\s*;?\s*$", re.IGNORECASE)


def heading_of(style_name: str) -> int:
    """Return the heading level that a style's name says, 0 where it says none."""
    found = _HEADING.search(style_name.strip())
    if found:
        return int(found[1])
    return 1 if style_name.strip().rstrip(";").casefold() == "title" else 0
