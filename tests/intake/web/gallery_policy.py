"""Pages of receipts, campaigns, policies and requests with fictional data, for the gallery."""

from dataclasses import replace
from datetime import UTC, date, datetime

from intake.desk.bearings import Asked, Bearings, CategoryEnd, LastWord
from intake.desk.campaigns import Round
from intake.desk.ends import RuleInWords
from intake.desk.proposals import Waiting
from intake.desk.requests import Request
from intake.desk.violations import Violation
from intake.web.me import choices, objections, receipts
from intake.web.privacy import clocks, policy
from intake.web.views import Area, End, FieldError, Option, StaffFrame
from retention.policy.diff import Change, Meaning
from retention.policy.publish import Assent

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
RECEIPT = receipts.ReceiptRow(
    id="0f2e6a1c-5d3b-4a8e-9c7d-112233445566",
    at=NOW,
    purpose="pool",
    title="Keeping you in mind for other openings",
    basis="consent",
    event="given",
    channel="form",
    contact="email",
    language="en",
    language_name="English",
    reference="VV-7K2M-94QX-C4",
    notice_version="2026-11-1a2b3c4d",
    notice_digest="3f" * 32,
    wording_digest="a0" * 32,
)

OFFICER = StaffFrame(
    "O. Example", "privacy_officer", (Area("privacy", "/privacy", current=True),), "/sign-out", "csrf-token"
)
DAY = date(2027, 11, 20)
RULES = (
    RuleInWords("us-ca-records", "floor", date(2030, 11, 20), True, "Applications are kept for four years."),
    RuleInWords("pool", "period", DAY, False, "Two years after we last heard from you.", "pool"),
    RuleInWords("erasure-asked", "request", NOW.date(), False, "You asked us to erase this."),
)
BEARINGS = Bearings(
    (
        CategoryEnd("identity", ("application", "pool"), DAY, date(2030, 11, 20), RULES),
        CategoryEnd("staff notes", (), None, None, RULES[:1]),
    ),
    (LastWord("pool", "consent", "given", NOW), LastWord("sale", "legitimate_interest", "objected", NOW)),
    (Asked("erasure", NOW.date(), date(2026, 12, 20), "open"), Asked("access", NOW.date(), DAY, "done")),
)
WHY = objections.WhyView(
    "csrf-token",
    BEARINGS,
    (
        objections.Balancing("Counting outcomes", "Counts only; nobody stands out.", "/me/object/impact"),
        objections.Balancing("Answering claims", "Seen by two people, and out of search.", ""),
    ),
)
END = End(DAY, "Two years after we last heard from you.", "pool", "purge")
PROPOSAL = Waiting(
    id="ab" * 16,
    version="2026-12",
    effective_on=DAY,
    asked_by="operator",
    asked_at=NOW,
    people=4821,
    sooner=300,
    later=0,
    newly_due=212,
    changes=(Change("periods.application-eu.length", "6 months", "3 months", Meaning.SHORTER),),
    obstacles=("the notice period of 30 days ends later",),
    assent=Assent.SECOND_PERSON,
    agreed=1,
    needed=2,
    wait_until=None,
    can_agree=True,
)
ROUNDS = policy.RoundsView(
    (
        Round("renewal", "2026-11", NOW, None, 120, 110, 10, 60, None, None),
        Round("new_use", "salary-study@2", NOW, DAY, 4821, 4700, 121, 2000, 300, 2400),
    ),
    5,
)
REQUEST = Request(
    id="cd" * 16,
    reference="VV-7K2M-94QX-C4",
    right="access",
    channel="post",
    arrived_on=NOW.date(),
    due_on=DAY,
    is_extended=False,
    days_left=27,
    is_late=False,
    is_nearly_late=False,
    text="Please send me a copy of everything.",
    can_extend=True,
)
LATE = replace(REQUEST, id="ef" * 16, days_left=-3, is_late=True, is_extended=True, can_extend=False)
NEAR = replace(REQUEST, id="0a" * 16, days_left=2, is_nearly_late=True)
REQUESTS = clocks.RequestsView(
    "csrf-token",
    (LATE, NEAR, REQUEST),
    (Option("access", "A copy of what is held"), Option("erasure", "Erasure")),
    (Option("post", "Post"), Option("phone", "Phone")),
)

