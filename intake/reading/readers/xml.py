"""XML of documents, parsed without document types, entities, network or huge trees (ASVS v5.0.0-1.5.1)."""

from typing import TypeAlias

from lxml import etree

from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml offers no public name for the type of an element


def parse_xml(data: bytes) -> Element:
    """Return the root. Raises RefusedError for what is not well-formed or declares a document type."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError(Verdict.MALFORMED, "malformed") from error
    if root is None or root.getroottree().docinfo.doctype:
        raise RefusedError(Verdict.MALFORMED, "malformed")
    return root


def find_attribute(element: Element, name: str) -> str:
    """Return an attribute by its local name, whatever its namespace (strict and transitional differ)."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def name_of(element: Element) -> str:
    """Return an element's local name; empty for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
