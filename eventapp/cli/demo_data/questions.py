"""What the demo asks of people: two questions and all standard ones at the themadag, which most have answered."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.actors import Actor
from eventapp.domain.care import CARE_CONSENT, PHOTO_TEXT, AccessNeed, Block, Diet
from eventapp.domain.events import EventKind
from eventapp.domain.questions import Condition, QuestionKind
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Answer, CareAnswer, Event, PhotoChoice, Registration
from eventapp.services import asking
from eventapp.services.asking import QuestionDetails

_OFFICE = Actor("system", "Voorbeeldgegevens")
_ANSWERED, _SEED = 0.8, 14
_TRAVEL = ("Met de trein", "Met de auto", "Op de fiets")
_DIETS: tuple[tuple[Diet, ...], ...] = (
    *((),) * 12,
    *((Diet.VEGETARISCH,),) * 5,
    (Diet.VEGANISTISCH,),
    (Diet.HALAL,),
    (Diet.GLUTENVRIJ,),
    (Diet.VEGETARISCH, Diet.GLUTENVRIJ),
    (Diet.LACTOSEVRIJ, Diet.NOTENALLERGIE),
)
_REMARKS = {17: "Geen koriander", 58: "Allergisch voor schaaldieren"}
_NEEDS: dict[int, tuple[tuple[AccessNeed, ...], str]] = {
    23: ((AccessNeed.ROLSTOEL,), ""),
    71: ((AccessNeed.RINGLEIDING,), ""),
    94: ((), "Graag een zitplaats dicht bij de deur"),
}


def ask_around(events: Sequence[Event], calendar: DemoCalendar) -> None:
    """Within the transaction of the load, once everybody has registered."""
    event = next(event for event in events if event.kind == EventKind.THEMADAG)
    asked_at = calendar.now - timedelta(days=70)
    who: dict[str, Any] = {"by": _OFFICE, "now": asked_at}
    travel = asking.add_question(
        event.id,
        QuestionKind.CHOICE,
        QuestionDetails("Hoe komt u naar Utrecht?", 30, required=True, options=_TRAVEL),
        **who,
    )
    seats = asking.add_question(
        event.id,
        QuestionKind.NUMBER,
        QuestionDetails(
            "Hoeveel mensen kunt u meenemen vanaf het station?",
            14,
            help="Wij brengen u in contact met wie een plaats zoekt.",
            condition=Condition(question_id=travel, values=frozenset({"Met de auto"})),
        ),
        **who,
    )
    asking.choose_blocks(event.id, frozenset(Block), **who)
    numbers = random.Random(_SEED)
    coming = sa.select(Registration).where(Registration.event_id == event.id, Registration.state == State.CONFIRMED)
    for place, registration in enumerate(db.session.scalars(coming.order_by(Registration.id)).all()):
        if numbers.random() < _ANSWERED:
            at = (registration.confirmed_at or asked_at) + timedelta(minutes=4)
            _answer(registration, numbers, travel, seats, at=at)
            _say_needs(registration, numbers, place, at=at)


def _answer(registration: Registration, numbers: random.Random, travel: int, seats: int, *, at: datetime) -> None:
    chosen = numbers.choices(_TRAVEL, weights=(6, 3, 1))[0]
    key = {"registration_id": registration.id, "answered_at": at}
    db.session.add(Answer(question_id=travel, value=chosen, **key))
    if chosen == "Met de auto":
        db.session.add(Answer(question_id=seats, value=numbers.randrange(4), **key))


def _say_needs(registration: Registration, numbers: random.Random, place: int, *, at: datetime) -> None:
    diets, remark = numbers.choice(_DIETS), _REMARKS.get(place, "")
    access, access_other = _NEEDS.get(place, ((), ""))
    special = bool(diets or remark or access or access_other)
    key = {"registration_id": registration.id, "answered_at": at}
    care = CareAnswer(
        diets=" ".join(sorted(diets)),
        diet_other=remark,
        access=" ".join(access),
        access_other=access_other,
        consent_text=CARE_CONSENT if special else "",
        consented_at=at if special else None,
        **key,
    )
    db.session.add_all([care, PhotoChoice(agreed=numbers.random() < 0.9, text_version=PHOTO_TEXT, **key)])
