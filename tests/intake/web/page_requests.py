"""Requests to an application that has pages, without a server."""

from functools import cache

from starlette.applications import Starlette
from starlette.requests import Request

from intake.web.rendering import Pages, Site


@cache
def make_pages() -> Pages:
    """The pages of one installation; its name tests escaping, its zone that dates are local."""
    return Pages(Site("Example <Hospitals>", "privacy@example.org", "Asia/Tokyo"))


def make_request(path: str = "/apply", method: str = "GET", query: str = "", **headers: str) -> Request:
    """A request to an application that has pages, without a server."""
    app = Starlette()
    app.state.pages = make_pages()
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {
            "type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": raw, "app": app,
            "server": ("vitavault.example.org", 443), "scheme": "https",
        }
    )  # fmt: skip
