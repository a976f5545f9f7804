"""Profiles: the shipped ones are whole, and what cannot be kept or is unlawful is refused with line, key and reason."""

from pathlib import Path

import pytest

from retention.calendar import Length, Unit
from retention.policy.coherent import rules_of
from retention.policy.kinds import Law
from retention.policy.load import bundled_names, load_policy, parse_policy, read_bundled
from retention.policy.policy import Kept, Policy
from retention.policy.problems import PolicyError, Problem
from retention.policy.promises import KINDS, PROMISES, promises_of
from retention.rules import BUILT_IN_RULES
from storage.vocabulary import Basis


def refuse(old: str, new: str, profile: str = "default") -> tuple[Problem, ...]:
    """The problems of a shipped profile after one change of its text, which must be there to change."""
    text = read_bundled(profile)
    assert old in text
    with pytest.raises(PolicyError) as refused:
        parse_policy(text.replace(old, new, 1), profile)
    return refused.value.problems


def messages(problems: tuple[Problem, ...]) -> str:
    """All that was said, one problem a line."""
    return "\n".join(f"{problem.key}: {problem.message}" for problem in problems)


def line_of(text: str, words: str) -> int:
    """The line, from 1, on which words stand."""
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("name", bundled_names())
def test_every_shipped_profile_is_accepted(name: str) -> None:
    """Each loads, is called as its file, and has words for whatever it decides."""
    policy = load_policy(name)
    assert policy.id == name
    assert policy.find_reason(policy.periods[0].id) == policy.periods[0].reason
    assert policy.find_reason("nobody") is None
    assert policy.find_purpose("nobody") is None
    assert all(p.question for p in policy.choices)
    assert Basis.CONSENT not in {p.basis for p in policy.unasked}
    backup = policy.find_kept_apart(Kept.BACKUP)
    assert backup is not None
    assert backup.length == Length(14, Unit.DAYS)


def test_no_shipped_rule_bears_a_built_in_name() -> None:
    """What is told as built in is never a rule of a policy."""
    for name in bundled_names():
        policy = load_policy(name)
        assert not {rule.id for _, rule in rules_of(policy)} & set(BUILT_IN_RULES)


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_each_profile_makes_the_promises_of_its_kind(name: str, kind: str) -> None:
    """No promise of the kind of organisation is left out, and none is added."""
    assert load_policy(name).promises == promises_of(kind)


def test_there_are_eighty_promises() -> None:
    """The table is whole, and everything promised by someone belongs to a kind."""
    assert len(PROMISES) == 80
    assert all(promise.kinds for promise in PROMISES.values())


def test_kinds_differ_as_their_notices_do() -> None:
    """Minimum age, notice period and law are those of each kind of organisation."""
    policies = {kind: load_policy(name) for name, kind in KINDS.items()}
    assert {k: p.minimum_age for k, p in policies.items()} == {"S": 13, "M": 18, "U": None, "P": 16, "J": None}
    assert policies["S"].change_notice.length == Length(30, Unit.DAYS)
    assert policies["M"].change_notice.length == Length(30, Unit.BUSINESS_DAYS)
    assert policies["U"].laws == (Law.UK,)
    assert policies["P"].laws == policies["J"].laws == (Law.US_FEDERAL, Law.US_CALIFORNIA)
    deemed = {k for k, p in policies.items() if any(x.basis is Basis.DEEMED_CONSENT for x in p.purposes)}
    assert deemed == {"S"}


def test_a_profile_is_read_from_a_file(tmp_path: Path) -> None:
    """A path is read, a plain word names a shipped profile, another plain word is no profile."""
    path = tmp_path / "mine.toml"
    path.write_text(read_bundled("uk-charity"))
    assert load_policy(path) == load_policy(str(path)) == load_policy("uk-charity")
    with pytest.raises(LookupError, match="no shipped profile is called 'nothing'"):
        load_policy("nothing")


# ------------------------------------------------------------------ exact words


