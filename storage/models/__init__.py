"""Every table. Importing this package registers them all on :data:`Model.metadata`."""

from storage.models.afterwards import RetiredBlob, Suppression
from storage.models.applications import (
    Application,
    BasisEvent,
    Document,
    DocumentState,
    Opening,
    OpeningManager,
    OpeningState,
)
from storage.models.campaigns import (
    Answer,
    Campaign,
    CampaignKind,
    CampaignLetter,
    LetterState,
    PolicyProposal,
    RequestOutcome,
    RightsRequest,
)
from storage.models.columns import Clock, Holds, Model, UtcDateTime, utc_now
from storage.models.duties import Duty, DutyKind, Enquiry, Tally
from storage.models.endings import (
    AnonymousFact,
    DoomedBlob,
    EndCause,
    Ending,
    Hold,
    NoticeVersion,
    RetentionRun,
    RunState,
)
from storage.models.operations import (
    AuditCheckpoint,
    AuditEntry,
    AuditNode,
    Bounce,
    Installation,
    Lease,
    Mail,
    MailState,
    Outbox,
    RepeatedCall,
    WorkState,
)
from storage.models.people import DigestKind, Note, Person, PersonDigest, PersonField, PersonState
from storage.models.staff import (
    ApiToken,
    Link,
    LinkKind,
    Passkey,
    PersonSession,
    RateWindow,
    RecoveryCode,
    Role,
    Staff,
    StaffSearch,
    StaffSession,
)

__all__ = [
    "AnonymousFact", "Answer", "ApiToken", "Application", "AuditCheckpoint", "AuditEntry", "AuditNode", "BasisEvent",
    "Bounce", "Campaign", "CampaignKind", "CampaignLetter", "Clock", "DigestKind", "Document", "DocumentState",
    "DoomedBlob", "Duty", "DutyKind", "EndCause", "Ending", "Enquiry", "Hold", "Holds", "Installation", "Lease",
    "LetterState", "Link", "LinkKind", "Mail", "MailState", "Model", "Note", "NoticeVersion", "Opening",
    "OpeningManager", "OpeningState", "Outbox", "Passkey", "Person", "PersonDigest", "PersonField", "PersonSession",
    "PersonState", "PolicyProposal", "RateWindow", "RecoveryCode", "RepeatedCall", "RequestOutcome", "RetentionRun",
    "RetiredBlob", "RightsRequest", "Role", "RunState", "Staff", "StaffSearch", "StaffSession", "Suppression", "Tally",
    "UtcDateTime", "WorkState", "utc_now",
]  # fmt: skip
