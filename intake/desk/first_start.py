"""The first administrator: a one-time link, printed at start while there is no account; no default password."""

from intake.access.actors import open_staff_session
from intake.access.passwords import PasswordRefused, check_password, hash_password
from intake.access.permissions import FIRST_ADMINISTRATOR_ROLES, spell_roles
from intake.desk.links import find_usable, link_refused, make_link
from intake.desk.refusals import Refusal
from intake.desk.staff import make_staff
from intake.installation import Installation
from storage.models import LinkKind
from storage.queries import access


def first_link(house: Installation) -> str:
    """A fresh link's token while there is no account, else empty; an earlier link ends with it."""
    with house.database.writing() as session:
        if access.count_staff(session):
            return ""
        access.delete_links(session, LinkKind.FIRST_ADMINISTRATOR)
        return make_link(session, house, LinkKind.FIRST_ADMINISTRATOR)


def check_first_link(house: Installation, token: str) -> None:
    """Raise :class:`Refusal` unless the link still creates the first administrator."""
    with house.database.reading() as session:
        find_usable(session, house, token, LinkKind.FIRST_ADMINISTRATOR)
        if access.count_staff(session):
            raise link_refused()


def create_first_administrator(house: Installation, token: str, *, name: str, email: str, password: str) -> str:
    """Use the link up and create the account. Returns the token of the new session. Raises :class:`Refusal`."""
    try:
        check_password(password, (name, email))
    except PasswordRefused as refused:
        raise Refusal(f"password_{refused.code}", 422, "Choose another password.", field="/password") from None
    with house.database.writing() as session:
        link = find_usable(session, house, token, LinkKind.FIRST_ADMINISTRATOR)
        if access.count_staff(session) or not access.use_link(session, link, house.now()):
            raise link_refused()
        staff = make_staff(
            session, house, name=name, email=email, roles=spell_roles(frozenset(FIRST_ADMINISTRATOR_ROLES)),
            password_hash=hash_password(password), actor="setup",
        )  # fmt: skip
        return open_staff_session(session, house, staff, house.now())
