"""By which way does a mail leave the house: a mail server, the demo's mailbox, or none yet?"""

import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from ipaddress import ip_address
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from eventapp.models import MailboxMessage
from eventapp.transaction import transaction

TIMEOUT_SECONDS = 20
# How the text begins of what failed while connecting, so that nothing is said of the mail that happened to be tried.
# A server that stays silent later on may do so because of that one mail: a filter that reads its papers for too long.
NO_SERVER = ("no connection", "mail server refuses us")
_PORTS = {"smtp": 25, "smtps": 465}
_BAD_ADDRESS = re.compile(r" 5\.1\.(?:1|2|3|6|10)$")
_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


class SendingFailed(Exception):
    """The mail did not leave; the text names the reason, without an address, a password or words of the mail."""


class Refused(SendingFailed):
    """The other side does not want this mail, today nor tomorrow."""


class NoSuchAddress(Refused):
    """The mail server of the recipient does not know this address."""


class TryLater(SendingFailed):
    """It may work later; other mails may work now."""


class Unreachable(TryLater):
    """It may work later, and until then no mail will leave."""


class Letterhead(NamedTuple):
    """What the settings of this machine say to every mail; an empty address leaves it to the association's settings."""

    sender: str = ""
    reply_to: str = ""
    demo: bool = False


class Transport(Protocol):
    """Use it as a context manager: whatever it keeps open lasts for one batch."""

    letterhead: Letterhead
    # How many mails may leave for one domain within a minute; None is any number.
    per_minute: int | None

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises Refused, TryLater or Unreachable."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def transport_from(config: Mapping[str, Any]) -> Transport | None:
    """The way the settings ask for; None when there is none yet, and then every mail waits.

    Refuses an SMTP_URL that it does not understand, or that would show a password to the network, with ValueError.
    """
    letterhead = Letterhead(config["MAIL_FROM"], config["MAIL_REPLY_TO"], config["DEMO"])
    if config["SMTP_URL"]:
        return SmtpTransport(config["SMTP_URL"], letterhead)
    return MailboxTransport(letterhead) if config["DEMO"] else None


class MailboxTransport:
    """Keeps every mail in the database, for the demo's page that shows them."""

    per_minute: int | None = None

    def __init__(self, letterhead: Letterhead | None = None) -> None:
        self.letterhead = letterhead or Letterhead(demo=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        with transaction() as session:
            session.add(
                MailboxMessage(
                    received_at=message["Date"].datetime,
                    to_address=message["To"].addresses[0].addr_spec,
                    subject=str(message["Subject"])[:250],
                    message=message.as_bytes(),
                )
            )


class SmtpTransport:
    """Hands mails to a mail server, over one connection that is made at the first and renewed when it breaks.

    `smtps://` is TLS from the first byte, `smtp://…?starttls=required` turns to TLS or sends nothing; both check the
    certificate.
    """

    # Well below what large mail services take from a stranger before they slow down or refuse.
    per_minute: int | None = 60

    def __init__(self, url: str, letterhead: Letterhead | None = None, *, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self.letterhead = letterhead or Letterhead()
        self._starttls = _wants_starttls(parts)
        self._secure = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "", _port(parts) or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        if self._user and not (self._secure or self._starttls or _is_loopback(self._host)):
            raise ValueError("SMTP_URL would send its password unprotected: use smtps:// or ?starttls=required")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._connection:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._hang_up()
        self._connection = None

    def sign_in(self) -> None:
        """Connect as for a mail. Raises Unreachable."""
        self._connect()

    def send(self, message: EmailMessage) -> None:
        connection = self._connection or self._connect()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            # The exception holds the address: it ends here.
            raise _about_recipient(*next(iter(error.recipients.values()))) from None
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(_said("sender refused", error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPResponseException as error:
            raise _verdict("mail refused", error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._hang_up()
            hangs = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            raise Unreachable("no answer in time") if hangs else TryLater("connection lost") from None
        except smtplib.SMTPException as error:
            raise Refused(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        try:
            self._connection = self._signed_in()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(_said("mail server refuses us", error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"no connection: {type(error).__name__}") from None
        return self._connection

    def _signed_in(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        connection: smtplib.SMTP
        if self._secure:
            connection = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=tls)
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._starttls:
                connection.starttls(context=tls)
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        # What stands there may be the end of a password that holds a / or #, so it is not repeated.
        raise ValueError(
            "SMTP_URL has a port that is no number: signs in name and password are written as %2F"
        ) from None


def _wants_starttls(parts: SplitResult) -> bool:
    """Whether the address asks for STARTTLS. Refuses an address that is not one of ours with ValueError."""
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("SMTP_URL is not like smtp://host:587?starttls=required or smtps://host")
    if asked not in ({}, {"starttls": ["required"]}):
        raise ValueError("SMTP_URL knows only ?starttls=required")
    return bool(asked) and parts.scheme == "smtp"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _verdict(what: str, code: int, answer: bytes | str) -> SendingFailed:
    """5xx is for good, anything else may pass."""
    return (Refused if code >= 500 else TryLater)(_said(what, code, answer))


def _about_recipient(code: int, answer: bytes | str) -> SendingFailed:
    """A refusal of the address itself (X.1.Y of RFC 3463) is another thing than one of the sender or of the mail."""
    verdict = _verdict("recipient refused", code, answer)
    return NoSuchAddress(str(verdict)) if code >= 500 and _BAD_ADDRESS.search(str(verdict)) else verdict


def _said(what: str, code: int, answer: bytes | str) -> str:
    """The numbers of the answer only: its words often repeat the address."""
    found = _ENHANCED_CODE.search(answer if isinstance(answer, bytes) else answer.encode())
    return f"{what}: {code}" + (f" {found[0].decode()}" if found else "")
