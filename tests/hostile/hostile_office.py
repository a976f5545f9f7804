"""Hostile DOCX and ODT files, made deterministically: zip tricks, bombs, entities, recursion, false counters."""

import io
import struct
import zipfile
from collections.abc import Iterator

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_O = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_ODT_TYPE = "application/vnd.oasis.opendocument.text"
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
_TIME = (2020, 1, 1, 0, 0, 0)


def zip_of(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts in order, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(info, data)
    return out.getvalue()


def _relations(*targets: tuple[str, str, bool]) -> bytes:
    external = ' TargetMode="External"'
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"{external if outside else ""}/>'
        for number, (kind, target, outside) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'.encode()


def _document(body: str, prolog: str = "") -> bytes:
    return f"{prolog}<w:document {_W} {_R}><w:body>{body}</w:body></w:document>".encode()


def _paragraph(text: str = "Jane Roe, jane@example.org") -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_parts(body: bytes | None = None) -> list[tuple[str, bytes]]:
    """Return the parts of a small, sound Word document."""
    return [
        ("[Content_Types].xml", _TYPES.encode()),
        ("_rels/.rels", _relations(("officeDocument", "word/document.xml", False))),
        ("word/document.xml", body if body is not None else _document(_paragraph())),
    ]


def _docx(body: str, prolog: str = "") -> bytes:
    return zip_of(docx_parts(_document(body, prolog)))


def _docx_with(*extra: tuple[str, bytes]) -> bytes:
    return zip_of([*docx_parts(), *extra])


def _content(body: str, prolog: str = "") -> bytes:
    return (
        f"{prolog}<office:document-content {_O}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    ).encode()


def odt_parts(content: bytes | None = None) -> list[tuple[str, bytes]]:
    """Return the parts of a small, sound OpenDocument text."""
    plain = _content("<text:p>Jane Roe, jane@example.org</text:p>")
    return [("mimetype", _ODT_TYPE.encode()), ("content.xml", content if content is not None else plain)]


def _odt(body: str, prolog: str = "") -> bytes:
    return zip_of(odt_parts(_content(body, prolog)))


def _patched(data: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """Overwrite one field of every record that opens with the signature."""
    out = bytearray(data)
    at = out.find(signature)
    while at >= 0:
        struct.pack_into(form, out, at + offset, value)
        at = out.find(signature, at + 4)
    return bytes(out)


def _laughs(levels: int) -> str:
    entities = '<!ENTITY a0 "lol">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels)
    )
    return f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>"


def _overlapping() -> bytes:
    """Many directory entries that share one local file."""
    inner = zip_of([*docx_parts(), ("word/media/a.bin", bytes(4 * 1024 * 1024))])
    end = inner.rfind(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HLL", inner, end + 10)
    directory = inner[offset:end]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    copies = b""
    for number in range(1500):
        copies += last.replace(b"word/media/a.bin", b"word/media/%05d" % number)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1500, count + 1500, size + len(copies), offset, 0)
    return inner[:offset] + directory + copies + tail


def _symlink() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in docx_parts():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data)
        link = zipfile.ZipInfo("word/link.xml", _TIME)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _doubled() -> bytes:
    parts = docx_parts()
    data = zip_of([*parts, ("word/documenT.xml", _document(_paragraph("another")))])
    return data.replace(b"word/documenT.xml", b"word/document.xml")


def _entity_files() -> Iterator[tuple[str, bytes]]:
    file_entity = "<!DOCTYPE w:document [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    web_entity = "<!DOCTYPE w:document [<!ENTITY x SYSTEM 'http://127.0.0.1:47009/x'>]>"
    parameter = "<!DOCTYPE w:document SYSTEM 'http://127.0.0.1:47009/x.dtd' [<!ENTITY % p SYSTEM 'http://127.0.0.1:47009/p'>%p;]>"
    yield "docx_entity_file.docx", _docx(_paragraph("&x;"), file_entity)
    yield "docx_entity_web.docx", _docx(_paragraph("&x;"), web_entity)
    yield "docx_entity_parameter.docx", _docx(_paragraph(), parameter)
    yield "docx_laughs.docx", _docx(_paragraph("&a9;"), _laughs(10))
    wide = "<?xml version='1.0' encoding='utf-16'?>" + file_entity + _document(_paragraph("&x;")).decode()
    yield "docx_entity_utf16.docx", zip_of(docx_parts(wide.encode("utf-16")))
    core = b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><x>&x;</x>"
    yield "docx_entity_core.docx", _docx_with(("docProps/core.xml", core))
    yield (
        "odt_entity_file.odt",
        _odt("<text:p>&x;</text:p>", file_entity.replace("w:document", "office:document-content")),
    )
    yield "odt_laughs.odt", _odt("<text:p>&a9;</text:p>", _laughs(10))


def _bombs() -> Iterator[tuple[str, bytes]]:
    yield "docx_spaces.docx", _docx(" " * 30_000_000)
    yield "docx_media.docx", _docx_with(("word/media/a.bin", bytes(30_000_000)))
    yield "docx_paragraphs.docx", _docx("<w:p/>" * 1_500_000)
    yield "docx_lzma.docx", zip_of([*docx_parts(), ("word/media/a.bin", bytes(10_000_000))], zipfile.ZIP_LZMA)
    yield "docx_bzip2.docx", zip_of([*docx_parts(), ("word/media/a.bin", bytes(10_000_000))], zipfile.ZIP_BZIP2)
    lying = zip_of([*docx_parts(), ("word/styles.xml", b"<x>" + bytes(20_000_000) + b"</x>")])
    yield "docx_lying_size.docx", _patched(lying, b"PK\x01\x02", 24, "<L", 1000)
    yield "docx_overlap.docx", _overlapping()
    yield "docx_entries.docx", _docx_with(*((f"word/x{number}.xml", b"") for number in range(3000)))
    for name, span in (("2g", 2**31), ("30m", 30_000_000)):
        cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{_paragraph()}</w:tc>'
        yield f"docx_gridspan_{name}.docx", _docx(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")
    level = '<w:p><w:pPr><w:numPr><w:ilvl w:val="1000000000"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
    yield "docx_list_level.docx", _docx(level + _paragraph())
    yield "odt_spaces_2g.odt", _odt(f'<text:p>a<text:s text:c="{2**31}"/>b</text:p>')
    cell = f'<table:table-cell table:number-columns-repeated="{2**31}"><text:p>a</text:p></table:table-cell>'
    yield "odt_columns_2g.odt", _odt(f"<table:table><table:table-row>{cell}</table:table-row></table:table>")
    yield "odt_paragraphs.odt", _odt("<text:p/>" * 2_000_000)
    yield "odt_words.odt", _odt("".join(f"<text:p>word {n} {n * 7919}</text:p>" for n in range(60_000)))


def _zip_tricks() -> Iterator[tuple[str, bytes]]:
    sound = zip_of(docx_parts())
    yield "docx_sound.docx", sound
    yield "odt_sound.odt", zip_of(odt_parts())
    yield "docx_truncated.docx", sound[:-60]
    yield "docx_appended.docx", sound + b"<html><script>1</script></html>"
    yield "docx_prepended.docx", b"%PDF-1.4\n%junk\n" + sound
    yield "docx_doubled.docx", _doubled()
    yield "docx_symlink.docx", _symlink()
    yield "docx_slip.docx", _docx_with(("../../../../tmp/vitavault-slip", b"x"), ("/etc/vitavault-slip", b"x"))
    yield "docx_encrypted_flag.docx", _patched(_patched(sound, b"PK\x01\x02", 8, "<H", 1), b"PK\x03\x04", 6, "<H", 1)
    yield "docx_bad_crc.docx", _patched(sound, b"PK\x01\x02", 16, "<L", 0xDEADBEEF)
    yield "docx_empty.docx", b"PK\x05\x06" + bytes(18)
    yield "both.odt", zip_of([*odt_parts(), *docx_parts()])
    yield "odt_wrong_type.odt", zip_of([("mimetype", b"application/x-other"), *odt_parts()[1:]])
    manifest = b"<m><file-entry full-path='content.xml'><encryption-data checksum='x'/></file-entry></m>"
    yield "odt_encrypted.odt", zip_of([*odt_parts(b"\x91\x02garbage"), ("META-INF/manifest.xml", manifest)])
    yield (
        "ole_encrypted.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    )
    yield "ole_word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le")
    yield "archive.zip", zip_of([("resume.txt", b"Jane Roe")])
    yield "nested.docx", _docx_with(("word/embeddings/inner.docx", sound))


def _shapes() -> Iterator[tuple[str, bytes]]:
    yield "docx_nested_tables.docx", _docx("<w:tbl><w:tr><w:tc>" * 80 + _paragraph() + "</w:tc></w:tr></w:tbl>" * 80)
    yield "docx_nested_deep.docx", _docx("<w:sdt>" * 3000 + "</w:sdt>" * 3000)
    yield "docx_runs.docx", _docx("<w:p>" + "".join(f"<w:r><w:t>{n} </w:t></w:r>" for n in range(40_000)) + "</w:p>")
    yield "odt_nested_spans.odt", _odt("<text:p>" + "<text:span>" * 200 + "deep" + "</text:span>" * 200 + "</text:p>")
    yield "odt_nested_lists.odt", _odt("<text:list><text:list-item>" * 120 + "</text:list-item></text:list>" * 120)
    yield "docx_wrong_root.docx", zip_of(docx_parts(b"<x/>"))
    yield "docx_no_document.docx", zip_of(docx_parts()[:2])
    yield "docx_controls.docx", _docx(_paragraph("a&#x202E;b&#x200B;c&#xFFFD;=1+1"))
    yield "docx_nul_reference.docx", _docx(_paragraph("a&#0;b"))
    traversal = [docx_parts()[0], ("_rels/.rels", _relations(("officeDocument", "../../etc/passwd", False)))]
    yield "docx_traversal.docx", zip_of([*traversal, docx_parts()[2]])
    loop = _relations(("header", "document.xml", False), ("footer", "document.xml", False))
    yield "docx_loop.docx", _docx_with(("word/_rels/document.xml.rels", loop))
    remote = _relations(
        ("attachedTemplate", "http://127.0.0.1:47009/t.dotm", True), ("image", "http://127.0.0.1:47009/i", True)
    )
    yield "docx_remote.docx", _docx_with(("word/_rels/document.xml.rels", remote))
    yield "docx_macro.docx", _docx_with(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0dummy"))
    yield "docx_eicar.docx", _docx_with(("word/embeddings/a.bin", _EICAR))
    dde = '<w:p><w:r><w:instrText>DDEAUTO c:\\\\x "y"</w:instrText></w:r></w:p>'
    yield "docx_dde.docx", _docx(dde + _paragraph())
    self_based = f'<w:styles {_W}><w:style w:styleId="A"><w:basedOn w:val="A"/></w:style></w:styles>'
    yield "docx_style_loop.docx", _docx_with(("word/styles.xml", self_based.encode()))
    yield (
        "odt_remote.odt",
        _odt('<text:p><draw:frame><draw:image xlink:href="http://127.0.0.1:47009/i"/></draw:frame>a</text:p>'),
    )


def make_office() -> Iterator[tuple[str, bytes]]:
    """Yield every hostile office file by name."""
    yield from _entity_files()
    yield from _bombs()
    yield from _zip_tricks()
    yield from _shapes()
