"""The plain words for codes, lengths, dates and places in a notice, in any language.

``N_`` marks a sentence for the catalogues; the translator that turns it into another language is passed in. Never
holds a sentence about one person.
"""

from collections.abc import Callable, Iterable
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from retention.calendar import Length, Unit

Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark ``message`` for the catalogues; it is translated where it is said."""
    return message


CATEGORIES = {
    "identity": N_("your name"),
    "contact": N_("how to reach you: addresses, phones, links"),
    "employment": N_("your work, now and before"),
    "education": N_("your schools and degrees"),
    "skills": N_("your skills and languages"),
    "documents": N_("the documents you send"),
    "correspondence": N_("what we write to each other, and where your application came from"),
    "staff notes": N_("our notes of talks with you, and our decision with its reason"),
    "technical": N_("technical data of your visit"),
}

SOURCES = {
    "person": N_("you"),
    "employer": N_("an employer or member organisation"),
    "referring_agency": N_("an agency that refers you"),
    "social_login": N_("a social network you sign in with"),
    "partner": N_("a partner organisation"),
    "bought_list": N_("a list we bought"),
    "enrichment": N_("public sources that add to what you gave"),
    "friend": N_("a friend who recommends you"),
    "staff": N_("our staff"),
}

CHANNELS = {
    "form": N_("a form on this site"),
    "email": N_("e-mail"),
    "post": N_("post"),
    "phone": N_("phone"),
    "chat": N_("chat"),
    "event": N_("events"),
    "survey": N_("surveys"),
    "newsletter": N_("newsletters"),
    "forum": N_("forums"),
    "social_page": N_("our pages on social networks"),
    "import": N_("files we take over"),
    "api": N_("other programs"),
}

BASES = {
    "consent": N_("your consent, which you can withdraw at any time"),
    "legitimate_interest": N_("our legitimate interest, to which you can object"),
    "contract": N_("steps before a contract, at your request"),
    "legal_obligation": N_("a legal obligation"),
    "deemed_consent": N_("consent that follows from what you did, as the law that applies to us allows"),
}

ANCHORS = {
    "received": N_("when it reached us"),
    "touched": N_("when you last worked on it"),
    "decision": N_("our decision"),
    "last_contact": N_("our last contact"),
    "consent_given": N_("your consent"),
    "opening_closed": N_("the closing of the opening"),
}

STAGES = {
    "draft": N_("begun and not sent"),
    "received": N_("received"),
    "review": N_("in review"),
    "interview": N_("interview"),
    "offer": N_("offer"),
    "hired": N_("hired"),
    "rejected": N_("not taken further"),
    "withdrawn": N_("withdrawn"),
}

ACTIONS = {
    "purge": N_("erased"),
    "anonymise": N_("reduced to figures that nobody can tie to you; the rest is erased"),
}

KEPT_APART = {
    "enquiry": N_("Enquiries"),
    "technical": N_("Technical data of your visit"),
    "erased_digest": N_("A keyed digest of an erased e-mail address"),
    "request_log": N_("The log of your requests"),
    "idempotency": N_("The answer to a form that was sent twice"),
    "security_log": N_("The log of who did what"),
    "backup": N_("Copies for recovery"),
}

RECIPIENT_KINDS = {
    "service_provider": N_("works for us"),
    "employer": N_("employer"),
    "affiliate": N_("affiliate"),
    "agency": N_("agency"),
    "adviser": N_("adviser"),
    "funder": N_("funder"),
    "partner": N_("partner"),
    "regulator": N_("authority"),
}

SAFEGUARDS = {
    "adequacy": N_("a decision that its law protects you as well"),
    "standard_clauses": N_("standard contractual clauses"),
    "uk_addendum": N_("the United Kingdom's addendum to the standard clauses"),
    "binding_rules": N_("binding corporate rules"),
    "explicit_consent": N_("your explicit consent"),
    "not_required": N_("none is required by the law that applies"),
}

RIGHTS = {
    "know": N_("Know what we collect, from whom, why, and who receives it"),
    "access": N_("See what we hold about you, and have a copy"),
    "correction": N_("Have it corrected"),
    "erasure": N_("Have it erased"),
    "restriction": N_("Have its use restricted"),
    "objection": N_("Object to its use"),
    "portability": N_("Take it with you in a form that machines read"),
    "withdrawal": N_("Withdraw a consent"),
    "opt_out": N_("Opt out of sale and sharing"),
    "limit": N_("Limit the use of sensitive data"),
    "suppression": N_("Not be contacted or searched, while the record stays"),
    "complaint": N_("Complain to us"),
}

_DURATIONS = {
    Unit.DAYS: "duration-day",
    Unit.WEEKS: "duration-week",
    Unit.MONTHS: "duration-month",
    Unit.YEARS: "duration-year",
}
_GROUPS = {
    "EU": N_("the European Union"),
    "EEA": N_("the European Economic Area"),
    "US-CA": N_("California"),
}
_LOCALES = {"en": "en_GB"}
"""Where a bare language would give dates in a form that most of its readers do not use."""


def find_locale(language: str) -> Locale:
    """The locale in which a language's dates and places are written. Raises for a language that is none."""
    return Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")


def say_length(length: Length, language: str, translate: Translate) -> str:
    """A length of time in words, with the plural that the language wants."""
    if length.unit is Unit.BUSINESS_DAYS:
        return translate(N_("%(count)d business days")) % {"count": length.amount}
    return format_unit(length.amount, _DURATIONS[length.unit], "long", locale=find_locale(language))


def say_date(day: date, language: str) -> str:
    """A date in words."""
    return format_date(day, "long", locale=find_locale(language))


def say_place(code: str, language: str, translate: Translate) -> str:
    """The name of a country, region or group of countries; a region without a name of its own shows its code."""
    if code in _GROUPS:
        return translate(_GROUPS[code])
    nation, _, region = code.partition("-")
    name = find_locale(language).territories.get(nation, nation)
    return f"{name} ({region})" if region else name


def say_list(items: Iterable[str], language: str) -> str:
    """Items as a list in a sentence."""
    return format_list([*items], locale=find_locale(language))
