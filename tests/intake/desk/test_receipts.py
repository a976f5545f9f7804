"""Each event on the ledger of bases gives a signed receipt in ISO/IEC TS 27560 form, the same wherever it is shown."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from houses import Live, put_on_record

from intake.access.actors import PERSON_COOKIE, Visitor, open_person_session
from intake.desk import receipts, rights
from intake.desk.archive import export_archive
from intake.desk.notices import post_notice
from intake.desk.refusals import Refusal
from intake.desk.signing import is_signed_by, sign_document
from retention.policy.dpv import describe_notice
from retention.policy.load import load_policy
from retention.policy.notice import render_notice
from retention.policy.receipts import LedgerEntry, describe_receipt
from storage.models import NoticeVersion
from storage.vocabulary import Basis, BasisEvent, Channel

pytestmark = pytest.mark.enable_socket


def visit(taken: Any) -> Visitor:
    """The person themselves, their address proved."""
    return Visitor(taken.person.id, None)


def made(live: Live, taken: Any) -> tuple[receipts.Receipt, ...]:
    """The person's receipts."""
    with live.house.database.reading() as session:
        return receipts.receipts_of_visitor(session, live.house, visit(taken))


def test_each_event_gives_a_receipt_with_what_was_shown(live: Live) -> None:
    """Language, version and digest of the notice and of the question stand on it, and the state it led to."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        rights.withdraw_consent(session, live.house, visit(taken), "pool", "de")
    newest, *former = made(live, taken)
    (given,) = [receipt for receipt in former if receipt.purpose == "pool"]
    assert (newest.event, newest.purpose, given.event) == ("withdrawn", "pool", "given")
    record = given.document["dpv:hasRecordOfActivity"][0]
    assert record["dpv:hasNotice"]["sha256"] == taken.application.notice_digest
    assert record["dpv:hasNotice"]["dct:language"] == "en"
    assert len(record["dpv:hasNotice"]["wording-sha256"]) == 64
    assert record["dpv:hasConsentStatus"][0]["@type"][0] == "dpv:ConsentGiven"
    assert (
        newest.document["dpv:hasRecordOfActivity"][0]["dpv:hasConsentStatus"][0]["@type"][0] == "dpv:ConsentWithdrawn"
    )
    assert newest.language == "de"


def test_a_receipt_has_every_field_that_the_standard_makes_mandatory(live: Live) -> None:
    """ISO/IEC TS 27560 with the GDPR profile's additions, in the terms of the DPVCG guide."""
    document = made(live, put_on_record(live))[0].document
    assert document["dct:conformsTo"].endswith("#receipt-eu-gdpr")
    record = document["dpv:hasRecordOfActivity"][0]
    assert {
        "dct:conformsTo", "dct:identifier", "dct:hasVersion", "dpv:hasDataSubject", "dpv:hasNotice", "dpv:hasProcess",
        "dpv:hasConsentControl", "dpv:hasConsentStatus", "dpv:hasRight", "dpv:hasAuthority",
    } <= set(record)  # fmt: skip
    process = record["dpv:hasProcess"][0]
    assert {
        "dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasProcessing", "dpv:hasLegalBasis", "dpv:hasDataSource",
        "dpv:hasStorageCondition", "dpv:hasDataController", "dpv:hasRecipient", "dpv:hasJurisdiction",
    } <= set(process)  # fmt: skip
    kinds = [condition["@type"] for condition in process["dpv:hasStorageCondition"]]
    assert {"dpv:StorageDuration", "dpv:StorageLocation", "dpv:StorageDeletion"} <= set(kinds)
    status = record["dpv:hasConsentStatus"][0]
    assert {"dpv:isIndicatedBy", "dpv:hasIndicationMethod", "dpv:isIndicatedAtTime", "dpv:hasDuration"} <= set(status)


def test_the_published_key_checks_each_receipt_and_no_changed_one(live: Live) -> None:
    """Whoever holds a receipt can check it without us; a single changed word shows."""
    document = made(live, put_on_record(live))[0].document
    key = live.client().get("/.well-known/jwks.json").json()["keys"][0]
    assert is_signed_by(key, document)
    assert not is_signed_by(key, {**document, "dct:created": "2020-01-01T00:00:00Z"})
    assert not is_signed_by(key, {name: value for name, value in document.items() if name != "jws"})
    assert not is_signed_by({"kty": "OKP"}, document)
    assert "d" not in key


def test_the_same_event_gives_the_same_receipt_every_time(live: Live) -> None:
    """Nothing is stored twice: the receipt is derived, and its signature is too."""
    taken = put_on_record(live)
    assert made(live, taken) == made(live, taken)


