"""The promises that published recruitment notices make, by id: what a profile may take upon itself.

A promise is only ever *kept* by a control that enforces it (``controls``); this table alone keeps nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its id, what it says in short, and which kinds of profile make it.

    Kinds: S staffing, M membership, U charity in the UK, P public sector, J job board. ``stated``: their notices say
    it; ``law``: law adds it for them; ``stricter``: the product does it for them although nobody asked.
    """

    id: str
    title: str
    stated: str = ""
    law: str = ""
    stricter: str = ""

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of profile that makes this promise, for whatever reason."""
        return frozenset(self.stated + self.law + self.stricter)


_ALL = "SMUPJ"

_TABLE = (
    Promise("C1", "What is held is named: identity, contact, work, education, wishes, account", _ALL),
    Promise("C2", "A begun and unsent application is kept on its own basis and clock", "S"),
    Promise("C3", "Social security, birth and licence numbers are sealed apart, masked, never searchable", "P"),
    Promise("C4", "Technical data is kept apart from the record, with a clock of its own", "P", stricter="SMUJ"),
    Promise("C5", "Every record says from whom and by which way it came, when and on what terms", "UPJ"),
    Promise("C6", "Where sources are combined, each field keeps its own", "UJ"),
    Promise("C7", "A form says which answers are needed, why, and what not answering means", "UJ"),
    Promise("C8", "A friend who is invited is stored nowhere", "M"),
    Promise("C9", "Nobody under the minimum age is taken in; a later report restricts, then erases", "SMP"),
    Promise(
        "C10",
        "The site works without cookies, without third parties, and honours Global Privacy Control",
        "M",
        "PJ",
        "SU",
    ),
    Promise("C11", "Card numbers are never stored", "P"),
    Promise("C12", "Notes of contacts are part of the person's data in every right", "S"),
    Promise("C13", "What a person writes is filed as that person's data, or not kept", "SUP"),
    Promise("C14", "Notice and openings can be read without giving any personal data", "MP"),
    Promise("C15", "Links that leave the site are marked and carry no referrer", "SMPJ"),
    Promise("C16", "Campaigns are counted in aggregate; no tracking in pages or mails", "SM"),
    Promise("C17", "A field that others will see says so before it is sent", "M"),
    Promise("N1", "The notice is generated from the policy in force and cannot say what is not done", _ALL),
    Promise("N2", "A change is posted for its whole notice period; each record keeps its version", _ALL),
    Promise("N3", "Each purpose has a lawful basis; an action without a live one is refused", "SUPJ"),
    Promise("N4", "Consent is given per purpose, never pre-ticked, provable, as easily withdrawn", "MUP"),
    Promise("N5", "Before a new use of data already held, people are told and choose", "J"),
    Promise("N6", "Communication preferences stand on one page, linked from each message", "MUP"),
    Promise("N7", "Sale, sharing and marketing by third parties can be opted out of", "PJ"),
    Promise("N8", "Exercising a right changes nothing else in how a person is served", "P"),
    Promise("N9", "A testimonial is published only under its own consent", "M"),
    Promise("N10", "A resume sent for work is used for that; any other use needs its own basis", "SP"),
    Promise("N11", "The consequence of a change is told before it is confirmed", "UPJ"),
    Promise("D1", "Staff see a person only in a role that needs it, for a stated purpose, on record", _ALL),
    Promise("D2", "Staff without a current training record open no identified data", "S"),
    Promise("D3", "Each recipient is registered with purpose and terms before anything is shared", _ALL),
    Promise("D4", "Each disclosure is on record, needs a live basis, and is shown to the person", _ALL),
    Promise("D5", "Lawful demands are checked, answered with the least data, and on record", _ALL),
    Promise("D6", "A sale or transfer goes with a signed manifest, on each person's record", "SPJ"),
    Promise("D7", "Where data is stored and reached from is recorded; transfers name a safeguard", "MUP"),
    Promise("D8", "A request about another controller's data is routed to that controller", "J"),
    Promise("D9", "Funders, sponsors and research get aggregates in which nobody stands out", "UJ"),
    Promise("D10", "Data is never sold, nor given to others for their marketing", "SMP"),
    Promise("D11", "A partner's message is sent by us; the partner learns counts only", "S"),
    Promise("D12", "A partner of a joint offer receives data only by the person's own act", "MP"),
    Promise("D13", "A referred person's data goes to the agency that referred them, no other", "P"),
    Promise("D14", "Disclosure on our own initiative has a named ground and a second person", "SMPJ"),
    Promise("D15", "A recipient's practices and training are assessed before sharing, and again", "SM"),
    Promise("D16", "Accounts of secondees and contractors close by themselves", "U"),
    Promise("R1", "Each category, purpose and basis has a period and the reason for it", "UJ"),
    Promise("R2", "A minimum by law is kept to; the record is restricted meanwhile and then ends", "UPJ"),
    Promise("R3", "Under a legal hold nothing changes until it is lifted", "UJ"),
    Promise("R4", "An enquiry's data ends a short time after its answer", "U"),
    Promise("R5", "Removal on request or unsubscription ends the rest", "U"),
    Promise("R6", "Anonymising leaves nothing that can be tied to the person again", "UJ"),
    Promise("R7", "After the end only a keyed digest is kept, with a clock of its own", "U"),
    Promise("R8", "Nothing of an erased person can be read again, anywhere", stricter=_ALL),
    Promise("Q1", "Rights of access, copy, correction, deletion and the others that the notice names", "MUPJ"),
    Promise("Q2", "California's account of categories, sources, purposes and third parties", "P", "J"),
    Promise("Q3", "Identity is proved by the address on record, and never for opting out", "P"),
    Promise("Q4", "An agent with signed permission may act for a person", "P"),
    Promise("Q5", "Each request has its legal clock; late and nearly late ones stand out", "M", "UPJ"),
    Promise("Q6", "A person has the rights of the controller's law and of the law where they live", "J", "U"),
    Promise("Q7", "A person is told what could not be done, why, and to whom to complain", "UP"),
    Promise("Q8", "A person can ask not to be contacted or searched while the record stays", "P"),
    Promise("Q9", "Requests by post and phone are entered and get the same clock", _ALL),
    Promise("S1", "TLS only, HSTS, security headers", "SMU"),
    Promise("S2", "Access only for those granted; sealed at rest", _ALL),
    Promise("S3", "Common passwords, and one's own name, are refused", "P"),
    Promise("S4", "Vulnerabilities are looked for, and can be reported", "U"),
    Promise("S5", "Client organisations are told of a breach within 24 hours, and each day after", "M"),
    Promise("S6", "Abuse is looked for in the access records, and raises an alert", "SM"),
    Promise("S7", "What staff and the system did is on a record that cannot be changed unseen", stricter=_ALL),
    Promise("S8", "Security measures are reviewed on a schedule; overdue stands out", "U"),
    Promise("S9", "Anyone can report a suspected disclosure; it opens an incident", "S"),
    Promise("S10", "Session identifiers are random, opaque and renewed at sign-in", "MP"),
    Promise("L1", "A complaint is acknowledged in 30 days, and its outcome told", law="U"),
    Promise("L2", "The use of sensitive personal information can be limited", law="PJ"),
    Promise("L3", "Notice at collection with the period per category; re-dated every 12 months", law="PJ"),
    Promise("L4", "A record of each request is kept 24 months under its own key", law="PJ"),
    Promise("L5", "No decision by machine alone; every rejection has a human's row", law="UPJ"),
    Promise("L6", "Recipients are told of correction, erasure and restriction", law="U"),
    Promise("L7", "Objecting to marketing always works, and is told at first contact", law="U"),
    Promise("L8", "Breach clocks by law stand in the profile and run", law="UPJ"),
    Promise("L9", "A person whose data came from elsewhere is told in time", law="U"),
)

PROMISES: dict[str, Promise] = {promise.id: promise for promise in _TABLE}
"""Every promise by its id, in the order in which notices tell them."""

KINDS: dict[str, str] = {
    "us-staffing": "S",
    "us-membership": "M",
    "uk-charity": "U",
    "us-public-sector": "P",
    "us-job-board": "J",
}
"""Which kind each shipped profile is."""


def promises_of(kind: str) -> tuple[str, ...]:
    """The ids of every promise that a kind of profile makes."""
    return tuple(promise.id for promise in _TABLE if kind in promise.kinds)
