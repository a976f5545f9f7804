"""Controls of use, disclosure and retention (promises D and R): each names what exists, never what is planned."""

from retention.policy.control import Control, split_ids

USE_CONTROLS = (
    Control(
        "purpose-stated",
        "staff open a person only with a role and a stated purpose, on record",
        split_ids("D1"),
        (
            "intake.desk.candidates.view_candidate",
            "intake.desk.candidates.record_look",
        ),
        probe="views",
    ),
    Control(
        "training-gate",
        "staff without a current training record open no identified data",
        split_ids("D2"),
        (
            "intake.access.actors.has_training",
            "intake.desk.candidates.refuse_untrained",
        ),
        probe="training",
    ),
    Control(
        "training",
        "staff are trained in privacy",
        split_ids("D2"),
        probe="training",
        owed_by="training officer",
        recorded="a dated training record for each account",
    ),
    Control(
        "recipient-register",
        "nothing goes to a recipient that is not registered with purpose and terms",
        split_ids("D3"),
    ),
    Control(
        "disclosure-ledger",
        "each disclosure is on record, needs a live basis and is shown to the person",
        split_ids("D4"),
    ),
    Control(
        "demands",
        "lawful demands are checked, answered with the least data, and on record",
        split_ids("D5"),
    ),
    Control(
        "succession",
        "a transfer to a successor goes with a signed manifest",
        split_ids("D6"),
    ),
    Control(
        "places",
        "each country where data goes is named with its safeguard, or the policy is refused",
        split_ids("D7"),
        ("retention.policy.lawful.find_faults",),
        probe="lawful",
    ),
    Control(
        "routing",
        "a request about another controller's data is routed to that controller",
        split_ids("D8"),
    ),
    Control(
        "small-cells",
        "aggregates hide every cell small enough to single a person out",
        split_ids("D9"),
    ),
    Control(
        "no-sale",
        "no way exists to hand data to others for money or for their marketing",
        split_ids("D10"),
    ),
    Control(
        "partner-counts",
        "a partner's message is sent by the organisation; the partner gets counts",
        split_ids("D11"),
    ),
    Control(
        "own-act",
        "a partner receives data only by the person's own recorded act",
        split_ids("D12"),
    ),
    Control(
        "referrer-only",
        "a referred person's data goes to the referring agency alone",
        split_ids("D13"),
    ),
    Control(
        "own-initiative",
        "a disclosure on our own initiative names its ground and a second person",
        split_ids("D14"),
    ),
    Control(
        "assessments",
        "each recipient's practices and training are assessed before sharing, and again",
        split_ids("D15"),
        probe="assessments",
        owed_by="privacy officer",
        recorded="a dated assessment for each recipient",
    ),
    Control(
        "closing-accounts",
        "accounts with an end date close by themselves",
        split_ids("D16"),
        ("intake.access.actors.is_active",),
        probe="sessions",
    ),
    Control(
        "periods",
        "a policy is refused unless each purpose has an end and a written reason",
        split_ids("R1"),
        ("retention.policy.lawful.find_faults",),
        probe="lawful",
    ),
    Control(
        "expiry",
        "each record has one end, worked out from periods, ceilings, floors, requests, consents and holds",
        split_ids("R1 R2"),
        (
            "retention.rules.expiry_for",
            "retention.records.settle_end",
        ),
        probe="overdue",
    ),
    Control(
        "floor-restricts",
        "a record that only law keeps is restricted, and ends by itself",
        split_ids("R2"),
        (
            "retention.worker.run_night",
            "intake.desk.rights.erase_now",
            "storage.queries.searching.is_findable",
        ),
        probe="restricted",
    ),
    Control(
        "holds",
        "nothing under a legal hold ends until it is lifted",
        split_ids("R3"),
        (
            "retention.holds.place_hold",
            "retention.erasure.begin_end",
        ),
        probe="holds",
    ),
    Control(
        "enquiry-clock",
        "an enquiry ends a short time after its answer",
        split_ids("R4"),
        (
            "intake.desk.enquiries.answer_enquiry",
            "retention.rules.expiry_for",
        ),
        probe="enquiries",
    ),
    Control(
        "removal",
        "a request for removal ends everything that law does not keep",
        split_ids("R5 Q1"),
        ("intake.desk.rights.erase_now",),
        probe="asked",
    ),
    Control(
        "one-erasure",
        "there is one way to erase, for every cause, and it can be resumed",
        split_ids("R5 R8"),
        (
            "retention.erasure.begin_end",
            "retention.erasure.remove_rows",
        ),
        probe="ending",
    ),
    Control(
        "anonymise",
        "anonymising keeps coarse facts under a new id and purges the rest",
        split_ids("R6"),
        ("intake.keeper.forgetting.coarse_forms",),
        probe="anonymous",
    ),
    Control(
        "digest-only",
        "after the end only a keyed digest is kept, asked by lists alone, and ends with its key by its own clock",
        split_ids("R7"),
        (
            "intake.keeper.suppressing.keep_digests",
            "intake.desk.suppression.require_not_suppressed",
            "intake.keeper.suppressing.end_digests",
        ),
        probe="digests",
    ),
    Control(
        "key-destroyed",
        "each person's data is sealed under one key, and the key is destroyed",
        split_ids("R8 S2"),
        ("intake.keeper.forgetting.forget_people",),
        probe="keys",
    ),
    Control(
        "key-window",
        "copies of keys are deleted when the window has passed, or named as owed by a person",
        split_ids("R8"),
        (
            "intake.keeper.rewriting.care_for_keys",
            "storage.keystore.upkeep.prune",
        ),
        probe="key_copies",
    ),
    Control(
        "never-brought-back",
        "a restored backup is served only after everybody on the forget list was ended again",
        split_ids("R8"),
        (
            "intake.keeper.continuity.require_continuity",
            "intake.restoring.finish_restore",
            "retention.replay.replay_forget_list",
        ),
        probe="brought_back",
    ),
)
