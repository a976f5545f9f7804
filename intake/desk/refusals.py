"""Why a use case was refused: a stable code, a status, a public text. Never the input."""


class Refusal(Exception):
    """A use case was refused.

    ``code`` is stable and documented in ``docs/api.md``; ``status`` is the HTTP status; ``text`` is a plain English
    sentence (a gettext message id); ``field`` names the input at fault as a JSON pointer, where there is one;
    ``retry_after`` is in seconds.
    """

    def __init__(self, code: str, status: int, text: str, *, field: str = "", retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.text = text
        self.field = field
        self.retry_after = retry_after


def not_found() -> Refusal:
    """The same answer for what never was, what ended and what belongs to somebody else."""
    return Refusal("not_found", 404, "There is nothing here under this address.")
