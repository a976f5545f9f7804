"""The notice says what the policy says, and nothing that the system does not do."""

import hashlib
import importlib
import json
from dataclasses import replace

import pytest

from intake.access.actors import PERSON_COOKIE, STAFF_COOKIE
from retention.calendar import Length, Unit
from retention.policy.clauses import SECTIONS
from retention.policy.coherent import rules_of
from retention.policy.control import Control, State, weakest_state
from retention.policy.controls import CONTROLS, controls_for
from retention.policy.dpv import CONSENT_STATUS, RIGHTS, basis_term, describe_notice, purpose_term
from retention.policy.kinds import RecipientKind, Role
from retention.policy.load import bundled_names, load_policy
from retention.policy.notice import Notice, Paragraph, Table, render_notice
from retention.policy.promises import PROMISES
from retention.policy.ropa import list_activities, write_csv, write_json_ld, write_markdown
from retention.policy.wording import find_locale, say_date, say_length, say_list, say_place
from storage.vocabulary import Basis, BasisEvent, Purpose, Source

ALL_THERE = {name: replace(c, enforced_by=("retention",), owed_by="", only_tried="") for name, c in CONTROLS.items()}
NONE_THERE = {name: replace(c, enforced_by=(), owed_by="") for name, c in CONTROLS.items()}


def blocks_of(notice: Notice) -> list[Paragraph | Table]:
    """Every paragraph and table of a notice."""
    return [block for section in notice.sections for block in section.blocks]


@pytest.mark.promise("N1")
@pytest.mark.parametrize("name", bundled_names())
def test_each_shipped_profile_has_a_whole_notice(name: str) -> None:
    """With every control there, every section is there, and the policy's own words stand in it."""
    policy = load_policy(name)
    notice = render_notice(policy, controls=ALL_THERE)
    assert [section.id for section in notice.sections] == [section for section, _, _ in SECTIONS]
    assert 3 <= len(notice.summary) <= 5
    assert notice.digest == hashlib.sha256(notice.markdown.encode()).hexdigest()
    for _, rule in rules_of(policy):
        assert rule.reason.say("en") in notice.markdown
    for purpose in policy.purposes:
        assert purpose.description.say("en") in notice.markdown


@pytest.mark.promise("N1")
@pytest.mark.parametrize("name", bundled_names())
def test_every_sentence_names_a_clause_and_controls_that_exist(name: str) -> None:
    """No sentence stands without what makes it true, and each clause is said once."""
    blocks = blocks_of(render_notice(load_policy(name), controls=ALL_THERE))
    assert all(block.controls and set(block.controls) <= set(CONTROLS) for block in blocks)
    clauses = [block.clause for block in blocks]
    assert len(set(clauses)) == len(clauses)


@pytest.mark.promise("N1")
@pytest.mark.parametrize("name", bundled_names())
def test_the_notice_says_nothing_of_what_is_not_done(name: str) -> None:
    """Take the controls away and their sentences go with them."""
    notice = render_notice(load_policy(name), controls=NONE_THERE)
    assert not blocks_of(notice)
    assert notice.summary == ()
    lesser = render_notice(load_policy(name), controls=CONTROLS)
    for block in blocks_of(lesser):
        assert weakest_state(CONTROLS[c] for c in block.controls) is not State.NOT_YET


def test_what_people_owe_is_said_to_be_owed() -> None:
    """A sentence that only people can keep says so."""
    owed = {"training": replace(CONTROLS["training"], owed_by="someone")}
    notice = render_notice(load_policy("us-staffing"), controls=ALL_THERE | owed)
    (training,) = [b for b in blocks_of(notice) if b.clause == "protection.training"]
    assert isinstance(training, Paragraph)
    assert training.text.endswith("(People here see to this and keep a record of it; no program can.)")


def test_a_notice_is_the_same_each_time_and_changes_with_the_policy() -> None:
    """The digest tells versions apart, and nothing else moves it."""
    policy = load_policy()
    assert render_notice(policy) == render_notice(policy)
    longer = replace(policy, periods=(replace(policy.periods[0], length=Length(2, Unit.DAYS)), *policy.periods[1:]))
    assert render_notice(longer).digest != render_notice(policy).digest


