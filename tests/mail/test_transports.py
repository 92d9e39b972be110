"""Which way out do the settings give, and which settings are refused?"""

from email.message import EmailMessage

import pytest

from config import TestConfig
from eventapp.mail.transports import (
    MailboxTransport,
    Refused,
    SmtpTransport,
    TryLater,
    Unreachable,
    transport_from,
)
from tests.mail.conftest import PostOffice


def settings(**given: object) -> dict[str, object]:
    return {"SMTP_URL": "", "MAIL_FROM": "", "MAIL_REPLY_TO": "", "DEMO": False} | given


def a_message(to: str = "a@vlinder.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "post@vnk.example", to, "Proef"
    message.set_content("Proef")
    return message


def test_without_a_mail_server_nothing_leaves() -> None:
    assert transport_from(settings()) is None


def test_the_demo_has_its_mailbox() -> None:
    transport = transport_from(settings(DEMO=True))

    assert isinstance(transport, MailboxTransport)
    assert transport.letterhead.demo is True


def test_a_mail_server_goes_before_the_mailbox() -> None:
    transport = transport_from(settings(DEMO=True, SMTP_URL="smtp://127.0.0.1:25", MAIL_FROM="post@vnk.example"))

    assert isinstance(transport, SmtpTransport)
    assert transport.letterhead.sender == "post@vnk.example"


def test_the_app_has_all_these_settings() -> None:
    config = TestConfig()

    assert transport_from({name: getattr(config, name) for name in settings()}) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "mail.example:25",
        "smtp://mail.example?starttls=maybe",
        "smtp://mail.example?tls=1",
        "smtp://user:geheim@mail.example:25",
    ],
)
def test_an_address_that_is_wrong_or_unsafe_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as refusal:
        SmtpTransport(url)

    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("url", ["smtps://u:p@mail.example", "smtp://u:p@mail.example:587?starttls=required"])
def test_a_password_may_travel_protected(url: str) -> None:
    SmtpTransport(url)


def test_a_server_without_tls_gets_nothing_when_tls_is_required(post_office: PostOffice) -> None:
    transport = SmtpTransport(post_office.url + "?starttls=required")

    with pytest.raises(Unreachable, match="no connection: SMTPNotSupportedError"), transport:
        transport.send(a_message())

    assert post_office.arrived == []


def test_a_server_that_does_not_sign_us_in_is_unreachable(post_office: PostOffice) -> None:
    transport = SmtpTransport(post_office.url.replace("//", "//gebruiker:geheim@"))

    with pytest.raises(Unreachable) as failure, transport:
        transport.send(a_message())

    assert "geheim" not in str(failure.value)


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        ("550 5.1.1 <a@vlinder.example> unknown", Refused, "recipient refused: 550 5.1.1"),
        ("554 no", Refused, "recipient refused: 554"),
        ("452 4.2.2 a@vlinder.example is full", TryLater, "recipient refused: 452 4.2.2"),
    ],
)
def test_an_answer_is_told_by_its_numbers_only(
    post_office: PostOffice, answer: str, failure: type[Exception], words: str
) -> None:
    post_office.answers["a@vlinder.example"] = answer

    with pytest.raises(failure) as raised, SmtpTransport(post_office.url) as transport:
        transport.send(a_message())

    assert str(raised.value) == words
    assert raised.value.__suppress_context__ is True


def test_a_refusal_leaves_the_connection_good(post_office: PostOffice) -> None:
    post_office.answers["a@vlinder.example"] = "550 no"

    with SmtpTransport(post_office.url) as transport:
        with pytest.raises(Refused):
            transport.send(a_message())
        transport.send(a_message("b@vlinder.example"))

    assert [message["To"] for message in post_office.arrived] == ["b@vlinder.example"]
    assert post_office.connections == 1
