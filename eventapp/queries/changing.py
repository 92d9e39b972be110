"""Which places are on offer to somebody else, and how did the registrations end that are off?"""

from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventapp.domain.cancellation import Ending, ending
from eventapp.domain.events import EventState
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, HandOver, Person, Registration


class Withdrawable(Protocol):
    """A registration, or as much of it."""

    @property
    def id(self) -> int: ...

    @property
    def state(self) -> State: ...


def open_hand_over(registration_id: int) -> HandOver | None:
    """The offer of this place that somebody can still accept."""
    return db.session.scalar(
        sa.select(HandOver).where(HandOver.registration_id == registration_id, HandOver.state == HandOverState.OFFERED)
    )


def hand_over_by_token(token: str) -> HandOver | None:
    """The offer behind the link in the mail to who was asked, answered or not."""
    return db.session.scalar(
        sa.select(HandOver)
        .where(HandOver.token == token)
        .options(joinedload(HandOver.registration).joinedload(Registration.event))
    )


def taken_over_from(registration_id: int) -> Registration | None:
    """In whose place somebody comes, if they took one over."""
    return db.session.scalar(
        sa.select(Registration)
        .join(HandOver, HandOver.registration_id == Registration.id)
        .where(HandOver.to_registration_id == registration_id)
    )


def endings(registrations: Iterable[Withdrawable]) -> dict[int, Ending]:
    """Of those that were withdrawn: which were handed over, and which were withdrawn on the day itself."""
    ids = [registration.id for registration in registrations if registration.state == State.CANCELLED]
    handed_over = sa.exists().where(
        HandOver.registration_id == Registration.id, HandOver.state == HandOverState.ACCEPTED
    )
    columns = sa.select(Registration.id, handed_over, Event.state, Event.starts_at, Registration.cancelled_at)
    found = db.session.execute(columns.join(Registration.event).where(Registration.id.in_(ids))) if ids else ()
    told = {
        row[0]: ending(
            handed_over=row[1], event_off=row[2] == EventState.CANCELLED, starts_at=row[3], cancelled_at=row[4]
        )
        for row in found
    }
    return {registration_id: one for registration_id, one in told.items() if one}


def withdrawn_on_the_day(event: Event) -> list[Person]:
    """Who withdrew on the first day of this event, by name."""
    off = sa.select(Registration).where(Registration.event_id == event.id, Registration.state == State.CANCELLED)
    found = db.session.scalars(
        off.join(Registration.person).options(contains_eager(Registration.person)).order_by(Person.sort_key)
    ).all()
    ended = endings(found)
    return [one.person for one in found if ended.get(one.id) == Ending.ON_THE_DAY]


def moved_answers(event: Event) -> tuple[int, int] | None:
    """Since the event went to another day: how many said to come then too, and how many did not answer yet.

    None when it was never moved, or nobody of before is left.
    """
    if event.moved_at is None:
        return None
    before = sa.and_(
        Registration.event_id == event.id,
        Registration.state == State.CONFIRMED,
        Registration.created_at < event.moved_at,
    )
    said = sa.func.coalesce(Registration.date_confirmed_at >= event.moved_at, sa.false())
    counted = sa.select(said, sa.func.count()).where(before).group_by(said)
    numbers = {bool(yes): number for yes, number in db.session.execute(counted).all()}
    return (numbers.get(True, 0), numbers.get(False, 0)) if numbers else None
