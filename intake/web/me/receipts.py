"""A person's receipts: the list, a page to print, and the signed file."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, open_to_all, person
from intake.desk import receipts
from intake.web.languages import describe_language
from intake.web.rendering import render

public = APIRouter(dependencies=[Depends(open_to_all)])
router = APIRouter()
Me = Annotated[Visitor, Depends(person)]
JSON_LD = "application/ld+json"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt. ``title`` is the policy's word for the purpose, in the language that was shown."""

    id: str
    at: datetime
    purpose: str
    title: str
    basis: str
    event: str
    channel: str
    contact: str
    language: str
    language_name: str
    reference: str
    notice_version: str
    notice_digest: str
    wording_digest: str

    @property
    def href(self) -> str:
        """The page to print."""
        return f"/me/receipts/{self.id}"


@dataclass(frozen=True, slots=True)
class ReceiptsView:
    """Every receipt, newest first."""

    receipts: tuple[ReceiptRow, ...]
    back_href: str = "/me"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One receipt, to be printed. ``process`` are the lines that the notice of its time gives."""

    receipt: ReceiptRow
    controller: str
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    periods: tuple[tuple[str, str], ...]
    signature: str
    back_href: str = "/me/receipts"


@public.get("/.well-known/jwks.json")
def get_keys(request: Request) -> Response:
    """The key by which receipts are checked (RFC 7517)."""
    return JSONResponse(receipts.receipts_key(house_of(request)), media_type="application/jwk-set+json")


@router.get("/me/receipts")
def get_receipts(request: Request, me: Me) -> Response:
    """What was agreed to, refused, withdrawn, and when."""
    house = house_of(request)
    with house.database.reading() as session:
        found = receipts.receipts_of_visitor(session, house, me)
    return render(request, "me/receipts.html", view=ReceiptsView(tuple(map(_row, found))))


@router.get("/me/receipts.jsonld")
def get_all(request: Request, me: Me) -> Response:
    """Every receipt in one file."""
    house = house_of(request)
    with house.database.reading() as session:
        found = receipts.receipts_of_visitor(session, house, me)
    return _download([one.document for one in found], "receipts.jsonld")


@router.get("/me/receipts/{receipt}")
def get_receipt(request: Request, me: Me, receipt: str) -> Response:
    """One receipt as a page."""
    house = house_of(request)
    with house.database.reading() as session:
        found = receipts.find_receipt(session, house, me, receipt)
    return render(request, "me/receipt.html", view=_view(found))


@router.get("/me/receipts/{receipt}/receipt.jsonld")
def get_file(request: Request, me: Me, receipt: str) -> Response:
    """One receipt as a signed file."""
    house = house_of(request)
    with house.database.reading() as session:
        found = receipts.find_receipt(session, house, me, receipt)
    return _download(found.document, f"receipt-{found.id}.jsonld")


def _download(content: Any, name: str) -> Response:
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return Response(body, media_type=JSON_LD, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _row(one: receipts.Receipt) -> ReceiptRow:
    return ReceiptRow(
        id=one.id,
        at=one.at,
        purpose=one.purpose,
        title=one.title,
        basis=one.basis,
        event=one.event,
        channel=one.channel,
        contact=one.contact,
        language=one.language,
        language_name=describe_language(one.language).name,
        reference=one.reference,
        notice_version=one.notice_version,
        notice_digest=one.notice_digest,
        wording_digest=one.wording_digest,
    )


def _view(one: receipts.Receipt) -> ReceiptView:
    process = one.document["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][0]
    controller = process.get("dpv:hasDataController", {})
    return ReceiptView(
        receipt=_row(one),
        controller=", ".join(str(value) for key, value in controller.items() if key != "@type"),
        data=tuple(str(term).partition(":")[2] for term in process.get("dpv:hasPersonalData", ())),
        recipients=tuple(process.get("dpv:hasRecipient", ())),
        periods=tuple(
            (condition["dpv:hasDuration"], condition["dct:description"])
            for condition in process.get("dpv:hasStorageCondition", ())
            if condition["@type"] == "dpv:StorageDuration"
        ),
        signature=one.document["jws"],
    )
