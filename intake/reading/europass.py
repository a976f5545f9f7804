"""Europass XML as a JSON Resume object: the SkillsPassport (to 2020) and the Candidate kind (since).

Elements are found by local name. Photograph, nationality, birth and gender are never looked at. Tried on documents
made by hand after the published schemas only.
"""

from collections.abc import Iterator
from typing import Any

from intake.reading.readers.xml import Element, find_attribute, name_of

_MAX = 200
_LANGUAGES = {
    "bul": "Bulgarian", "ces": "Czech", "cze": "Czech", "dan": "Danish", "deu": "German", "ger": "German",
    "ell": "Greek", "eng": "English", "est": "Estonian", "fin": "Finnish", "fra": "French", "fre": "French",
    "gle": "Irish", "hrv": "Croatian", "hun": "Hungarian", "ita": "Italian", "lav": "Latvian", "lit": "Lithuanian",
    "mlt": "Maltese", "nld": "Dutch", "dut": "Dutch", "pol": "Polish", "por": "Portuguese", "ron": "Romanian",
    "rum": "Romanian", "rus": "Russian", "slk": "Slovak", "slv": "Slovenian", "spa": "Spanish", "swe": "Swedish",
    "tur": "Turkish", "ukr": "Ukrainian", "ara": "Arabic", "zho": "Chinese", "jpn": "Japanese",
}  # fmt: skip


def resume_from_europass(root: Element) -> dict[str, Any] | None:
    """Return the resume, or None where the root is neither kind of Europass document."""
    name = name_of(root)
    if name == "SkillsPassport":
        return _from_passport(root)
    if name == "Candidate":
        return _from_candidate(root)
    return None


def _all(element: Element | None, name: str) -> Iterator[Element]:
    if element is None:
        return
    for number, item in enumerate(found for found in element.iter() if name_of(found) == name):
        if number >= _MAX:
            return
        yield item


