"""Who could not read in time that they were asked: a term begins anew when the house was to blame, and not for ever."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.mail.deliver import TOO_LATE
from eventapp.models import MailState, OutboxMail, Registration
from eventapp.services import cancelling, lapsing, mails, offering
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.reading import all_mails, kinds, last_mail
from tests.services.test_offering import entry_of, wait

DAY = timedelta(days=1)
FULL = {"tries": 5, "last_error": "recipient refused: 452 4.2.2"}
pytestmark = pytest.mark.usefixtures("app")


def owes(**more: Any) -> Registration:
    """Somebody whom the office added: only a mail tells them that there is something to pay."""
    terms = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": 9500}
    event = make_event(starts_at=NOW + 60 * DAY, prices={Category.NIET_LID: 9500})
    registration = make_registration(event, expires_at=NOW + DAY, **terms, **more)
    mails.asks_money(registration, now=NOW, key="first")
    db.session.commit()
    return registration


def fared(**values: Any) -> None:
    """What became of every mail so far."""
    db.session.execute(sa.update(OutboxMail).values(values))
    db.session.commit()


@pytest.mark.parametrize(
    ("values", "anew"),
    [
        ({"tries": 0}, True),
        ({"tries": 7, "last_error": "no connection: ConnectionRefusedError"}, True),
        ({"tries": 2, "last_error": "mail server refuses us: 421"}, True),
        ({"state": MailState.FAILED, "tries": 1, "last_error": TOO_LATE}, True),
        ({"state": MailState.FAILED, "tries": 5, "last_error": TOO_LATE}, False),
        ({"tries": 1, "last_error": "no answer in time"}, False),
        (FULL, False),
        ({"state": MailState.SENT, "sent_at": NOW}, False),
    ],
)
def test_who_was_never_asked_to_pay_is_asked_again_with_a_new_term(values: dict[str, Any], anew: bool):
    registration = owes()
    fared(**values)

    lapsed = lapsing.lapse_unpaid(None, now=NOW + DAY)

    found = (registration.state, registration.expires_at, kinds())
    assert lapsed == (not anew)
    if anew:
        assert found == (State.AWAITING_PAYMENT, NOW + 2 * DAY, ["pay", "pay"])
        assert last_mail("pay").useless_at == NOW + 2 * DAY
    else:
        assert found == (State.EXPIRED, NOW + DAY, ["pay", "payment_lapsed"])


def test_a_place_waits_for_payment_by_a_mail_that_cannot_leave_for_three_terms_at_most():
    registration = owes()

    lapsed = [lapsing.lapse_unpaid(None, now=NOW + days * DAY) for days in (1, 2, 3)]

    assert lapsed == [0, 0, 1]
    assert (registration.state, kinds()) == (State.EXPIRED, ["pay", "pay", "pay", "payment_lapsed"])


def test_an_order_for_several_is_asked_again_once():
    first = owes()
    terms = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": 9500}
    second = make_registration(first.event, expires_at=NOW + DAY, **terms)
    second.order = first.order
    db.session.commit()

    lapsing.lapse_unpaid(None, now=NOW + DAY)

    assert [one.expires_at for one in (first, second)] == [NOW + 2 * DAY] * 2
    assert len(all_mails()) == 2


def test_nobody_is_asked_again_for_an_event_that_has_begun():
    registration = owes()
    registration.event.starts_at = NOW + DAY
    db.session.commit()

    assert lapsing.lapse_unpaid(None, now=NOW + DAY) == 1


def offered() -> int:
    event = make_event(capacity=1, starts_at=NOW + 60 * DAY)
    holder = make_registration(event)
    waiting = wait(event, "wacht@zonnevlinder.example")
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)
    return waiting


def test_a_full_mailbox_keeps_no_place_from_the_next_in_line():
    waiting = offered()
    fared(**FULL)

    lapsed = offering.lapse_offers(now=NOW + DAY)

    assert (lapsed, db.session.get_one(Registration, waiting).state) == (1, State.EXPIRED)


def test_an_offer_that_cannot_leave_begins_anew_twice():
    waiting = offered()

    lapsed = [offering.lapse_offers(now=NOW + days * DAY) for days in (1, 2, 3)]

    assert lapsed == [0, 0, 1]
    assert kinds().count("place_offered") == 3
    assert entry_of(waiting).until == NOW + 3 * DAY
