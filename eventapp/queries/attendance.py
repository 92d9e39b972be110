"""Who is expected at an event, and who came? In the order of Dutch lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.cancellation import Ending, ending
from eventapp.domain.circles import MemberRole
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.presence import PresenceStatus, Seen, status_of
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import (
    Breakout,
    Choice,
    Event,
    FixedPresence,
    HandOver,
    Person,
    PhotoChoice,
    Presence,
    PresenceCorrection,
    Registration,
)
from eventapp.queries.circle_facts import Belonging, CircleFacts, circle_facts
from eventapp.queries.circles import SOURCE as BY_CIRCLE

_WHOLE_EVENT = ""
_TOOK_OVER = sa.exists().where(HandOver.registration_id == Registration.id, HandOver.state == HandOverState.ACCEPTED)


class Attendee(NamedTuple):
    """One line of the list. `first_in_at` is when somebody came in first, None for who was not seen to.

    `status` is None for who does not belong on the list; once presence is fixed it is what was fixed, and `now_status`
    what would follow from scans and corrections today.
    """

    registration_id: int
    person_id: int
    given_name: str
    infix: str
    family_name: str
    organisation: str
    function: str
    category: Category
    state: State
    first_in_at: datetime | None
    no_photo: bool
    speaks: bool
    promised: bool
    corrected: bool
    status: PresenceStatus | None
    now_status: PresenceStatus | None


class _Known(NamedTuple):
    """What is the same for everybody on one list."""

    event: Event
    breakout: Breakout | None
    corrected: dict[int, PresenceStatus | None]
    circle: Mapping[int, Belonging] | None
    over: bool


def attendees(event: Event, breakout: Breakout | None = None, *, now: datetime) -> list[Attendee]:
    """Everybody on the list of the event, or of one breakout: who has a place, who came without, who sent word."""
    return [one for one in everybody(event, breakout, now=now) if one.status]


def everybody(
    event: Event, breakout: Breakout | None = None, *, now: datetime, circle: CircleFacts | None = None
) -> list[Attendee]:
    """The same with all others who ever registered, as somebody may have come who withdrew.

    `circle` saves reading who belongs to the circle, when many of its meetings are asked for.
    """
    facts = circle or circle_facts(event.circle_id)
    known = _Known(
        event=event,
        breakout=breakout,
        corrected=_corrections(event.id, breakout.slug if breakout else _WHOLE_EVENT),
        circle=facts.at(event) if facts else None,
        over=event.state != EventState.CANCELLED and event.ends_at <= now,
    )
    rows = _rows(event, breakout)
    standing = _standing(rows)
    found = [(_attendee(row, known, again=standing[row.person_id] != row.id), row) for row in rows]
    return [one for one, row in found if one.status or standing[row.person_id] == row.id]


def _standing(rows: Sequence[sa.Row]) -> dict[int, int]:
    """Which registration speaks for a person: the live one, else the last. Who withdrew and came back has several."""
    found = sorted(rows, key=lambda row: (row.state in LIVE, row.id))
    return {row.person_id: row.id for row in found}


def _rows(event: Event, breakout: Breakout | None) -> Sequence[sa.Row]:
    session = breakout.slug if breakout else _WHOLE_EVENT
    presence = sa.and_(Presence.registration_id == Registration.id, Presence.session == session)
    mine = sa.and_(Choice.registration_id == Registration.id, Choice.breakout_id == (breakout.id if breakout else None))
    fixed = FixedPresence.status if breakout is None else sa.null()
    query = (
        sa.select(
            Registration.id,
            Registration.person_id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Registration.function,
            Registration.category,
            Registration.state,
            Registration.attends,
            Registration.cancelled_at,
            Registration.source,
            Presence.first_in_at,
            Presence.device_id.is_not(None).label("at_door"),
            sa.func.coalesce(PhotoChoice.agreed, True).is_(False).label("no_photo"),
            _TOOK_OVER.label("handed_over"),
            (sa.exists().where(mine) if breakout else sa.true()).label("chose"),
            (sa.exists().where(mine, Choice.speaks) if breakout else sa.false()).label("speaks"),
            fixed.label("fixed"),
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, presence)
        .outerjoin(PhotoChoice, PhotoChoice.registration_id == Registration.id)
        .where(Registration.event_id == event.id)
        .order_by(Person.sort_key, Registration.id)
    )
    if breakout is None:
        query = query.outerjoin(FixedPresence, FixedPresence.registration_id == Registration.id)
    return db.session.execute(query).all()


def _attendee(row: sa.Row, known: _Known, *, again: bool) -> Attendee:
    """`again`: they registered again, so that withdrawing this one says nothing of them."""
    seen = _seen(row, known)
    if again:
        seen = replace(seen, expected=False, on_the_day=False, told=False)
    found = status_of(seen, over=known.over)
    settled = known.breakout is None and known.event.presence_fixed_at is not None
    return Attendee(
        registration_id=row.id,
        person_id=row.person_id,
        given_name=row.given_name,
        infix=row.infix,
        family_name=row.family_name,
        organisation=row.organisation_name,
        function=row.function,
        category=row.category,
        state=row.state,
        first_in_at=row.first_in_at,
        no_photo=row.no_photo,
        speaks=row.speaks,
        promised=seen.promised,
        corrected=seen.corrected is not None,
        status=row.fixed if settled else found,
        now_status=found,
    )


def _seen(row: sa.Row, known: _Known) -> Seen:
    event, whole = known.event, known.breakout is None
    by_video = event.form == EventForm.ONLINE or (event.form == EventForm.HYBRIDE and row.attends == EventForm.ONLINE)
    seen = Seen(
        came=row.first_in_at is not None,
        at_door=bool(row.at_door),
        by_video=by_video,
        expected=row.state == State.CONFIRMED and bool(row.chose),
        on_the_day=whole and _left_on_the_day(row, event),
        observer=row.category == Category.WAARNEMEND,
        corrected=known.corrected.get(row.id),
    )
    if known.circle is None:
        return seen
    return _as_member(seen, row, known.circle.get(row.person_id), event, whole=whole)


def _as_member(seen: Seen, row: sa.Row, member: Belonging | None, event: Event, *, whole: bool) -> Seen:
    """What the circle knows besides: a member who gave the place back sent word, and silence is no promise."""
    gave_back = row.state == State.CANCELLED and not row.handed_over and event.state != EventState.CANCELLED
    away = member is not None and (gave_back or member.stays_away)
    silent = row.source == BY_CIRCLE and (member is None or member.said is None)
    return replace(
        seen,
        told=whole and away,
        guest=(member is None or member.role == MemberRole.GAST) and row.category != Category.SPREKER,
        observer=seen.observer or (member is not None and member.role == MemberRole.WAARNEMEND),
        promised=not silent,
    )


def _left_on_the_day(row: sa.Row, event: Event) -> bool:
    if row.state != State.CANCELLED:
        return False
    how = ending(
        handed_over=bool(row.handed_over),
        event_off=event.state == EventState.CANCELLED,
        starts_at=event.starts_at,
        cancelled_at=row.cancelled_at,
    )
    return how == Ending.ON_THE_DAY


def _corrections(event_id: int, session: str) -> dict[int, PresenceStatus | None]:
    """What was said of each last by hand; None where the scans decide again."""
    rows = db.session.execute(
        sa.select(PresenceCorrection.registration_id, PresenceCorrection.to_status)
        .where(PresenceCorrection.event_id == event_id, PresenceCorrection.session == session)
        .order_by(PresenceCorrection.id)
    )
    return {row.registration_id: row.to_status for row in rows}


def corrections_of(event_id: int, *, limit: int = 200) -> Sequence[tuple[PresenceCorrection, Person]]:
    """What was corrected at an event, with whom it is about; the latest first."""
    rows = db.session.execute(
        sa.select(PresenceCorrection, Person)
        .join(Registration, Registration.id == PresenceCorrection.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(PresenceCorrection.event_id == event_id)
        .order_by(PresenceCorrection.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]
