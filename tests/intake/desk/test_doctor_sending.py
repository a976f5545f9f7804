"""What the doctor says of outgoing mail: sender, SPF, DKIM, DMARC, and that it could not ask. Answers are made up."""

from pathlib import Path

import dns.resolver
import pytest
from houses import settings_for

from intake.desk.doctor.finding import Level
from intake.desk.doctor.sending import DnsSilent, ask_dns, look_at_sending
from intake.settings import Settings

GOOD = {
    ("example.org", "MX"): ["10 mx.example.org."],
    ("example.org", "TXT"): ["v=spf1 mx -all", "something else"],
    ("s1._domainkey.example.org", "TXT"): ["v=DKIM1; k=rsa; p=MIIB"],
    ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=quarantine"],
}


def settings_of(tmp_path: Path, **given: object) -> Settings:
    """Settings with a mail server."""
    chosen = {"smtp_host": "mx.example.org", "mail_from": "jobs@example.org", "mail_dkim_selector": "s1"}
    return settings_for(tmp_path, **(chosen | given))


def levels(settings: Settings, records: dict[tuple[str, str], list[str]]) -> dict[str, Level]:
    """How each check stands for these records."""
    return {f.check: f.level for f in look_at_sending(settings, lambda name, kind: records.get((name, kind), []))}


def test_a_domain_in_order_has_nothing_to_do(tmp_path: Path) -> None:
    """All five are well."""
    assert set(levels(settings_of(tmp_path), GOOD).values()) == {Level.OK}


@pytest.mark.parametrize(
    ("change", "check", "level"),
    [
        ({("example.org", "MX"): []}, "sender", Level.RED),
        ({("example.org", "TXT"): []}, "SPF", Level.RED),
        ({("example.org", "TXT"): ["v=spf1 -all", "v=spf1 mx -all"]}, "SPF", Level.RED),
        ({("example.org", "TXT"): ["v=spf1 +all"]}, "SPF", Level.RED),
        ({("s1._domainkey.example.org", "TXT"): ["v=DKIM1; p="]}, "DKIM", Level.RED),
        ({("_dmarc.example.org", "TXT"): ["v=other"]}, "DMARC", Level.WARN),
    ],
)
def test_each_fault_is_told(tmp_path: Path, change: dict[tuple[str, str], list[str]], check: str, level: Level) -> None:
    """One record wrong, one finding."""
    assert levels(settings_of(tmp_path), GOOD | change)[check] is level


@pytest.mark.parametrize(
    ("given", "check", "level"),
    [
        ({"mail_dkim_selector": ""}, "DKIM", Level.WARN),
        ({"mail_from": "", "smtp_host": "127.0.0.1"}, "From", Level.RED),
        ({"mail_return": "back@elsewhere.example.net"}, "From", Level.WARN),
        ({"mail_return": "back@bounces.example.org"}, "From", Level.OK),
    ],
)
def test_settings_that_do_not_fit_are_told(tmp_path: Path, given: dict[str, object], check: str, level: Level) -> None:
    """A selector that is missing, a sender without a domain, returns that go elsewhere."""
    assert levels(settings_of(tmp_path, **given), GOOD)[check] is level


def test_without_dns_nothing_is_claimed(tmp_path: Path) -> None:
    """Offline it says that it could not ask."""

    def silent(_name: str, _kind: str) -> list[str]:
        raise DnsSilent("Timeout")

    found = list(look_at_sending(settings_of(tmp_path), silent))
    assert {f.check for f in found if "could not ask DNS" in f.seen} == {"sender", "SPF", "DKIM", "DMARC"}
    assert all(f.level is not Level.RED for f in found)


def test_a_resolver_without_servers_is_silence() -> None:
    """The library's own faults are told as silence, never raised as they are."""
    former = dns.resolver.default_resolver
    dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)
    try:
        with pytest.raises(DnsSilent):
            ask_dns("example.org", "TXT")
    finally:
        dns.resolver.default_resolver = former
