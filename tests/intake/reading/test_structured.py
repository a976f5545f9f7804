"""Resumes that are data are taken as truth, cut down to what may be held."""

import json

import pytest

from intake.reading.structured import find_europass, find_json_resume, read_europass, read_json_resume
from intake.reading.verdicts import RefusedError

_PASSPORT = """<?xml version="1.0"?><SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>
<Identification><PersonName><FirstName>Jane</FirstName><Surname>Roe</Surname></PersonName><ContactInfo>
<Address><Contact><AddressLine>Main St 1</AddressLine><Municipality>Brno</Municipality></Contact></Address>
<Email><Contact>jane@example.org</Contact></Email><TelephoneList><Telephone><Contact>+1 555 0100</Contact></Telephone>
</TelephoneList></ContactInfo><Demographics><Birthdate year="1980"/><Gender><Code>F</Code></Gender></Demographics>
<Photo><Data>aGVsbG8=</Data></Photo></Identification>
<WorkExperienceList><WorkExperience><Period><From year="2010" month="--05"/><To year="2015"/></Period>
<Position><Label>Engineer</Label></Position><Employer><Name>Example Ltd</Name></Employer></WorkExperience>
</WorkExperienceList><EducationList><Education><Title>MSc Physics</Title><Organisation><Name>Example University</Name>
</Organisation></Education></EducationList><Skills><Linguistic><MotherTongueList><MotherTongue><Description>
<Label>Czech</Label></Description></MotherTongue></MotherTongueList></Linguistic></Skills></LearnerInfo>
</SkillsPassport>"""

_CANDIDATE = """<Candidate xmlns="http://www.europass.eu/1.0" xmlns:hr="h" xmlns:oa="o"><CandidatePerson>
<PersonName><oa:GivenName>Jane</oa:GivenName><hr:FamilyName>Roe</hr:FamilyName></PersonName>
<Communication><ChannelCode>Email</ChannelCode><oa:URI>jane@example.org</oa:URI></Communication>
<Communication><ChannelCode>Telephone</ChannelCode><CountryDialing>1</CountryDialing><oa:DialNumber>5550100
</oa:DialNumber></Communication><NationalityCode>cz</NationalityCode><hr:BirthDate>1980-01-01</hr:BirthDate>
<GenderCode>2</GenderCode><PrimaryLanguageCode>ces</PrimaryLanguageCode></CandidatePerson><CandidateProfile>
<EmploymentHistory><EmployerHistory><hr:OrganizationName>Example Ltd</hr:OrganizationName><PositionHistory>
<PositionTitle>Engineer</PositionTitle><EmploymentPeriod><StartDate><hr:FormattedDateTime>2010-05-01
</hr:FormattedDateTime></StartDate></EmploymentPeriod></PositionHistory></EmployerHistory></EmploymentHistory>
<EducationHistory><EducationOrganizationAttendance><hr:OrganizationName>Example University</hr:OrganizationName>
<EducationDegree><hr:DegreeName>MSc Physics</hr:DegreeName></EducationDegree></EducationOrganizationAttendance>
</EducationHistory></CandidateProfile></Candidate>"""


@pytest.mark.parametrize("document", [_PASSPORT, _CANDIDATE], ids=["passport", "candidate"])
def test_europass_documents_become_a_resume(document: str) -> None:
    """Both kinds of Europass XML give the same resume, without birth, gender, nationality or photograph."""
    resume = find_europass(document.encode())

    assert resume is not None
    text = json.dumps(resume)
    assert resume["basics"]["name"] == "Jane Roe"  # type: ignore[index]
    assert resume["basics"]["emails"] == ["jane@example.org"]  # type: ignore[index]
    assert resume["work"] == [{"name": "Example Ltd", "position": "Engineer", "startDate": "2010-05"}] or (
        resume["work"][0]["endDate"] == "2015"  # type: ignore[index]
    )
    assert resume["education"] == [{"institution": "Example University", "studyType": "MSc Physics"}]
    assert resume["languages"] == [{"language": "Czech", "fluency": "Native"}]
    assert "1980" not in text
    assert "aGVsbG8" not in text
    assert '"cz"' not in text


def test_a_json_resume_is_cut_down_to_what_may_be_held() -> None:
    """Unknown sections, photographs and the like are dropped; what is there is also written as lines."""
    raw = {
        "basics": {"name": "Jane Roe", "image": "x", "birthDate": "1980", "email": "jane@example.org"},
        "work": [{"name": "Example Ltd", "position": "Engineer", "gender": "f"}, "no entry"],
        "references": [{"name": "John Doe"}],
        "surprise": 1,
    }

    sheets = read_json_resume(json.dumps(raw).encode())

    assert sheets.structured == {
        "basics": {"name": "Jane Roe", "email": "jane@example.org"},
        "work": [{"name": "Example Ltd", "position": "Engineer"}],
    }
    assert "Jane Roe" in " ".join(line.text for line in sheets.lines)


@pytest.mark.parametrize("raw", [b'{"a": 1}', b"{", b'{"basics": 3}', b"[" * 100_000, b'{"basics": ' + b"9" * 9000])
def test_other_json_is_refused(raw: bytes) -> None:
    """JSON that is no resume, or none at all, is a refusal and not a crash."""
    assert find_json_resume(raw) is None
    with pytest.raises(RefusedError):
        read_json_resume(raw)


@pytest.mark.parametrize(
    "raw", [b"<x/>", b"<Candidate", b"<!DOCTYPE Candidate [<!ENTITY a 'b'>]><Candidate>&a;</Candidate>"]
)
def test_other_xml_is_refused(raw: bytes) -> None:
    """XML of another kind, broken, or with a document type of its own is not read."""
    assert find_europass(raw) is None
    with pytest.raises(RefusedError):
        read_europass(raw)
