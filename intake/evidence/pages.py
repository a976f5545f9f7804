"""Figures that the installation's own public pages show: fetched as a visitor fetches them, with cookies refused."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

from intake.access.actors import PERSON_COOKIE, STAFF_COOKIE
from intake.access.guards import list_routes, undeclared_routes
from intake.evidence.asking import ELSEWHERE, Answer, ask, host_of
from intake.installation import Installation
from retention.policy.check import Finding, Probe

PUBLIC = ("/apply", "/apply/pool", "/notice", "/ask", "/accessibility", "/me/link")
"""Pages that anybody may read without giving anything (C14)."""
WELL_KNOWN = ("/robots.txt", "/.well-known/gpc.json", "/.well-known/security.txt", "/.well-known/api-catalog")
_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY"}


@dataclass(frozen=True, slots=True)
class Visit:
    """The application as a visitor meets it."""

    house: Installation
    app: FastAPI

    def fetch(self, path: str) -> Answer:
        """One page over TLS, without cookies."""
        return ask(self.app, path, host=host_of(self.house))

    def public(self) -> dict[str, Answer]:
        """Every public page."""
        return {path: self.fetch(path) for path in PUBLIC}


def page_probes(house: Installation, app: FastAPI) -> dict[str, Probe]:
    """What the pages show, by the names under which controls know it."""
    visit = Visit(house, app)
    told: tuple[Callable[[Visit], Finding], ...] = (
        cookies, readable, third_party, headers, tls, notice_page, questions, at_collection, well_known, routes, links,
    )  # fmt: skip

    def probe(look: Callable[[Visit], Finding]) -> Probe:
        return lambda: look(visit)

    return {look.__name__: probe(look) for look in told}


def cookies(visit: Visit) -> Finding:
    """No page sets a cookie before somebody signs in, and the two that exist are named."""
    named = {cookie.name for cookie in visit.house.policy.cookies}
    setting = sum("set-cookie" in answer.headers for answer in visit.public().values())
    is_good = not setting and named == {PERSON_COOKIE, STAFF_COOKIE}
    return Finding(f"{len(PUBLIC)} public pages asked, {setting} set a cookie; {len(named)} named", is_good)


def readable(visit: Visit) -> Finding:
    """Public pages open to everybody."""
    closed = sum(answer.status != 200 for answer in visit.public().values())
    return Finding(f"{len(PUBLIC) - closed} of {len(PUBLIC)} public pages open without sign-in", closed == 0)


def third_party(visit: Visit) -> Finding:
    """Nothing of another origin can load."""
    policies = [answer.headers.get("content-security-policy", "") for answer in visit.public().values()]
    lax = sum("default-src 'none'" not in policy or "http" in policy for policy in policies)
    return Finding(f"{len(policies)} pages asked, {lax} would let another origin in", lax == 0)


def headers(visit: Visit) -> Finding:
    """Each answer is hardened."""
    answers = visit.public().values()
    weak = sum(any(a.headers.get(name) != value for name, value in _HEADERS.items()) for a in answers)
    is_strict = all("strict-transport-security" in answer.headers for answer in answers)
    return Finding(f"{len(PUBLIC)} pages asked over TLS, {weak} without a header", weak == 0 and is_strict)


def tls(visit: Visit) -> Finding:
    """Without TLS nothing is served under a public name."""
    answer = ask(visit.app, "/apply", scheme="http", host=ELSEWHERE)
    return Finding(f"plain HTTP under a public name is answered {answer.status}", answer.status in (308, 403))


def notice_page(visit: Visit) -> Finding:
    """The notice in force stands at its address."""
    policy, answer = visit.house.policy, visit.fetch("/notice")
    told = sum(_shows(answer, purpose.title.say("en")) for purpose in policy.purposes)
    is_whole = answer.status == 200 and told == len(policy.purposes)
    return Finding(f"/notice tells {told} of {len(policy.purposes)} purposes of version {policy.version}", is_whole)


def questions(visit: Visit) -> Finding:
    """The form says of each answer why, and what follows without it."""
    form, asked = visit.fetch("/apply/pool"), visit.house.policy.questions
    said = sum(_shows(form, q.why.say("en")) and _shows(form, q.without.say("en")) for q in asked)
    return Finding(f"{said} of {len(asked)} answers say why and what follows without", said == len(asked) > 0)


def at_collection(visit: Visit) -> Finding:
    """The form tells purposes, data and periods before anything is given."""
    form, purposes = visit.fetch("/apply/pool"), visit.house.policy.purposes
    told = sum(_shows(form, purpose.title.say("en")) for purpose in purposes)
    is_whole = told == len(purposes) and 'id="at-collection"' in form.text
    return Finding(f"the form tells {told} of {len(purposes)} purposes with data and period", is_whole)


def well_known(visit: Visit) -> Finding:
    """The well-known addresses answer."""
    found = sum(visit.fetch(path).status == 200 for path in WELL_KNOWN)
    return Finding(f"{found} of {len(WELL_KNOWN)} well-known addresses answer", found == len(WELL_KNOWN))


def routes(visit: Visit) -> Finding:
    """Each route declares who may enter."""
    undeclared = len(undeclared_routes(visit.app))
    return Finding(f"{len(list_routes(visit.app))} routes, {undeclared} without a guard", undeclared == 0)


def links(visit: Visit) -> Finding:
    """Each link that leaves is marked."""
    bare = sum(_has_unmarked(answer.text) for answer in visit.public().values())
    return Finding(f"{len(PUBLIC)} pages asked, {bare} lead away without a mark", bare == 0)


def _shows(answer: Answer, words: str) -> bool:
    return html.escape(words) in answer.text or words in html.unescape(answer.text)


def _has_unmarked(page: str) -> bool:
    """Whether a link leaves the site without being marked, or with a referrer."""
    leaving = re.findall(r'<a [^>]*href="https?://[^>]*>', page)
    return any("noreferrer" not in link or 'class="outside"' not in link for link in leaving)
