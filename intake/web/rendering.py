"""Turns a template and a view into a page.

Everything is escaped unless a template's author wrote it; an unknown name in a template raises instead of vanishing.
Never reads a cookie, a session or the database: what a page shows stands in its view.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from intake.catalogues import SOURCE_LANGUAGE, list_catalogues, load_translations
from intake.web.formats import Formats
from intake.web.languages import choose_language, describe_language, find_locale, keep_language
from intake.web.words import PROBLEMS, WORDS

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/static"
SOURCE_ONLY = ("recruit/", "privacy/", "admin/", "account/", "demo/", "api.html")
"""For staff and programmers, in one language: a page half in one and half in another serves nobody."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page of one installation says about it. ``zone`` is the policy's IANA zone."""

    organisation: str
    privacy_contact: str = ""
    zone: str = "UTC"
    default_language: str = SOURCE_LANGUAGE
    logo: str = ""
    """Where the organisation's logo is; empty: it has none."""


class Pages:
    """One installation's pages: an environment for each language.

    Made once, by the wiring, kept on ``app.state.pages``.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.languages = list_catalogues()
        self._translations = {code: load_translations(code) for code in self.languages}
        self._environments = {code: _make_environment(site, code) for code in self.languages}

    def language_of(self, request: Request) -> str:
        """The language in which this request is answered; receipts record it."""
        return choose_language(request, self.languages, self.site.default_language)

    def say(self, request: Request, message: str, **values: object) -> str:
        """Translate one sentence for the reader of this request (mark it with ``N_`` where it is written)."""
        translated = self._translations[self.language_of(request)].ugettext(message)
        return translated % values if values else translated

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Render ``template`` with ``values`` (most pages take one ``view``) in the reader's language."""
        offered = (SOURCE_LANGUAGE,) if template.startswith(SOURCE_ONLY) else self.languages
        code = choose_language(
            request, offered, self.site.default_language if offered is self.languages else offered[0]
        )
        frame = {
            "site": self.site,
            "language": describe_language(code),
            "languages": [describe_language(other) for other in offered] if request.method == "GET" else [],
            "link": partial(keep_language, request),
            "path": request.url.path,
            "has_gpc": request.headers.get("Sec-GPC") == "1",
        }
        page = self._environments[code].get_template(template).render(frame | values)
        return HTMLResponse(page, status, headers={"Content-Language": code, **(headers or {})})


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """Render a page with the installation's :class:`Pages` (``app.state.pages``)."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, status=status, headers=headers, **values)


def make_static_files() -> StaticFiles:
    """The application that serves our own style sheet, script and vendored assets; mount it at ``STATIC_PATH``."""
    return StaticFiles(directory=STATIC)


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """The address of a static file, changed whenever its content changes, so that caches may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={digest}"


@lru_cache(maxsize=64)
def _make_environment(site: Site, code: str) -> Environment:
    translations = load_translations(code)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(Formats(find_locale(code), ZoneInfo(site.zone)).filters())
    environment.globals.update(
        static=static_url,
        say=translations.ugettext,
        direction_of=lambda language: describe_language(language).direction,
        word=_word_in(translations),
        problem=_problem_in(translations),
    )
    return environment


def _word_in(translations: NullTranslations) -> Callable[[str, str], str]:
    def word(kind: str, value: str) -> str:
        known = WORDS[kind].get(value)
        return translations.ugettext(known) if known else value.replace("_", " ")

    return word


def _problem_in(translations: NullTranslations) -> Callable[[str, Mapping[str, object]], str]:
    def problem(code: str, values: Mapping[str, object]) -> str:
        return translations.ugettext(PROBLEMS[code]) % values

    return problem
