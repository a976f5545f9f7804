"""A person's own pages beyond the first, with fictional data and with errors; mail and decisions for staff."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from intake.desk.returned_mail import MailStanding, Returned
from intake.desk.timeline import Span
from intake.web.me import views as me
from intake.web.me.timeline import draw_timeline
from intake.web.recruit.decided import DecidedView
from intake.web.views import Area, End, FieldError, StaffFrame

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
TODAY = NOW.date()
SINCE = date(2026, 6, 1)
REFERENCE = "VV-7K2M-94QX"
SPANS = (
    Span("purpose", "application", "", "Registered nurse", SINCE, date(2027, 8, 15), "Six months after the decision."),
    Span("purpose", "pool", "", "", SINCE, date(2028, 6, 1), "Two years from your consent.", "purge"),
    Span("floor", "", "", "", SINCE, date(2030, 6, 1), "Applicants may bring a claim.", law="2 CCR § 11013(c)"),
    Span("hold", "", "", "", date(2026, 10, 1), None, "A legal hold keeps this until it is lifted."),
)
TIMELINE = draw_timeline(SPANS, TODAY)
POOL_END = End(date(2028, 11, 20), "Two years from your consent.", "pool", "purge")
KEEP = me.KeepView(
    "csrf-token",
    "2026-11",
    "en",
    (
        me.Offer("/me/keep/pool", "Keep my application for other openings", "We look for one.", True, POOL_END),
        me.Offer("/me/keep/share", "Share it with employers", "You see who received it.", False, None),
    ),
)
ACCESS = me.AccessView(
    "csrf-token",
    (
        me.WayIn("session", True, NOW, NOW + timedelta(hours=2), True, "/me/access/1/close"),
        me.WayIn("person", True, NOW - timedelta(hours=1), NOW, False, "/me/access/2/close"),
        me.WayIn("application", False, NOW - timedelta(hours=3), NOW, False, "/me/access/3/close"),
    ),
)
REPLACE = me.ReplaceView(
    "/me/documents/1/replace", "csrf-token", "amira-haddad.pdf", ("PDF", "DOCX", "TXT"), ".pdf,.docx,.txt", 10
)
WAYS = tuple((f"pool-{way}", way, way in ("email", "post")) for way in ("email", "phone", "text", "post"))
PREFERENCES = me.PreferencesView("/me/preferences/token", (me.Ways("Keeping you in mind", WAYS),))
DECIDED = DecidedView(
    "csrf-token", action="/recruit/decided/x/reopen", reference=REFERENCE, opening="Nurse", stage="rejected",
    decided_on=TODAY,
)  # fmt: skip
MAIL = MailStanding(2, 1, 1, (Returned(REFERENCE, NOW, "5.1.1"), Returned("", NOW, "5.2.2")))
RECRUITER = StaffFrame("R. Example", "recruiter", (Area("recruit", "/recruit", True),), "/sign-out", "csrf-token")
OFFICER = StaffFrame("P. Example", "privacy_officer", (Area("privacy", "/privacy", True),), "/sign-out", "csrf-token")

PERSON_OWN_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "me-keep": ("me/keep.html", {"view": KEEP}),
    "me-access": ("me/access.html", {"view": ACCESS}),
    "me-access-none": ("me/access.html", {"view": replace(ACCESS, ways=())}),
    "me-replace": ("me/replace.html", {"view": REPLACE}),
    "me-replace-errors": ("me/replace.html", {"view": replace(REPLACE, errors=(FieldError("file", "file_empty"),))}),
    "me-preferences": ("me/preferences.html", {"view": PREFERENCES}),
    "me-preferences-saved": ("me/preferences.html", {"view": replace(PREFERENCES, saved=True)}),
    "me-preferences-none": ("me/preferences.html", {"view": replace(PREFERENCES, purposes=())}),
    "me-done-kept": ("me/done.html", {"view": me.DoneView("kept", "", POOL_END, "/me")}),
}
STAFF_OWN_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "recruit-decided": ("recruit/decided.html", {"view": DECIDED, "frame": RECRUITER}),
    "recruit-decided-find": (
        "recruit/decided.html",
        {
            "view": DecidedView("csrf-token", errors=(FieldError("reference", "decision_unknown"),)),
            "frame": RECRUITER,
        },
    ),
    "privacy-mail": ("privacy/mail.html", {"view": MAIL, "frame": OFFICER}),
    "privacy-mail-none": ("privacy/mail.html", {"view": MailStanding(0, 0, 0, ()), "frame": OFFICER}),
}
