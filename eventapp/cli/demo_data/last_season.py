"""A circle of the demo whose season is over: four meetings, one of which was called off, and who was at them."""

import random
from datetime import timedelta

from eventapp.cli.demo_data import aftermath
from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.circles import DemoCircles, new_circle, new_member
from eventapp.cli.demo_data.events import Entry, make_event
from eventapp.cli.demo_data.registrations import Booker
from eventapp.domain.circles import MeetingAnswer, MemberRole
from eventapp.domain.events import EventForm, EventKind, EventState, Field, TargetGroup
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import CircleAnswer, Event
from eventapp.queries.circles import SOURCE

_THEMES = ("de begroting van een kindcentrum", "btw bij verhuur", "de meerjarenraming", "de jaarrekening")
_WEEKS_AGO = (24, 17, 11, 5)
_OFF = 2
_MEMBERS = 14


def last_season(demo: DemoCircles) -> list[Event]:
    """Its meetings, with everybody who was in it; numbers of its own, so that the rest of the demo stays as it is."""
    numbers = random.Random("kenniskring-financien")
    meetings = [make_event(_entry(demo.calendar, number), demo.calendar) for number in range(len(_THEMES))]
    db.session.add_all(meetings)
    circle = new_circle(
        demo,
        "kenniskring-financien",
        "Kenniskring Financiën",
        summary="Geld volgt het kind, maar via twee stromen: controllers en bestuurders wisselen ervaringen uit.",
        field=Field.FINANCIEN,
        season=str(meetings[0].starts_at.year),
    )
    for event in meetings:
        event.circle_id = circle.id
    held = [event for event in meetings if event.state == EventState.PUBLISHED]
    rows = list(Booker(list(demo.guests), numbers, now=demo.now).fill_circle(held, members=_MEMBERS, source=SOURCE))
    db.session.add_all(rows)
    db.session.flush()
    joined = local_date(meetings[0].starts_at) - timedelta(days=20)
    members = [new_member(demo, circle, row, joined=joined) for row in {row.person: row for row in rows}.values()]
    # One came later, one only watched, and most say beforehand whether they come.
    members[2].joined_on, members[3].role = local_date(held[1].starts_at), MemberRole.WAARNEMEND
    db.session.flush()
    for event in held:
        at = event.starts_at - timedelta(days=4)
        said = {"event_id": event.id, "answer": MeetingAnswer.JA, "answered_at": at}
        db.session.add_all(CircleAnswer(member_id=one.id, **said) for one in members[:-4])
        own = [row for row in rows if row.event is event]
        aftermath.log(own)
        aftermath.let_in(event, own, numbers)
    return meetings


def _entry(calendar: DemoCalendar, number: int) -> Entry:
    at = calendar.past(_WEEKS_AGO[number], 1, "15.00")
    off = number == _OFF
    return Entry(
        slug="kenniskring-financien-{date}",
        title=f"Kenniskring Financiën: {_THEMES[number]}",
        kind=EventKind.KENNISKRING,
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        summary=f"Bijeenkomst van de kenniskring Financiën over {_THEMES[number]}.",
        description="U brengt een vraag of voorbeeld uit uw eigen organisatie mee.",
        form=EventForm.ONLINE,
        online_url="https://vergadering.example/kring-financien",
        size=30,
        groups=(TargetGroup.ORGANISATIEDESKUNDIGE,),
        fields=(Field.FINANCIEN,),
        state=EventState.CANCELLED if off else EventState.PUBLISHED,
        cancel_reason="De spreker was ziek." if off else "",
    )