def test_a_person_lists_opens_and_downloads_their_receipts(live: Live) -> None:
    """The list leads to a page to print and to the signed file; the archive holds them all."""
    taken = put_on_record(live)
    client = live.client()
    with live.house.database.writing() as session:
        client.cookies.set(PERSON_COOKIE, open_person_session(session, live.house, taken.person.id, None))
        packed = export_archive(session, live.house, visit(taken), "en")
    first = made(live, taken)[0]
    assert f"/me/receipts/{first.id}" in client.get("/me/receipts").text
    page = client.get(f"/me/receipts/{first.id}").text
    assert first.notice_digest in page
    assert first.document["jws"] in page
    file = client.get(f"/me/receipts/{first.id}/receipt.jsonld")
    assert file.json() == first.document
    assert file.headers["content-type"].startswith("application/ld+json")
    assert client.get("/me/receipts.jsonld").json() == [one.document for one in made(live, taken)]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert json.loads(archive.read("receipts.jsonld")) == client.get("/me/receipts.jsonld").json()


def test_nobody_opens_a_receipt_of_somebody_else(live: Live) -> None:
    """Another person's receipt, and what is no receipt, are both not found."""
    mine, theirs = put_on_record(live), put_on_record(live)
    foreign = made(live, theirs)[0].id
    with live.house.database.reading() as session:
        for wanted in (foreign, "no-receipt"):
            with pytest.raises(Refusal) as refused:
                receipts.find_receipt(session, live.house, visit(mine), wanted)
            assert refused.value.status == 404


def test_a_link_of_one_application_shows_its_receipts_only(live: Live) -> None:
    """Who did not prove the address sees no more than the one application."""
    taken = put_on_record(live)
    with live.house.database.reading() as session:
        bounded = Visitor(taken.person.id, b"\0" * 16)
        assert receipts.receipts_of_visitor(session, live.house, bounded) == ()


def test_the_privacy_office_sees_the_same_receipts_by_reference(live: Live) -> None:
    """By the record's reference; an unknown one is refused."""
    taken = put_on_record(live)
    with live.house.database.reading() as session:
        found = receipts.receipts_of_reference(session, live.house, taken.application.reference)
        assert found == made(live, taken)
        with pytest.raises(Refusal):
            receipts.receipts_of_reference(session, live.house, "VV-0000-0000-00")


def test_a_notice_that_was_posted_before_it_was_described_is_described_at_the_next_start(live: Live) -> None:
    """A receipt says then what the notice says; until then, what the ledger alone knows."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        for row in session.query(NoticeVersion):
            row.described = {}
    process = made(live, taken)[0].document["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][0]
    assert set(process) == {"@type", "dct:identifier", "dpv:hasLegalBasis"}
    with live.house.database.writing() as session:
        post_notice(session, live.house, live.house.now())
    process = made(live, taken)[0].document["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][0]
    assert "dpv:hasPersonalData" in process


ENTRY = LedgerEntry(
    id=bytes(16),
    subject="VV-7K2M-94QX-C4",
    purpose="marketing",
    basis=Basis.CONSENT,
    event=BasisEvent.EXPIRED,
    at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    channel=Channel.EMAIL,
    language="en",
    notice_version="1-x",
    notice_digest="0" * 64,
    expires_on=date(2026, 3, 1),
    contact="phone",
    global_privacy_control=True,
)


def test_contact_expiry_and_the_browsers_signal_are_told() -> None:
    """What ran out is the organisation's event; the way of contact and the signal stand on the receipt."""
    policy = load_policy("us-membership")
    document = describe_receipt(ENTRY, describe_notice(policy, render_notice(policy)), "https://jobs.example.org")
    record = document["dpv:hasRecordOfActivity"][0]
    assert document["dct:conformsTo"].endswith("#receipt")
    assert record["dpv:hasProcess"][0]["dpv:hasScope"] == "contact by phone"
    status = record["dpv:hasConsentStatus"][0]
    assert status["dpv:isIndicatedBy"] == "dpv:DataController"
    assert status["dct:source"] == "Sec-GPC: 1"
    assert status["dpv:hasDuration"] == "2026-03-01"


def test_what_rests_on_no_consent_is_not_told_as_consent() -> None:
    """An objection to a legitimate interest is a status of its own."""
    entry = replace(ENTRY, basis=Basis.LEGITIMATE_INTEREST, event=BasisEvent.OBJECTED, expires_on=None)
    status = describe_receipt(entry, {}, "")["dpv:hasRecordOfActivity"][0]["dpv:hasConsentStatus"][0]
    assert status["@type"] == ["dpv:Status"]
    assert status["dct:title"] == "objected"


def test_what_is_signed_can_be_any_document(live: Live) -> None:
    """Letters of any script are signed as they are written."""
    key = receipts.receipts_key(live.house)["keys"][0]
    assert is_signed_by(key, sign_document(live.house, {"said": "Grüße, 你好"}))
