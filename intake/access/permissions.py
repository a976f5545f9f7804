"""The permission matrix: which role may do what, and which scopes a machine token can have. Nothing else grants."""

from enum import StrEnum

from storage.models import Role


class Permission(StrEnum):
    """One thing that staff or a machine may do. The values are the scopes of machine tokens."""

    SEARCH = "search"
    VIEW = "candidates:read"
    DOCUMENTS = "documents:read"
    REVEAL = "candidates:reveal"
    DECIDE = "candidates:write"
    APPLY = "applications:write"
    RETENTION = "retention:run"
    HOLDS = "holds:manage"
    REQUESTS = "requests:manage"
    AUDIT = "audit:read"
    MAIL = "mail:bounces"
    """To tell that a message came back; for a mail server, no role has it."""
    OPENINGS = "openings:manage"
    STAFF = "staff:manage"
    TOKENS = "tokens:manage"
    POLICY = "policy:manage"


_RECRUITING = frozenset(
    {Permission.SEARCH, Permission.VIEW, Permission.DOCUMENTS, Permission.REVEAL, Permission.DECIDE}
)

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.RECRUITER: _RECRUITING | {Permission.OPENINGS},
    Role.HIRING_MANAGER: _RECRUITING,  # of their own openings only: intake.desk.reach
    Role.PRIVACY_OFFICER: frozenset(
        {Permission.RETENTION, Permission.HOLDS, Permission.REQUESTS, Permission.AUDIT, Permission.POLICY}
    ),
    Role.ADMINISTRATOR: frozenset({Permission.OPENINGS, Permission.STAFF, Permission.TOKENS, Permission.POLICY}),
    Role.AUDITOR: frozenset({Permission.AUDIT}),
}
"""An administrator sees no candidate (D1): who sets up accounts must not be who reads records."""

IDENTIFYING = frozenset({Permission.REVEAL, Permission.DOCUMENTS})
"""What shows who somebody is: closed to staff without the privacy training that a policy asks for (D2)."""

FIRST_ADMINISTRATOR_ROLES = (Role.ADMINISTRATOR, Role.RECRUITER, Role.PRIVACY_OFFICER)
"""The first account plays every needed part until colleagues are invited; it can give roles up."""


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """What these roles together may do."""
    return frozenset().union(*(MATRIX[role] for role in roles)) if roles else frozenset()


def parse_roles(text: str) -> frozenset[Role]:
    """The roles that a comma-separated list names."""
    return frozenset(Role(word) for word in text.split(",") if word)


def spell_roles(roles: frozenset[Role]) -> str:
    """The roles as the comma-separated list that is stored."""
    return ",".join(sorted(role.value for role in roles))