def test_a_refusal_names_line_key_and_reason() -> None:
    """What is printed is enough to go and mend it."""
    text = read_bundled("default")
    (problem,) = refuse('length = "4 weeks"', 'length = "for ever"')
    assert problem.line == line_of(text, 'length = "4 weeks"')
    assert problem.key == "periods[5].length"
    assert problem.message == "'for ever' is refused: whatever is kept must end (GDPR Art. 5(1)(e))"
    assert str(problem) == f"line {problem.line}: periods[5].length: {problem.message}"


def test_every_reason_is_told_at_once_in_the_order_of_lines() -> None:
    """Nobody mends one mistake only to be told the next."""
    text = read_bundled("default").replace('length = "6 months"', 'length = "always"').replace('"1 day"', '"soon"', 1)
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, "mine.toml")
    lines = [problem.line for problem in refused.value.problems]
    assert lines == sorted(lines)
    assert len(lines) == 3
    assert str(refused.value).startswith("mine.toml: line ")


def test_broken_toml_names_its_line() -> None:
    """Syntax is told with the same shape as everything else."""
    with pytest.raises(PolicyError, match=r"^x: line 2: TOML: .+"):
        parse_policy('id = "a"\nversion = \n', "x")
    with pytest.raises(PolicyError, match="line 1: TOML"):
        parse_policy('id = "a', "x")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "controller"', 'role = "owner"', "role: 'owner' is not one of: controller, service_provider"),
        ('role = "controller"', 'rôle_ = 1\nrole = "controller"', "TOML: "),
        ('role = "controller"\n', "", "role: is missing"),
        ('role = "controller"', 'roles = "x"\nrole = "controller"', "roles: is not known here; did you mean 'role'?"),
        ('role = "controller"', 'zzz = 1\nrole = "controller"', "zzz: is not known here: authority, "),
        ("dated_on = 2026-01-01", "dated_on = 2026-01-01T00:00:00", "dated_on: must be a date, as in 2026-01-31"),
        ("dated_on = 2026-01-01", 'dated_on = "soon"', "dated_on: must be a date"),
        ('languages = ["en"]', 'languages = "en"', "languages: must be a list"),
        ('languages = ["en"]', 'languages = ["en", 3]', "languages[2]: must be text"),
        ('languages = ["en"]', 'languages = ["en", "de"]', "title: is not given in 'de'"),
        ("searchable = true", "searchable = 1", "searchable: must be true or false"),
        ("within_hours = 72", "within_hours = true", "within_hours: must be a whole number"),
        ('name = "This organisation"', 'name = " "', "controller.name: must not be empty"),
        ("[controller]", "[[controller]]", "controller: must be a table"),
        (
            'title = "Privacy notice for applicants"',
            "title = 7",
            "title: must be text, or a table of texts by language",
        ),
        (
            'title = "Privacy notice for applicants"',
            'title = {fr = "Avis"}',
            "title: is given in 'fr', which is not one",
        ),
        ('length = "1 day"', "length = 1", 'periods[1].length: must be a length of time in quotes, as in "6 months"'),
        ('length = "1 day"', 'length = "a day"', "periods[1].length: is not a length of time"),
    ],
)
def test_what_a_key_cannot_be_is_told_exactly(old: str, new: str, said: str) -> None:
    """Wrong types, unknown and missing keys each have their own words."""
    assert said in messages(refuse(old, new))


def test_words_may_be_given_in_each_language() -> None:
    """A policy with two languages says everything in both."""
    text = read_bundled("default").replace(
        'title = "Privacy notice for applicants"', 'title = {en = "Notice", de = "Hinweise"}'
    )
    with pytest.raises(PolicyError, match="'de', which is not one"):
        parse_policy(text)
    with pytest.raises(PolicyError) as refused:
        parse_policy(text.replace('languages = ["en"]', 'languages = ["en", "de"]'))
    assert "title" not in {problem.key for problem in refused.value.problems}


# ------------------------------------------------------------------ what contradicts itself

