"""Receives multipart uploads without ever writing a clear byte to a disk, at any size up to the cap.

The web framework's own parser moves files over 1 MiB to a plain temporary file; this one keeps them in memory, whose
use is bounded by the cap and by the number of uploads in work.
"""

from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from intake.desk.refusals import Refusal

MOST_FIELDS = 300
LARGEST_FIELD = 256 * 1024
OVERHEAD = 600 * 1024
"""What a multipart body may hold beside the file."""


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


async def receive_upload(request: Request, *, limit: int) -> Upload:
    """Read a multipart form with at most one file. Raises :class:`Refusal` for a body that is not one."""
    if not request.headers.get("Content-Type", "").lower().startswith("multipart/form-data"):
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
