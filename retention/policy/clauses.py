"""The sentences of the notice, section by section, each with its clause id and the controls that make it true.

The words are the product's, the facts the policy's. A sentence may name only what its controls enforce.
"""

from collections.abc import Callable, Iterator

from retention.calendar import Unit
from retention.policy.control import State
from retention.policy.controls import CLOCKS
from retention.policy.kinds import RecipientKind, Role
from retention.policy.policy import Contact, Kept, Period
from retention.policy.wording import (
    ACTIONS,
    ANCHORS,
    BASES,
    CATEGORIES,
    CHANNELS,
    KEPT_APART,
    N_,
    RECIPIENT_KINDS,
    RIGHTS,
    SAFEGUARDS,
    SOURCES,
    STAGES,
)
from retention.policy.writing import Writer
from storage.vocabulary import Source


def summarise(w: Writer) -> None:
    """At most five plain lines: what happens with an application."""
    policy = w.policy
    w.say(
        "summary.who",
        "notice",
        N_(
            "%(who)s reads your application to consider you for the opening, "
            "and for nothing else that you do not choose."
        ),
        who=policy.controller.name,
    )
    w.say(
        "summary.end",
        "expiry",
        N_("It ends by itself on a day that you are told: how soon depends on the country, and on what you agree to."),
    )
    if policy.choices:
        w.say("summary.choice", "consent-ledger", N_("Choices start unticked, and you can take each back at any time."))
    w.say(
        "summary.sealed", "sealed", N_("What you send is sealed with a key of your own, which ends with your record.")
    )
    w.say(
        "summary.rights",
        "notice",
        N_("To ask about your data, or have it erased: %(email)s."),
        email=policy.privacy_contact.email,
    )


def _write_who(w: Writer) -> None:
    policy = w.policy
    w.say("who.controller", "notice", "%(contact)s", contact=_reach(policy.controller))
    w.say(
        "who.privacy", "notice", N_("For anything about your data: %(contact)s"), contact=_reach(policy.privacy_contact)
    )
    if policy.representative:
        w.say(
            "who.representative", "notice", N_("Our representative: %(contact)s"), contact=_reach(policy.representative)
        )
    if policy.role is Role.SERVICE_PROVIDER or "D8" in policy.promises:
        w.say(
            "who.provider",
            "routing",
            N_("For some records we work for another organisation; we pass your request on to it and help it answer."),
        )


def _reach(contact: Contact) -> str:
    return ", ".join(
        part for part in (contact.name, contact.address, contact.phone, contact.email, contact.url) if part
    )


def _write_data(w: Writer) -> None:
    policy = w.policy
    w.say(
        "data.categories",
        "registry",
        N_("We hold: %(categories)s."),
        categories="; ".join(w.word(CATEGORIES, category) for category in policy.categories),
    )
    w.say(
        "data.sources",
        "source-stamp",
        N_("It comes from %(sources)s, by %(channels)s. Each record says which."),
        sources=w.words(SOURCES, policy.sources),
        channels=w.words(CHANNELS, policy.channels),
    )
    w.tabulate(
        "data.questions",
        "questions",
        (N_("What we ask"), N_("Needed"), N_("Why"), N_("Without an answer")),
        (
            (w.text(q.label), w._(N_("yes")) if q.needed else w._(N_("no")), w.text(q.why), w.text(q.without))
            for q in policy.questions
        ),
    )
    w.say("data.notes", "notes-included", N_("Notes that we make of talks with you are part of your data."))
    if policy.minimum_age:
        w.say(
            "data.age",
            "minimum-age",
            N_("This service is not for anyone under %(age)s."),
            age=str(policy.minimum_age),
        )
    if Source.FRIEND in policy.sources:
        w.say("data.friend", "friend-unstored", N_("A friend whom you invite is written to once and stored nowhere."))


def _write_purposes(w: Writer) -> None:
    w.tabulate(
        "purposes.table",
        "notice",
        (N_("What for"), N_("What we do"), N_("On what basis")),
        ((w.text(p.title), w.text(p.description), _basis(w, p.basis, p.law)) for p in w.policy.purposes),
    )
    w.say("purposes.live", "live-basis", N_("Where a basis ends, that use ends with it: the system then refuses it."))
    w.say(
        "purposes.consent",
        "consent-ledger",
        N_("You give each consent by itself, no box is ticked for you, and you withdraw it as easily as you gave it."),
    )
    w.say(
        "purposes.human", "human-decision", N_("No machine decides about you. A person does, and it is on record who.")
    )


def _basis(w: Writer, basis: str, law: str) -> str:
    said = w.word(BASES, basis)
    return f"{said} ({law})" if law else said


