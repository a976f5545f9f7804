"""How a document that could not be read is told apart, and what the person is told about it.

A refusal carries a stable code, never a word of the document. The sentences are plain English and double as gettext
message ids; the pages translate them.
"""

from storage.profile import Reading, Verdict


class RefusedError(Exception):
    """A document that cannot be read. ``code`` is stable and a key of :data:`SENTENCES`."""

    def __init__(self, verdict: Verdict, code: str) -> None:
        super().__init__(code)
        self.verdict = verdict
        self.code = code


def _mark(sentence: str) -> str:
    """Mark a sentence for extraction by Babel (keyword ``_mark``)."""
    return sentence


SENTENCES: dict[str, str] = {
    "empty_file": _mark("This file is empty. Please choose another file."),
    "no_text": _mark("We found no text in this file. You can type your details instead."),
    "file_gone": _mark("This file is no longer there. Please upload it again, or type your details instead."),
    "too_large": _mark(
        "This file unpacks to more than we can read safely. Please save it again as a PDF and try that."
    ),
    "too_many_pixels": _mark("This picture is too large. Please save it at a lower resolution or as a PDF."),
    "timeout": _mark("Reading this file took too long. It is kept; you can type your details instead."),
    "crashed": _mark("We could not read this file. It is kept; you can type your details instead."),
    "malformed": _mark("This file seems to be damaged. Please save it again, preferably as a PDF, and try that."),
    "ambiguous": _mark("This file claims to be two types at once. Please save it again as a PDF and try that."),
    "encrypted": _mark("This file is protected with a password. Please remove the password and upload it again."),
    "legacy_word": _mark(
        "This is a file of an old Word version (.doc). Please open it and save it as PDF or Word document (.docx)."
    ),
    "spreadsheet": _mark("This is a spreadsheet. Please save your resume as a PDF or a Word document."),
    "presentation": _mark("This is a presentation. Please save your resume as a PDF or a Word document."),
    "archive": _mark("This is an archive of files. Please upload your resume itself, as a PDF or a Word document."),
    "picture": _mark("We cannot read this kind of picture. Please save it as PDF, PNG or JPEG."),
    "unsupported": _mark(
        "We cannot read this type of file. Please use PDF, Word (.docx), OpenDocument (.odt), RTF, HTML or plain text."
    ),
    "no_resume": _mark("This file holds data, but not in the shape of a resume (JSON Resume or Europass)."),
    "needs_ocr": _mark(
        "This file is a picture of a text, which we cannot read here. It is kept; you can type your details instead."
    ),
}
"""What the person is told, by code."""

_BY_VERDICT = {
    Verdict.EMPTY: "no_text",
    Verdict.ENCRYPTED: "encrypted",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.TOO_LARGE: "too_large",
    Verdict.TIMEOUT: "timeout",
    Verdict.CRASHED: "crashed",
    Verdict.MALFORMED: "malformed",
    Verdict.NEEDS_OCR: "needs_ocr",
}


def code_for(reading: Reading) -> str:
    """Return the stable code of how a reading ended; ``ok`` where it went well."""
    if reading.verdict is Verdict.OK:
        return "ok"
    named = [warning for warning in reading.warnings if warning in SENTENCES]
    return named[0] if named else _BY_VERDICT[reading.verdict]


def sentence_for(reading: Reading) -> str:
    """Return the plain sentence (a gettext message id) for the person; empty where the reading went well."""
    code = code_for(reading)
    return "" if code == "ok" else SENTENCES[code]


def refused_reading(verdict: Verdict, code: str, kind: str = "") -> Reading:
    """Return the reading of a document of which nothing could be read."""
    return Reading(verdict=verdict, kind=kind, warnings=(code,))