PERSON_POLICY_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "me-receipts": ("me/receipts.html", {"view": receipts.ReceiptsView((RECEIPT,))}),
    "me-receipt": (
        "me/receipt.html",
        {
            "view": receipts.ReceiptView(
                RECEIPT,
                "Example Hospitals, 1 Example Road, privacy@example.org",
                ("Name", "EmailAddress", "EmploymentHistory"),
                ("The company that runs our servers",),
                (("24 months", "Two years after we last heard from you your wishes have probably changed."),),
                f"eyJhbGciOiJFZERTQSJ9..{'aB3d' * 20}",
            )
        },
    ),
}

PERSON_POLICY_PAGES |= {
    "me-why": ("me/why.html", {"view": WHY}),
    "me-objection": ("me/objection.html", {"view": objections.ObjectionView("/x")}),
    "me-objection-done": ("me/objection.html", {"view": objections.ObjectionView("", is_done=True)}),
    "me-choice": ("me/choice.html", {"view": choices.ChoiceView("/choice", "t", "renewal", DAY)}),
    "me-choice-use": (
        "me/choice.html",
        {"view": choices.ChoiceView("/choice", "t", "new_use", DAY, "A study of salaries", "We count in groups.")},
    ),
    "me-choice-changed": (
        "me/choice.html",
        {"view": choices.ChoiceView("/choice", "t", "changed_use", DAY, "Considering you", "With employers too.")},
    ),
    "me-chosen-kept": ("me/chosen.html", {"view": choices.ChosenView("kept", end=END)}),
    "me-chosen-erased": ("me/chosen.html", {"view": choices.ChosenView("erased", "R-2K7M-9Q")}),
    "me-chosen-declined": ("me/chosen.html", {"view": choices.ChosenView("declined")}),
}

STAFF_POLICY_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "privacy-policy": (
        "privacy/policy.html",
        {"view": policy.PolicyView("csrf-token", "2026-11", (PROPOSAL,), is_posted=True), "frame": OFFICER},
    ),
    "privacy-policy-errors": (
        "privacy/policy.html",
        {
            "view": policy.PolicyView(
                "csrf-token",
                "2026-11",
                (),
                "id = 1",
                faults=("line 1: id: must be text",),
                errors=(FieldError("effective", "date_past"),),
            ),
            "frame": OFFICER,
        },
    ),
    "privacy-letters": ("privacy/letters.html", {"view": ROUNDS, "frame": OFFICER}),
    "privacy-letters-none": ("privacy/letters.html", {"view": policy.RoundsView((), 5), "frame": OFFICER}),
    "privacy-requests": ("privacy/requests.html", {"view": REQUESTS, "frame": OFFICER}),
    "privacy-requests-errors": (
        "privacy/requests.html",
        {
            "view": replace(
                REQUESTS,
                requests=(REQUEST,),
                errors=(
                    FieldError("reference", "reference_unknown"),
                    FieldError("right", "right_missing"),
                    FieldError("arrived_on", "day_missing"),
                    FieldError(f"answer-{REQUEST.id}", "reason_missing"),
                ),
            ),
            "frame": OFFICER,
        },
    ),
    "privacy-violations": (
        "privacy/violations.html",
        {"view": clocks.ViolationsView((Violation("past_due", "VV-7K2M-94QX-C4", NOW),)), "frame": OFFICER},
    ),
    "privacy-violations-none": ("privacy/violations.html", {"view": clocks.ViolationsView(()), "frame": OFFICER}),
}
