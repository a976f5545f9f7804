"""Which tests show which promise: written by ``script/promises.py`` from the tests themselves, never by hand."""

TESTS: dict[str, tuple[str, ...]] = {
    "C2": (
        "intake/desk/test_ledger.py::test_elsewhere_a_draft_stands_on_the_steps_that_the_person_began",
        "intake/desk/test_ledger.py::test_what_is_begun_stands_on_deemed_consent_only_where_the_policy_knows_it",
        "test_promises_over_time.py::test_what_was_begun_and_not_sent_ends_by_its_own_clock",
    ),
    "C5": (
        "test_promises.py::test_every_record_says_where_it_came_from",
        "test_promises_over_time.py::test_another_source_is_said_and_one_that_the_policy_has_not_is_refused",
    ),
    "C6": (
        "test_promises_over_time.py::test_each_field_keeps_its_own_source",
    ),
    "C10": (
        "intake/desk/test_ledger.py::test_the_browsers_signal_is_an_opt_out_on_the_application",
        "intake/web/test_pages_over_http.py::test_public_pages_need_nothing_and_set_nothing",
        "test_promises.py::test_applying_works_with_cookies_refused_and_nothing_from_a_third_party",
        "test_promises_over_time.py::test_a_global_privacy_control_is_noted_with_the_choice",
    ),
    "C12": (
        "test_promises_over_time.py::test_a_note_of_staff_is_part_of_the_persons_data",
    ),
    "C14": (
        "intake/web/test_pages_over_http.py::test_public_pages_need_nothing_and_set_nothing",
        "test_promises.py::test_public_pages_are_read_without_giving_anything",
    ),
    "D1": (
        "intake/desk/test_recruiting.py::test_a_search_needs_a_purpose_and_leaves_no_word_of_itself",
        "intake/desk/test_recruiting.py::test_each_look_is_on_record_with_role_and_purpose",
        "test_promises.py::test_a_look_needs_a_purpose",
        "test_promises_over_time.py::test_a_person_sees_who_looked_and_why",
    ),
    "L3": (
        "retention/test_policy_changes.py::test_a_policy_older_than_a_year_stands_out",
    ),
    "L5": (
        "intake/desk/test_recruiting.py::test_a_decision_is_a_persons_and_has_a_reason",
        "test_promises.py::test_a_rejection_is_a_humans_with_a_reason",
    ),
    "L7": (
        "intake/desk/test_ledger.py::test_an_objection_to_advertising_is_absolute_and_asked_once",
    ),
    "N1": (
        "retention/test_notice.py::test_each_shipped_profile_has_a_whole_notice",
        "retention/test_notice.py::test_every_sentence_names_a_clause_and_controls_that_exist",
        "retention/test_notice.py::test_the_notice_says_nothing_of_what_is_not_done",
        "test_promises.py::test_the_notice_is_made_from_the_policy_in_force",
    ),
    "N2": (
        "intake/cli/test_policy_command.py::test_a_change_is_posted_and_takes_effect_on_its_day",
        "retention/test_notice.py::test_a_version_never_means_two_wordings",
        "retention/test_policy_changes.py::test_a_change_holds_only_after_its_whole_notice_period",
        "test_promises_over_time.py::test_a_record_keeps_the_notice_it_came_under_and_no_other_is_taken",
    ),
    "N3": (
        "intake/desk/test_bases_on_submission.py::test_an_application_comes_under_every_basis_that_is_not_asked_for",
        "test_promises.py::test_each_application_stands_on_a_basis_of_the_ledger",
        "test_promises_over_time.py::test_without_a_live_basis_nobody_is_found_or_opened",
    ),
    "N4": (
        "intake/desk/test_ledger.py::test_a_consent_is_given_renewed_withdrawn_and_given_again",
        "test_promises.py::test_no_choice_is_ticked_beforehand",
        "test_promises_over_time.py::test_consent_is_provable_and_withdrawn_by_one_press",
    ),
    "N5": (
        "retention/test_policy_changes.py::test_what_is_a_new_use_of_held_data",
    ),
    "Q1": (
        "intake/desk/test_rights.py::test_everything_that_is_held_is_in_the_archive",
        "test_promises.py::test_a_person_takes_everything_along",
    ),
    "R1": (
        "test_promises_over_time.py::test_each_period_has_its_reason_where_the_person_reads_it",
    ),
    "R2": (
        "retention/test_rules.py::test_a_floor_of_law_stands_above_a_request",
        "test_promises_over_time.py::test_what_law_keeps_is_restricted_told_and_ends_on_its_day",
    ),
    "R3": (
        "retention/test_rules.py::test_a_hold_stands_above_everything",
        "test_promises_over_time.py::test_nothing_under_a_hold_ends_until_it_is_lifted",
    ),
    "R6": (
        "test_promises_over_time.py::test_what_outlives_a_person_ties_nothing_to_them",
    ),
    "S1": (
        "intake/web/test_transport.py::test_a_public_network_that_calls_itself_loopback_is_refused",
        "intake/web/test_transport.py::test_a_reader_without_tls_is_sent_on_and_a_sender_refused",
        "intake/web/test_transport.py::test_loopback_and_tls_are_served",
        "intake/web/test_transport.py::test_the_whole_application_refuses_with_its_headers",
        "intake/web/test_transport.py::test_whoever_runs_the_machine_may_ask_whether_it_lives",
        "intake/web/test_transport.py::test_without_an_address_of_its_own_nothing_but_loopback_is_served",
        "test_promises.py::test_every_answer_is_hardened",
        "test_promises_over_time.py::test_behind_an_address_of_its_own_only_tls_is_spoken",
    ),
    "S2": (
        "test_promises_over_time.py::test_nothing_of_a_resume_lies_in_clear_in_any_file",
    ),
    "S3": (
        "intake/access/test_getting_in.py::test_a_password_that_others_would_guess_is_refused",
    ),
    "S6": (
        "intake/desk/test_oversight.py::test_looks_are_counted_for_each_member_of_staff",
    ),
    "S7": (
        "intake/access/test_getting_in.py::test_signing_in_and_failing_to_are_on_record_without_the_address",
        "test_promises.py::test_the_record_verifies_by_a_button",
    ),
    "S10": (
        "intake/access/test_getting_in.py::test_signing_in_gives_a_new_random_session_each_time",
    ),
}
