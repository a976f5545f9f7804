"""Our codes in the terms of the W3C Data Privacy Vocabulary 2.3, and what is written in them.

One table, used by notice, record of processing and receipts alike. Holds terms only, never a person's data.
"""

from typing import Any

from retention.policy.kinds import Law
from retention.policy.notice import Notice, Paragraph
from retention.policy.policy import Policy, PurposeTerms, RightName
from storage.profile import REGISTRY, Category
from storage.vocabulary import Action, Basis, BasisEvent, Purpose, Source

CONTEXT: dict[str, str] = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
DATA_SUBJECT = "dpv:JobApplicant"
TALENT_POOL = {"@type": "dpv:Purpose", "dct:title": "Talent pool", "skos:broader": "dpv:RecruitmentManagement"}
"""DPV has no term for keeping someone in mind; ours is narrower than recruitment management."""

PURPOSES: dict[str, str] = {
    Purpose.APPLICATION: "dpv:RecruitmentApplicationManagement",
    Purpose.SHARE: "dpv:RecruitmentManagement",
    Purpose.MARKETING: "dpv:CommunicationManagement",
}

GDPR_BASES: dict[Basis, str] = {
    Basis.CONSENT: "eu-gdpr:A6-1-a",
    Basis.LEGITIMATE_INTEREST: "eu-gdpr:A6-1-f-controller",
    Basis.CONTRACT: "eu-gdpr:A6-1-b-enter-into-contract",
    Basis.LEGAL_OBLIGATION: "eu-gdpr:A6-1-c",
}
NEUTRAL_BASES: dict[Basis, str] = {
    Basis.CONSENT: "dpv:ExpressedConsent",
    Basis.LEGITIMATE_INTEREST: "dpv:LegitimateInterestOfController",
    Basis.CONTRACT: "dpv:EnterIntoContract",
    Basis.LEGAL_OBLIGATION: "dpv:LegalObligation",
    Basis.DEEMED_CONSENT: "dpv:ImpliedConsent",
}

CONSENT_STATUS: dict[BasisEvent, str] = {
    BasisEvent.GIVEN: "dpv:ConsentGiven",
    BasisEvent.RENEWED: "dpv:RenewedConsentGiven",
    BasisEvent.REFUSED: "dpv:ConsentRefused",
    BasisEvent.WITHDRAWN: "dpv:ConsentWithdrawn",
    BasisEvent.EXPIRED: "dpv:ConsentExpired",
    BasisEvent.OBJECTED: "dpv:ConsentWithdrawn",
}

RIGHTS: dict[RightName, str] = {
    RightName.KNOW: "eu-gdpr:A13",
    RightName.ACCESS: "eu-gdpr:A15",
    RightName.CORRECTION: "eu-gdpr:A16",
    RightName.ERASURE: "eu-gdpr:A17",
    RightName.RESTRICTION: "eu-gdpr:A18",
    RightName.PORTABILITY: "eu-gdpr:A20",
    RightName.OBJECTION: "eu-gdpr:A21",
    RightName.WITHDRAWAL: "eu-gdpr:A7-3",
    RightName.COMPLAINT: "eu-gdpr:A77",
}

JURISDICTIONS: dict[Law, str] = {
    Law.EU: "loc:EU",
    Law.UK: "loc:GB",
    Law.US_FEDERAL: "loc:US",
    Law.US_CALIFORNIA: "loc:US-CA",
}

PROCESSING: dict[Action, str] = {Action.PURGE: "dpv:Erase", Action.ANONYMISE: "dpv:Anonymise"}


def basis_term(basis: Basis, policy: Policy) -> str:
    """The term for a basis: the article of the GDPR where it, or its UK form, applies; else the neutral one."""
    is_gdpr = Law.EU in policy.laws or Law.UK in policy.laws
    return GDPR_BASES.get(basis, NEUTRAL_BASES[basis]) if is_gdpr else NEUTRAL_BASES[basis]


