"""What the office of the demo tells many at once: an announcement that the first worker sends, and a planned mail."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import EventKind, Field, TargetGroup
from eventapp.domain.mailings import Choice, Stream
from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local, local_date
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import Event, MailPreference
from eventapp.queries.audiences import Whom, audience
from eventapp.services import mailing, outbox
from eventapp.services.mailing import Message

_NEWS = (
    "Beste {voornaam},\n\n"
    "Op *{datum}* gaat het over besturen in een kindcentrum. Twee ambassadeurs vertellen wat hun fusie bracht, en wat "
    "zij een volgende keer anders zouden doen.\n\nKomt u ook namens {organisatie}?"
)
_JACKET = "Beste {voornaam},\n\nWij gaan ook naar buiten: neem *een jas* mee.\n\nTot {datum}!"


def tell_members(events: Sequence[Event], *, now: datetime) -> None:
    """Within the transaction of the load."""
    _announce(next(event for event in events if event.kind == EventKind.WEBINAR), now=now)
    _plan(next(event for event in events if event.kind == EventKind.WERKBEZOEK), now=now)


def _announce(event: Event, *, now: datetime) -> None:
    """Two said no before, and of one the address does not work."""
    groups = frozenset({TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR})
    choice = Choice(groups=groups, kinds=frozenset({OrganisationKind.GEINTEGREERD}))
    whom = Whom(Stream.ANNOUNCEMENT, choice, event_id=event.id, topic=Field.ALGEMEEN)
    first, second, third, *_ = [one for one, left_out in audience(whom, now=now) if left_out is None]
    for one in (first, second):
        said_no = MailPreference(address_digest=digest(one.address), token=new_token(), used_at=now)
        said_no.off = Field.ALGEMEEN.value
        db.session.add(said_no)
    outbox.bury(third.address, by=SYSTEM, now=now)
    mailing_id = mailing.keep(Message(whom, "Komt u naar het webinar?", _NEWS), by=SYSTEM, now=now)
    mailing.decide(mailing_id, at=None, seen=1, by=SYSTEM, now=now)


def _plan(event: Event, *, now: datetime) -> None:
    """To who comes, three days before, in the morning."""
    whom = Whom(Stream.EVENT, Choice(states=frozenset({State.CONFIRMED})), event_id=event.id)
    at = from_local(local_date(event.starts_at) - timedelta(days=3), time(9))
    mailing_id = mailing.keep(Message(whom, "Neem een jas mee", _JACKET), by=SYSTEM, now=now)
    mailing.decide(mailing_id, at=at, seen=1, by=SYSTEM, now=now)
