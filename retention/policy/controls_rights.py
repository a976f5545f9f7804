"""Controls of rights, security and law (promises Q, S and L): each names what exists, never what is planned."""

from retention.policy.control import Control, split_ids

RIGHTS_CONTROLS = (
    Control(
        "export",
        "a person receives all that is held, readable by people and machines",
        split_ids("Q1"),
        ("intake.desk.archive.export_archive",),
        probe="acts",
    ),
    Control(
        "correction",
        "a person corrects what is held",
        split_ids("Q1"),
        ("intake.desk.profiles.correct_profile",),
        probe="acts",
    ),
    Control(
        "restrict-object",
        "a person can have use restricted, object, and have data sent on",
        split_ids("Q1"),
    ),
    Control(
        "category-account",
        "a Californian receives the account by categories",
        split_ids("Q2"),
    ),
    Control(
        "proof-of-address",
        "identity is proved by the address on record, never for opting out",
        split_ids("Q3"),
        (
            "intake.desk.links.accept_person_link",
            "intake.desk.lost_links.send_new_link",
        ),
        probe="proved",
    ),
    Control(
        "agents",
        "an agent with signed permission can act",
        split_ids("Q4"),
    ),
    Control(
        "request-clocks",
        "each request runs against its legal clock; late ones stand out",
        split_ids("Q5"),
        probe="requests",
    ),
    Control(
        "rights-by-residence",
        "rights are those of the controller's law and of the person's residence",
        split_ids("Q6"),
    ),
    Control(
        "told-why-not",
        "what could not be done is told, with reason and authority",
        split_ids("Q7"),
    ),
    Control(
        "suppression",
        "a person can ask not to be contacted or searched",
        split_ids("Q8"),
    ),
    Control(
        "staff-entry",
        "requests by post and phone are entered with the day they arrived",
        split_ids("Q9"),
    ),
    Control(
        "headers",
        "HSTS, a strict content policy and no referrer on every answer",
        split_ids("S1"),
        ("intake.web.security_headers.SecurityHeaders",),
        probe="headers",
    ),
    Control(
        "tls",
        "plain HTTP is refused outside loopback unless a proxy vouches for TLS",
        split_ids("S1"),
        ("intake.web.transport.RequireTls",),
        probe="tls",
    ),
    Control(
        "deny-by-default",
        "every route names who may call it, and refuses all others",
        split_ids("S2"),
        ("intake.access.guards.refuse_undeclared",),
        probe="routes",
    ),
    Control(
        "sealed",
        "all personal data is sealed with AES-256-GCM before it is written",
        split_ids("S2"),
        ("storage.seal.Sealer",),
        probe="sealed",
    ),
    Control(
        "passwords",
        "common passwords and one's own name are refused",
        split_ids("S3"),
        ("intake.access.passwords.check_password",),
        probe="passwords",
    ),
    Control(
        "security-contact",
        "a security contact is published; dependencies are audited",
        split_ids("S4"),
    ),
    Control(
        "client-notice",
        "client organisations are told of a breach within the hours named",
        split_ids("S5"),
    ),
    Control(
        "misuse-alerts",
        "unusual access raises an alert",
        split_ids("S6"),
    ),
    Control(
        "audit",
        "an append-only Merkle log shows any change made to it",
        split_ids("S7"),
        (
            "storage.audit.recording.record",
            "storage.audit.tree.sequence",
        ),
        probe="audit",
    ),
    Control(
        "security-reviews",
        "security measures are reviewed on a schedule",
        split_ids("S8"),
        probe="reviews",
        owed_by="security officer",
        recorded="findings and the next date in the privacy office",
    ),
    Control(
        "report-form",
        "anyone can report a suspected disclosure",
        split_ids("S9"),
    ),
    Control(
        "sessions",
        "session identifiers are random, opaque, stored hashed, renewed at sign-in",
        split_ids("S10"),
        ("intake.access.actors.open_staff_session",),
        probe="sessions",
    ),
    Control(
        "complaints",
        "complaints are acknowledged in 30 days and answered",
        split_ids("L1"),
    ),
    Control(
        "limit",
        "the use of sensitive personal information can be limited",
        split_ids("L2"),
    ),
    Control(
        "at-collection",
        "the form leads to the notice and its periods, and tells the day of the end before it is sent",
        split_ids("L3"),
        (
            "intake.web.apply.collection.tell_collection",
            "intake.desk.drafts.preview_end",
        ),
        probe="at_collection",
    ),
    Control(
        "yearly",
        "a policy dated more than twelve months ago stands out",
        split_ids("L3"),
        ("retention.policy.check.find_stale",),
        probe="dated",
    ),
    Control(
        "request-log",
        "each request is logged 24 months under a key of its own",
        split_ids("L4"),
    ),
    Control(
        "human-decision",
        "ranking never rejects; each rejection has a person's row",
        split_ids("L5"),
        ("intake.desk.applications.move_stage",),
        probe="decisions",
    ),
    Control(
        "tell-recipients",
        "recipients are told of correction, erasure and restriction",
        split_ids("L6"),
    ),
    Control(
        "object-marketing",
        "objecting to marketing works at once and is told at first contact",
        split_ids("L7"),
        (
            "intake.desk.ledger.object_to_advertising",
            "intake.desk.contact_ways.may_contact",
        ),
        probe="wishes",
    ),
    Control(
        "breach-clocks",
        "the breach clocks of the policy run and stand out",
        split_ids("L8"),
    ),
    Control(
        "told-in-time",
        "a person whose data came from elsewhere is told in time",
        split_ids("L9"),
    ),
)
