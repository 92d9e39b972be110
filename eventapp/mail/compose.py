"""How does a mail get its words? Rendered once, when written, into a row of the outbox."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.domain.association import Association
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import OutboxMail, Registration
from eventapp.queries.association import load_association

_OUTBOX: sa.Table = OutboxMail.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Recipient:
    """Who gets it. `registration` ties the mail to what it is about."""

    address: str
    name: str = ""
    registration: Registration | None = None


def links() -> Links:
    """Addresses for mails: they begin with the public base URL, never with the Host header."""
    return Links(current_app.config["PUBLIC_BASE_URL"])


@dataclass(frozen=True)
class Letter:
    """A mail in words, not in the outbox yet."""

    kind: str
    to: Recipient
    subject: str
    text: str
    html: str
    message_id: str
    written_at: datetime


def practice_mark() -> str:
    """What stands on every paper of a house that only practises: DEMO, or TEST with the provider's test key."""
    if current_app.config["DEMO"]:
        return "DEMO"
    return "TEST" if (current_app.config["MOLLIE_API_KEY"] or "").startswith("test_") else ""


def write(
    kind: str,
    to: Recipient,
    *,
    purpose: str,
    now: datetime,
    attachments: list[dict[str, Any]] | None = None,
    event_id: int | None = None,
    **words: Any,
) -> bool:
    """Put one mail in the outbox, within the transaction of the change it tells about.

    `purpose` names what this mail is for; a second mail for the same purpose is not written and False is returned.
    The words come from templates/mail/<kind>.txt (whose first line is the subject) and .html. `attachments` are
    specifications that deliver.py draws when it sends: {"draw": "ticket", "ticket_id": 7}.
    """
    if db.session.scalar(sa.select(OutboxMail.id).where(OutboxMail.purpose == purpose)):
        return False
    about = to.registration
    return post(
        letter(kind, to, now=now, association=load_association(), **words),
        purpose=purpose,
        attachments=attachments,
        event_id=event_id or (about.event_id if about else None),
        registration_id=about.id if about else None,
    )


def letter(kind: str, to: Recipient, *, now: datetime, association: Association, **words: Any) -> Letter:
    """The words of a mail, for `post`; apart from `write` where nothing slow may happen once a place is taken."""
    context = {"association": association, "links": links(), "to": to, "now": now, "r": to.registration, **words}
    subject, _, text = render_template(f"mail/{kind}.txt", **context).strip().partition("\n")
    context["subject"] = subject.strip()
    return Letter(
        kind=kind,
        to=to,
        subject=context["subject"][:250],
        text=text.strip() + "\n",
        html=render_template(f"mail/{kind}.html", **context),
        message_id=f"<{new_token()}@{association.calendar_domain}>",
        written_at=now,
    )


def post(
    written: Letter,
    *,
    purpose: str,
    attachments: list[dict[str, Any]] | None = None,
    event_id: int | None = None,
    registration_id: int | None = None,
) -> bool:
    """Put it in the outbox, within a transaction, unless there is one for the same purpose; False is returned then."""
    row = {
        "purpose": purpose,
        "kind": written.kind,
        "event_id": event_id,
        "registration_id": registration_id,
        "to_address": written.to.address,
        "to_name": written.to.name,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
        "attachments": attachments or [],
        "message_id": written.message_id,
        "next_try_at": written.written_at,
        "created_at": written.written_at,
    }
    return db.session.scalar(_post_statement(db.engine.dialect.name), row) is not None


@cache
def _post_statement(dialect: str) -> Any:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(_OUTBOX)
    return insert.on_conflict_do_nothing(index_elements=[_OUTBOX.c.purpose]).returning(_OUTBOX.c.id)
