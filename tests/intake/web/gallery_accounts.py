"""Pages of staff accounts and of the demo's mail with fictional data and with errors, for the gallery."""

from dataclasses import replace
from datetime import UTC, datetime

from intake.demo.mail_page import Letter, MailView, Run
from intake.web.admin.views import FirstHourView, MemberView
from intake.web.qr import draw_qr
from intake.web.recruit.views import SignInView
from intake.web.staff.account_views import (
    AccountView,
    PasskeyRow,
    PasskeyView,
    RecoveryCodesView,
    RoleRow,
    SecondFactorView,
    SessionRow,
    TrainedRow,
    TrainingView,
)
from intake.web.views import Area, FieldError, Option, StaffFrame

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
FRAME = StaffFrame("Robin Example", "recruiter", (Area("recruit", "/recruit"),), "/sign-out", "csrf-token")
ACCOUNT = AccountView(
    name="Robin Example",
    email="robin@example.org",
    csrf="csrf-token",
    roles=(RoleRow("administrator", "/x"), RoleRow("recruiter", "/x")),
    sessions=(SessionRow(NOW, NOW), SessionRow(NOW, NOW, "/x")),
    has_second_factor=True,
    codes_left=1,
    passkeys=(PasskeyRow("Blue key", NOW, NOW, "/x"), PasskeyRow("هاتفي", NOW, None, "/x")),
    is_changed=True,
    kept_after_end="12 months",
    kept_reason="Until questions about what was done under the account can no longer be expected.",
    last_day=NOW.date(),
    trained_on=NOW.date(),
)
TRAINING = TrainingView(
    "csrf-token",
    (
        TrainedRow("Robin Example", ("administrator", "recruiter"), NOW.date(), NOW.date(), counts=True),
        TrainedRow("محمد مثال", ("auditor",), None, None, counts=False),
    ),
    (Option("a1", "Robin Example"), Option("a2", "محمد مثال")),
    lasts="12 months",
)
PASSKEY = PasskeyView("csrf-token", '{"challenge": "x"}', "x.1.y")
KEY = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
ADDRESS = "otpauth://totp/Example%20Works:robin%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Example%20Works"
OFFER = SecondFactorView("csrf-token", is_on=False, secret=KEY, qr=draw_qr(ADDRESS))
MEMBER = MemberView(
    "/admin/staff/x", "csrf-token", "Q. Sample", "q@example.org", ("recruiter",), ("recruiter", "auditor"), False
)
LETTER = Letter(
    "jane@example.org",
    "Example Works: VV-7K2M-94QX",
    NOW,
    "waiting",
    (
        Run("Your application has arrived.\n\n"),
        Run(f"http://127.0.0.1/link/{'x7Qd' * 10}", "/link/x"),
        Run("\n\nIt works once.\n"),
    ),
)
FIRST_HOUR = FirstHourView(
    "csrf-token",
    8,
    "open",
    "open",
    "open",
    "open",
    "open",
    "open",
    "done",
    "open",
    "open",
    "open",
    False,
    "/srv/vitavault/keys",
    now=NOW,
    next_run_at=NOW,
    zones=("UTC", "Europe/Dublin"),
    profiles=(Option("default", "default"), Option("us-staffing", "us-staffing")),
    given={"organisation": "", "address": "", "contact": "", "email": "", "zone": ""},
)
CODE_WRONG = (FieldError("code", "code_wrong"),)

ACCOUNT_PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "recruit-sign-in-code": (
        "recruit/sign_in.html",
        {"view": SignInView("/sign-in", "", code_asked=True, half="x.1.y", errors=CODE_WRONG)},
    ),
    "account": ("account/home.html", {"view": ACCOUNT, "frame": FRAME}),
    "account-errors": (
        "account/home.html",
        {
            "view": replace(
                ACCOUNT,
                roles=(RoleRow("recruiter"),),
                has_second_factor=False,
                passkeys=(),
                last_day=None,
                trained_on=None,
                sessions=ACCOUNT.sessions[:1],
                is_changed=False,
                errors=(FieldError("present", "password_wrong"), FieldError("again", "password_differs")),
            ),
            "frame": FRAME,
        },
    ),
    "account-second-factor": ("account/second_factor.html", {"view": OFFER, "frame": FRAME}),
    "account-second-factor-on": (
        "account/second_factor.html",
        {"view": SecondFactorView("csrf-token", is_on=True, errors=CODE_WRONG), "frame": FRAME},
    ),
    "account-passkey": ("account/passkeys.html", {"view": PASSKEY, "frame": FRAME}),
    "account-passkey-errors": (
        "account/passkeys.html",
        {"view": replace(PASSKEY, errors=(FieldError("name", "passkey_refused"),)), "frame": FRAME},
    ),
    "account-passkey-none": ("account/passkeys.html", {"view": PasskeyView("csrf-token"), "frame": FRAME}),
    "training": ("account/training.html", {"view": TRAINING, "frame": FRAME}),
    "training-errors": (
        "account/training.html",
        {
            "view": replace(
                TRAINING,
                lasts="",
                trained_on="2999-01-01",
                errors=(FieldError("colleague", "required"), FieldError("trained_on", "date_ahead")),
            ),
            "frame": FRAME,
        },
    ),
    "recruit-sign-in-passkey": (
        "recruit/sign_in.html",
        {"view": SignInView("/sign-in", "", passkey_options='{"challenge": "x"}', passkey_ticket="x.1.y")},
    ),
    "account-codes": (
        "account/codes.html",
        {"view": RecoveryCodesView(("abcde-fghjk", "mnpqr-stuvw")), "frame": FRAME},
    ),
    "admin-first-hour": ("admin/first_hour.html", {"view": FIRST_HOUR, "frame": FRAME}),
    "admin-first-hour-errors": (
        "admin/first_hour.html",
        {
            "view": replace(
                FIRST_HOUR,
                errors=(
                    FieldError("logo", "logo_refused", {"width": 1200, "height": 600, "kilobytes": 200}),
                    FieldError("organisation", "required"),
                    FieldError("zone", "zone_unknown"),
                ),
            ),
            "frame": FRAME,
        },
    ),
    "admin-first-hour-later": (
        "admin/first_hour.html",
        {
            "view": replace(
                FIRST_HOUR,
                left=0,
                profiles=(),
                zone="done",
                logo="done",
                opening="done",
                keys="done",
                mail="failed",
                policy="waiting",
                has_mail_server=True,
            ),
            "frame": FRAME,
        },
    ),
    "admin-member": (
        "admin/member.html",
        {"view": replace(MEMBER, link=f"https://vitavault.example.org/invitation/{'aB3d' * 10}"), "frame": FRAME},
    ),
    "admin-member-errors": (
        "admin/member.html",
        {"view": replace(MEMBER, until="2020-01-01", errors=(FieldError("until", "date_past"),)), "frame": FRAME},
    ),
    "admin-member-own": ("admin/member.html", {"view": replace(MEMBER, is_other=False), "frame": FRAME}),
    "demo-mail": ("demo/mail.html", {"view": MailView((LETTER,))}),
}
