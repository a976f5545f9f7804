"""Closed lists of words in a policy profile: laws, roles, kinds of recipients, safeguards. They decide nothing."""

from enum import StrEnum


class Law(StrEnum):
    """Bodies of law that a profile may state to apply."""

    EU = "eu"
    UK = "uk"
    US_FEDERAL = "us-federal"
    US_CALIFORNIA = "us-ca"


class Role(StrEnum):
    """In what role the organisation runs the installation."""

    CONTROLLER = "controller"
    SERVICE_PROVIDER = "service_provider"
    """For other controllers; requests are routed to them (promise D8)."""


class RecipientKind(StrEnum):
    """Kinds of those to whom data may go (promise D3)."""

    SERVICE_PROVIDER = "service_provider"
    EMPLOYER = "employer"
    AFFILIATE = "affiliate"
    AGENCY = "agency"
    ADVISER = "adviser"
    FUNDER = "funder"
    PARTNER = "partner"
    REGULATOR = "regulator"


class Safeguard(StrEnum):
    """What makes a transfer to another country lawful (GDPR Chapter V)."""

    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard_clauses"
    UK_ADDENDUM = "uk_addendum"
    BINDING_RULES = "binding_rules"
    EXPLICIT_CONSENT = "explicit_consent"
    NOT_REQUIRED = "not_required"
    """The law that applies restricts no transfer to that country."""
