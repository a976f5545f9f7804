"""Whether the world may believe the mail that goes out: the sender's domain, SPF, DKIM and DMARC, asked of DNS.

Asks for public records of the sender's own domain only, and never for anybody else's.
"""

from collections.abc import Callable, Iterator
from email.utils import parseaddr

import dns.exception
import dns.resolver

from intake.desk.doctor.finding import Finding, ok, red, warn
from intake.keeper.mailing import domain_of
from intake.settings import Settings

Ask = Callable[[str, str], list[str]]
"""Answers of DNS to a name and a type; none where there is no such record. Raises ``OSError`` when not answered."""
SECONDS = 4.0


class DnsSilent(OSError):
    """DNS did not answer."""


def ask_dns(name: str, kind: str) -> list[str]:
    """See :data:`Ask`."""
    try:
        answer = dns.resolver.resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise DnsSilent(type(error).__name__) from None
    if kind == "TXT":
        return [b"".join(row.strings).decode("ascii", "replace") for row in answer]
    return [row.to_text() for row in answer]


def look_at_sending(settings: Settings, ask: Ask = ask_dns) -> Iterator[Finding]:
    """The sender's domain, its SPF, DKIM and DMARC records, and whether returns go to the same domain."""
    domain = domain_of(settings)
    yield _look_at_alignment(settings, domain)
    checks = (("sender", _look_at_domain), ("SPF", _look_at_spf), ("DMARC", _look_at_dmarc))
    for name, look in checks:
        yield _guarded(name, look, _envelope_domain(settings, domain) if name == "SPF" else domain, ask)
    selector = settings.mail_dkim_selector
    if not selector:
        advice = "Set VITAVAULT_MAIL_DKIM_SELECTOR to the selector under which your mail server signs."
        yield warn("DKIM", "no selector is set, so the key was not looked for", advice)
    else:
        yield _guarded("DKIM", _look_at_dkim, f"{selector}._domainkey.{domain}", ask)


def _guarded(check: str, look: Callable[[str, Ask], Finding], name: str, ask: Ask) -> Finding:
    try:
        return look(name, ask)
    except OSError as error:
        advice = "Look again where DNS can be reached: nothing was learnt of this."
        return warn(check, f"could not ask DNS: {type(error).__name__}", advice)


def _envelope_domain(settings: Settings, domain: str) -> str:
    """The domain of the address to which mail returns: the one that SPF is checked against (RFC 7208)."""
    return parseaddr(settings.mail_return)[1].rpartition("@")[2] or domain


def _look_at_alignment(settings: Settings, domain: str) -> Finding:
    envelope = _envelope_domain(settings, domain)
    if domain == "localhost" or "." not in domain:
        return red("From", f"messages come from {domain}", "Set VITAVAULT_MAIL_FROM to an address of your own domain.")
    is_aligned = envelope == domain or envelope.endswith(f".{domain}") or domain.endswith(f".{envelope}")
    if not is_aligned:
        advice = "Let VITAVAULT_MAIL_RETURN be at the domain of VITAVAULT_MAIL_FROM: else SPF vouches for another."
        return warn("From", f"from {domain}, returned to {envelope}", advice)
    return ok("From", f"from {domain}, returned to {envelope}")


def _look_at_domain(domain: str, ask: Ask) -> Finding:
    if not (ask(domain, "MX") or ask(domain, "A") or ask(domain, "AAAA")):
        advice = "Correct VITAVAULT_MAIL_FROM: many servers refuse mail from a domain that takes none."
        return red("sender", f"{domain} takes no mail", advice)
    return ok("sender", f"{domain} takes mail")


def _look_at_spf(domain: str, ask: Ask) -> Finding:
    found = [text for text in ask(domain, "TXT") if text.casefold().split(" ")[0] == "v=spf1"]
    if not found:
        return red("SPF", f"{domain} has no record", "Publish one that names your mail server (RFC 7208).")
    if len(found) > 1:
        return red("SPF", f"{domain} has {len(found)} records", "Publish one only: several count as none (RFC 7208).")
    if found[0].split()[-1].casefold() in ("+all", "all"):
        return red("SPF", "lets anybody send", "End the record with -all or ~all.")
    return ok("SPF", f"{domain} has a record")


def _look_at_dkim(name: str, ask: Ask) -> Finding:
    tags = [_tags_of(text) for text in ask(name, "TXT")]
    if not any(tag.get("p") for tag in tags):
        advice = "Publish the key under which your mail server signs (RFC 6376), for the domain of the sender."
        return red("DKIM", f"no key at {name}", advice)
    return ok("DKIM", f"a key at {name}, aligned with the sender")


def _look_at_dmarc(domain: str, ask: Ask) -> Finding:
    records = [_tags_of(text) for text in ask(f"_dmarc.{domain}", "TXT")]
    found = next((tags for tags in records if tags.get("v", "").upper() == "DMARC1"), None)
    if found is None:
        return warn("DMARC", f"{domain} has no record", "Publish one, so that others cannot write in your name.")
    return ok("DMARC", f"p={found.get('p', 'none')}")


def _tags_of(text: str) -> dict[str, str]:
    parts = (part.partition("=") for part in text.split(";"))
    return {name.strip().casefold(): value.strip() for name, _, value in parts if name.strip()}
