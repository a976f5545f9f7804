"""Receipts of what happened to a lawful basis, in the form of ISO/IEC TS 27560:2023 (DPVCG guide, DPV 2.3 terms). Pure.

A receipt is derived from one entry of the ledger and the notice that was shown; it says nothing that neither of them
says. Names of fields and profiles: https://w3id.org/dpv/guides/consent-27560.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from retention.policy.dpv import CONSENT_STATUS, CONTEXT, DATA_SUBJECT, NEUTRAL_BASES
from storage.vocabulary import Basis, BasisEvent, Channel

RECORD = "https://w3id.org/dpv/schema/dpv-27560#record"
RECEIPT = "https://w3id.org/dpv/schema/dpv-27560#receipt"
GDPR = "-eu-gdpr"
INVALID = frozenset({BasisEvent.REFUSED, BasisEvent.WITHDRAWN, BasisEvent.EXPIRED, BasisEvent.OBJECTED})
"""Events after which the basis permits nothing any more."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry of the ledger in codes, and where its record is reached. ``subject`` is the record's reference."""

    id: bytes
    subject: str
    purpose: str
    basis: Basis
    event: BasisEvent
    at: datetime
    channel: Channel
    language: str
    notice_version: str
    notice_digest: str
    wording_digest: str = ""
    expires_on: date | None = None
    contact: str = ""
    global_privacy_control: bool = False


def identify(entry_id: bytes) -> str:
    """The receipt's UUID (version 4) of a random row id."""
    return str(UUID(bytes=entry_id, version=4))


def describe_receipt(entry: LedgerEntry, notice: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The unsigned receipt of one entry, as JSON-LD.

    ``notice`` is the notice of the entry's time as :func:`retention.policy.dpv.describe_notice` told it; ``base`` is
    the address of the installation, without a slash at its end.
    """
    is_gdpr = "dpv:hasRight" in notice
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": RECEIPT + (GDPR if is_gdpr else ""),
        "dpv:hasIdentifier": identify(entry.id),
        "dct:created": _instant(entry.at),
        "dct:language": entry.language,
        "dpv:hasRecordOfActivity": [_describe_record(entry, notice, base, is_gdpr=is_gdpr)],
    }


def _describe_record(entry: LedgerEntry, notice: Mapping[str, Any], base: str, *, is_gdpr: bool) -> dict[str, Any]:
    withdrawal = f"{base}/me"
    record: dict[str, Any] = {
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": RECORD + (GDPR if is_gdpr else ""),
        "dct:hasVersion": "ISO/IEC TS 27560:2023",
        "dct:identifier": identify(entry.id),
        "dpv:hasDataSubject": {"@type": DATA_SUBJECT, "dct:identifier": entry.subject},
        "dpv:hasNotice": _describe_notice(entry, notice, base),
        "dpv:hasProcess": [_describe_process(entry, notice)],
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": withdrawal},
        "dpv:hasConsentStatus": [_describe_status(entry)],
    }
    rights = [{"@id": right, "dpv:isExercisedAt": withdrawal} for right in notice.get("dpv:hasRight", ())]
    further = {"dpv:hasRight": rights, "dpv:hasAuthority": notice.get("dpv:hasAuthority")}
    return record | {name: value for name, value in further.items() if value}


def _describe_notice(entry: LedgerEntry, notice: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "@type": "dpv:ConsentNotice",
        "@id": f"{base}/notice/{entry.notice_version}",
        "dct:language": entry.language,
        "dct:date": notice.get("dct:date", ""),
        "dct:hasVersion": entry.notice_version,
        "sha256": entry.notice_digest,
        **({"wording-sha256": entry.wording_digest} if entry.wording_digest else {}),
    }


def _describe_process(entry: LedgerEntry, notice: Mapping[str, Any]) -> dict[str, Any]:
    """The purpose as the notice of that time told it; where it told of none, what the ledger alone knows."""
    told: dict[str, Any] = next(
        (dict(one) for one in notice.get("dpv:hasProcess", ()) if one.get("dct:identifier") == entry.purpose),
        {"@type": "dpv:Process", "dct:identifier": entry.purpose, "dpv:hasLegalBasis": NEUTRAL_BASES[entry.basis]},
    )
    if entry.contact:
        told["dpv:hasScope"] = f"contact by {entry.contact}"
    return told


def _describe_status(entry: LedgerEntry) -> dict[str, Any]:
    """Consent in the terms of consent; every other basis as a plain status with our own word for the event."""
    is_consent = entry.basis in {Basis.CONSENT, Basis.DEEMED_CONSENT}
    kinds = [CONSENT_STATUS[entry.event], NEUTRAL_BASES[entry.basis]] if is_consent else ["dpv:Status"]
    said: dict[str, Any] = {
        "@type": kinds,
        "dct:title": entry.event.value,
        "dpv:isIndicatedBy": "dpv:DataController" if entry.event is BasisEvent.EXPIRED else DATA_SUBJECT,
        "dpv:hasIndicationMethod": entry.channel.value,
        "dpv:isIndicatedAtTime": _instant(entry.at),
        "dpv:hasDuration": entry.expires_on.isoformat() if entry.expires_on else "as the storage condition says",
    }
    if entry.global_privacy_control:
        said["dct:source"] = "Sec-GPC: 1"
    return said


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
