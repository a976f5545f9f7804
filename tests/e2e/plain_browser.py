"""A browser as plain as can be: it reads forms, fills them and follows redirects. No scripts; cookies if given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx2
from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, after redirects."""

    status: int
    path: str
    text: str = field(repr=False)
    headers: Any = field(repr=False)

    def tree(self) -> LexborHTMLParser:
        """The page, parsed."""
        return LexborHTMLParser(self.text)

    def words(self) -> str:
        """The page's visible text, on one line."""
        body = self.tree().body
        return " ".join(body.text(separator=" ").split()) if body else ""

    def links_to(self, start: str) -> list[str]:
        """Addresses on the page that begin with ``start``, each once, without their queries."""
        hrefs = (str(node.attributes.get("href")).partition("?")[0] for node in self.tree().css("main a[href]"))
        return list(dict.fromkeys(href for href in hrefs if href.startswith(start)))

    def link_to(self, start: str) -> str:
        """The first address that begins with ``start``."""
        return self.links_to(start)[0]

    def action_to(self, end: str) -> str:
        """The action of the first form whose action ends so."""
        return str(find_form(self, end).attributes["action"])

    def reference(self) -> str:
        """The reference number that the page shows."""
        return " ".join(node.text(strip=True) for node in self.tree().css(".reference"))


class PlainBrowser:
    """Fetches pages and sends their forms as a browser without JavaScript does. The client follows redirects."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    @property
    def cookies(self) -> dict[str, str]:
        """Every cookie that was set."""
        return dict(self._client.cookies)

    def open(self, path: str) -> Page:
        """Fetch a page."""
        return _page(self._client.get(path))

    def fetch(self, path: str) -> Any:
        """Fetch anything, unread."""
        return self._client.get(path)

    def submit(
        self,
        page: Page,
        action: str,
        given: Mapping[str, str] = MappingProxyType({}),
        *,
        button: tuple[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Page:
        """Send the form whose action ends with ``action``, with its own values but for those given."""
        form = find_form(page, action)
        fields = fields_of(form) | {name: [value] for name, value in given.items()}
        if button:
            fields[button[0]] = [button[1]]
        files = {"file": file or ("", b"")} if form.attributes.get("enctype") == "multipart/form-data" else None
        return _page(self._client.post(str(form.attributes["action"]), data=fields, files=files))


def find_form(page: Page, action: str) -> LexborNode:
    """The form of a page whose action ends with ``action``; what a person could not press is an error."""
    for form in page.tree().css("form[action]"):
        if str(form.attributes["action"]).partition("?")[0].endswith(action):
            return form
    raise LookupError(f"no form leads to {action} on {page.path}")


def fields_of(form: LexborNode) -> dict[str, list[str]]:
    """The values that a form would send if nobody touched it; buttons apart."""
    found: dict[str, list[str]] = {}
    for node in form.css("input[name], textarea[name], select[name]"):
        value = _value_of(node)
        if value is not None:
            found.setdefault(str(node.attributes["name"]), []).append(value)
    return found


def _value_of(node: LexborNode) -> str | None:
    kind = node.attributes.get("type") or ""
    if node.tag == "textarea":
        return str(node.text()).removeprefix("\n")
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return str(chosen.attributes.get("value") or "") if chosen else ""
    if kind in ("file", "submit", "button"):
        return None
    if kind in ("checkbox", "radio"):
        return str(node.attributes.get("value") or "on") if "checked" in node.attributes else None
    return str(node.attributes.get("value") or "")


def _page(answer: Any) -> Page:
    return Page(answer.status_code, answer.url.path, answer.text, answer.headers)
