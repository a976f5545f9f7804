"""Pages of receipts, campaigns, policies and requests with fictional data, for the gallery."""

from datetime import UTC, datetime

from intake.web.me import receipts

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

STAFF_POLICY_PAGES: dict[str, tuple[str, dict[str, object]]] = {}
