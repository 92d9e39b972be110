"""Who hears that something is wrong, where nobody watches? By a mail past the outbox, which may be what is stuck."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from eventapp import wording
from eventapp.mail.headers import MailPolicy
from eventapp.mail.transports import SendingFailed, SmtpTransport
from eventapp.queries.association import load_association


def tell(ailments: Sequence[str], *, settings: Mapping[str, Any], now: datetime) -> None:
    """Mail these lines to ALARM_TO, without the database where that is away. Raises SendingFailed."""
    to, url = settings["ALARM_TO"], settings["SMTP_URL"]
    if not (to and url):
        raise SendingFailed("ALARM_TO and SMTP_URL are needed for that")
    where = urlsplit(settings["PUBLIC_BASE_URL"]).hostname or ""
    message = EmailMessage(policy=MailPolicy())
    message["From"] = settings["MAIL_FROM"] or _sender() or to
    message["To"] = to
    message["Subject"] = wording.alarm_subject(where, len(ailments))
    message["Date"] = now
    message["Message-ID"] = make_msgid(domain=where)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(wording.alarm_text(where, ailments), cte="quoted-printable")
    with SmtpTransport(url) as transport:
        transport.send(message)


def _sender() -> str:
    try:
        return load_association().mail_from
    except SQLAlchemyError:
        return ""
