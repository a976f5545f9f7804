"""Mail that came back: recognised, noted once, never counted as told; from a mailbox, by a call, and at the door."""

import mailbox
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from houses import Live, on_record, put_on_record, token_of
from hypothesis import given
from hypothesis import strategies as st

from intake.access.permissions import Permission
from intake.desk.bounces import UNKNOWN_STATUS, message_id_of, note_notification, read_notification
from intake.desk.letters import post_letter
from intake.keeper.mailing import domain_of, open_message, send_waiting, sender_of
from intake.keeper.returns import ReturnWatch, read_returns
from storage.models import Mail, MailState
from storage.profile import Profile
from storage.queries.mails import count_bounced_people, find_bounces, find_latest_bounces, has_bounced, was_told

pytestmark = pytest.mark.enable_socket


def send_letter(live: Live, to: str = "jane@example.org") -> Any:
    """A letter that the mail server took."""
    taken = put_on_record(live, Profile(name="Jane Example", emails=(to,)))
    with live.house.database.writing() as session:
        mail = post_letter(session, live.house, taken.person, template="link", to=to, subject="s", text="t")
        mail.state, mail.sent_at = MailState.SENT, live.house.now()
        session.flush()
    return mail


def notification(message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = True) -> bytes:
    """What a mail server says of a message that it could not deliver (RFC 3464, appendix)."""
    kind, returned = ("text/rfc822-headers", "") if headers_only else ("message/rfc822", "\r\nText\r\n")
    return (
        "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; jane@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\nSubject: s\r\nMessage-ID: {message_id}\r\n{returned}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_notification_names_the_message_and_the_status(live: Live, headers_only: bool) -> None:
    """Whether the server returns the headers or the whole message."""
    mail = send_letter(live)
    content = notification(message_id_of(mail, "example.org"), headers_only=headers_only)
    assert read_notification(content) == (mail.id, "5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"Subject: hello\r\n\r\nNo report.\r\n",
        notification("<somebody-elses@example.net>"),
        notification(f"<{'0' * 32}.vitavault@example.org>", action="delayed", status="4.4.1"),
        notification(f"<{'0' * 32}.vitavault@example.org>", action="delivered", status="2.0.0"),
    ],
)  # fmt: skip
def test_what_is_no_final_failure_of_ours_is_nothing(content: bytes) -> None:
    """Delays, successes and other people's mail change nothing."""
    assert read_notification(content) is None


def test_a_failure_without_a_status_is_still_a_failure() -> None:
    """Some servers say no more than that it failed."""
    content = notification(f"<{'0' * 32}.vitavault@example.org>", status="none")
    assert read_notification(content) == (bytes(16), UNKNOWN_STATUS)


@given(st.binary(max_size=2000))
def test_reading_a_notification_never_raises(content: bytes) -> None:
    """Anybody can send anything to a mailbox."""
    found = read_notification(content)
    assert found is None or len(found[0]) == 16


def test_who_mail_came_back_from_was_not_told(live: Live) -> None:
    """Noted once, however often it is reported, and for that person and address alone."""
    mail = send_letter(live)
    content = notification(message_id_of(mail, "example.org"))
    assert on_record(live, lambda s: was_told(s, mail.id))
    assert note_notification(live.house, content)
    assert note_notification(live.house, content)
    assert not on_record(live, lambda s: was_told(s, mail.id))
    assert [b.status for b in on_record(live, lambda s: find_bounces(s, mail.person_id))] == ["5.1.1"]
    address = live.house.vault.address_digest("jane@example.org")
    assert on_record(live, lambda s: has_bounced(s, mail.person_id, address))
    assert on_record(live, count_bounced_people) >= 1
    assert on_record(live, lambda s: find_latest_bounces(s, 1))


def test_a_made_up_message_id_is_believed_by_nobody(live: Live) -> None:
    """Only the random id of a message that went out counts."""
    assert not note_notification(live.house, notification(f"<{'0' * 32}.vitavault@example.org>"))


@pytest.mark.parametrize("is_folder", [True, False])
def test_the_mailbox_is_read_and_emptied_of_what_was_understood(live: Live, tmp_path: Path, is_folder: bool) -> None:
    """Maildir or mbox: notifications go, everything else stays."""
    mail, path = send_letter(live), tmp_path / "returns"
    box = mailbox.Maildir(path) if is_folder else mailbox.mbox(path)
    box.add(notification(message_id_of(mail, "example.org")))
    box.add(b"Subject: hello\n\nSomething else.\n")
    box.flush()
    box.close()
    house = live.with_settings(bounce_mailbox=str(path)).house
    assert read_returns(house) == 1
    assert not on_record(live, lambda s: was_told(s, mail.id))
    left = mailbox.Maildir(path) if is_folder else mailbox.mbox(path)
    assert len(left) == 1
    left.close()


