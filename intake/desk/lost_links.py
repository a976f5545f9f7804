"""A lost link: a new one goes to the address on record, and the answer is the same for everybody."""

from intake.desk.letters import address_of, post_letter
from intake.desk.links import make_link
from intake.installation import Installation
from storage import audit
from storage.models import LinkKind
from storage.queries.people import find_by_digest

MOST = 5
"""Records of one address that get a link each; they are never merged."""


def send_new_link(house: Installation, email: str, address: str) -> None:
    """Send a link for each record of this address to that address. Says nothing about whether there was one."""
    del address
    digest = house.vault.address_digest(email)
    with house.database.writing() as session:
        for person in find_by_digest(session, digest, MOST):
            token = make_link(session, house, LinkKind.PERSON, person_id=person.id)
            text = (
                "Somebody, probably you, asked for a link to the data that we hold about you.\n\n"
                f"{address_of(house, f'/link/{token}')}\n\n"
                f"It works once, for {house.settings.link_hours} hours. If it was not you, do nothing.\n"
            )
            post_letter(
                session, house, person, template="link", to=email, subject=house.settings.organisation, text=text
            )
            audit.record(session, at=house.now(), actor="person", action="link.asked", subject=person.log_name)
    house.wake()