FLOOR = '[[floors]]\nid = "{id}"\nlaw = "a law"\nanchors = {anchors}\nlength = "{length}"\nreason = "r"\n{more}\n'
CEILING = '[[ceilings]]\nid = "{id}"\nlaw = "a law"\nanchors = {anchors}\nlength = "{length}"\nreason = "r"\n{more}\n'
DECISION = (
    '[[decisions]]\nfloor = "{floor}"\nceiling = "{ceiling}"\n'
    'decided_by = "board"\ndecided_on = 2026-01-01\nreason = "r"\n'
)
DECIDED = '["decision"]'


def ceiling(length: str, more: str = "", name: str = "cap", anchors: str = DECIDED) -> str:
    """A ceiling as TOML."""
    return CEILING.format(id=name, anchors=anchors, length=length, more=more)


def floor(length: str, more: str = "", name: str = "keep", anchors: str = DECIDED) -> str:
    """A floor as TOML."""
    return FLOOR.format(id=name, anchors=anchors, length=length, more=more)


def decision(floor: str = "us-records", ceiling: str = "cap") -> str:
    """A recorded decision as TOML."""
    return DECISION.format(floor=floor, ceiling=ceiling)


def add(extra: str, profile: str = "default") -> Policy:
    """A shipped profile with more written at its end."""
    return parse_policy(read_bundled(profile) + "\n" + extra)


