"""What goes over the line? Makes the e-mail of an outbox row, with what it carries along drawn at this moment."""

from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from eventapp import documents
from eventapp.documents.file_names import file_name
from eventapp.domain.admission import TicketState
from eventapp.extensions import db
from eventapp.mail.certificates import certificate_file
from eventapp.mail.compose import links
from eventapp.mail.entries import calendar_entry
from eventapp.mail.headers import MailPolicy
from eventapp.mail.mailings import ANNOUNCEMENT
from eventapp.mail.papers import ticket_data
from eventapp.mail.transports import Letterhead
from eventapp.models import Certificate, InvoiceFile, OutboxMail, Registration, Ticket
from eventapp.queries.association import load_association
from eventapp.queries.mail_preferences import preference_of


def build(mail: OutboxMail, letterhead: Letterhead, *, now: datetime) -> EmailMessage:
    """The mail as it leaves. Reads what its attachments need; raises when one of them cannot be drawn.

    What is out of date by now is left out: the ticket that was replaced, the invitation of somebody who withdrew.
    """
    association = load_association()
    message = EmailMessage(policy=MailPolicy())
    message["From"] = _address(letterhead.sender or association.mail_from, association.name)
    message["Reply-To"] = _address(letterhead.reply_to or association.mail_reply_to or association.email)
    message["To"] = _address(mail.to_address, mail.to_name)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = now
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.kind == ANNOUNCEMENT:
        _add_way_out(message, mail)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for wanted in sorted(mail.attachments, key=lambda wanted: wanted["draw"] != "invitation"):
        _DRAWERS[wanted["draw"]](message, mail, letterhead, wanted)
    # What cannot be written out is found here, where it stops this mail only.
    message.as_bytes()
    return message


def _add_way_out(message: EmailMessage, mail: OutboxMail) -> None:
    """RFC 8058: the button of mail programs with which one leaves. A proof for the office has none."""
    if preference := preference_of(mail.to_address):
        message["List-Unsubscribe"] = f"<{links().preferences(preference.token)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _add_invitation(message: EmailMessage, mail: OutboxMail, _letterhead: Letterhead, wanted: dict[str, Any]) -> None:
    """The invitation as an alternative, which mail programs act upon, and as a file for those that do not."""
    registration = db.session.get_one(Registration, wanted["registration_id"])
    entry = calendar_entry(registration, association=load_association(), links=links())
    method = wanted["method"]
    if method == "REQUEST" and entry.status != "CONFIRMED":
        return
    # The one who gets this mail is invited by it, whatever address the registration has by now.
    entry = replace(entry, attendee=(mail.to_name, mail.to_address))
    drawn = documents.calendar.invitation(entry, method)
    params = {"method": method, "charset": "utf-8"}
    message.add_alternative(drawn, maintype="text", subtype="calendar", params=params)
    name = file_name("afspraak", registration.event.slug, "ics")
    message.add_attachment(drawn, maintype="application", subtype="ics", filename=name)


def _add_ticket(message: EmailMessage, _mail: OutboxMail, letterhead: Letterhead, wanted: dict[str, Any]) -> None:
    ticket = db.session.get_one(Ticket, wanted["ticket_id"])
    if ticket.state != TicketState.VALID:
        return
    drawn = documents.ticket_pdf.ticket_pdf([ticket_data(ticket, demo=letterhead.demo)])
    name = file_name("ticket", ticket.registration.event.slug, "pdf")
    message.add_attachment(drawn, maintype="application", subtype="pdf", filename=name)


def _add_invoice(message: EmailMessage, _mail: OutboxMail, _letterhead: Letterhead, wanted: dict[str, Any]) -> None:
    """The papers as they were drawn once; an invoice is never drawn again."""
    files = db.session.get_one(InvoiceFile, wanted["invoice_id"])
    name = files.invoice.number or ""
    message.add_attachment(files.pdf, maintype="application", subtype="pdf", filename=file_name("factuur", name, "pdf"))
    if files.ubl:
        ubl = file_name("factuur", name, "xml")
        message.add_attachment(files.ubl, maintype="application", subtype="xml", filename=ubl)


def _add_certificate(message: EmailMessage, _mail: OutboxMail, letterhead: Letterhead, wanted: dict[str, Any]) -> None:
    """As it was given; one that was taken back meanwhile is left out."""
    given = db.session.get_one(Certificate, wanted["certificate_id"])
    if given.revoked_at is None:
        name, drawn = certificate_file(given, links(), demo=letterhead.demo)
        message.add_attachment(drawn, maintype="application", subtype="pdf", filename=name)


_DRAWERS = {
    "certificate": _add_certificate,
    "invoice": _add_invoice,
    "invitation": _add_invitation,
    "ticket": _add_ticket,
}


def _address(address: str, name: str = "") -> Address:
    """A mailbox with its name; a domain in other letters than ours in the form that mail servers know."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return Address(_one_line(name), addr_spec=f"{local}@{domain}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