@pytest.mark.promise("N2")
def test_a_version_never_means_two_wordings() -> None:
    """Another policy of that number, or one more true sentence, is another version; another language is not."""
    policy = load_policy()
    version = render_notice(policy).version
    assert version.startswith("1-")
    assert len(version) <= 40
    assert render_notice(policy, "de", lambda message: f"«{message}»").version == version
    assert render_notice(load_policy("uk-charity")).version != version
    assert render_notice(policy, controls=ALL_THERE).version != version
    assert version in render_notice(policy).markdown


def test_our_sentences_are_translated_and_the_policys_own_kept() -> None:
    """Each sentence of ours goes through the translator; plurals, dates and places follow the language."""
    notice = render_notice(load_policy(), "de", lambda message: f"«{message}»", ALL_THERE)
    assert all(section.heading.startswith("«") for section in notice.sections)
    assert "6 Monate" in notice.markdown
    assert "Vereinigtes Königreich" in notice.markdown
    assert notice.dated_on == "1. Januar 2026"
    assert notice.title == "Privacy notice for applicants"


def test_what_a_policy_does_not_have_is_not_spoken_of() -> None:
    """No age, no representative, no authority, no choices: no sentence about them; where there are, there is one."""
    bare = replace(load_policy(), purposes=load_policy().purposes[:1], authority=None, floors=())
    clauses = {block.clause for block in blocks_of(render_notice(bare, controls=ALL_THERE))}
    assert not clauses & {"data.age", "who.representative", "who.provider", "rights.authority", "periods.restricted"}
    contact = bare.controller
    full = replace(bare, minimum_age=16, representative=contact, role=Role.SERVICE_PROVIDER, sources=(Source.FRIEND,))
    agency = replace(full.recipients[0], kind=RecipientKind.AGENCY)
    full = replace(full, authority=contact, recipients=(agency,))
    told = {block.clause for block in blocks_of(render_notice(full, controls=ALL_THERE))}
    assert {"data.age", "data.friend", "who.representative", "who.provider", "rights.authority"} <= told
    assert "recipients.agency" in told


@pytest.mark.parametrize(
    ("name", "clause"),
    [("us-staffing", "changes.calendar"), ("us-membership", "changes.business"), ("uk-charity", "changes.posted")],
)
def test_the_notice_tells_how_changes_are_announced(name: str, clause: str) -> None:
    """Calendar days, business days, or posting alone, as the policy says."""
    clauses = {block.clause for block in blocks_of(render_notice(load_policy(name), controls=ALL_THERE))}
    assert clause in clauses


def test_words_for_lengths_places_and_lists() -> None:
    """What is said of codes reads as a person would say it."""

    def same(message: str) -> str:
        return message

    assert say_length(Length(1, Unit.MONTHS), "en", same) == "1 month"
    assert say_length(Length(30, Unit.BUSINESS_DAYS), "en", same) == "30 business days"
    assert say_place("US-CA", "en", same) == "California"
    assert say_place("US-NY", "en", same) == "United States (NY)"
    assert say_place("EEA", "en", same) == "the European Economic Area"
    assert say_place("QZ", "en", same) == "QZ"
    assert say_list(["a", "b"], "en") == "a and b"
    assert say_date(load_policy().dated_on, "pt-BR") == "1 de janeiro de 2026"
    assert str(find_locale("en")) == "en_GB"


# ------------------------------------------------------------------ controls


def test_every_promise_has_a_control_and_every_control_a_promise() -> None:
    """No promise is without something that keeps it or will, and nothing is enforced for nobody."""
    assert {p for c in CONTROLS.values() for p in c.promises} <= set(PROMISES)
    assert all(c.promises for c in CONTROLS.values())
    # Promises that later parts of the product bring their controls for are told as not yet.
    assert {p for p in PROMISES if not controls_for(p)} <= {"C3", "C6", "C11", "C13", "C17", "N9"}


@pytest.mark.parametrize("name", bundled_names())
def test_each_policy_names_the_cookies_that_are_set(name: str) -> None:
    """The notice names the session cookies by the names that browsers receive, and no other."""
    assert {cookie.name for cookie in load_policy(name).cookies} == {PERSON_COOKIE, STAFF_COOKIE}


@pytest.mark.parametrize("control", [c for c in CONTROLS.values() if c.enforced_by], ids=lambda c: c.id)
def test_what_a_control_names_exists(control: Control) -> None:
    """Each dotted name in the registry of controls can be imported: none is a wish."""
    for name in control.enforced_by:
        module, _, attribute = name.rpartition(".")
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            assert hasattr(importlib.import_module(module), attribute), name