def add_refused(extra: str, profile: str = "default") -> str:
    """What is said of a shipped profile with more written at its end."""
    with pytest.raises(PolicyError) as refused:
        add(extra, profile)
    return messages(refused.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "default"', 'id = "My Policy"', "id: must be small letters, digits, dots and hyphens only"),
        ('languages = ["en"]', "languages = []", "languages: must name at least one"),
        ('posted_on = ["home", "notice"]', "posted_on = []", "change_notice.posted_on: must name at least one place"),
        ('email = "privacy@example.org"\n', "", "controller.email: is missing"),
        ('promises = ["C1"', 'promises = ["Z9"', "promises[1]: 'Z9' is no promise that is known here"),
        ('timezone = "UTC"', 'timezone = "Mars/Olympus"', "timezone: 'Mars/Olympus' is no zone"),
        ('timezone = "UTC"', 'timezone = "../etc"', "timezone: '../etc' is no zone"),
        ('id = "pool"', 'id = "Pool."', "purposes[2].id: must be small letters, digits, hyphens and underscores only"),
        ('id = "pool"', 'id = "application"', "purposes[2].id: 'application' is used twice"),
        (
            'id = "draft"',
            'id = "no-live-basis"',
            "periods[1].id: 'no-live-basis' is the name of a rule that is built in",
        ),
        (
            'recipients = ["hosting"]',
            'recipients = ["x"]',
            "purposes[1].recipients: 'x' is no recipient of this policy",
        ),
        ('purposes = ["share"]', 'purposes = ["x"]', "recipients[2].purposes: 'x' is no purpose of this policy"),
        ('id = "application"', 'id = "other"', "purposes: one must be called 'application'"),
        (
            'countries = ["GB"]',
            'countries = ["UK"]',
            "periods[6].countries: 'UK' is no ISO 3166 code; the United Kingdom is",
        ),
        ('countries = ["GB"]', 'countries = ["England"]', "periods[6].countries: 'England' is no ISO 3166 code"),
        (
            'length = "12 months"',
            'length = "900 months"',
            "periods[2].length: '900 months' is for ever in all but name",
        ),
        ('length = "12 months"', 'length = "0 days"', "periods[2].length: must be at least one day"),
        ('stages = ["draft"]\n', "", "periods: one must name the stage 'draft'"),
        (
            'purposes = ["pool", "share"]\nanchors',
            'purposes = ["share"]\nanchors',
            "purposes[2]: 'pool' would have no end",
        ),
        ('purposes = ["pool", "share"]\nanchors', "purposes = []\nanchors", "must name at least one"),
        ('anchors = ["received", "touched"]', "anchors = []", "periods[1].anchors: must name at least one"),
        ('kept = "enquiry"', 'kept = "technical"', "kept_apart: says twice how long 'technical' is kept"),
        ('kept = "enquiry"', 'kept = "technical"', "kept_apart: must say how long 'enquiry' is kept"),
        ('role = "controller"', 'role = "controller"\nminimum_age = 7', "minimum_age: must be from 13 to 21"),
        ("within_hours = 72", "within_hours = 0", "breach_clocks[1].within_hours: must be at least 1"),
        (
            "[change_notice]",
            "[thresholds]\nrun_missed_hours = 0\n[change_notice]",
            "thresholds.run_missed_hours: must be",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(old: str, new: str, said: str) -> None:
    """Each contradiction has its own words."""
    assert said in messages(refuse(old, new))


def test_a_review_of_an_unknown_promise_is_refused() -> None:
    """What is owed is owed for a promise that exists."""
    review = '[[reviews]]\nid = "r"\nwhat = "w"\nowner = "o"\nevery = "1 month"\npromises = ["Z1"]\n'
    assert "reviews[1].promises: 'Z1' is no promise" in add_refused(review)


def test_a_floor_cannot_count_from_a_consent() -> None:
    """Law knows nothing of a consent."""
    assert "a floor of law cannot be counted from a consent" in add_refused(
        floor("1 year", anchors='["consent_given"]')
    )


@pytest.mark.parametrize(
    "more", ["", 'purposes = ["application"]', 'countries = ["NL"]', 'purposes = ["application", "pool"]']
)
def test_a_period_that_a_ceiling_always_cuts_is_refused(more: str) -> None:
    """Nothing is announced that can never be reached."""
    extra = ceiling("1 week", more, anchors='["decision", "opening_closed"]')
    said = add_refused(extra + decision() + decision("us-ca-records"))
    assert "can never be reached: the ceiling 'cap' ends it sooner" in said


def test_a_ceiling_that_does_not_cover_a_period_leaves_it() -> None:
    """A ceiling for one country says nothing of a period for all."""
    assert add(ceiling("1 week", 'countries = ["SE"]')).ceilings[0].id == "cap"


# ------------------------------------------------------------------ what law forbids


@pytest.mark.parametrize(
    ("profile", "old", "new", "said"),
    [
        (
            "default",
            'basis = "contract"',
            'basis = "deemed_consent"',
            "deemed consent is no consent under UK or EU law",
        ),
        ("uk-charity", 'basis = "contract"', 'basis = "deemed_consent"', "purposes[1].basis: deemed consent is no"),
        ("default", 'basis = "contract"\n', "", "purposes[1].basis: is missing"),
        (
            "default",
            'question = "Keep my',
            '#question = "Keep my',
            "purposes[2].question: is missing: what rests on consent",
        ),
        (
            "default",
            'basis = "contract"',
            'question = "May we?"\nbasis = "contract"',
            "a choice that changes nothing misleads",
        ),
        ("default", 'basis = "contract"', 'basis = "legitimate_interest"', "balancing: is missing"),
        (
            "default",
            'basis = "contract"',
            'basis = "legal_obligation"',
            "law: is missing: a legal obligation names its law",
        ),
        ("uk-charity", '"partner", "staff"]', '"friend", "staff"]', "sources: 'friend' is refused under UK law"),
        ("default", "[authority]", "[representative]", "authority: is missing: the person is told to whom to complain"),
        (
            "uk-charity",
            'name = "restriction"',
            'name = "know"',
            "rights: must name 'restriction', which UK and EU law give",
        ),
        ("default", 'name = "opt_out"', 'name = "know"', "rights: must name 'opt_out', which California gives"),
        (
            "default",
            'law = "GDPR Art. 7(3)"\nanswer_within = "1 day"\nverified = false',
            'law = "x"\nanswer_within = "1 day"',
            "rights[8].verified: must be false",
        ),
        ("default", 'stored_in = ["EEA"]', 'stored_in = ["US"]', "stored_in: 'US' is outside: name it under transfers"),
        ("uk-charity", 'country = "GB"', 'country = "IN"', "recipients: 'IN' is outside"),
        (
            "default",
            'kept = "request_log"\nlength = "24 months"',
            'kept = "request_log"\nlength = "6 months"',
            "11 CCR 7101",
        ),
        (
            "uk-charity",
            'basis = "legitimate_interest"\nbalancing = "A digest',
            'balancing = "A digest',
            "leave the table out",
        ),
        ("uk-charity", 'kept = "erased_digest"', 'kept = "request_log"', "promise R7 is made"),
        ("uk-charity", 'balancing = "A digest', 'law = "A digest', "a legitimate interest needs its balancing note"),
        (
            "uk-charity",
            'basis = "legitimate_interest"\nbalancing = "A digest',
            'basis = "legal_obligation"\nbalancing = "A digest',
            "a legal obligation names its law",
        ),
        (
            "default",
            'length = "14 days"',
            'length = "29 days"',
            "kept_apart[6].length: copies of keys live 28 days at most",
        ),
    ],
)
def test_what_law_forbids_is_refused_with_the_article(profile: str, old: str, new: str, said: str) -> None:
    """Each refusal tells which law."""
    assert said in messages(refuse(old, new, profile))


def test_a_right_that_is_answered_too_late_is_refused() -> None:
    """UK and EU law give a month."""
    text = read_bundled("uk-charity").replace('answer_within = "1 month"', 'answer_within = "2 months"')
    with pytest.raises(PolicyError, match="'access' must be answered within a month"):
        parse_policy(text)


def test_a_breach_told_too_late_is_refused() -> None:
    """The authority hears within 72 hours."""
    text = read_bundled("uk-charity").replace("within_hours = 72", "within_hours = 96")
    with pytest.raises(PolicyError, match="one must be 72 hours or less"):
        parse_policy(text)


def test_us_profiles_are_not_asked_for_european_duties() -> None:
    """Only the laws that a profile states to apply are asked."""
    text = read_bundled("us-staffing")
    start, end = text.index("[authority]"), text.index("[[breach_contacts]]")
    assert parse_policy(text[:start] + text[end:]).authority is None


def test_a_named_safeguard_makes_a_country_lawful() -> None:
    """A transfer with its safeguard is accepted."""
    text = read_bundled("default").replace('stored_in = ["EEA"]', 'stored_in = ["EEA", "US"]')
    transfer = '\n[[transfers]]\ncountry = "US"\nsafeguard = "standard_clauses"\nwhat = "copies"\n'
    assert parse_policy(text + transfer).transfers[0].country == "US"
    with pytest.raises(PolicyError, match="'US' is outside"):
        parse_policy(text + transfer.replace("standard_clauses", "not_required"))


def test_a_ceiling_below_a_floor_needs_a_recorded_decision() -> None:
    """The conflict is decided by a person, on record; with the record the profile is accepted."""
    low = ceiling("1 month", 'countries = ["US"]\nstages = ["rejected"]\nsources = ["person"]')
    said = add_refused(low)
    assert (
        "'1 month' is below the floor 'us-records' of '1 year' (29 CFR 1602.14); this needs a recorded decision" in said
    )
    assert "us-ca-records" in said
    policy = add(low + decision() + decision("us-ca-records"))
    assert len(policy.decisions) == 2


def test_rules_that_cannot_meet_do_not_conflict() -> None:
    """Other countries, other stages and other sources are other applications."""
    assert add(ceiling("1 month", 'countries = ["US-CA"]') + decision() + decision("us-ca-records"))
    apart = 'sources = ["partner"]\nstages = ["hired"]'
    assert add(ceiling("1 month", 'countries = ["SE"]\nsources = ["person"]') + floor("1 year", apart))
    assert add(ceiling("1 month", 'countries = ["SE"]\nstages = ["rejected"]') + floor("1 year", apart))
    assert "'keep'" in add_refused(
        ceiling("1 month", 'countries = ["SE"]\nstages = ["hired"]') + floor("1 year", apart)
    )


def test_a_decision_must_decide_something() -> None:
    """A decision about rules that do not exist, or do not conflict, is refused."""
    said = add_refused(decision("nothing", "nowhere"))
    assert "'nothing' is no floor of this policy" in said
    assert "'nowhere' is no ceiling of this policy" in said
    assert "decides nothing" in add_refused(ceiling("9 years") + decision())
