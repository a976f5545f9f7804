"""A lost link: a new one goes to the address on record, and the answer is the same for everybody."""

from intake.desk.letters import NEW_LINK, address_of, compose, language_of, post_letter
from intake.desk.links import make_link
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.models import LinkKind
from storage.queries.access import end_unused_links
from storage.queries.people import find_by_digest
from storage.rates import hit

MOST = 5
"""Records of one address that get a link each; they are never merged."""
LETTERS_PER_HOUR = 3
"""Times an hour that one address is written to, whoever asks: nobody's mailbox is flooded through this page."""
_HOUR = 3600


def send_new_link(house: Installation, email: str) -> None:
    """Send a link for each record of this address to that address; it ends those sent before.

    Says nothing about whether there was one.
    """
    digest = house.vault.address_digest(email)
    if not _may_write(house, digest):
        return
    with house.database.writing() as session:
        for person in find_by_digest(session, digest, MOST):
            end_unused_links(session, person.id, LinkKind.PERSON)
            token = make_link(session, house, LinkKind.PERSON, person_id=person.id, proves=digest)
            text = compose(
                NEW_LINK,
                language_of(session, person),
                link=address_of(house, f"/link/{token}"),
                hours=house.settings.link_hours,
            )
            post_letter(session, house, person, template="link", to=email, subject=house.organisation, text=text)
            audit.record(session, at=house.now(), actor="person", action="link.asked", subject=person.log_name)
    house.wake()


def _may_write(house: Installation, address: bytes) -> bool:
    """Count one letter to an address, known or not: what the answer takes tells nobody apart either."""
    bucket = keyed_digest(house.vault.secrets.digest_key, "rate link to", address)
    with house.database.writing() as session:
        return hit(session, bucket, LETTERS_PER_HOUR, _HOUR, house.now()).allowed