def test_the_mailbox_is_looked_at_once_a_minute(live: Live, tmp_path: Path) -> None:
    """A mailbox that is not there is told in the log and tried again; none that is set is no work."""
    ReturnWatch(live.house).round()
    watch = ReturnWatch(live.with_settings(bounce_mailbox=str(tmp_path / "nothing" / "there")).house)
    watch.round()
    mail, path = send_letter(live), tmp_path / "box"
    mailbox.Maildir(path).add(notification(message_id_of(mail, "example.org")))
    watch = ReturnWatch(live.with_settings(bounce_mailbox=str(path)).house)
    watch.round()
    assert not on_record(live, lambda s: was_told(s, mail.id))
    mailbox.Maildir(path).add(b"Subject: x\n\n")
    watch.round()
    assert len(mailbox.Maildir(path)) == 1


def test_a_mail_server_tells_by_a_call_with_a_token_of_its_own(live: Live) -> None:
    """With the scope, as message/rfc822; anything else is refused and changes nothing."""
    mail = send_letter(live)
    content = notification(message_id_of(mail, "example.org"))
    client, path = live.client(), "/api/v1/mail/bounces"
    kind = {"Content-Type": "message/rfc822"}
    assert client.post(path, content=content, headers=kind).status_code == 401
    assert client.post(path, content=content, headers=kind | token_of(live, Permission.SEARCH)).status_code == 403
    headers = token_of(live, Permission.MAIL)
    assert client.post(path, content=content, headers=headers).status_code == 415
    assert client.post(path, content=b"hello", headers=kind | headers).json()["code"] == "not_a_return"
    assert client.post(path, content=content, headers=kind | headers).status_code == 204
    assert not on_record(live, lambda s: was_told(s, mail.id))


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({}, "no-reply@localhost"),
        ({"base_url": "https://jobs.example.org"}, "no-reply@jobs.example.org"),
        ({"smtp_host": "mail.example.org"}, "no-reply@mail.example.org"),
        ({"smtp_host": "127.0.0.1"}, "no-reply@localhost"),
        ({"mail_from": "Jobs <jobs@example.org>"}, "Jobs <jobs@example.org>"),
    ],
)
def test_a_message_always_has_a_sender(live: Live, given: dict[str, str], sender: str) -> None:
    """With neither a sender nor a mail server set it can still be opened, as the demo does."""
    house = live.with_settings(**given).house
    assert sender_of(house.settings) == sender
    assert domain_of(house.settings) in sender
    mail = send_letter(live)
    message = on_record(live, lambda s: open_message(s, house, s.get(Mail, mail.id)))
    assert message is not None
    assert message["From"] == sender
    assert mail.id.hex() in message["Message-ID"]


def test_a_message_for_a_purpose_says_no_by_itself(live: Live) -> None:
    """The mail program's own button (RFC 8058) is offered where no is an answer, and only there."""
    taken = put_on_record(live, Profile(name="Jane", emails=("jane@example.org",)))
    with live.house.database.writing() as session:
        letter = {"template": "pool", "to": "jane@example.org", "subject": "s", "text": "t"}
        optional = post_letter(session, live.house, taken.person, purpose="pool", **letter)
        plain = post_letter(session, live.house, taken.person, **letter)
        session.flush()

    def opened(mail: Mail) -> EmailMessage:
        found = on_record(live, lambda s: open_message(s, live.house, s.get(Mail, mail.id)))
        assert isinstance(found, EmailMessage)
        return found

    assert "/me/preferences/" in opened(optional)["List-Unsubscribe"]
    assert opened(optional)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert opened(plain)["List-Unsubscribe"] is None


class Refusing:
    """A mail server that takes no address, for good or for now."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse whoever it is for."""
        del server, session, envelope, address, options
        return self._answer


@contextmanager
def refusing(answer: str) -> Iterator[dict[str, object]]:
    """The settings of a mail server that answers so to every address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Refusing(answer), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "mail_from": "jobs@example.org"}
    finally:
        controller.stop()


@pytest.mark.parametrize(("answer", "came_back"), [("550 no such user", True), ("450 try again", False)])
def test_an_address_that_the_server_refuses_for_good_counts_as_come_back(
    live: Live, answer: str, came_back: bool
) -> None:
    """At once, without ten more tries; what is refused for now is tried again."""
    taken = put_on_record(live, Profile(name="Jane", emails=("gone@example.org",)))
    with live.house.database.writing() as session:
        letter = {"template": "link", "to": "gone@example.org", "subject": "s", "text": "t"}
        mail = post_letter(session, live.house, taken.person, **letter)
        session.flush()
    with refusing(answer) as settings:
        send_waiting(live.with_settings(**settings).house, limit=1000)
    row = on_record(live, lambda s: s.get(Mail, mail.id))
    assert row.state is (MailState.DEAD if came_back else MailState.WAITING)
    assert bool(on_record(live, lambda s: find_bounces(s, taken.person.id))) is came_back