def _first(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant by local names, each below the one before."""
    for name in path:
        element = next(_all(element, name), None)
    return element


def _text(element: Element | None, *path: str) -> str:
    found = _first(element, *path)
    return " ".join("".join(str(part) for part in found.itertext()).split()) if found is not None else ""


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value}


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


# --- SkillsPassport ---------------------------------------------------------------------------------------------


def _from_passport(root: Element) -> dict[str, Any]:
    person = _first(root, "Identification")
    emails = [_text(item, "Contact") for item in _all(person, "Email")]
    phones = [_text(item, "Contact") for item in _all(person, "Telephone")]
    urls = [_text(item, "Contact") for item in _all(person, "Website")]
    address = _first(person, "Address", "Contact")
    basics = {
        "name": _joined(_text(person, "PersonName", "FirstName"), _text(person, "PersonName", "Surname")),
        "label": _text(root, "Headline", "Description", "Label"),
        "email": emails[0] if emails else "",
        "emails": emails,
        "phone": phones[0] if phones else "",
        "phones": phones,
        "url": urls[0] if urls else "",
        "profiles": [{"url": url} for url in urls[1:]],
        "location": _filled(
            {
                "address": _text(address, "AddressLine"),
                "postalCode": _text(address, "PostalCode"),
                "city": _text(address, "Municipality"),
                "region": _text(address, "Country", "Label"),
            }
        ),
    }
    return {
        "basics": _filled(basics),
        "work": [_passport_work(item) for item in _all(root, "WorkExperience")],
        "education": [_passport_education(item) for item in _all(root, "Education")],
        "languages": _passport_languages(root),
        "skills": _passport_skills(root),
    }


def _passport_dates(item: Element) -> dict[str, str]:
    period = _first(item, "Period")
    return {"startDate": _partial_date(_first(period, "From")), "endDate": _partial_date(_first(period, "To"))}


def _partial_date(element: Element | None) -> str:
    """Read year="2010" month="--05" into 2010-05."""
    if element is None:
        return ""
    year, month = find_attribute(element, "year"), find_attribute(element, "month").strip("-")
    return f"{year}-{month}" if month and year else year


def _passport_work(item: Element) -> dict[str, Any]:
    entry = {
        "name": _text(item, "Employer", "Name"),
        "position": _text(item, "Position", "Label"),
        "summary": _text(item, "Activities"),
        "location": _text(item, "Employer", "Municipality"),
    }
    return _filled(entry | _passport_dates(item))


def _passport_education(item: Element) -> dict[str, Any]:
    entry = {
        "institution": _text(item, "Organisation", "Name"),
        "studyType": _text(item, "Title"),
        "area": _text(item, "Field", "Label"),
    }
    return _filled(entry | _passport_dates(item))


def _passport_languages(root: Element) -> list[dict[str, str]]:
    mother = [{"language": _text(item, "Label"), "fluency": "Native"} for item in _all(root, "MotherTongue")]
    foreign = [
        _filled(
            {"language": _text(item, "Description", "Label"), "fluency": _text(item, "ProficiencyLevel", "Listening")}
        )
        for item in _all(root, "ForeignLanguage")
    ]
    return [entry for entry in mother + foreign if entry.get("language")]


def _passport_skills(root: Element) -> list[dict[str, Any]]:
    skills = _first(root, "Skills")
    names = [_text(group, "Description") for name in ("Computer", "JobRelated") for group in _all(skills, name)]
    return [{"name": part.strip()} for name in names for part in name.replace(";", ",").split(",") if part.strip()]


# --- Candidate --------------------------------------------------------------------------------------------------


def _from_candidate(root: Element) -> dict[str, Any]:
    person = _first(root, "CandidatePerson")
    emails, phones, urls = _channels(person)
    address = _first(person, "Address")
    basics = {
        "name": _joined(_text(person, "PersonName", "GivenName"), _text(person, "PersonName", "FamilyName")),
        "summary": _text(root, "ExecutiveSummary"),
        "email": emails[0] if emails else "",
        "emails": emails,
        "phone": phones[0] if phones else "",
        "phones": phones,
        "url": urls[0] if urls else "",
        "profiles": [{"url": url} for url in urls[1:]],
        "location": _filled(
            {
                "address": _text(address, "AddressLine"),
                "postalCode": _text(address, "PostalCode"),
                "city": _text(address, "CityName"),
                "countryCode": _text(address, "CountryCode"),
            }
        ),
    }
    return {
        "basics": _filled(basics),
        "work": [entry for item in _all(root, "EmployerHistory") for entry in _candidate_work(item)],
        "education": [_candidate_education(item) for item in _all(root, "EducationOrganizationAttendance")],
        "languages": _candidate_languages(root),
        "skills": _candidate_skills(root),
    }


def _channels(person: Element | None) -> tuple[list[str], list[str], list[str]]:
    emails: list[str] = []
    phones: list[str] = []
    urls: list[str] = []
    for item in _all(person, "Communication"):
        code, address = _text(item, "ChannelCode").casefold(), _text(item, "URI")
        if code == "email":
            emails.append(address.removeprefix("mailto:"))
        elif code in ("telephone", "mobiletelephone", "phone"):
            country = _text(item, "CountryDialing")
            number = _joined(_text(item, "AreaDialing"), _text(item, "DialNumber"))
            phones.append(_joined("+" + country.lstrip("+") if country else "", number) or address)
        elif address:
            urls.append(address)
    return [item for item in emails if item], [item for item in phones if item], urls


def _candidate_dates(period: Element | None) -> dict[str, str]:
    return {
        "startDate": _text(period, "StartDate", "FormattedDateTime")[:7],
        "endDate": _text(period, "EndDate", "FormattedDateTime")[:7],
    }


def _candidate_work(employer: Element) -> list[dict[str, Any]]:
    name = _text(employer, "OrganizationName")
    return [
        _filled(
            {
                "name": name or _text(item, "OrganizationName"),
                "position": _text(item, "PositionTitle"),
                "summary": _text(item, "Description"),
                "location": _text(employer, "Address", "CityName") or _text(item, "CityName"),
                **_candidate_dates(_first(item, "EmploymentPeriod")),
            }
        )
        for item in _all(employer, "PositionHistory")
    ]


def _candidate_education(item: Element) -> dict[str, Any]:
    return _filled(
        {
            "institution": _text(item, "OrganizationName"),
            "studyType": _text(item, "DegreeName"),
            **_candidate_dates(_first(item, "AttendancePeriod")),
        }
    )


def _candidate_languages(root: Element) -> list[dict[str, str]]:
    codes = [(_text(item), "Native") for item in _all(_first(root, "CandidatePerson"), "PrimaryLanguageCode")]
    codes += [
        (_text(item, "CompetencyID"), _text(item, "ScoreText"))
        for item in _all(root, "PersonCompetency")
        if _text(item, "TaxonomyID").casefold() == "language"
    ]
    return [
        _filled({"language": _LANGUAGES.get(code.casefold(), code), "fluency": fluency})
        for code, fluency in codes
        if code
    ]


def _candidate_skills(root: Element) -> list[dict[str, Any]]:
    return [
        {"name": name}
        for item in _all(root, "PersonCompetency")
        if _text(item, "TaxonomyID").casefold() != "language" and (name := _text(item, "CompetencyName"))
    ]
