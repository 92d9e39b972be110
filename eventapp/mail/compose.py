"""How does a mail get its words? Rendered once, when written, into a row of the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import OutboxMail, Registration
from eventapp.queries.association import load_association


@dataclass(frozen=True)
class Recipient:
    """Who gets it. `registration` ties the mail to what it is about."""

    address: str
    name: str = ""
    registration: Registration | None = None


def links() -> Links:
    """Addresses for mails: they begin with the public base URL, never with the Host header."""
    return Links(current_app.config["PUBLIC_BASE_URL"])


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
    association = load_association()
    context = {"association": association, "links": links(), "to": to, "now": now, "r": to.registration, **words}
    subject, _, text = render_template(f"mail/{kind}.txt", **context).strip().partition("\n")
    context["subject"] = subject.strip()
    return _put(
        purpose=purpose,
        kind=kind,
        event_id=event_id or (to.registration.event_id if to.registration else None),
        registration_id=to.registration.id if to.registration else None,
        to_address=to.address,
        to_name=to.name,
        subject=context["subject"][:250],
        text=text.strip() + "\n",
        html=render_template(f"mail/{kind}.html", **context),
        attachments=attachments or [],
        message_id=f"<{new_token()}@{association.calendar_domain}>",
        next_try_at=now,
        created_at=now,
    )


def _put(**values: Any) -> bool:
    """Write the row, unless somebody else wrote one for the same purpose in this very moment."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(OutboxMail).values(**values)
    insert = insert.on_conflict_do_nothing(index_elements=[OutboxMail.purpose]).returning(OutboxMail.id)
    return db.session.scalar(insert) is not None
