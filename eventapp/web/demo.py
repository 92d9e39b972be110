"""The demo's mailbox: what did people get? It does not exist outside the demo."""

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from eventapp import formatting
from eventapp.extensions import db
from eventapp.models import MailboxMessage
from eventapp.web.access import Audience, audience, guard
from eventapp.web.sent_files import sent_file

blueprint = Blueprint("demo", __name__)
guard(blueprint)

_PER_PAGE = 50
_HEADERS = {"From": "Van", "Reply-To": "Antwoord aan", "To": "Aan"}
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
# A mail brings its own style and nothing else: no script, no picture from elsewhere, and only our own page shows it.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class Attachment(NamedTuple):
    """A file that came along; `number` counts from 1."""

    number: int
    name: str
    media_type: str
    content: bytes


@blueprint.get("/postvak")
@audience(Audience.DEMO)
def mailbox() -> str:
    """Everything that was sent, the newest first; `?aan=` keeps the mails to one address."""
    to = request.args.get("aan", "").strip()
    page = db.paginate(_newest_first(to), per_page=_PER_PAGE)
    return render_template("demo/mailbox.html", page=page, to=to)


@blueprint.get("/postvak.json")
@audience(Audience.DEMO)
def mailbox_as_json() -> Response:
    """The same as data, with the links that stand in the words."""
    to = request.args.get("aan", "").strip()
    return jsonify([_as_data(row) for row in db.session.scalars(_newest_first(to))])


@blueprint.get("/postvak/<int:message_id>")
@audience(Audience.DEMO)
def mail(message_id: int) -> str:
    """One mail as somebody gets it: who, when, the words with and without style, and what came along."""
    row = db.get_or_404(MailboxMessage, message_id)
    message = _parsed(row)
    return render_template(
        "demo/mail.html",
        row=row,
        headers=[(label, message[name]) for name, label in _HEADERS.items() if message[name]],
        text=_words(message),
        attachments=_attachments(message),
    )


@blueprint.get("/postvak/<int:message_id>/html")
@audience(Audience.DEMO)
def mail_html(message_id: int) -> Response:
    """The styled part alone, for the frame in the page; its links open in the whole window."""
    part = _parsed(db.get_or_404(MailboxMessage, message_id)).get_body(("html",))
    if part is None:
        abort(404)
    html = part.get_content().replace("<head>", '<head><base target="_top">', 1)
    return Response(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _MAIL_POLICY})


@blueprint.get("/postvak/<int:message_id>/bijlage/<int:number>")
@audience(Audience.DEMO)
def mail_attachment(message_id: int, number: int) -> Response:
    """A file that came along, as a download."""
    found = _attachments(_parsed(db.get_or_404(MailboxMessage, message_id)))
    if not 1 <= number <= len(found):
        abort(404)
    wanted = found[number - 1]
    return sent_file(wanted.content, wanted.media_type, wanted.name, attached=True)


def _newest_first(to: str) -> sa.Select[MailboxMessage]:
    """A whole address finds that address only, a piece of one finds all that contain it."""
    query = sa.select(MailboxMessage).order_by(MailboxMessage.id.desc())
    if "@" in to.strip("@"):
        return query.where(sa.func.lower(MailboxMessage.to_address) == to.lower())
    return query.where(MailboxMessage.to_address.icontains(to, autoescape=True)) if to else query


def _parsed(row: MailboxMessage) -> EmailMessage:
    return message_from_bytes(row.message, policy=default)


def _words(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return part.get_content() if part else ""


def _attachments(message: EmailMessage) -> Sequence[Attachment]:
    return [
        Attachment(number, part.get_filename() or f"bijlage-{number}", part.get_content_type(), _content(part))
        for number, part in enumerate(message.iter_attachments(), start=1)
    ]


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _as_data(row: MailboxMessage) -> dict[str, Any]:
    message = _parsed(row)
    text = _words(message)
    return {
        "id": row.id,
        "to": row.to_address,
        "subject": row.subject,
        "date": formatting.iso(row.received_at),
        "text": text,
        "links": list(dict.fromkeys(_LINK.findall(text))),
        "attachments": [
            {
                "name": found.name,
                "type": found.media_type,
                "url": url_for("demo.mail_attachment", message_id=row.id, number=found.number),
            }
            for found in _attachments(message)
        ],
    }
