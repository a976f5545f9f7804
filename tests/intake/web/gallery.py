"""Every page with fictional data, empty where it can be, and with errors. Shown to axe and to people; never shipped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from gallery_accounts import ACCOUNT_PAGES
from gallery_own import PERSON_OWN_PAGES, STAFF_OWN_PAGES, TIMELINE
from gallery_policy import PERSON_POLICY_PAGES, STAFF_POLICY_PAGES
from gallery_promises import PERSON_PROMISE_PAGES, STAFF_PROMISE_PAGES, TOLD

from intake.desk.notices import KeptNotice
from intake.web.admin import views as admin
from intake.web.api_reference import ApiView, Call, Field
from intake.web.apply import views as apply
from intake.web.charts import draw_bars, draw_columns
from intake.web.faults import FAULTS
from intake.web.me import views as me
from intake.web.privacy import views as privacy
from intake.web.public import NoticeView
from intake.web.recruit import views as recruit
from intake.web.sheets import Mark, Sheet, Spot
from intake.web.views import Area, End, FieldError, Option, Paging, StaffFrame
from retention.policy.notice import Paragraph, Section, Table

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
TODAY = NOW.date()
REFERENCE = "VV-7K2M-94QX"

COUNTRIES = (
    Option("DE", "Germany"),
    Option("EG", "Egypt"),
    Option("GB", "United Kingdom"),
    Option("US", "United States"),
)
NURSE = apply.Opening(
    "Registered nurse, intensive care",
    "Leeds, United Kingdom",
    "/apply/registered-nurse",
    "Nights and weekends in a ward of twelve beds, with a team that has worked together for years.",
    date(2027, 1, 15),
)
OPENINGS = (
    NURSE,
    apply.Opening(
        "Data engineer", "Berlin, or from home", "/apply/data-engineer", "Pipelines for public transport data."
    ),
    apply.Opening("Apprentice carpenter", "Graz, Austria", "/apply/apprentice-carpenter", closes_on=date(2026, 12, 31)),
)
NOTICE = apply.NoticeSummary(
    (
        "We use your resume to consider you for this position, and for nothing else unless you choose so.",
        "People read it. No machine decides about you.",
        "Your data ends six months after the decision, by itself.",
        "It is encrypted with a key of your own; erasing it destroys the key.",
        "You can see, take, correct and erase it at any time with a link.",
    ),
    "/notice",
    "2026-11",
)
CHOICES = (
    apply.Choice(
        "purpose-pool", "Keep me in mind for other openings", "For one year. We ask before we keep it for longer."
    ),
    apply.Choice(
        "purpose-share",
        "Share my resume with hospitals in our network",
        "Only hospitals, only in your country. You see who received it.",
    ),
)
APPLICATION_END = End(
    date(2027, 8, 15), "Six months after the decision, the time in which a claim about it can be brought."
)
POOL_END = End(date(2027, 11, 20), "One year from your consent.", "pool", "anonymise")
FLOOR = End(date(2030, 11, 20), "Applicants may bring a claim for four years.", law="2 CCR § 11013(c)")

START = apply.StartView(
    "/apply/registered-nurse",
    NURSE,
    NOTICE,
    COUNTRIES,
    ("PDF", "DOCX", "ODT", "RTF", "TXT", "HTML", "JSON Resume"),
    ".pdf,.docx,.odt,.rtf,.txt,.html,.json",
    10,
    16,
    choices=CHOICES,
)
MARKS = (
    Mark("at-name", "name", 1, True, 60.0, 60.0, 200.0, 24.0),
    Mark("at-emails", "emails", 2, True, 60.0, 90.0, 150.0, 14.0),
    Mark("at-work-1-employer", "work-1-employer", 3, False, 60.0, 200.0, 180.0, 14.0),
)
DETAILS = apply.DetailsView(
    "/apply/draft/d1",
    "amira-haddad.pdf",
    "ok",
    name=apply.Read("Amira Haddad", mark=1, page=1, at="at-name"),
    emails=(
        apply.Read("amira.haddad@example.org", mark=2, page=1, at="at-emails"),
        apply.Read("amira@example.net", sure=False),
    ),
    phones=(apply.Read("+1 555 0123"),),
    location=apply.Read("Leeds, United Kingdom", sure=False),
    links=apply.Read("https://example.org/amira"),
    summary=apply.Read("", found=False),
    work=(
        apply.WorkRow(
            apply.Read("St. Example Hospital"),
            apply.Read("Staff nurse, intensive care"),
            apply.Read("2021-09"),
            apply.Read(""),
            apply.Read("Leeds"),
            apply.Read("Care of up to two ventilated patients a shift; mentor for new colleagues."),
        ),
        apply.WorkRow(
            apply.Read("Example Care Homes", sure=False, mark=3, page=1, at="at-work-1-employer"),
            apply.Read("Nurse"),
            apply.Read("2018-02"),
            apply.Read("2021-08"),
            apply.Read("", found=False),
            apply.Read("", found=False),
        ),
        apply.WorkRow(),
    ),
    education=(
        apply.EducationRow(
            apply.Read("University of Example"),
            apply.Read("BSc"),
            apply.Read("Adult nursing"),
            apply.Read("2014"),
            apply.Read("2017"),
        ),
        apply.EducationRow(),
    ),
    skills=apply.Read("Mechanical ventilation\nHaemofiltration\nMentoring"),
    languages=apply.Read("English\nArabic\nFrench", sure=False),
    sheets=(Sheet(1, "/gallery-page.png", 620, 877, "0 0 595 842", MARKS),),
    text="Staff nurse, intensive care\nSt. Example Hospital",
    doubts=(apply.Doubt("location", "location"), apply.Doubt("work-1-employer", "work", 2)),
)
CHECK = apply.CheckView(
    "/apply/draft/d1/send",
    NURSE.title,
    (
        apply.SummaryRow("name", ("Amira Haddad",), "/apply/draft/d1#name"),
        apply.SummaryRow("emails", ("amira.haddad@example.org", "amira@example.net"), "/apply/draft/d1#emails"),
        apply.SummaryRow("phones", ("+1 555 0123",), "/apply/draft/d1#phones"),
        apply.SummaryRow("summary", (), "/apply/draft/d1#summary"),
        apply.SummaryRow(
            "work",
            (
                "Staff nurse, intensive care – St. Example Hospital, 2021-09 to now",
                "Nurse – Example Care Homes, 2018-02 to 2021-08",
            ),
            "/apply/draft/d1#work-0-title",
        ),
        apply.SummaryRow(
            "skills", ("Mechanical ventilation", "Haemofiltration", "Mentoring"), "/apply/draft/d1#skills"
        ),
    ),
    "United Kingdom",
    "/apply/registered-nurse?draft=d1",
    "amira-haddad.pdf",
    "/apply/registered-nurse?draft=d1",
    (replace(CHOICES[0], ticked=True), CHOICES[1]),
    "/apply/registered-nurse?draft=d1",
    (APPLICATION_END, POOL_END),
    "d1",
)
WHOLE_NOTICE = NoticeView(
    "How Example Hospitals handles applications",
    "2026-11",
    "9f2c" * 16,
    "en",
    NOTICE.lines,
    (
        Section("who", "Who we are", (Paragraph("who", (), "Example Hospitals, 1 Example Street, Leeds."),)),
        Section(
            "periods",
            "How long we keep it",
            (
                Paragraph("periods", (), "What is kept ends by itself."),
                Table(
                    "periods.table",
                    (),
                    ("Country", "Period", "Why"),
                    (
                        ("United Kingdom", "6 months after the decision", "A claim can be brought in this time."),
                        ("Netherlands", "4 weeks after the decision", "The authority's guidance."),
                    ),
                ),
            ),
        ),
    ),
)
KEPT_NOTICE = KeptNotice("2025-01", "en", "9f2c" * 16, "# Privacy notice\n\nWhat is kept ends by itself.\n", NOW)
API = ApiView(
    (
        Call(
            "POST",
            "/api/v1/applications",
            "Apply.",
            (Field("application.country", "string", True, "ISO 3166-1 alpha-2, or a region."),),
            ("201", "422", "503"),
        ),
        Call("GET", "/api/v1/applications/{reference}", "How an application stands.", (), ("200", "404")),
    )
)
CONFIRMATION = apply.ConfirmationView(
    REFERENCE, NURSE.title, NOW, (APPLICATION_END, POOL_END), "/me/open", mail_sent=True, answer_by=date(2027, 2, 12)
)

HOME = me.HomeView(
    REFERENCE,
    (me.Application(REFERENCE, NURSE.title, "interview", NOW, "person", "form", withdraw_action="/me/withdraw"),),
    (
        me.HeldCategory("identity", ("person",), (me.HeldItem("name", ("Amira Haddad",)),)),
        me.HeldCategory(
            "contact",
            ("person",),
            (
                me.HeldItem("emails", ("amira.haddad@example.org", "amira@example.net")),
                me.HeldItem("phones", ("+1 555 0123",)),
                me.HeldItem("location", ("Leeds, United Kingdom",)),
            ),
        ),
        me.HeldCategory(
            "employment",
            ("person", "referring_agency"),
            (
                me.HeldItem("summary", ()),
                me.HeldItem("work", ("Staff nurse, intensive care – St. Example Hospital, 2021-09 to now",)),
            ),
        ),
        me.HeldCategory(
            "documents", ("person",), (me.HeldItem("document_file", ("amira-haddad.pdf",), "/me/document/1"),)
        ),
    ),
    (
        me.Grounds("application", "contract", TODAY, "Steps that you asked for before a contract."),
        me.Grounds("pool", "consent", TODAY, withdraw_action="/me/withdraw-consent/pool"),
    ),
    (APPLICATION_END, POOL_END),
    (
        me.Look(NOW, "recruiter", "application"),
        me.Look(NOW + timedelta(days=1), "hiring_manager", "application", "R. Example"),
    ),
    (me.Recipient("Example Hospitals Trust", TODAY, "Resume and contact", "share"),),
    TIMELINE,
    "/me/resume.json",
    "/me/archive.zip",
    "/me/correct",
    me.Erasure("/me/erase", "ERASE"),
    "csrf-token",
    "/me/close",
    more_href="/me/more",
    keep_href="/me/keep",
    access_href="/me/access",
    preferences_href="/me/preferences/token",
    processors=("The company that runs our servers",),
    bounced=("amira@example.net",),
    restricted=True,
    authority="The data protection authority",
    authority_href="https://authority.example.org/complain",
)

SIGN_IN = recruit.SignInView("/sign-in", "csrf-token")
HITS = (
    recruit.Hit(
        "/recruit/candidate/c1",
        "Candidate 94QX",
        "Staff nurse, intensive care, since 2021",
        (
            recruit.Piece(
                "work",
                (
                    recruit.Part("Staff "),
                    recruit.Part("nurse", hit=True),
                    recruit.Part(", "),
                    recruit.Part("intensive care", hit=True),
                    recruit.Part(": care of up to two ventilated patients a shift"),
                ),
            ),
            recruit.Piece("skills", (recruit.Part("Mechanical "), recruit.Part("ventilation", hit=True))),
        ),
        "interview",
        "person",
        "contract",
        date(2027, 8, 15),
        NURSE.title,
    ),
    recruit.Hit(
        "/recruit/candidate/c2",
        "Candidate 11AB",
        "Night nurse, since 2019",
        (
            recruit.Piece(
                "document_text",
                (recruit.Part("… eight years as a "), recruit.Part("nurse", hit=True), recruit.Part(" in ICU …")),
            ),
        ),
        "received",
        "referring_agency",
        "legitimate_interest",
        date(2026, 12, 24),
    ),
    recruit.Hit(
        "/recruit/candidate/c3",
        "Candidate 0ZZ1",
        "",
        (),
        "review",
        "employer",
        "consent",
        None,
        show_href="/recruit/search/s1?show=c3",
        is_shown=True,
    ),
)
BESIDE = recruit.Beside(
    "Candidate 0ZZ1",
    REFERENCE,
    "/recruit/candidate/c3",
    (recruit.Fact("skills", ("Ventilation", "Triage")),),
    (recruit.Position("Nurse", "Example Hospital", "2019–"),),
    (),
    (recruit.Document("Resume", "ok", (), "▒▒▒\nNurse in intensive care"),),
)
SEARCH = recruit.SearchView("/recruit/search", "csrf-token")
RESULTS = replace(
    SEARCH,
    query='nurse "intensive care" OR ventilation',
    explained=("nurse", "and either", "“intensive care”", "or", "ventilation"),
    hits=HITS,
    beside=BESIDE,
    count=43,
    paging=Paging(2, 5, "/recruit/search/s1?page=1", "/recruit/search/s1?page=3"),
)
PURPOSES = (
    Option("interview", "Arrange an interview"),
    Option("offer", "Make an offer"),
    Option("reject", "Tell the decision"),
)
SHOWN = (Mark("at-location", "location", 1, True, 60.0, 60.0, 200.0, 24.0),)
CANDIDATE = recruit.CandidateView(
    "csrf-token",
    "Candidate 94QX",
    REFERENCE,
    blind=True,
    facts=(
        recruit.Fact("name", (), hidden=True),
        recruit.Fact("emails", (), hidden=True),
        recruit.Fact("location", ("Leeds, United Kingdom",), spot=Spot(1, 1, "at-location")),
        recruit.Fact("summary", ()),
        recruit.Fact("skills", ("Mechanical ventilation", "Haemofiltration", "Mentoring")),
        recruit.Fact("languages", ("English", "Arabic", "French")),
    ),
    work=(
        recruit.Position(
            "Staff nurse, intensive care",
            "St. Example Hospital, Leeds",
            "2021-09 – now",
            "Care of up to two ventilated patients a shift; mentor for new colleagues.",
        ),
        recruit.Position("Nurse", "Example Care Homes", "2018-02 – 2021-08"),
    ),
    education=(recruit.Position("BSc, Adult nursing", "University of Example", ""),),
    applications=(
        recruit.Application(
            REFERENCE,
            NURSE.title,
            "interview",
            "person",
            "form",
            NOW,
            "/recruit/application/a1/stage",
            ("received", "review", "interview", "offer", "hired", "rejected"),
        ),
    ),
    grounds=(recruit.Grounds("application", "contract", TODAY), recruit.Grounds("pool", "consent", TODAY)),
    ends=(APPLICATION_END, POOL_END),
    documents=(
        recruit.Document(
            "Resume, received 20 November 2026",
            "ok",
            (Sheet(1, "/gallery-page.png", 620, 877, "0 0 595 842", SHOWN),),
            "Staff nurse, intensive care\nSt. Example Hospital",
            "/recruit/document/1",
        ),
    ),
    notes=(recruit.Note("Spoke on the phone; free from March.\nPrefers nights.", "R. Example", NOW),),
    note_action="/recruit/candidate/c1/notes",
    back_href="/recruit/search/s1",
    reveal=recruit.Reveal("/recruit/candidate/c1/reveal", PURPOSES),
)
REVEALED = replace(
    CANDIDATE,
    heading="Amira Haddad",
    blind=False,
    reveal=None,
    restricted=True,
    facts=(recruit.Fact("name", ("Amira Haddad",)), recruit.Fact("emails", ("amira.haddad@example.org",))),
    documents=(recruit.Document("Resume, received 20 November 2026", "encrypted", ()),),
    notes=(),
    ends=(replace(APPLICATION_END, held=True), replace(POOL_END, on=None)),
)

COUNTS = [3, 0, 1, 0, 0, 7, 2, 0, 0, 4, 1, 1, 0, 0, 0, 12, 3, 0, 2, 0, 0, 5, 0, 0, 1, 9, 0, 0, 2, 1]
OFFICER_HOME = privacy.HomeView(
    TODAY,
    due_tonight=3,
    past_due=0,
    ending=1,
    holds=2,
    next_days=draw_columns([(TODAY + timedelta(days=day), count) for day, count in enumerate(COUNTS)]),
    by_source=draw_bars([("person", 812), ("referring_agency", 143), ("employer", 38), ("bought_list", 4)], "source"),
    by_basis=draw_bars([("contract", 640), ("consent", 301), ("legitimate_interest", 56)], "basis"),
    by_country=draw_bars([("United Kingdom", 402), ("Germany", 377), ("Austria", 120), ("Egypt", 98)]),
    last_run=privacy.Run(NOW - timedelta(hours=12), 3.4, 997, 2, 5, 0, 2),
    next_run_at=NOW + timedelta(hours=12),
    oldest_ending_hours=9,
    people=997,
    due_href="/privacy/due",
    past_due_href="/privacy/past-due",
    ending_href="/privacy/ending",
    holds_href="/privacy/holds",
    why_href="/privacy/why",
    audit_href="/privacy/audit",
    report_href="/privacy/report/2026-11",
    under_way=(privacy.Way("VR-7K2M-94QX", NOW - timedelta(hours=30), 30, "key"),),
    looks=(
        privacy.Looks("Robin Example", "recruiter", 41, 96, 100.0),
        privacy.Looks("محمد مثال", "hiring_manager", 3, 0, 7.3),
        privacy.Looks("token vv12ab34", "", 0, 2, 0.0),
    ),
)
OFFICER_ALARM = replace(
    OFFICER_HOME,
    past_due=4,
    missed=True,
    without_basis=1,
    last_run=None,
    next_run_at=None,
    ending=0,
    people=1,
    next_days=draw_columns([]),
    by_country=draw_bars([]),
)
REPORT = privacy.ReportView(
    first=date(2026, 11, 1), made_at=NOW, is_over=False, received=61, by_source=(("person", 48), ("employer", 13)),
    ended=(
        privacy.EndedRow("retention", "application.gb", "anonymise", 12), privacy.EndedRow("request", "", "purge", 2),
    ),
    requests=(("erasure.asked", 2), ("person.exported", 5)), holds_placed=1, holds_lifted=0, holds_standing=2,
    incidents=1, past_due=1, ending=1, people=983, nights=19, nights_missed=1, failed=1, looks=OFFICER_HOME.looks,
    restores=1, verified=(privacy.Verified(NOW, True), privacy.Verified(NOW, False)), policy_version="7",
    previous_href="/privacy/report/2026-10", next_href="/privacy/report/2026-12",
)  # fmt: skip


HOLDS = privacy.HoldsView(
    "/privacy/holds",
    "csrf-token",
    (
        privacy.Hold(
            REFERENCE,
            "Claim 2026/118 before the tribunal",
            "Legal department",
            TODAY,
            date(2027, 6, 30),
            lift_action="/x",
        ),
        privacy.Hold("VV-11AB-0ZZ1", "Request of an authority", "Legal department", TODAY, lift_action="/x"),
        privacy.Hold("VV-33CD-8XY2", "Settled claim", "Legal department", TODAY, lifted_on=TODAY),
    ),
)
WHY = privacy.WhyView("/privacy/why", "csrf-token")
ANSWER = privacy.Why(
    REFERENCE,
    "Live: considered for an opening.",
    (APPLICATION_END, POOL_END),
    (
        privacy.Rule("application.gb", date(2027, 8, 15), True, "Six months after the decision."),
        privacy.Rule("floor.us-ca", None, False, "Does not apply: the person lives in GB."),
    ),
    (("Country", "GB"), ("Decided", "2027-02-15")),
)
AUDIT = privacy.AuditView("/privacy/audit", "csrf-token", 48213)
ROOT = "9f2c" * 16

SETUP = admin.SetupView("/setup", "one-time-token")
OPENINGS_LIST = admin.OpeningsView(
    "/admin/openings",
    "csrf-token",
    (
        admin.Opening(
            NURSE.title,
            NURSE.place,
            NURSE.href,
            43,
            TODAY,
            close_action="/x",
            managers=("Hugo Hill", "محمد مثال"),
            managers_href="/admin/openings/x",
        ),
        admin.Opening("Data engineer", "Berlin", "/apply/data-engineer", 0, TODAY, closed_on=TODAY),
    ),
)
OPENING = admin.OpeningView(
    NURSE.title, "/x", "csrf-token",
    (admin.ManagerRow("Hugo Hill", "/x"), admin.ManagerRow("محمد مثال", "/x", may_enter=False)),
    (Option("a1", "Mona Manager"),),
)  # fmt: skip
STAFF = admin.StaffView(
    "/admin/staff",
    "csrf-token",
    (
        admin.Person("R. Example", "r@example.org", "administrator", True, NOW),
        admin.Person("Q. Sample", "q@example.org", "recruiter", False, disable_action="/x"),
        admin.Person("P. Former", "p@example.org", "hiring_manager", False, NOW, TODAY),
    ),
    ("recruiter", "hiring_manager", "privacy_officer", "administrator", "auditor"),
)
SCOPES = (Option("candidates:write", "candidates:write"), Option("search", "search", chosen=True))
TOKENS = admin.TokensView(
    "/admin/tokens",
    "csrf-token",
    (
        admin.Token("Careers site", "vv_3fK9", ("candidates:write",), TODAY, date(2027, 11, 20), TODAY, "/x"),
        admin.Token("Trial", "vv_88aZ", ("search", "candidates:read"), TODAY),
    ),
    SCOPES,
)


def _frame(area: str, role: str) -> StaffFrame:
    areas = tuple(Area(code, f"/{code}", code == area) for code in ("recruit", "privacy", "admin"))
    return StaffFrame("Robin Example", role, areas, "/sign-out", "csrf-token")


def _errors(*pairs: tuple[str, str], **values: object) -> tuple[FieldError, ...]:
    return tuple(FieldError(field, code, values) for field, code in pairs)


RECRUITER = _frame("recruit", "recruiter")
OFFICER = _frame("privacy", "privacy_officer")
ADMINISTRATOR = _frame("admin", "administrator")

PERSON_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "apply-list": ("apply/list.html", {"view": apply.ListView(OPENINGS, "/apply/pool")}),
    "apply-list-empty": ("apply/list.html", {"view": apply.ListView(())}),
    "apply-start": ("apply/start.html", {"view": replace(START, told=TOLD)}),
    "apply-start-pool": ("apply/start.html", {"view": replace(START, opening=None, choices=())}),
    "apply-start-errors": (
        "apply/start.html",
        {
            "view": replace(
                START,
                kept_file="amira-haddad.pdf",
                errors=(
                    *_errors(("file", "file_too_large"), megabytes=10),
                    *_errors(("country", "country_missing")),
                    *_errors(("age", "age_missing"), age=16),
                    *_errors(("", "notice_changed")),
                ),
            )
        },
    ),
    "apply-reading": ("apply/reading.html", {"view": apply.WaitView("/apply/draft/d1", "/apply/draft/d1?type=1")}),
    "apply-details": ("apply/details.html", {"view": DETAILS}),
    "apply-details-unreadable": (
        "apply/details.html",
        {"view": apply.DetailsView("/apply/draft/d1", "scan.pdf", "needs_ocr")},
    ),
    "apply-details-errors": (
        "apply/details.html",
        {
            "view": replace(
                DETAILS,
                errors=_errors(
                    ("name", "name_missing"),
                    ("emails", "email_malformed"),
                    ("phones", "phone_malformed"),
                    ("links", "link_malformed"),
                    ("work-0-start", "date_malformed"),
                    ("education-0-end", "date_malformed"),
                ),
            )
        },
    ),
    "apply-check": ("apply/check.html", {"view": CHECK}),
    "apply-check-errors": (
        "apply/check.html",
        {"view": replace(CHECK, errors=_errors(("", "form_expired")), opening_title="")},
    ),
    "apply-confirmation": ("apply/confirmation.html", {"view": CONFIRMATION}),
    "me-correct": ("apply/details.html", {"view": replace(DETAILS, file_name="", action="/me/correct")}),
    "me-open": ("me/open.html", {"view": me.OpenView("/me/open", "token")}),
    "me-link": ("me/link.html", {"view": me.LinkView("/me/link")}),
    "me-link-errors": ("me/link.html", {"view": me.LinkView("/me/link", errors=_errors(("email", "email_missing")))}),
    "me-link-sent": ("me/link.html", {"view": me.LinkView("/me/link", sent=True)}),
    "me-home": ("me/home.html", {"view": HOME}),
    "me-home-floor": (
        "me/home.html",
        {
            "view": replace(
                HOME,
                looks=(),
                recipients=(),
                erasure=me.Erasure("/me/erase", "ERASE", FLOOR),
                errors=_errors(("confirm", "retype"), word="ERASE"),
            )
        },
    ),
    **{
        f"me-done-{kind}": ("me/done.html", {"view": me.DoneView(kind, REFERENCE, APPLICATION_END, "/me")})
        for kind in ("withdrawn", "consent_withdrawn", "erased", "restricted", "corrected")
    },
    "accessibility": ("accessibility.html", {}),
    "notice": ("notice.html", {"view": WHOLE_NOTICE}),
    "notice-coming": (
        "notice.html",
        {"view": replace(WHOLE_NOTICE, coming=SimpleNamespace(in_force_on=date(2026, 12, 24), href="/notice/2026-12"))},
    ),
    "notice-kept": ("notice_kept.html", {"view": KEPT_NOTICE}),
    "api": ("api.html", {"view": API}),
    **{
        f"error-{code}": (
            "error.html",
            {"fault": fault, "retry_after": 30 if fault.status == 429 else 0, "back_href": "/apply"},
        )
        for code, fault in FAULTS.items()
    },
}

STAFF_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "recruit-sign-in": ("recruit/sign_in.html", {"view": SIGN_IN}),
    "recruit-sign-in-errors": (
        "recruit/sign_in.html",
        {"view": replace(SIGN_IN, code_asked=True, next="/recruit", errors=_errors(("email", "sign_in_failed")))},
    ),
    "recruit-search": ("recruit/search.html", {"view": replace(SEARCH, purposes=PURPOSES), "frame": RECRUITER}),
    "recruit-search-results": ("recruit/search.html", {"view": RESULTS, "frame": RECRUITER}),
    "recruit-search-none": (
        "recruit/search.html",
        {"view": replace(RESULTS, hits=(), count=0, paging=Paging()), "frame": RECRUITER},
    ),
    "recruit-search-problem": (
        "recruit/search.html",
        {
            "view": replace(
                SEARCH,
                query='nurse AND "intensive care',
                problem=recruit.QueryProblem("This quotation mark is never closed.", 10),
            ),
            "frame": RECRUITER,
        },
    ),
    "recruit-candidate": ("recruit/candidate.html", {"view": CANDIDATE, "frame": RECRUITER}),
    "recruit-candidate-errors": (
        "recruit/candidate.html",
        {
            "view": replace(
                CANDIDATE,
                errors=_errors(
                    ("purpose", "purpose_missing"), (f"reason-{REFERENCE}", "reason_missing"), ("note", "note_missing")
                ),
            ),
            "frame": RECRUITER,
        },
    ),
    "recruit-candidate-revealed": ("recruit/candidate.html", {"view": REVEALED, "frame": RECRUITER}),
    "privacy-home": ("privacy/home.html", {"view": OFFICER_HOME, "frame": OFFICER}),
    "privacy-home-alarm": ("privacy/home.html", {"view": OFFICER_ALARM, "frame": OFFICER}),
    "privacy-report": ("privacy/report.html", {"view": REPORT, "frame": OFFICER}),
    "privacy-report-quiet": (
        "privacy/report.html",
        {
            "view": replace(
                REPORT, ended=(), looks=(), verified=(), incidents=0, restores=0, past_due=0, is_over=True, next_href=""
            ),
            "frame": OFFICER,
        },
    ),
    "privacy-holds": ("privacy/holds.html", {"view": HOLDS, "frame": OFFICER}),
    "privacy-holds-errors": (
        "privacy/holds.html",
        {
            "view": replace(
                HOLDS,
                holds=(),
                reference="VV-0000",
                errors=_errors(
                    ("reference", "reference_unknown"),
                    ("reason", "reason_missing"),
                    ("owner", "owner_missing"),
                    ("until", "date_past"),
                ),
            ),
            "frame": OFFICER,
        },
    ),
    "privacy-why": ("privacy/why.html", {"view": replace(WHY, reference=REFERENCE, answer=ANSWER), "frame": OFFICER}),
    "privacy-why-errors": (
        "privacy/why.html",
        {"view": replace(WHY, errors=_errors(("reference", "reference_missing"))), "frame": OFFICER},
    ),
    "privacy-audit": ("privacy/audit.html", {"view": AUDIT, "frame": OFFICER}),
    "privacy-audit-sound": (
        "privacy/audit.html",
        {"view": replace(AUDIT, result=privacy.AuditResult(True, 48213, ROOT, NOW)), "frame": OFFICER},
    ),
    "privacy-audit-broken": (
        "privacy/audit.html",
        {
            "view": replace(
                AUDIT,
                result=privacy.AuditResult(False, 48213, ROOT, NOW, "Entry 118 is not the one that was sequenced."),
            ),
            "frame": OFFICER,
        },
    ),
    "admin-setup": ("admin/setup.html", {"view": SETUP}),
    "admin-setup-errors": (
        "admin/setup.html",
        {
            "view": replace(
                SETUP,
                role="recruiter",
                errors=(
                    *_errors(("name", "name_missing"), ("email", "email_missing"), ("again", "password_differs")),
                    *_errors(("password", "password_short"), length=15),
                ),
            )
        },
    ),
    "admin-opening": ("admin/opening.html", {"view": OPENING, "frame": ADMINISTRATOR}),
    "admin-opening-errors": (
        "admin/opening.html",
        {"view": replace(OPENING, managers=(), errors=_errors(("manager", "required"))), "frame": ADMINISTRATOR},
    ),
    "admin-openings": ("admin/openings.html", {"view": OPENINGS_LIST, "frame": ADMINISTRATOR}),
    "admin-openings-errors": (
        "admin/openings.html",
        {
            "view": replace(OPENINGS_LIST, openings=(), errors=_errors(("title", "title_missing"))),
            "frame": ADMINISTRATOR,
        },
    ),
    "admin-staff": ("admin/staff.html", {"view": STAFF, "frame": ADMINISTRATOR}),
    "admin-staff-errors": (
        "admin/staff.html",
        {
            "view": replace(
                STAFF,
                link="https://vitavault.example.org/setup#aB3d",
                errors=_errors(("email", "taken"), ("role", "required")),
            ),
            "frame": ADMINISTRATOR,
        },
    ),
    "admin-tokens": (
        "admin/tokens.html",
        {"view": replace(TOKENS, secret="vv_" + "x7Qd" * 10), "frame": ADMINISTRATOR},
    ),
    "admin-tokens-errors": (
        "admin/tokens.html",
        {
            "view": replace(TOKENS, tokens=(), errors=_errors(("name", "required"), ("scope", "scope_missing"))),
            "frame": ADMINISTRATOR,
        },
    ),
}

PERSON_PAGES |= PERSON_POLICY_PAGES | PERSON_PROMISE_PAGES | PERSON_OWN_PAGES
PAGES = PERSON_PAGES | STAFF_PAGES | ACCOUNT_PAGES | STAFF_POLICY_PAGES | STAFF_PROMISE_PAGES | STAFF_OWN_PAGES
