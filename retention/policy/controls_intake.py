"""Controls of collection, notice and consent (promises C and N): each names what exists, never what is planned."""

from retention.policy.control import Control, split_ids

INTAKE_CONTROLS = (
    Control(
        "registry",
        "each field that is held declares its category once, and everything else is derived from that",
        split_ids("C1"),
        (
            "storage.profile.REGISTRY",
            "storage.models.columns.Holds",
        ),
        probe="registry",
    ),
    Control(
        "draft-clock",
        "what was begun and not sent ends by the draft rule",
        split_ids("C2"),
        ("retention.rules.expiry_for",),
        probe="drafts",
    ),
    Control(
        "technical-apart",
        "technical data lies apart from the record and ends by its own clock",
        split_ids("C4"),
        (
            "storage.models.duties.Tally",
            "storage.models.staff.RateWindow",
            "retention.sweep.sweep_leftovers",
            "intake.access_log.AccessLog",
        ),
        probe="technical",
    ),
    Control(
        "source-stamp",
        "the database refuses a record without source and channel",
        split_ids("C5"),
        (
            "storage.models.applications.Application",
            "intake.desk.submit.check_submission",
        ),
        probe="sources",
    ),
    Control(
        "field-source",
        "each field keeps its own source, and what a person corrects becomes theirs",
        split_ids("C6"),
        (
            "storage.models.people.PersonField",
            "intake.desk.vault.Vault",
        ),
        probe="field_sources",
    ),
    Control(
        "questions",
        "each question says whether it is needed, why, and what follows without",
        split_ids("C7"),
        (
            "intake.web.apply.collection.tell_collection",
            "intake.web.apply.pages.start_view",
        ),
        probe="questions",
    ),
    Control(
        "friend-unstored",
        "a friend who is invited is written to once and stored nowhere",
        split_ids("C8"),
    ),
    Control(
        "minimum-age",
        "the form takes nobody in without a confirmed age",
        split_ids("C9"),
        ("intake.desk.submit.check_submission",),
        probe="ages",
    ),
    Control(
        "age-report",
        "a later report that someone is too young restricts at once, then erases",
        split_ids("C9"),
    ),
    Control(
        "only-own-cookies",
        "only the cookies named in the policy are set; the site works without",
        split_ids("C10"),
        ("intake.web.sessions.set_session",),
        probe="cookies",
    ),
    Control(
        "gpc",
        "a Global Privacy Control signal is honoured, shown and recorded",
        split_ids("C10 N7"),
        (
            "intake.desk.submit.append_basis",
            "intake.web.apply.pages.start_view",
            "intake.web.public.get_gpc",
        ),
        probe="signals",
    ),
    Control(
        "no-third-party",
        "pages load nothing from others and carry no tracking",
        split_ids("C10 C16"),
        ("intake.web.security_headers.CONTENT_SECURITY_POLICY",),
        probe="third_party",
    ),
    Control(
        "notes-included",
        "notes of contacts are in what a person sees and takes along, and end with the record",
        split_ids("C12"),
        (
            "intake.desk.archive.describe_held",
            "retention.erasure.remove_rows",
        ),
        probe="notes",
    ),
    Control(
        "open-pages",
        "notice and openings are read without giving any data",
        split_ids("C14"),
        (
            "intake.web.public.get_notice",
            "intake.web.apply.routes.router",
        ),
        probe="readable",
    ),
    Control(
        "marked-links",
        "links that leave are marked and carry no referrer",
        split_ids("C15"),
        ("intake.web.formats.link_runs",),
        probe="links",
    ),
    Control(
        "campaign-counts",
        "campaigns are counted in aggregate from the source tag alone",
        split_ids("C16"),
        (
            "intake.desk.tallies.count_visit",
            "intake.desk.tallies.hide_small",
            "intake.web.apply.campaigns.tag_of",
        ),
        probe="campaigns",
    ),
    Control(
        "notice",
        "the notice is written from the policy in force and from the controls that exist",
        split_ids("N1"),
        ("retention.policy.notice.render_notice",),
        probe="notice",
    ),
    Control(
        "notice-page",
        "the notice and its former versions are public at their own address",
        split_ids("N1 N2 C14"),
        (
            "intake.web.public.get_notice",
            "intake.web.public.get_former_notice",
        ),
        probe="notice_page",
    ),
    Control(
        "notice-period",
        "a change is posted for its whole notice period before it takes effect",
        split_ids("N2"),
        (
            "retention.policy.publish.find_obstacles",
            "intake.desk.policies.post_policy",
            "intake.desk.notices.find_coming",
        ),
        probe="notice_period",
    ),
    Control(
        "notice-stamp",
        "each record keeps the version and digest of the notice it came under",
        split_ids("N2"),
        (
            "intake.desk.notices.notice_as_shown",
            "storage.models.applications.Application",
        ),
        probe="stamps",
    ),
    Control(
        "live-basis",
        "whatever reads a person's data refuses without a live basis",
        split_ids("N3 N10"),
        (
            "storage.queries.searching.is_findable",
            "intake.desk.candidates.is_viewable",
        ),
        probe="without_basis",
    ),
    Control(
        "consent-ledger",
        "consents are given per purpose, unticked, provable, withdrawn at once",
        split_ids("N4"),
        (
            "storage.queries.bases.append_event",
            "intake.desk.rights.withdraw_consent",
        ),
        probe="consents",
    ),
    Control(
        "new-use",
        "a new use of held data is refused before people were told and chose",
        split_ids("N5"),
        (
            "retention.policy.publish.find_obstacles",
            "intake.desk.campaigns.answer",
        ),
        probe="new_use",
    ),
    Control(
        "preferences",
        "preferences stand on one page, linked from each message",
        split_ids("N6"),
        (
            "intake.desk.contact_ways.set_wishes",
            "intake.desk.letters.post_letter",
        ),
        probe="wishes",
    ),
    Control(
        "opt-out",
        "sale, sharing and marketing by others can be opted out of without proof of identity",
        split_ids("N7 Q3"),
        (
            "intake.desk.ledger.object_to_advertising",
            "intake.desk.contact_ways.find_by_preferences",
        ),
        probe="wishes",
    ),
    Control(
        "same-service",
        "a right exercised leaves service as it was",
        split_ids("N8"),
        (
            "storage.queries.searching.is_findable",
            "storage.queries.searching.find_indexable",
        ),
        probe="served",
    ),
    Control(
        "consequence-first",
        "a change tells its consequence before it is confirmed",
        split_ids("N11"),
        (
            "intake.desk.consequences.require_told",
            "intake.desk.drafts.preview_end",
            "intake.desk.rights.preview_erasure",
        ),
        probe="consequences",
    ),
    Control(
        "kept-apart-clocks",
        "what is kept apart from the record ends by its own clock",
        split_ids("C4 R7"),
        (
            "retention.sweep.sweep_leftovers",
            "intake.keeper.suppressing.end_digests",
        ),
        probe="leftovers",
    ),
)
