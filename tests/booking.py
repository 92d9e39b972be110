"""Somebody fills in the form: a booking with dull defaults, by a visitor."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from eventapp.domain.actors import VISITOR
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Event, Person, PersonStatus
from eventapp.services.registering import Booking, Receipt, register
from tests.factories import NOW, make_person


def book(
    event: Event, address: str = "marieke@elders.example", *, now: datetime = NOW, can_pay: bool = True, **changes: Any
) -> Receipt:
    """Marieke van der Meulen registers herself from a browser; anything about the booking by keyword."""
    plain = Booking(
        event_id=event.id,
        address=address,
        given_name="Marieke",
        infix="van der",
        family_name="Meulen",
        visitor_key="v1",
    )
    return register(replace(plain, **changes), by=VISITOR, now=now, can_pay=can_pay)


def make_ambassador(address: str, *, until: date | None = None) -> Person:
    """Somebody with the status of ambassadeur, at this address."""
    person = make_person(address=address)
    person.statuses = [PersonStatus(category=Category.AMBASSADEUR, starts_on=date(2024, 1, 1), ends_on=until)]
    db.session.commit()
    return person
