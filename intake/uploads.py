"""Receives multipart uploads without ever writing a clear byte to a disk, at any size up to the cap.

The web framework's own parser moves files over 1 MiB to a plain temporary file; this one keeps them in memory, whose
use is bounded by the cap and by the number of uploads in work. No request's body may be larger than its kind needs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.desk.refusals import Refusal
from intake.installation import Installation

MOST_FIELDS = 300
LARGEST_FIELD = 256 * 1024
OVERHEAD = 600 * 1024
"""What a multipart body may hold beside the file."""
SMALL_BODY = 1_000_000
"""Bytes that a request without a file may hold."""


class BodyLimit:
    """ASGI middleware: refuses a larger body than ``limit`` bytes (:data:`SMALL_BODY` where no file can be in it).

    What says beforehand that it is too large is answered before it is read; the rest is cut off where it exceeds.
    """

    def __init__(self, app: ASGIApp, limit: int, answer: Callable[[Request], Response]) -> None:
        self._app = app
        self._limit = limit
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a limit on its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit if is_multipart(headers) else SMALL_BODY
        said = headers.get("Content-Length", "0")
        if said.isdecimal() and int(said) > limit:
            await self._answer(Request(scope, receive))(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_some, send)


def is_multipart(headers: Headers) -> bool:
    """Whether a body may hold a file."""
    return headers.get("Content-Type", "").lower().startswith("multipart/form-data")


class _InMemoryParser(MultiPartParser):
    """Never spools to disk: a maximum of 0 means no limit to what is kept in memory (:mod:`tempfile`)."""

    spool_max_size = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """One received form: its file (empty bytes when none was chosen) and its other fields."""

    data: bytes = field(repr=False)
    file_name: str = field(repr=False)
    form: FormData = field(repr=False)

    def text(self, name: str) -> str:
        """One field's text, empty when absent."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every text given under one name."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]


@contextmanager
def place_for_upload(house: Installation) -> Iterator[None]:
    """One of the places for uploads in work, to be taken before the body is read. Raises :class:`Refusal`."""
    if not house.settings.reserve.keep():
        raise no_room()
    if not house.reader.try_reserve():
        raise Refusal("busy", 503, "Too many uploads are in work. Please try again shortly.", retry_after=5)
    try:
        yield
    finally:
        house.reader.release()


def no_room() -> Refusal:
    """The disk is full: nothing is taken in, so that erasing still can be."""
    return Refusal("no_room", 507, "There is no room at the moment. Nothing was kept; please try again later.")


async def receive_upload(request: Request, *, limit: int) -> Upload:
    """Read a multipart form with at most one file. Raises :class:`Refusal` for a body that is not one."""
    if not is_multipart(request.headers):
        raise Refusal("form_expected", 415, "Send this as multipart/form-data.")
    parser = _InMemoryParser(
        request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise Refusal("form_malformed", 400, "The form could not be understood.") from None
    except ClientDisconnect:
        raise Refusal("upload_cut_off", 400, "The upload was cut off. Nothing was kept; please try again.") from None
    try:
        return await _take_file(form, limit)
    finally:
        await form.close()  # the clear text outlives no request


async def _take_file(form: FormData, limit: int) -> Upload:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return Upload(b"", "", form)
    return Upload(await file.read(limit + 1), (file.filename or "")[:255], form)
