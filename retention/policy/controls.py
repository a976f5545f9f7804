"""The controls: what in the running product enforces which promise, and what figure shows it.

A control without ``enforced_by`` is *not yet* there, and one with ``owed_by`` is kept by a person; neither is ever
told as kept. Every name in ``enforced_by`` must exist: the tests import each of them. Nothing here is configurable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a control, or a promise, can be relied on."""

    KEPT = "kept"
    OWED = "owed by a person"
    NOT_YET = "not yet"
    UNTRIED = "not tried against the real one"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that enforces promises.

    ``enforced_by``: dotted names of what does it; ``probe``: the name under which the running product tells a live
    figure (empty: none); ``owed_by``: the role that owes it, and ``recorded``: how it is recorded; ``only_tried``:
    with what of our own making it was tried, where the real one was out of reach.
    """

    id: str
    does: str
    promises: tuple[str, ...]
    enforced_by: tuple[str, ...] = ()
    probe: str = ""
    owed_by: str = ""
    recorded: str = ""
    only_tried: str = ""

    @property
    def state(self) -> State:
        """Whether this control is there, owed, missing, or tried only against something of our own making."""
        if self.owed_by:
            return State.OWED
        if not self.enforced_by:
            return State.NOT_YET
        return State.UNTRIED if self.only_tried else State.KEPT


def _promises(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TABLE = (
    Control(
        "registry",
        "each field that is held declares its category once, and everything else is derived from that",
        _promises("C1"),
        ("storage.profile.REGISTRY",),
    ),
    Control(
        "draft-clock",
        "what was begun and not sent ends by the draft rule",
        _promises("C2"),
        ("retention.rules.expiry_for",),
        probe="drafts",
    ),
    Control("technical-apart", "technical data lies apart from the record and ends by its own clock", _promises("C4")),
    Control("source-stamp", "the database refuses a record without source and channel", _promises("C5")),
    Control("questions", "each question says whether it is needed, why, and what follows without", _promises("C7")),
    Control("friend-unstored", "a friend who is invited is written to once and stored nowhere", _promises("C8")),
    Control("minimum-age", "the form takes nobody in without a confirmed age", _promises("C9")),
    Control(
        "only-own-cookies", "only the cookies named in the policy are set; the site works without", _promises("C10")
    ),
    Control("gpc", "a Global Privacy Control signal is honoured, shown and recorded", _promises("C10 N7")),
    Control("no-third-party", "pages load nothing from others and carry no tracking", _promises("C10 C16")),
    Control("notes-included", "notes of contacts are in export, correction and erasure", _promises("C12")),
    Control("open-pages", "notice and openings are read without giving any data", _promises("C14")),
    Control("marked-links", "links that leave are marked and carry no referrer", _promises("C15")),
    Control("campaign-counts", "campaigns are counted in aggregate from the source tag alone", _promises("C16")),
    Control(
        "notice",
        "the notice is written from the policy in force and from the controls that exist",
        _promises("N1"),
        ("retention.policy.notice.render_notice",),
        probe="notice",
    ),
    Control("notice-period", "a change is posted for its whole notice period before it takes effect", _promises("N2")),
    Control("notice-stamp", "each record keeps the version and digest of the notice it came under", _promises("N2")),
    Control(
        "live-basis",
        "whatever reads a person's data refuses without a live basis",
        _promises("N3 N10"),
        probe="without_basis",
    ),
    Control("consent-ledger", "consents are given per purpose, unticked, provable, withdrawn at once", _promises("N4")),
    Control("new-use", "a new use of held data is refused before people were told and chose", _promises("N5")),
    Control("preferences", "preferences stand on one page, linked from each message", _promises("N6")),
    Control(
        "opt-out",
        "sale, sharing and marketing by others can be opted out of without proof of identity",
        _promises("N7"),
    ),
    Control("same-service", "a right exercised leaves service as it was", _promises("N8")),
    Control("consequence-first", "a change tells its consequence before it is confirmed", _promises("N11")),
    Control(
        "purpose-stated",
        "staff open a person only with a role and a stated purpose, on record",
        _promises("D1"),
        probe="views",
    ),
    Control("training-gate", "staff without a current training record open no identified data", _promises("D2")),
    Control(
        "training",
        "staff are trained in privacy",
        _promises("D2"),
        owed_by="training officer",
        recorded="a dated training record for each account",
        probe="training",
    ),
    Control(
        "recipient-register",
        "nothing goes to a recipient that is not registered with purpose and terms",
        _promises("D3"),
    ),
    Control(
        "disclosure-ledger",
        "each disclosure is on record, needs a live basis and is shown to the person",
        _promises("D4"),
    ),
    Control("demands", "lawful demands are checked, answered with the least data, and on record", _promises("D5")),
    Control("succession", "a transfer to a successor goes with a signed manifest", _promises("D6")),
    Control(
        "places",
        "each country where data goes is named with its safeguard, or the policy is refused",
        _promises("D7"),
        ("retention.policy.lawful.find_faults",),
    ),
    Control("routing", "a request about another controller's data is routed to that controller", _promises("D8")),
    Control("small-cells", "aggregates hide every cell small enough to single a person out", _promises("D9")),
    Control("no-sale", "no way exists to hand data to others for money or for their marketing", _promises("D10")),
    Control(
        "partner-counts", "a partner's message is sent by the organisation; the partner gets counts", _promises("D11")
    ),
    Control("own-act", "a partner receives data only by the person's own recorded act", _promises("D12")),
    Control("referrer-only", "a referred person's data goes to the referring agency alone", _promises("D13")),
    Control(
        "own-initiative", "a disclosure on our own initiative names its ground and a second person", _promises("D14")
    ),
    Control(
        "assessments",
        "each recipient's practices and training are assessed before sharing, and again",
        _promises("D15"),
        owed_by="privacy officer",
        recorded="a dated assessment for each recipient",
        probe="assessments",
    ),
    Control("closing-accounts", "accounts with an end date close by themselves", _promises("D16")),
    Control(
        "periods",
        "a policy is refused unless each purpose has an end and a written reason",
        _promises("R1"),
        ("retention.policy.lawful.find_faults",),
    ),
    Control(
        "expiry",
        "each record has one end, worked out from periods, ceilings, floors, requests, consents and holds",
        _promises("R1 R2"),
        ("retention.rules.expiry_for",),
        probe="overdue",
    ),
    Control(
        "floor-restricts",
        "a record that only law keeps is restricted, and ends by itself",
        _promises("R2"),
        probe="restricted",
    ),
    Control("holds", "nothing under a legal hold ends until it is lifted", _promises("R3"), probe="holds"),
    Control("kept-apart-clocks", "what is kept apart from the record ends by its own clock", _promises("C4 R7")),
    Control("enquiry-clock", "an enquiry ends a short time after its answer", _promises("R4")),
    Control("removal", "a request for removal ends everything that law does not keep", _promises("R5 Q1")),
    Control(
        "one-erasure",
        "there is one way to erase, for every cause, and it can be resumed",
        _promises("R5 R8"),
        probe="ending",
    ),
    Control("anonymise", "anonymising keeps coarse facts under a new id and purges the rest", _promises("R6")),
    Control("digest-only", "after the end only a keyed digest is kept, and ends by its own clock", _promises("R7")),
    Control(
        "key-destroyed",
        "each person's data is sealed under one key, and the key is destroyed",
        _promises("R8 S2"),
        probe="keys",
    ),
    Control("export", "a person receives all that is held, readable by people and machines", _promises("Q1")),
    Control("correction", "a person corrects what is held", _promises("Q1")),
    Control("category-account", "a Californian receives the account by categories", _promises("Q2")),
    Control("proof-of-address", "identity is proved by the address on record, never for opting out", _promises("Q3")),
    Control("agents", "an agent with signed permission can act", _promises("Q4")),
    Control(
        "request-clocks",
        "each request runs against its legal clock; late ones stand out",
        _promises("Q5"),
        probe="requests",
    ),
    Control(
        "rights-by-residence", "rights are those of the controller's law and of the person's residence", _promises("Q6")
    ),
    Control("told-why-not", "what could not be done is told, with reason and authority", _promises("Q7")),
    Control("suppression", "a person can ask not to be contacted or searched", _promises("Q8")),
    Control("staff-entry", "requests by post and phone are entered with the day they arrived", _promises("Q9")),
    Control("headers", "HSTS, a strict content policy and no referrer on every answer", _promises("S1")),
    Control(
        "tls",
        "plain HTTP is refused outside loopback unless a proxy vouches for TLS",
        _promises("S1"),
    ),
    Control("deny-by-default", "every route names who may call it, and refuses all others", _promises("S2")),
    Control("sealed", "all personal data is sealed with AES-256-GCM before it is written", _promises("S2")),
    Control("passwords", "common passwords and one's own name are refused", _promises("S3")),
    Control("security-contact", "a security contact is published; dependencies are audited", _promises("S4")),
    Control("client-notice", "client organisations are told of a breach within the hours named", _promises("S5")),
    Control("misuse-alerts", "unusual access raises an alert", _promises("S6")),
    Control("audit", "an append-only Merkle log shows any change made to it", _promises("S7"), probe="audit"),
    Control(
        "security-reviews",
        "security measures are reviewed on a schedule",
        _promises("S8"),
        owed_by="security officer",
        recorded="findings and the next date in the privacy office",
        probe="reviews",
    ),
    Control("report-form", "anyone can report a suspected disclosure", _promises("S9")),
    Control("sessions", "session identifiers are random, opaque, stored hashed, renewed at sign-in", _promises("S10")),
    Control("complaints", "complaints are acknowledged in 30 days and answered", _promises("L1")),
    Control("limit", "the use of sensitive personal information can be limited", _promises("L2")),
    Control(
        "at-collection", "the form shows the notice's summary with its periods before anything is sent", _promises("L3")
    ),
    Control(
        "yearly",
        "a policy dated more than twelve months ago stands out",
        _promises("L3"),
        ("retention.policy.check.find_stale",),
        probe="dated",
    ),
    Control("request-log", "each request is logged 24 months under a key of its own", _promises("L4")),
    Control("human-decision", "ranking never rejects; each rejection has a person's row", _promises("L5")),
    Control("tell-recipients", "recipients are told of correction, erasure and restriction", _promises("L6")),
    Control("object-marketing", "objecting to marketing works at once and is told at first contact", _promises("L7")),
    Control("breach-clocks", "the breach clocks of the policy run and stand out", _promises("L8")),
    Control("told-in-time", "a person whose data came from elsewhere is told in time", _promises("L9")),
)

CONTROLS: dict[str, Control] = {control.id: control for control in _TABLE}
"""Every control by its id."""

_WEAKEST_FIRST = (State.NOT_YET, State.UNTRIED, State.OWED, State.KEPT)


def controls_for(promise: str) -> tuple[Control, ...]:
    """The controls that together keep one promise; none: nothing keeps it."""
    return tuple(control for control in _TABLE if promise in control.promises)


def weakest_state(controls: Iterable[Control]) -> State:
    """The state of what needs all of these controls. Without any, nothing is there yet."""
    states = {control.state for control in controls} or {State.NOT_YET}
    return next(state for state in _WEAKEST_FIRST if state in states)
