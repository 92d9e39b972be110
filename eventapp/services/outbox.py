"""The office steps in where mail does not arrive: an address that is wrong, one that works again, a mail sent anew."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.models import DeadAddress, MailState, OutboxMail
from eventapp.services.audit import note
from eventapp.transaction import transaction


def bury(address: str, *, by: Actor, now: datetime) -> None:
    """This address is wrong, says a bounce that came in elsewhere: nothing is sent there any more. Twice is once."""
    with transaction() as session:
        if session.get(DeadAddress, address) is None:
            session.add(DeadAddress(address=address, since=now, noted_by=by.name))
            note("address_dead", "address", None, by=by, now=now)


def revive(address: str, *, by: Actor, now: datetime) -> None:
    """The address works after all. What was not sent meanwhile stays so until somebody sends it anew."""
    with transaction() as session:
        found = session.get(DeadAddress, address)
        if found:
            session.delete(found)
            note("address_revived", "address", None, by=by, now=now)


def send_again(mail_id: int, *, by: Actor, now: datetime) -> None:
    """Try a mail that did not leave once more, at once. Refuses with NotFound when it left or is on its way."""
    with transaction() as session:
        mail = session.get(OutboxMail, mail_id, populate_existing=True, with_for_update=True)
        if mail is None or mail.state != MailState.FAILED:
            raise NotFound()
        mail.state, mail.tries, mail.next_try_at, mail.last_error = MailState.WAITING, 0, now, ""
        note("mail_sent_again", "mail", mail.id, by=by, now=now, event_id=mail.event_id)
