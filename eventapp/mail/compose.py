"""How does a mail get its words? Rendered once, when written, into a row of the outbox."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app, render_template

from eventapp.domain.addresses import mail_domain
from eventapp.domain.association import Association
from eventapp.domain.mail_texts import Worded, Words
from eventapp.domain.tokens import new_token
from eventapp.extensions import db, insert_into, run
from eventapp.links import Links
from eventapp.mail.colours import in_own_colours
from eventapp.mail.office_words import said_in
from eventapp.models import OutboxMail, Registration
from eventapp.queries.association import load_association

_OUTBOX: sa.Table = OutboxMail.__table__  # type: ignore[assignment]


class Recipient(NamedTuple):
    """Who gets it. `registration` ties the mail to what it is about."""

    address: str
    name: str = ""
    registration: Registration | None = None


def links() -> Links:
    """Addresses for mails: they begin with the public base URL, never with the Host header."""
    return Links(current_app.config["PUBLIC_BASE_URL"])


class Wording(NamedTuple):
    """What a mail says."""

    subject: str
    text: str
    html: str


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
    useless_at: datetime | None = None,
    **words: Any,
) -> bool:
    """Put one mail in the outbox, within the transaction of the change it tells about.

    `purpose` names what this mail is for; a second mail for the same purpose is not written and False is returned.
    The words come from templates/mail/<kind>.txt (whose first line is the subject) and .html. `attachments` are
    specifications that deliver.py draws when it sends: {"draw": "ticket", "ticket_id": 7}. From `useless_at` on it is
    not sent any more.
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
        useless_at=useless_at,
    )


def letter(kind: str, to: Recipient, *, now: datetime, association: Association, **words: Any) -> Letter:
    """A mail, for `post`; apart from `write` where nothing slow may happen once a place is taken.

    `words` are those of `word`.
    """
    return sealed(kind, to, word(kind, to, now=now, association=association, **words), now=now, association=association)


def word(
    kind: str,
    to: Recipient,
    *,
    now: datetime,
    association: Association,
    office: Words | None = None,
    said: Worded | None = None,
    **words: Any,
) -> Wording:
    """What a letter says, without the marks of one letter.

    `office` is tried instead of the texts that the office keeps; `said` is all that it says, filled in.
    """
    if said is None:
        said = said_in(kind, to.name, to.registration, words.get("event"), association=association, office=office)
    context = {
        "association": association,
        "links": links(),
        "to": to,
        "now": now,
        "r": to.registration,
        "said": said,
        **words,
    }
    subject, _, text = render_template(f"mail/{kind}.txt", **context).strip().partition("\n")
    context["subject"] = said.subject or subject.strip()
    html = in_own_colours(render_template(f"mail/{kind}.html", **context), association)
    return Wording(context["subject"], text.strip() + "\n", html)


def sealed(kind: str, to: Recipient, wording: Wording, *, now: datetime, association: Association) -> Letter:
    """A letter in these words, with a number of its own."""
    return Letter(
        kind=kind,
        to=to,
        subject=wording.subject[:250],
        text=wording.text,
        html=wording.html,
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
    useless_at: datetime | None = None,
) -> bool:
    """Put it in the outbox, within a transaction, unless there is one for the same purpose; False is returned then."""
    about = {"event_id": event_id, "registration_id": registration_id, "useless_at": useless_at}
    row = {**outbox_values(written), "purpose": purpose, "attachments": attachments or [], **about}
    return run(_post_statement(db.engine.dialect.name), row).scalar() is not None


def outbox_values(written: Letter) -> dict[str, Any]:
    """What a row of the outbox holds of the letter itself."""
    return {
        "kind": written.kind,
        "to_address": written.to.address,
        "to_domain": mail_domain(written.to.address)[:255],
        "to_name": written.to.name,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
        "message_id": written.message_id,
        "next_try_at": written.written_at,
        "created_at": written.written_at,
    }


@cache
def _post_statement(dialect: str) -> Any:
    insert = insert_into(_OUTBOX, dialect)
    return insert.on_conflict_do_nothing(index_elements=[_OUTBOX.c.purpose]).returning(_OUTBOX.c.id)