def _write_periods(w: Writer) -> None:
    policy = w.policy
    w.tabulate(
        "periods.table",
        "expiry",
        (N_("Your application"), N_("We keep it"), N_("Counted from"), N_("Then it is"), N_("Why")),
        (
            (_scope(w, p), w.length(p.length), w.words(ANCHORS, p.anchors), w.word(ACTIONS, p.action), w.text(p.reason))
            for p in policy.periods
        ),
    )
    w.say(
        "periods.rule",
        "expiry",
        N_(
            "Where several starts are named the latest counts, and when the application reached us where none has come "
            "yet. A period ends when its last day has ended (%(zone)s). Your record ends with its last purpose."
        ),
        zone=policy.timezone,
    )
    w.tabulate(
        "periods.ceilings",
        "expiry",
        (N_("At the most"), N_("Where"), N_("Law"), N_("Why")),
        ((w.length(c.length), _where(w, c.countries), c.law, w.text(c.reason)) for c in policy.ceilings),
    )
    w.tabulate(
        "periods.floors",
        "expiry floor-restricts",
        (N_("Law asks us to keep it"), N_("Where"), N_("Law"), N_("Why")),
        ((w.length(f.length), _where(w, f.countries), f.law, w.text(f.reason)) for f in policy.floors),
    )
    if policy.floors:
        w.say(
            "periods.restricted",
            "floor-restricts",
            N_("What only law still keeps is restricted: nobody finds or uses it, and it ends by itself on that day."),
        )
    w.say(
        "periods.holds", "holds", N_("In a dispute we may have to keep a record longer; it ends when the dispute does.")
    )
    w.say(
        "periods.anonymise",
        "anonymise",
        N_("Figures that remain cannot be tied to you, and we do not try to."),
    )
    w.tabulate(
        "periods.apart",
        "kept-apart-clocks",
        (N_("Kept apart from your application"), N_("For"), N_("Counted from"), N_("Why")),
        (
            (w.word(KEPT_APART, k.kept), w.length(k.length), w.text(k.counted_from), w.text(k.reason))
            for k in policy.kept_apart
            if k.kept in CLOCKS and w.state((CLOCKS[k.kept],)) is not State.NOT_YET
        ),
    )
    _write_digest(w)


def _write_digest(w: Writer) -> None:
    kept = w.policy.find_kept_apart(Kept.ERASED_DIGEST)
    if kept is None or kept.basis is None:
        return
    w.say(
        "periods.digest",
        "digest-only",
        N_(
            "When your record ends we keep a keyed digest of your e-mail address for %(length)s, on the basis of "
            "%(basis)s, so that a list does not bring you back. It is compared with nothing else: if you apply "
            "yourself you are welcome. Its key ends with it."
        ),
        length=w.length(kept.length),
        basis=_basis(w, kept.basis, kept.law),
    )


def _scope(w: Writer, period: Period) -> str:
    """To what a period applies, in words."""
    titles = [w.text(p.title) for p in w.policy.purposes if p.id in period.purposes]
    parts = ["; ".join(titles)]
    if period.stages:
        parts.append(w.words(STAGES, period.stages))
    if period.sources:
        parts.append(w.words(SOURCES, period.sources))
    if period.countries:
        parts.append(w.places(period.countries))
    return " – ".join(parts)


def _where(w: Writer, countries: tuple[str, ...]) -> str:
    return w.places(countries) if countries else w._(N_("everywhere"))


def _write_recipients(w: Writer) -> None:
    w.tabulate(
        "recipients.table",
        "recipient-register",
        (N_("Who may receive it"), N_("Who that is"), N_("What for"), N_("Terms")),
        (
            (w.text(r.name), w.word(RECIPIENT_KINDS, r.kind), "; ".join(_titles(w, r.purposes)), r.terms)
            for r in w.policy.recipients
        ),
    )
    w.say("recipients.record", "disclosure-ledger", N_("Each time is on record, and you can see the list."))
    w.say("recipients.sale", "no-sale", N_("We never sell your data, nor give it to others for their advertising."))
    w.say("recipients.counts", "small-cells", N_("Funders and research receive figures in which nobody stands out."))
    if any(r.kind is RecipientKind.AGENCY for r in w.policy.recipients):
        w.say(
            "recipients.agency",
            "referrer-only",
            N_("If an agency referred you, that agency hears of you, and no other."),
        )
    w.say("recipients.demands", "demands", N_("We answer a lawful demand with the least that it asks for, on record."))
    w.say(
        "recipients.assessed",
        "recipient-register assessments",
        N_("We look at how each of them protects data before we share anything, and again on a date."),
    )


def _titles(w: Writer, purposes: tuple[str, ...]) -> Iterator[str]:
    return (w.text(p.title) for p in w.policy.purposes if p.id in purposes)


def _write_places(w: Writer) -> None:
    policy = w.policy
    w.say(
        "places.stored",
        "places",
        N_("It is stored in %(stored)s and reached from %(reached)s."),
        stored=w.places(policy.stored_in),
        reached=w.places(policy.reached_from),
    )
    w.tabulate(
        "places.transfers",
        "places",
        (N_("Also goes to"), N_("What"), N_("Protected there by")),
        ((w.places((t.country,)), w.text(t.what), w.word(SAFEGUARDS, t.safeguard)) for t in policy.transfers),
    )


