"""What others offer in the demo: a partner's activity with who agreed to be named, and a proposal that waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.actors import Actor
from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.pricing import Category
from eventapp.domain.proposals import Proposal, WhoPays
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Organisation, Person, PersonStatus, Registration
from eventapp.services import proposing, sharing

_PARTNER = "Bouwadvies voor Kindcentra"
# Of every three who come, one says nothing to the partner.
_SILENT = 3


def offer(events: Sequence[Event], organisations: Sequence[Organisation], *, now: datetime) -> None:
    """Say who offers the activities of partners, and let most of who come agree that they are named."""
    partner = next(one for one in organisations if one.name == _PARTNER)
    for event in (one for one in events if one.kind == EventKind.PARTNERACTIVITEIT):
        event.offered_by_id = partner.id
        db.session.flush()
        coming = sa.select(Registration).where(Registration.event_id == event.id, Registration.state == State.CONFIRMED)
        for number, registration in enumerate(db.session.scalars(coming.order_by(Registration.id)).all()):
            if number % _SILENT:
                by = Actor("person", registration.address, registration.person_id)
                sharing.say(registration.id, partner.id, agreed=True, by=by, now=now - timedelta(days=1))


def propose(calendar: DemoCalendar, *, now: datetime) -> None:
    """An ambassador proposed a breakfast yesterday, and asks for nothing but a place in the agenda."""
    lasting = sa.select(PersonStatus.person_id).where(
        PersonStatus.category == Category.AMBASSADEUR, PersonStatus.ends_on.is_(None)
    )
    one = db.session.scalars(sa.select(Person).where(Person.id.in_(lasting)).order_by(Person.id)).first()
    assert one is not None
    breakfast = Proposal(
        title="Regio-ontbijt: samen beginnen in de wijk",
        kind=EventKind.REGIONALE_ACTIVITEIT,
        form=EventForm.FYSIEK,
        starts_at=calendar.moment(6, 17, "08.30"),
        ends_at=calendar.moment(6, 17, "10.00"),
        place="Buurthuis De Kachel, Zwolle",
        for_whom="Directeuren en bestuurders in Overijssel, ook van organisaties die nog geen lid zijn",
        text="Drie kindcentra vertellen hoe zij begonnen. Daarna gaan wij in groepjes in gesprek, bij koffie en brood.",
        pays=WhoPays.PROPOSER,
    )
    proposing.propose(one.address, one.id, breakfast, now=now - timedelta(days=1))
