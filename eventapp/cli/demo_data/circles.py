"""The circles of the demo: Huisvesting with a year of meetings, HR that has just begun, and a closed kopgroep."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.people import Guest
from eventapp.cli.demo_data.registrations import Booker
from eventapp.domain.actors import SYSTEM, Role
from eventapp.domain.admission import TicketState
from eventapp.domain.circles import JoinPolicy, MeetingAnswer, MemberRole, RequestState
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup, Visibility
from eventapp.domain.registrations import State
from eventapp.domain.school_holidays import PUBLISHED
from eventapp.domain.times import local_date
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import (
    Circle,
    CircleAnswer,
    CircleGroup,
    CircleMember,
    CircleRequest,
    Event,
    Registration,
    SchoolHoliday,
    StaffGrant,
    StaffMember,
)
from eventapp.queries.circles import SOURCE
from eventapp.services.circle_series import Series, plan_series

_HUISVESTING, _KOPGROEP = "kenniskring-huisvesting-", "kopgroep-bestuurders-"
_MEMBERS = 18
_HR_DAYS = ((2, 9), (6, 8), (10, 12))


@dataclass(frozen=True)
class DemoCircles:
    """What the circles are made of."""

    events: Sequence[Event]
    guests: Sequence[Guest]
    calendar: DemoCalendar
    now: datetime


def make_circles(demo: DemoCircles, booker: Booker) -> None:
    """Three circles with their people, and the holidays of three school years."""
    coordinator = db.session.query(StaffMember).filter_by(role=Role.KRINGCOORDINATOR).one()
    _housing(demo, booker, coordinator)
    _hr(demo, coordinator)
    _leaders(demo)
    db.session.add_all(
        SchoolHoliday(name=one.name, region=one.region, first_on=one.first, last_on=one.last, source=one.source)
        for year in PUBLISHED.values()
        for one in year
    )
    db.session.flush()


def _runs(coordinator: StaffMember, now: datetime) -> StaffGrant:
    return StaffGrant(staff=coordinator, role=Role.KRINGCOORDINATOR, created_at=now)


def _housing(demo: DemoCircles, booker: Booker, coordinator: StaffMember) -> None:
    meetings = [event for event in demo.events if event.slug.startswith(_HUISVESTING)]
    circle = new_circle(
        demo,
        "kenniskring-huisvesting",
        "Kenniskring Huisvesting",
        summary="Vijf keer per jaar ervaringen delen over bouwen, verbouwen en beheren van kindcentra.",
        description="U brengt een vraag of voorbeeld uit uw eigen organisatie mee. Eén van de deelnemers bereidt een "
        "korte inleiding voor; daarna is er alle tijd voor gesprek.",
        field=Field.HUISVESTING,
    )
    circle.groups = [CircleGroup(code=TargetGroup.ORGANISATIEDESKUNDIGE)]
    circle.coordinators = [_runs(coordinator, demo.now)]
    _meet(circle, meetings)
    rows = list(booker.fill_circle(meetings, members=_MEMBERS, source=SOURCE))
    db.session.add_all(rows)
    people = {row.person: row for row in rows}
    members = [
        new_member(demo, circle, row, joined=local_date(demo.now) - timedelta(days=90)) for row in people.values()
    ]
    members[1].role = MemberRole.WAARNEMEND
    db.session.flush()
    _answer(demo, meetings[0], members)


def _answer(demo: DemoCircles, meeting: Event, members: Sequence[CircleMember]) -> None:
    """Most come, some cannot, the last ones did not say."""
    said = random.Random(meeting.id)
    for member in members[:-5]:
        answer = MeetingAnswer.VERHINDERD if said.random() < 0.2 else MeetingAnswer.JA
        reason = "Die dag is er een opening op een van onze locaties." if answer.stays_away else ""
        row = CircleAnswer(event_id=meeting.id, member_id=member.id, answer=answer, reason=reason, answered_at=demo.now)
        db.session.add(row)
        if answer.stays_away:
            _give_back(meeting, member, at=demo.now)


def _give_back(meeting: Event, member: CircleMember, *, at: datetime) -> None:
    found = db.session.query(Registration).filter_by(event_id=meeting.id, person_id=member.person_id).one()
    found.state, found.cancelled_at = State.CANCELLED, at
    found.holds.clear()
    meeting.capacities[0].taken -= 1
    for ticket in found.tickets:
        ticket.state, ticket.ended_at = TicketState.CANCELLED, at


def _hr(demo: DemoCircles, coordinator: StaffMember) -> None:
    """Its meetings are in the agenda; the worker gives the first members their places."""
    circle = new_circle(
        demo,
        "kenniskring-hr",
        "Kenniskring HR",
        summary="Eén team, twee cao’s: hoe regelt u dat in de praktijk?",
        description="Drie bijeenkomsten per jaar voor wie in een kindcentrum over personeel gaat.",
        field=Field.HR,
        join_policy=JoinPolicy.APPROVAL,
    )
    circle.groups = [CircleGroup(code=TargetGroup.ORGANISATIEDESKUNDIGE), CircleGroup(code=TargetGroup.DIRECTEUR)]
    circle.coordinators = [_runs(coordinator, demo.now)]
    db.session.flush()
    series = Series(
        days=[demo.calendar.day(month, day) for month, day in _HR_DAYS],
        begins=time(15, 30),
        ends=time(17, 0),
        online_url="https://vergadering.example/kring-hr",
        capacity=30,
    )
    plan_series(circle.id, series, publish=True, by=SYSTEM, now=demo.now)
    for guest in [guest for guest in demo.guests if guest.member][20:24]:
        _guest_member(demo, circle, guest)
    asked = CircleRequest(
        circle=circle,
        given_name="Roos",
        infix="van",
        family_name="Teamwerk",
        address="roos.vanteamwerk@zonnevlinder.example",
        function_group=TargetGroup.DIRECTEUR,
        message="Wij voegen dit jaar twee teams samen en leren graag van anderen.",
        state=RequestState.AWAITING_APPROVAL,
        created_at=demo.now - timedelta(hours=7),
        proven_at=demo.now - timedelta(hours=6),
    )
    db.session.add(asked)


def _leaders(demo: DemoCircles) -> None:
    meetings = [event for event in demo.events if event.slug.startswith(_KOPGROEP)]
    circle = new_circle(
        demo,
        "kopgroep-bestuurders",
        "Kopgroep bestuurders",
        summary="Besloten groep van bestuurders die voorop lopen.",
        kind=EventKind.KOPGROEP,
        visibility=Visibility.BESLOTEN,
        join_policy=JoinPolicy.CLOSED,
        sit_in=False,
    )
    _meet(circle, meetings)
    coming = db.session.query(Registration).filter_by(event_id=meetings[0].id, state=State.CONFIRMED)
    for row in coming.order_by(Registration.id):
        row.source = SOURCE
        new_member(demo, circle, row, joined=local_date(demo.now) - timedelta(days=200)).by_hand = True


def new_circle(demo: DemoCircles, slug: str, name: str, **more: object) -> Circle:
    values: dict[str, object] = {"form": EventForm.ONLINE, "contact": "kringcoordinator@kindcentra.example"}
    values |= {"season": str(demo.calendar.year), "created_at": demo.now, "updated_at": demo.now}
    circle = Circle(slug=slug, name=name, **(values | more))
    db.session.add(circle)
    db.session.flush()
    return circle


def _meet(circle: Circle, meetings: Sequence[Event]) -> None:
    for event in meetings:
        event.circle_id = circle.id


def new_member(demo: DemoCircles, circle: Circle, row: Registration, *, joined: date) -> CircleMember:
    member = CircleMember(
        circle=circle,
        person=row.person,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        address=row.address,
        function_group=row.function_group,
        joined_on=joined,
        token=new_token(),
        created_at=row.created_at,
    )
    db.session.add(member)
    return member


def _guest_member(demo: DemoCircles, circle: Circle, guest: Guest) -> None:
    member = CircleMember(
        circle=circle,
        person=guest.person,
        organisation=guest.organisation,
        organisation_name=guest.organisation_name,
        address=guest.address,
        function_group=guest.group,
        joined_on=local_date(demo.now),
        token=new_token(),
        created_at=demo.now,
    )
    db.session.add(member)