def purpose_term(terms: PurposeTerms) -> str | dict[str, str]:
    """The term for a purpose: the policy's own, else ours, else one described by its title."""
    if terms.dpv:
        return terms.dpv
    if terms.id == Purpose.POOL:
        return TALENT_POOL
    return PURPOSES.get(terms.id, "dpv:RecruitmentManagement")


def data_terms(categories: tuple[Category, ...]) -> list[str]:
    """The terms of every field that is held in these categories, as the registry of personal data declares them."""
    return sorted({field.dpv for field in REGISTRY.values() if field.category in categories})


def describe_process(policy: Policy, terms: PurposeTerms, language: str) -> dict[str, Any]:
    """One purpose as a ``dpv:Process``: what for, which data, on what basis, to whom, for how long."""
    recipients = [r for r in policy.recipients if r.id in terms.recipients]
    return {
        "@type": "dpv:Process",
        "dct:identifier": terms.id,
        "dct:title": terms.title.say(language),
        "dpv:hasPurpose": purpose_term(terms),
        "dpv:hasPersonalData": data_terms(terms.categories),
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Consult", "dpv:Erase"],
        "dpv:hasNecessity": "dpv:Optional" if terms.basis is Basis.CONSENT else "dpv:Required",
        "dpv:hasLegalBasis": basis_term(terms.basis, policy),
        "dpv:hasDataSource": [
            "dpv:DataSubjectDataSource" if source is Source.PERSON else source.value for source in policy.sources
        ],
        "dpv:hasDataSubject": DATA_SUBJECT,
        "dpv:hasDataController": describe_controller(policy),
        "dpv:hasJurisdiction": [JURISDICTIONS[law] for law in policy.laws],
        "dpv:hasRecipient": [r.name.say(language) for r in recipients],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": [*policy.stored_in]},
            {"@type": "dpv:StorageDeletion", "dct:description": "the record's key is destroyed, then every row"},
            *_storage_durations(policy, terms, language),
        ],
    }


def _storage_durations(policy: Policy, terms: PurposeTerms, language: str) -> list[dict[str, str]]:
    return [
        {
            "@type": "dpv:StorageDuration",
            "dct:identifier": period.id,
            "dpv:hasDuration": str(period.length),
            "dpv:hasProcessing": PROCESSING[period.action],
            "dct:description": period.reason.say(language),
        }
        for period in policy.periods
        if terms.id in period.purposes
    ]


def describe_notice(policy: Policy, notice: Notice) -> dict[str, Any]:
    """The notice as JSON-LD, with the digest of the words that people were shown."""
    rights = [RIGHTS[right.name] for right in policy.rights if right.name in RIGHTS]
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "dpv:PrivacyNotice",
        "@id": f"/notice/{notice.version}",
        "dct:title": notice.title,
        "dct:language": notice.language,
        "dct:date": policy.dated_on.isoformat(),
        "dct:hasVersion": notice.version,
        "dpv:hasDataController": describe_controller(policy),
        "dpv:hasProcess": [describe_process(policy, terms, notice.language) for terms in policy.purposes],
        "dpv:hasLocation": [*policy.stored_in],
        "dct:abstract": [*notice.summary],
        "dct:hasPart": [
            {
                "dct:identifier": block.clause,
                "dct:title": section.heading,
                "dct:description": block.text if isinstance(block, Paragraph) else [" | ".join(r) for r in block.rows],
                "dpv:hasTechnicalOrganisationalMeasure": [*block.controls],
            }
            for section in notice.sections
            for block in section.blocks
        ],
        "sha256": notice.digest,
    }
    if Law.EU in policy.laws or Law.UK in policy.laws:
        described["dpv:hasRight"] = rights
    if policy.authority is not None:
        described["dpv:hasAuthority"] = policy.authority.name
    return described


def describe_controller(policy: Policy) -> dict[str, str]:
    """Who decides, and how to reach them."""
    controller = {
        "@type": "dpv:DataController",
        "dpv:hasName": policy.controller.name,
        "dpv:hasAddress": policy.controller.address,
        "dpv:hasContact": policy.privacy_contact.email,
        "foaf:phone": policy.controller.phone,
        "foaf:page": policy.controller.url,
    }
    return {key: value for key, value in controller.items() if value}
