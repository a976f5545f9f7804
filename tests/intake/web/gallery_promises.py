"""The pages about promises, duties, campaigns and questions, with fictional data. Shown to axe; never shipped."""

from dataclasses import replace
from datetime import UTC, date, datetime

from intake.desk.duties import Owed
from intake.desk.ends import EndInWords
from intake.desk.enquiries import Opened, Waiting
from intake.desk.tallies import SMALLEST, Campaign
from intake.web.apply.collection import Asked, AtCollection, Collected
from intake.web.ask.routes import AskView
from intake.web.privacy.enquiries import EnquiriesView, EnquiryView
from intake.web.privacy.promises import STATES, DutyView, PromisesView, VisitsView
from intake.web.views import Area, End, FieldError, Option, StaffFrame
from retention.calendar import Length, Unit
from retention.policy.check import Finding, check_promises, count_states
from retention.policy.load import load_policy
from storage.models import DutyKind

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
TODAY = NOW.date()
FRAME = StaffFrame("Priya Raman", "privacy_officer", (Area("privacy", "/privacy", current=True),), "/sign-out", "token")
HALF_YEAR = Length(6, Unit.MONTHS)
OWED = (
    Owed(
        DutyKind.REVIEW, "security", "Our security measures", "trustee for data", HALF_YEAR, ("S8",),
        date(2026, 10, 1), TODAY, "Sam Example", "0" * 32, date(2026, 4, 1), "Two accounts without a second factor.",
    ),
    Owed(DutyKind.ASSESSMENT, "member", "Employers who are members", "data lead", HALF_YEAR, ("D15",), TODAY, TODAY),
    Owed(DutyKind.DATING, "policy", "Privacy notice", "data lead", HALF_YEAR, ("L3",), date(2027, 9, 1), TODAY),
)  # fmt: skip
CHECKED = check_promises(load_policy("uk-charity"), {"overdue": lambda: Finding("0 in violation", is_good=True)})
COUNTS = {state.value: count for state, count in count_states(CHECKED).items()}
PEOPLE = (Option("0" * 32, "Sam Example", chosen=True), Option("1" * 32, "Priya Raman"))
END = EndInWords(date(2027, 2, 20), "enquiry-answered", "Your question is answered.", "purge")
OPENED = Opened("VQ-7K2M-94QX", "Noa Example", "noa@example.org", "Is the ward on one floor?", "", NOW, END)
ASK = AskView("/ask", "3 months")
TOLD = AtCollection(
    (
        Asked("Your CV", True, "It is what we consider you by.", "You can type the same into the form."),
        Asked("Phone", False, "Some matters are quicker by phone.", "Nothing changes; we write instead."),
    ),
    (
        Collected("your name", ("Considering you for an opening", "Keeping you in mind"), "24 months"),
        Collected("technical data of your visit", (), "30 days"),
    ),
    "en",
)

PERSON_PROMISE_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "ask": ("ask.html", {"view": ASK}),
    "ask-errors": (
        "ask.html",
        {
            "view": replace(
                ASK,
                email="noa",
                errors=(FieldError("email", "email_malformed"), FieldError("question", "too_long", {"limit": 4000})),
            )
        },
    ),
    "ask-done": ("ask.html", {"view": replace(ASK, reference="VQ-7K2M-94QX")}),
}
STAFF_PROMISE_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "privacy-promises": (
        "privacy/promises.html",
        {"view": PromisesView("uk-charity", "1", CHECKED, COUNTS, OWED, STATES), "frame": FRAME},
    ),
    "privacy-duty": ("privacy/duty.html", {"view": DutyView("token", OWED[0], PEOPLE), "frame": FRAME}),
    "privacy-duty-errors": (
        "privacy/duty.html",
        {
            "view": DutyView(
                "token", OWED[1], PEOPLE, (FieldError("due_on", "date_past"), FieldError("finding", "finding_missing"))
            ),
            "frame": FRAME,
        },
    ),
    "privacy-duty-dating": ("privacy/duty.html", {"view": DutyView("token", OWED[2], PEOPLE), "frame": FRAME}),
    "privacy-visits": (
        "privacy/visits.html",
        {"view": VisitsView((Campaign("fair-2026", 214, 31), Campaign("radio", 40, None)), SMALLEST), "frame": FRAME},
    ),
    "privacy-visits-empty": ("privacy/visits.html", {"view": VisitsView((), SMALLEST), "frame": FRAME}),
    "privacy-enquiries": (
        "privacy/enquiries.html",
        {
            "view": EnquiriesView(
                (Waiting("VQ-7K2M-94QX", TODAY, None, 0), Waiting("VQ-3D8P-22AA", TODAY, TODAY, 0))
            ),
            "frame": FRAME,
        },
    ),
    "privacy-enquiries-empty": ("privacy/enquiries.html", {"view": EnquiriesView(()), "frame": FRAME}),
    "privacy-enquiry": (
        "privacy/enquiry.html",
        {
            "view": EnquiryView(
                "/privacy/enquiries/VQ-7K2M-94QX", "token", OPENED, End(None, "It waits."),
                errors=(FieldError("answer", "answer_missing"),),
            ),
            "frame": FRAME,
        },
    ),
    "privacy-enquiry-answered": (
        "privacy/enquiry.html",
        {
            "view": EnquiryView(
                "", "token", replace(OPENED, name="", answer="Yes, on one."), End(END.on, END.reason)
            ),
            "frame": FRAME,
        },
    ),
}  # fmt: skip
