"""What changed since people registered: a member gave notice, and some of its people are coming after the last day."""

from datetime import date, datetime, timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.actors import SYSTEM
from eventapp.extensions import db
from eventapp.models import Organisation, SeenLapse
from eventapp.queries.lapses import unseen_lapses
from eventapp.services.audit import note

_LEAVES = "regenjas.example"
_STILL_TO_SEE = 2


def give_notice(organisations: list[Organisation], calendar: DemoCalendar, *, now: datetime) -> None:
    """End one membership in the summer; the office has looked at all but two of the registrations it touches."""
    leaving = next(one for one in organisations if one.domains[0].domain == _LEAVES)
    leaving.memberships[-1].ends_on = date(calendar.year, 6, 30)
    at = now - timedelta(days=3)
    note("organisation_changed", "organisation", leaving.id, by=SYSTEM, now=at, changed=["periods"])
    db.session.flush()
    db.session.add_all(
        SeenLapse(
            registration_id=found.registration.id,
            ground=found.lapse.ground,
            seen_at=now - timedelta(days=2),
            seen_by="Secretariaat",
        )
        for found in unseen_lapses(now=now)[_STILL_TO_SEE:]
    )
