"""What every page says about the installation, from settings, policy and logo; made at start and when these change."""

import hashlib

from intake.desk.logo import find_logo
from intake.installation import Installation
from intake.web.rendering import Site


def site_of(house: Installation) -> Site:
    """The installation as its pages show it now."""
    logo = find_logo(house)
    return Site(
        organisation=house.organisation,
        privacy_contact=house.policy.privacy_contact.email,
        zone=house.policy.timezone,
        default_language=house.policy.languages[0],
        logo=f"/logo.png?v={hashlib.sha256(logo).hexdigest()[:12]}" if logo else "",
    )
