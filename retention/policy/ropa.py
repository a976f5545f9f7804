"""The record of processing activities (GDPR Art. 30(1)), written from the policy in force and the controls that exist.

One row for each purpose. It cannot drift from what is done, for it has no text of its own.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from retention.policy.control import Control, State
from retention.policy.controls import CONTROLS
from retention.policy.dpv import CONTEXT, DATA_SUBJECT, describe_controller, describe_process
from retention.policy.kinds import Role
from retention.policy.policy import Policy, PurposeTerms

SECURITY = ("sealed", "key-destroyed", "deny-by-default", "purpose-stated", "audit", "headers", "tls", "sessions")
"""The controls that are security measures in the sense of Art. 32; only those that exist are told."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the record. The names of the fields, spaced, are the headings."""

    business_function: str
    purpose: str
    controller: str
    representative: str
    privacy_contact: str
    role: str
    categories_of_individuals: str
    categories_of_personal_data: str
    categories_of_recipients: str
    terms_with_recipients: str
    third_countries: str
    safeguards: str
    retention_schedule: str
    security_measures: str
    lawful_basis: str
    legitimate_interest: str
    rights_available: str
    automated_decisions: str
    source_of_data: str
    location: str


def list_activities(
    policy: Policy, language: str = "", controls: Mapping[str, Control] = CONTROLS
) -> tuple[Activity, ...]:
    """One row for each purpose of the policy."""
    language = language or policy.languages[0]
    return tuple(_describe(policy, terms, language, controls) for terms in policy.purposes)


def _describe(policy: Policy, terms: PurposeTerms, language: str, controls: Mapping[str, Control]) -> Activity:
    recipients = [r for r in policy.recipients if r.id in terms.recipients]
    periods = [p for p in policy.periods if terms.id in p.purposes]
    measures = [controls[name].does for name in SECURITY if controls[name].state is State.KEPT]
    return Activity(
        business_function="Recruitment",
        purpose=f"{terms.title.say(language)}: {terms.description.say(language)}",
        controller=_join(policy.controller.name, policy.controller.address, policy.controller.email),
        representative=policy.representative.name if policy.representative else "none",
        privacy_contact=_join(policy.privacy_contact.name, policy.privacy_contact.email),
        role="controller" if policy.role is Role.CONTROLLER else "service provider for other controllers",
        categories_of_individuals="applicants",
        categories_of_personal_data=_join(*terms.categories),
        categories_of_recipients="; ".join(f"{r.name.say(language)} ({r.kind})" for r in recipients) or "none",
        terms_with_recipients="; ".join(r.terms for r in recipients) or "none",
        third_countries=_join(*(t.country for t in policy.transfers)) or "none",
        safeguards=_join(*(t.safeguard for t in policy.transfers)) or "none needed",
        retention_schedule="; ".join(
            f"{p.id}: {p.length} from {_join(*p.anchors)}, then {p.action} ({p.reason.say(language)})" for p in periods
        ),
        security_measures="; ".join(measures) or "none that can be shown",
        lawful_basis=_join(terms.basis, terms.law),
        legitimate_interest=terms.balancing or "does not apply",
        rights_available=_join(*(r.name for r in policy.rights)),
        automated_decisions="none; a person decides",
        source_of_data=_join(*policy.sources),
        location=_join(*policy.stored_in),
    )


def _join(*parts: str) -> str:
    return ", ".join(str(part) for part in parts if part)


def _rows(activities: tuple[Activity, ...]) -> tuple[list[str], list[list[str]]]:
    names = [field.name for field in fields(Activity)]
    headings = [name.replace("_", " ").capitalize() for name in names]
    return headings, [[getattr(activity, name) for name in names] for activity in activities]


def write_csv(activities: tuple[Activity, ...]) -> str:
    """The record as CSV (RFC 4180). No cell can be taken for a formula by a spreadsheet."""
    headings, rows = _rows(activities)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([[_disarm(cell) for cell in row] for row in rows])
    return out.getvalue()


def _disarm(cell: str) -> str:
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def write_markdown(activities: tuple[Activity, ...]) -> str:
    """The record as Markdown: a table of particulars for each activity."""
    parts = ["# Record of processing activities"]
    headings, rows = _rows(activities)
    for row in rows:
        cells = zip(headings, row, strict=True)
        lines = [f"| {name} | {cell.replace('|', '/')} |" for name, cell in cells]
        parts.append("\n".join([f"## {row[1].partition(':')[0]}", "", "| | |", "| --- | --- |", *lines]))
    return "\n\n".join(parts) + "\n"


def write_json_ld(policy: Policy, language: str = "") -> str:
    """The record as JSON-LD in DPV terms."""
    language = language or policy.languages[0]
    record: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "dpv:RecordsOfActivities",
        "dct:hasVersion": policy.version,
        "dct:date": policy.dated_on.isoformat(),
        "dpv:hasDataController": describe_controller(policy),
        "dpv:hasDataSubject": DATA_SUBJECT,
        "dpv:hasProcess": [describe_process(policy, terms, language) for terms in policy.purposes],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def write_record(policy: Policy, language: str = "", form: str = "markdown") -> str:
    """The record in one of its forms: ``csv``, ``json-ld``, else Markdown."""
    if form == "json-ld":
        return write_json_ld(policy, language)
    rows = list_activities(policy, language)
    return write_csv(rows) if form == "csv" else write_markdown(rows)
