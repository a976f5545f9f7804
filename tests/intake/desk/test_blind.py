"""Blind review: nothing that gives a person away survives, in any script; what tells of the work does."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from intake.desk.blind import REDACTED, blind_profile, headline
from intake.desk.blind_lines import hide_lines
from storage.profile import PROFILE_FIELDS, Blind, Education, Profile, Work
from storage.profile_json import field_to_json

NAMES = st.sampled_from(
    ["Jane Example", "José Álvarez", "Zoë O'Hara-Smith", "李小龙", "田中さくら", "김민준", "สมชาย ใจดี", "Анна Петрова",
     "Jose\u0301 Núñez", "Max von Müller", "محمد علي"]
)  # fmt: skip
LOCALS = st.from_regex(r"[a-z]{3,8}([._][a-z]{3,8}){0,3}", fullmatch=True)
SITES = st.sampled_from(["example.org", "jane-example.example", "mail.example.com"])
PHONES = st.from_regex(r"\+1 202 555 01[0-9]{2}", fullmatch=True)
LINKS = st.sampled_from(["https://janeexample.example/cv", "linkedin.com/in/jane-example", "janeexample.example"])
PLACES = st.sampled_from(["12 Garden Way, Springfield", "Berlin, Germany"])
JOINS = st.sampled_from([" ", ", ", "\n", "(", " – ", ": ", "'s ", "。"])


@st.composite
def profiles(draw: st.DrawFn) -> tuple[Profile, str]:
    """A profile whose free texts repeat what gives the person away, and a document's text that does too."""
    name, phone = draw(NAMES), draw(PHONES)
    email = f"{draw(LOCALS)}@{draw(SITES)}"
    link, place = draw(LINKS), draw(PLACES)
    giving = [name, name.split()[0], name.upper(), email, phone, link, place]
    text = draw(JOINS).join(["Built pipelines", *draw(st.permutations(giving)), "in Python"])
    return (
        Profile(
            name=name,
            emails=(email,),
            phones=(phone,),
            location=place,
            links=(link,),
            summary=text,
            work=(Work(employer=f"Acme {name}", title="Engineer", start="2019-01", summary=text, current=True),),
            education=(Education(institution=f"School of {email}", degree="BSc", start="2012", end="2016"),),
            skills=("Python",),
        ),
        text,
    )


def given_away(profile: Profile, seen: str) -> list[str]:
    """Which identifying words stand in what is seen."""
    words = [*re.findall(r"[^\W_]+", profile.name or ""), profile.name or ""]
    for name, mark in PROFILE_FIELDS.items():
        if mark.blind is Blind.HIDE:
            value = field_to_json(profile, name)
            words += value if isinstance(value, list) else [value]
    words += [part for one in profile.emails for part in re.split("[._]", one.partition("@")[0])]
    folded = seen.casefold()
    unspaced = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
    return [
        word
        for word in words
        if len(word) > 1
        and re.search(
            re.escape(word.casefold()) if unspaced.search(word) else rf"(?<!\w){re.escape(word.casefold())}(?!\w)",
            folded,
        )
    ]


@given(profiles())
def test_no_identifying_word_survives_in_anything_that_is_shown_blind(made: tuple[Profile, str]) -> None:
    """Profile, searchable texts, headline, document text and notes: none holds a word that names the person."""
    profile, text = made
    blinded = blind_profile(profile)
    shown = [json.dumps(field_to_json(blinded.profile, name), ensure_ascii=False) for name in PROFILE_FIELDS]
    shown += [words for _, _, words in blinded.texts]
    shown += [headline(blinded), blinded.redact(text), blinded.redact(f"Spoke with {profile.name} on Monday")]
    assert given_away(profile, "\n".join(shown)) == []


def test_what_tells_of_the_work_is_still_shown() -> None:
    """Titles, employers, dates of work and skills stay; dates of study, which tell the age, do not."""
    profile = Profile(
        name="Jane Example",
        work=(Work("Acme GmbH", "Software Engineer", "2019-01", "2021-02", summary="Led 2019 - 2021 a team"),),
        education=(Education("University of Riga", "BSc", "Computing", "2012", "2016", 6),),
        skills=("Python",),
    )
    blinded = blind_profile(profile)
    assert blinded.profile.work == profile.work
    assert blinded.profile.education == (Education("University of Riga", "BSc", "Computing", None, None, 6),)
    assert blinded.profile.skills == ("Python",)
    assert headline(blinded) == "Software Engineer, Acme GmbH"
    assert set(blinded.hidden) == {name for name, mark in PROFILE_FIELDS.items() if mark.blind is Blind.HIDE}


def test_a_part_of_a_longer_word_is_no_name() -> None:
    """Somebody called Art does not make `article` unreadable."""
    assert blind_profile(Profile(name="Art Bo")).redact("An article by Art") == f"An article by {REDACTED}"


def test_documents_give_away_what_the_profile_no_longer_says() -> None:
    """A name that was corrected away still stands in the document; it is hidden there too."""
    blinded = blind_profile(Profile(name="New Name"), Profile(name="Former Called"))
    assert "Former" not in blinded.redact("Former Called worked here")


def test_a_profile_without_work_has_no_headline() -> None:
    """Nothing known, nothing said."""
    assert headline(blind_profile(Profile())) == ""


RESUME = """Jane Example
Date of birth: 3 March 1979 | Nationality: Utopian
Geschlecht: weiblich; Familienstand: ledig
Pronouns: she/her
A 47-year-old engineer, born in 1979

Experience
Engineer, Acme, 2004 - 2010

Education
BSc Crafts, University of Example
Sep 2001 - 2004

Training
Crane licence, University of Example, 2005
Languages
English"""


def test_a_documents_text_tells_neither_age_nor_origin_nor_years_of_study() -> None:
    """Years of work stay; those of study, birth, sex, nationality and pronouns are left out, where they are named."""
    school = Education(institution="University of Example", degree="BSc", area="Crafts", start="2001", end="2004")
    seen = blind_profile(Profile(name="Jane Example", education=(school,))).redact(RESUME)
    for told in ("1979", "Utopian", "weiblich", "ledig", "she/her", "47", "2001", "2005"):
        assert told not in seen, told
    assert "Acme, 2004 - 2010" in seen
    assert seen.count("2004") == 1
    for kept in ("University of", "Crane licence", "English", "Date of birth:"):
        assert kept in seen


@given(st.text(max_size=300))
def test_leaving_out_adds_nothing_to_a_text(text: str) -> None:
    """Whatever the text: what is left are its own words in their order, and marks."""
    left = [part for part in hide_lines(text, ()).split(REDACTED) if part]
    at = 0
    for part in left:
        at = text.index(part, at) + len(part)