def test_a_control_is_as_good_as_what_it_names() -> None:
    """Owed, missing, tried only against something of our own, or there."""
    control = Control("c", "does", ("C1",))
    assert control.state is State.NOT_YET
    assert replace(control, owed_by="x", enforced_by=("y",)).state is State.OWED
    assert replace(control, enforced_by=("y",), only_tried="a server of our own").state is State.UNTRIED
    assert replace(control, enforced_by=("y",)).state is State.KEPT
    assert weakest_state([]) is State.NOT_YET


# ------------------------------------------------------------------ vocabularies and records


@pytest.mark.parametrize("name", bundled_names())
def test_notice_and_record_are_told_in_terms_of_dpv(name: str) -> None:
    """Every purpose has its term, basis, data, recipients and storage, and the digest of the words shown."""
    policy = load_policy(name)
    notice = render_notice(policy)
    described = json.loads(json.dumps(describe_notice(policy, notice)))
    assert described["sha256"] == notice.digest
    assert [p["dct:identifier"] for p in described["dpv:hasProcess"]] == [p.id for p in policy.purposes]
    assert all(p["dpv:hasStorageCondition"] for p in described["dpv:hasProcess"])
    assert ("dpv:hasRight" in described) == (name in {"default", "uk-charity"})
    record = json.loads(write_json_ld(policy))
    assert record["dpv:hasProcess"] == described["dpv:hasProcess"]
    assert record == json.loads(write_json_ld(policy, "en"))


def test_bases_are_articles_where_the_gdpr_applies() -> None:
    """Elsewhere the neutral terms are used, and deemed consent never becomes an article."""
    assert basis_term(Basis.CONSENT, load_policy()) == "eu-gdpr:A6-1-a"
    assert basis_term(Basis.CONSENT, load_policy("us-staffing")) == "dpv:ExpressedConsent"
    assert basis_term(Basis.DEEMED_CONSENT, load_policy()) == "dpv:ImpliedConsent"
    assert set(CONSENT_STATUS) == set(BasisEvent)
    assert all(term.startswith("eu-gdpr:A") for term in RIGHTS.values())


def test_a_policy_may_name_its_own_term_for_a_purpose() -> None:
    """The policy's word goes before ours."""
    terms = load_policy().purposes[0]
    assert purpose_term(terms) == "dpv:RecruitmentApplicationManagement"
    assert purpose_term(replace(terms, dpv="dpv:PersonnelHiring")) == "dpv:PersonnelHiring"
    assert purpose_term(replace(terms, id="x")) == "dpv:RecruitmentManagement"
    assert isinstance(purpose_term(replace(terms, id=Purpose.POOL)), dict)


@pytest.mark.parametrize("name", bundled_names())
def test_the_record_of_processing_has_a_row_for_each_purpose(name: str) -> None:
    """Every heading is filled, and nothing is told as a measure that is not there."""
    policy = load_policy(name)
    rows = list_activities(policy)
    assert len(rows) == len(policy.purposes)
    csv = write_csv(rows)
    assert csv.count("Recruitment,") == len(rows)
    markdown = write_markdown(rows)
    assert all(f"## {purpose.title.say('en')}" in markdown for purpose in policy.purposes)
    assert all(r.security_measures == "none that can be shown" for r in list_activities(policy, "en", NONE_THERE))
    assert all(CONTROLS["sealed"].does in r.security_measures for r in list_activities(policy, "en", ALL_THERE))


def test_the_record_names_roles_and_safeguards() -> None:
    """A service provider is told as one, a representative by name."""
    policy = load_policy("us-public-sector")
    (row, *_) = list_activities(replace(policy, representative=policy.controller))
    assert row.role == "service provider for other controllers"
    assert row.representative == policy.controller.name
    (ours, *_) = list_activities(load_policy())
    assert ours.role == "controller"
    assert ours.representative == "none"


def test_no_cell_is_taken_for_a_formula() -> None:
    """A spreadsheet that opens the record runs nothing."""
    policy = replace(load_policy(), controller=replace(load_policy().controller, name="=1+1"))
    assert ",\"'=1+1" in write_csv(list_activities(policy))
