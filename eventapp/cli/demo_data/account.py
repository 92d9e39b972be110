"""What the demo's association did at events of others, of which the account of the year tells."""

from collections.abc import Sequence
from datetime import timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.events import Entry, Place, make_event
from eventapp.domain.events import EventKind, Field, RegistrationMode, TargetGroup
from eventapp.extensions import db
from eventapp.models import Event, EventVisibility


def show_abroad(events: Sequence[Event], calendar: DemoCalendar) -> None:
    """A congress that is over, with its head count, and what is promised for the ones that come."""
    congress = make_event(_congress(calendar), calendar)
    db.session.add(congress)
    db.session.flush()
    db.session.add(EventVisibility(event_id=congress.id, contribution="Stand, en een lezing van het bestuur", heads=85))
    coming = [event for event in events if event.kind == EventKind.EXTERN]
    db.session.add_all(EventVisibility(event_id=event.id, contribution="Stand") for event in coming)


def _congress(calendar: DemoCalendar) -> Entry:
    starts_at = calendar.past(9, 3, "09.30")
    return Entry(
        slug="congres-samen-opgroeien-{date}",
        title="Congres Samen opgroeien (extern)",
        kind=EventKind.EXTERN,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=7),
        summary="Congres van anderen, waar u ons vindt met een stand en een lezing.",
        description="Over opgroeien in de buurt, met kinderopvang, onderwijs, welzijn en gemeenten.",
        place=Place("Congreshal De Waag", "Waagplein 1", "7411 AA", "Deventer", ""),
        groups=(TargetGroup.DIRECTEUR, TargetGroup.OVERIG),
        fields=(Field.ALGEMEEN,),
        registration=RegistrationMode.ELDERS,
        external_url="https://samen-opgroeien.example/aanmelden",
    )
