"""Serves the gallery on 127.0.0.1 with the product's own rendering and headers, as a browser would meet it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import uvicorn
from gallery import PAGES
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from intake.web.rendering import STATIC_PATH, Pages, Site, make_static_files, render
from intake.web.security_headers import SecurityHeaders

SITE = Site("Example Hospitals", "privacy@example.org", "Europe/London")


def make_gallery() -> Starlette:
    """An application with one address for each page of the gallery."""
    app = Starlette(
        routes=[
            Route("/gallery/{name}", _show_page),
            Route("/recruit/search", _answer_search, methods=["POST"]),
            Route("/gallery-page.png", _draw_document_page),
            Mount(STATIC_PATH, make_static_files()),
        ],
        middleware=[Middleware(SecurityHeaders, https=False)],
    )
    app.state.pages = Pages(SITE)
    return app


@contextmanager
def serve_gallery() -> Iterator[str]:
    """Serve the gallery from a thread until the block ends; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(make_gallery(), log_level="warning", server_header=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


async def _show_page(request: Request) -> Response:
    template, values = PAGES[request.path_params["name"]]
    return render(request, template, **values)


async def _answer_search(_: Request) -> Response:
    return RedirectResponse("/gallery/recruit-search-results", 303)


async def _draw_document_page(_: Request) -> Response:
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for line in range(46):
        width = 940 if line % 7 else 420
        draw.rectangle(
            (150, 150 + line * 32, 150 + width - (line * 53) % 260, 162 + line * 32), fill=60 if not line % 7 else 150
        )
    picture = BytesIO()
    page.save(picture, "PNG")
    return Response(picture.getvalue(), media_type="image/png")
