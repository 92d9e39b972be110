"""What may strangers make us mail? So much that no school is kept out, and so little that no mailbox is flooded."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import TooManyRequests
from eventapp.domain.limits import LIMITS
from eventapp.domain.pricing import Category
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Event, Order, OutboxMail, Person, Registration
from eventapp.services import correcting, handing_over
from eventapp.services.bookings import Booking, Colleague
from eventapp.services.registering_together import register_together
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration

SCHOOL = "one address on the internet"
FULL_ORDERS = LIMITS["registering_by_visitor"].most
FULL_MAILBOX = LIMITS["registering_to_mailbox"].most


def test_no_limit_keeps_out_a_school_of_sixty_in_ten_minutes() -> None:
    """With one address on the internet, or one mailbox, for all of them."""
    limits = [LIMITS["registering_by_visitor"], LIMITS["registering_to_mailbox"]]

    assert min(limit.most for limit in limits) >= 60


def booked_before(event: Event, person: Person, *, orders: int = 0, mails: int = 0) -> None:
    """So many orders from the school, and so many first mails to Marieke, made just now."""
    order = {"event_id": event.id, "booker_id": person.id, "address": "x@elders.example", "visitor_key": SCHOOL}
    rows = [order | {"token": new_token(), "pay_token": new_token(), "created_at": NOW} for _ in range(orders)]
    mail = {"kind": "confirm_address", "to_address": "marieke@elders.example", "created_at": NOW}
    mail |= {"subject": "", "text": "", "html": ""}
    sent = [mail | {"purpose": new_token(), "message_id": new_token()} for _ in range(mails)]
    for model, values in ((Order, rows), (OutboxMail, sent)):
        if values:
            db.session.execute(sa.insert(model), values)
    db.session.commit()


@pytest.mark.parametrize(
    ("before", "later"),
    [({"orders": FULL_ORDERS - 1}, timedelta(minutes=10)), ({"mails": FULL_MAILBOX - 1}, timedelta(hours=1))],
)
def test_one_more_goes_and_the_next_waits(app: Flask, before: dict, later: timedelta) -> None:
    event = make_event()
    booked_before(event, make_person(), **before)

    book(event, visitor_key=SCHOOL, given_name="Anna")
    with pytest.raises(TooManyRequests):
        book(event, visitor_key=SCHOOL, given_name="Bram")
    with pytest.raises(TooManyRequests):
        register_together(_with_a_colleague(event), by=VISITOR, now=NOW, can_pay=True)

    assert book(event, visitor_key=SCHOOL, given_name="Bram", now=NOW + later).registration_id


def _with_a_colleague(event: Event) -> Booking:
    who = {"given_name": "Cas", "infix": "", "family_name": "Bakker"}
    colleague = Colleague(address="dirk@elders.example", **who | {"given_name": "Dirk"})
    booking = Booking(event_id=event.id, address="marieke@elders.example", visitor_key=SCHOOL, **who)
    return replace(booking, colleagues=(colleague,))


@pytest.mark.parametrize("prices", [{}, {Category.NIET_LID: 14500}], ids=["free", "priced"])
def test_sixty_of_a_school_share_a_mailbox_and_who_confirmed_counts_no_more(app: Flask, prices: dict) -> None:
    """Each gets a first mail, and once that is read others about the same place."""
    event = make_event(capacity=200, prices=prices) if prices else make_event(capacity=200)
    booked_before(event, make_person(), mails=FULL_MAILBOX - 2)
    first = book(event, visitor_key=SCHOOL, given_name="Anna")
    more = {"to_address": "marieke@elders.example", "created_at": NOW, "registration_id": first.registration_id}
    more |= {"kind": "pay", "subject": "", "text": "", "html": "", "message_id": new_token()}
    db.session.execute(sa.insert(OutboxMail).values(purpose=f"pay-order-{first.order_id}-again", **more))
    db.session.commit()

    book(event, visitor_key=SCHOOL, given_name="Bram")
    with pytest.raises(TooManyRequests):
        book(event, visitor_key=SCHOOL, given_name="Cas")
    db.session.execute(sa.update(Registration).values(proven_at=NOW))
    db.session.commit()

    assert book(event, visitor_key=SCHOOL, given_name="Cas").registration_id


def test_what_the_office_or_a_program_booked_is_not_counted_to_a_mailbox(app: Flask) -> None:
    event = make_event(capacity=200)
    booked_before(event, make_person(), mails=FULL_MAILBOX - 1)
    book(event, visitor_key="", given_name="Anna")

    assert book(event, visitor_key=SCHOOL, given_name="Bram").registration_id


def test_a_school_signs_in_behind_one_address() -> None:
    limit = LIMITS["sign_in_by_visitor"]

    assert limit.most >= 60 and limit.over <= timedelta(minutes=10)


def test_another_visitor_is_not_held_up_and_neither_is_a_program(app: Flask) -> None:
    event = make_event()
    booked_before(event, make_person(), orders=FULL_ORDERS)

    other = book(event, visitor_key="somebody else")
    program = book(event, "bram@elders.example", visitor_key="", given_name="Bram")

    assert other.registration_id != program.registration_id


def test_a_link_mails_six_times_an_hour_in_whatever_way_and_the_office_goes_on(app: Flask) -> None:
    organisation = make_organisation()
    place = make_registration(make_event(), organisation_id=organisation.id).id
    ways = (
        lambda n: correcting.resend(place, by=VISITOR, now=NOW + timedelta(minutes=n)),
        lambda n: correcting.correct_address(place, f"a{n}@zonnevlinder.example", by=VISITOR, now=NOW),
        lambda n: handing_over.offer(place, f"b{n}@zonnevlinder.example", "Bram", "", "Bakker", by=VISITOR, now=NOW),
    )
    for n in range(6):
        ways[n % 3](n)

    for way in ways:
        with pytest.raises(TooManyRequests):
            way(7)

    correcting.resend(place, by=OFFICE, now=NOW + timedelta(minutes=8))
    correcting.resend(place, by=VISITOR, now=NOW + timedelta(hours=2))