def _write_protection(w: Writer) -> None:
    w.say(
        "protection.sealed",
        "sealed key-destroyed",
        N_("Each record is sealed under a key of its own. At its end the key is destroyed."),
    )
    w.say("protection.access", "deny-by-default", N_("Nobody reaches anything that was not granted to them."))
    w.say(
        "protection.views",
        "purpose-stated",
        N_("Staff state a purpose before they see you, and each look is recorded."),
    )
    w.say("protection.training", "training", N_("Staff are trained in privacy before they work with your data."))
    w.say("protection.audit", "audit", N_("What is done here stands in a log that cannot be changed unseen."))
    w.say("protection.transport", "headers tls", N_("Pages travel encrypted only."))
    w.say("protection.reviews", "security-reviews", N_("We review our security on a schedule."))
    w.say("protection.report", "security-contact", N_("Report a weakness: see /.well-known/security.txt."))
    w.say("protection.breach", "breach-clocks", N_("If something goes wrong we tell those named here in time:"))
    w.tabulate(
        "protection.breach-clocks",
        "breach-clocks",
        (N_("Whom"), N_("Within hours"), N_("Law")),
        ((w.text(b.whom), str(b.within_hours), b.law) for b in w.policy.breach_clocks),
    )


def _write_cookies(w: Writer) -> None:
    w.tabulate(
        "cookies.table",
        "only-own-cookies",
        (N_("Cookie"), N_("What for"), N_("Lasts")),
        ((c.name, w.text(c.purpose), c.lasts) for c in w.policy.cookies),
    )
    w.say("cookies.only", "only-own-cookies", N_("We set no other. Applying works with cookies refused."))
    w.say("cookies.others", "no-third-party", N_("Our pages load nothing from others and do not track you."))
    w.say("cookies.gpc", "gpc", N_("If your browser sends Global Privacy Control, we honour it and show that we do."))
    w.say(
        "cookies.links",
        "marked-links",
        N_("Links that leave this site are marked; the other site's notice applies there."),
    )


def _write_rights(w: Writer) -> None:
    policy = w.policy
    w.tabulate(
        "rights.table",
        "request-clocks",
        (N_("You can"), N_("We answer within"), N_("Law")),
        (
            (
                w.word(RIGHTS, r.name) + (f" ({w.places(r.residences)})" if r.residences else ""),
                w.length(r.answer_within),
                r.law,
            )
            for r in policy.rights
        ),
    )
    w.say(
        "rights.self",
        "export correction removal consent-ledger",
        N_(
            "By the link that you received you see what is held about you, take it along, correct it, withdraw "
            "a consent and have it erased: by yourself, and at once unless a law or a dispute keeps it."
        ),
    )
    w.say("rights.ask", "notice", N_("Write to %(email)s."), email=policy.privacy_contact.email)
    w.say(
        "rights.proof",
        "proof-of-address",
        N_("We check that it is you through the e-mail address on record, where the right asks for it."),
    )
    w.say("rights.same", "same-service", N_("Using a right changes nothing else in how we serve you."))
    w.say(
        "rights.marketing", "object-marketing", N_("You can object to advertising at any time, and it stops at once.")
    )
    w.say("rights.refused", "told-why-not", N_("If something cannot be done we tell you what, and why."))
    if policy.authority:
        w.say("rights.authority", "notice", N_("You can complain to %(contact)s"), contact=_reach(policy.authority))


def _write_changes(w: Writer) -> None:
    wait = w.policy.change_notice
    if wait.length.amount == 0:
        w.say("changes.posted", "notice", N_("A changed notice is posted here with its date before it takes effect."))
        return
    clause = "changes.business" if wait.length.unit is Unit.BUSINESS_DAYS else "changes.calendar"
    w.say(
        clause,
        "notice-period",
        N_("A change is posted for %(length)s before it takes effect. Earlier versions stay readable."),
        length=w.length(wait.length),
    )
    w.say("changes.stamp", "notice-stamp", N_("Your record keeps the version under which it came."))
    w.say("changes.use", "new-use", N_("Before we use data we already hold in a new way, we tell you and you choose."))


SECTIONS: tuple[tuple[str, str, Callable[[Writer], None]], ...] = (
    ("who", N_("Who we are"), _write_who),
    ("data", N_("What we hold, and where it comes from"), _write_data),
    ("purposes", N_("What we use it for"), _write_purposes),
    ("periods", N_("How long we keep it"), _write_periods),
    ("recipients", N_("Who else receives it"), _write_recipients),
    ("places", N_("Where it is"), _write_places),
    ("protection", N_("How it is protected"), _write_protection),
    ("cookies", N_("Cookies and links"), _write_cookies),
    ("rights", N_("Your rights"), _write_rights),
    ("changes", N_("When this notice changes"), _write_changes),
)
"""Every section: its id, its heading, and what writes it."""
