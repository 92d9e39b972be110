"""What the office of the demo decided about mail: words of its own for the themadag, and an address that is wrong."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import EventKind
from eventapp.domain.mail_texts import Words
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Registration
from eventapp.services import mail_texts, outbox, reminding

_WORDS = Words(
    opening="Beste {voornaam},\n\nLeuk dat u er bij bent. Neem *iets te schrijven* mee: u gaat zelf aan de slag.",
    closing="Tot ziens in Utrecht!\n\nHet servicebureau van {vereniging}",
)


def write_mail(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load."""
    themadag = next(event for event in events if event.kind == EventKind.THEMADAG)
    mail_texts.say("reminder", themadag.id, _WORDS, by=SYSTEM, now=now - timedelta(days=5))
    reminding.set_reminders(themadag.id, [14, 7, 1], online=True, by=SYSTEM, now=now - timedelta(days=5))
    outbox.bury(_somebody(themadag), by=SYSTEM, now=now - timedelta(days=2))


def _somebody(event: Event) -> str:
    """Who comes and was registered last."""
    coming = sa.select(Registration.address).where(
        Registration.event_id == event.id, Registration.state == State.CONFIRMED
    )
    return db.session.scalars(coming.order_by(Registration.id.desc()).limit(1)).one()
