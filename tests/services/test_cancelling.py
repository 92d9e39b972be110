"""Withdrawing one registration or a whole event: places back, tickets dead, calendars told, money planned to return."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.cancellation import Settlement
from eventapp.domain.errors import AlreadyCancelled, EventOver, NotFound, TooLateToCancel
from eventapp.domain.events import EventState
from eventapp.domain.payments import AttemptStatus, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, CancellationTerm, OutboxMail, PaymentAttempt, Refund
from eventapp.services import calling_off, cancelling, withdrawal
from eventapp.services.withdrawal import EventCancellation
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.reading import acts, kinds, last_mail, mails, states, taken

pytestmark = pytest.mark.usefixtures("app")
PRICE = 9500
REASON = "De spreker is ziek."


def paid(event, *, amount: int = PRICE, state: State = State.CONFIRMED, **attempt):
    """Somebody from outside who paid."""
    registration = make_registration(event, state=state, category=Category.NIET_LID, price_cents=PRICE)
    attempt_for(registration, amount=amount, **attempt)
    return registration


def attempt_for(registration, *, amount: int = PRICE, status: AttemptStatus = AttemptStatus.PAID, **more):
    n = db.session.scalar(sa.select(sa.func.count(PaymentAttempt.id)))
    attempt = PaymentAttempt(
        order_id=registration.order_id,
        token=f"token-{n}",
        idempotency_key=f"key-{n}",
        amount_cents=amount,
        status=status,
        provider_id=f"tr_{n}",
        mode="test",
        created_at=NOW,
        **more,
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt


def cancel(registration, *, back_cents: int = 0) -> None:
    cancelling.cancel_registration(registration.id, by=OFFICE, now=NOW, back_cents=back_cents)


def cancel_event(event, *, now=NOW) -> EventCancellation:
    return calling_off.cancel_event(event.id, reason=REASON, by=OFFICE, now=now)


def refunds() -> list[tuple[int, int, str, RefundState]]:
    found = db.session.scalars(sa.select(Refund).order_by(Refund.id))
    return [(refund.attempt.order_id, refund.amount_cents, refund.reason, refund.state) for refund in found]


# One registration, by the office


def test_a_withdrawn_registration_gives_back_its_place_and_its_code_dies():
    event = make_event()
    registration = make_registration(event)
    ticket = registration.ticket

    cancel(registration)

    assert (registration.state, registration.cancelled_at, registration.expires_at) == (State.CANCELLED, NOW, None)
    assert (ticket.state, ticket.ended_at, registration.ticket) == (TicketState.CANCELLED, NOW, None)
    assert taken(event) == 0
    assert acts() == ["cancelled"]


def test_the_mail_takes_the_entry_out_of_the_calendar():
    registration = make_registration(make_event(), calendar_sequence=2)

    cancel(registration)

    mail = last_mail("registration_cancelled")
    assert mail.attachments == [{"draw": "invitation", "registration_id": registration.id, "method": "CANCEL"}]
    assert (mail.to_address, registration.calendar_sequence) == (registration.address, 3)


def test_whoever_never_had_an_entry_gets_none_to_take_out():
    cancel(make_registration(make_event(), state=State.AWAITING_CONFIRMATION))

    assert last_mail("registration_cancelled").attachments == []


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXPIRED])
def test_what_has_ended_is_not_cancelled_again(state):
    registration = make_registration(make_event(), state=state)

    with pytest.raises(AlreadyCancelled):
        cancel(registration)

    assert kinds() == []


def test_an_unknown_registration_is_not_found():
    with pytest.raises(NotFound):
        cancelling.cancel_registration(4711, by=OFFICE, now=NOW, back_cents=0)
    with pytest.raises(NotFound):
        cancelling.cancel_own(4711, by=OFFICE, now=NOW)


def test_money_goes_back_only_when_the_office_says_so():
    event = make_event()
    kept, returned = paid(event), paid(event)

    cancel(kept)
    cancel(returned, back_cents=PRICE)

    assert refunds() == [(returned.order_id, PRICE, "cancelled", RefundState.PLANNED)]
    assert acts() == ["cancelled", "cancelled", "refund_planned"]


def test_nothing_paid_means_nothing_back():
    cancel(make_registration(make_event(), category=Category.NIET_LID, price_cents=PRICE), back_cents=PRICE)

    assert refunds() == []


def test_no_more_goes_back_than_is_left_of_what_was_paid():
    registration = paid(make_event(), refunded_cents=2000, charged_back_cents=500)

    cancel(registration, back_cents=PRICE)

    assert [refund[1] for refund in refunds()] == [7000]


def test_money_on_its_way_back_is_not_sent_twice():
    registration = paid(make_event())
    attempt = db.session.scalars(sa.select(PaymentAttempt)).one()
    db.session.add(Refund(attempt=attempt, amount_cents=PRICE, reason="x", idempotency_key="r", created_at=NOW))
    db.session.commit()

    cancel(registration, back_cents=PRICE)

    assert len(refunds()) == 1
    assert withdrawal.paid_cents(registration.order_id) == 0


def test_a_price_paid_in_two_parts_goes_back_from_both_the_latest_first():
    registration = paid(make_event(), amount=6000)
    attempt_for(registration, amount=5000)

    cancel(registration, back_cents=PRICE)

    assert [refund[1] for refund in refunds()] == [5000, 4500]


# One's own


def own(registration, *, now=NOW) -> None:
    by = Actor("person", registration.address, registration.person_id)
    cancelling.cancel_own(registration.id, by=by, now=now)


def test_a_free_place_is_given_back_by_oneself():
    event = make_event()
    registration = make_registration(event)

    own(registration)

    assert (registration.state, taken(event)) == (State.CANCELLED, 0)
    assert mails() == [("registration_cancelled", registration.address)]
    assert db.session.scalars(sa.select(AuditEntry.actor_name)).one() == registration.address


def test_after_the_start_it_is_too_late():
    event = make_event()
    registration = make_registration(event)

    with pytest.raises(TooLateToCancel):
        own(registration, now=event.starts_at)

    assert (registration.state, taken(event)) == (State.CONFIRMED, 1)


@pytest.mark.parametrize(
    ("days", "terms", "moved", "back"),
    [
        (14, (), False, PRICE),
        (13, (), False, 4750),
        (13, ((7, 80), (2, 25)), False, 7600),
        (2, ((7, 80), (2, 25)), False, 2375),
        (1, ((7, 80), (2, 25)), False, 0),
        (1, ((7, 80), (2, 25)), True, PRICE),
    ],
)
def test_what_was_paid_goes_back_by_the_terms_and_whole_once_the_event_was_moved(days, terms, moved, back):
    event = make_event(
        cancellation_terms=[CancellationTerm(days_before=before, refund_percent=percent) for before, percent in terms],
        moved_at=NOW + timedelta(days=1) if moved else None,
    )
    registration = paid(event)
    now = event.starts_at - timedelta(days=days)
    said = withdrawal.preview(registration, now=now)

    own(registration, now=now)

    assert (said.paid_cents, said.back_cents, said.free) == (PRICE, back, moved)
    assert [refund[1] for refund in refunds()] == ([back] if back else [])
    log = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "cancelled")).one()
    assert log.facts == {"paid_cents": PRICE, "back_cents": back}


def test_a_place_on_an_invoice_is_settled_by_the_office_which_hears_of_it():
    registration = make_registration(make_event(), category=Category.NIET_LID, price_cents=PRICE)
    said = withdrawal.preview(registration, now=NOW)

    own(registration)

    assert (said.settlement, said.by_terms_cents, said.back_cents) == (Settlement.OFFICE, PRICE, 0)
    assert kinds() == ["registration_cancelled", "office_notice"]
    assert "het secretariaat" in last_mail("registration_cancelled").text


@pytest.mark.parametrize("status", [AttemptStatus.OPEN, AttemptStatus.EXPIRED])
def test_whoever_has_not_paid_yet_gives_the_place_back(status):
    event = make_event()
    registration = paid(event, state=State.AWAITING_PAYMENT, status=status)

    own(registration)

    assert (registration.state, taken(event), refunds()) == (State.CANCELLED, 0, [])


# The whole event


def test_a_cancelled_event_cancels_everybody_and_tells_each():
    event, other = make_event(), make_event()
    registrations = [
        make_registration(event),
        make_registration(event, state=State.AWAITING_CONFIRMATION, expires_at=NOW + timedelta(days=3)),
        make_registration(event, state=State.AWAITING_PAYMENT, price_cents=PRICE),
        make_registration(event, state=State.WAITLISTED),
    ]
    make_registration(event, state=State.EXPIRED)
    make_registration(event, state=State.CANCELLED)
    untouched = make_registration(other)

    effect = cancel_event(event)

    assert effect == EventCancellation(people=4, refund_cents=0)
    assert {registration.state for registration in registrations} == {State.CANCELLED}
    assert mails() == [("event_cancelled", registration.address) for registration in registrations]
    assert (taken(event), taken(other), untouched.state) == (0, 1, State.CONFIRMED)
    assert states()[4:6] == [State.EXPIRED, State.CANCELLED]


def test_the_event_says_when_and_why_and_its_calendar_entry_moves_on():
    event = make_event(calendar_sequence=3, version=5)

    cancel_event(event)

    assert (event.state, event.cancelled_at, event.cancel_reason) == (EventState.CANCELLED, NOW, REASON)
    assert (event.calendar_sequence, event.version, event.updated_at) == (4, 6, NOW)
    assert acts() == ["event_cancelled"]


def test_calendars_hear_a_cancel_with_a_higher_sequence_where_there_was_an_entry():
    event = make_event()
    confirmed = make_registration(event, calendar_sequence=1)
    waiting = make_registration(event, state=State.AWAITING_CONFIRMATION)

    cancel_event(event)

    by_address = {mail.to_address: mail.attachments for mail in map(_mail_to, (confirmed, waiting))}
    assert by_address == {
        confirmed.address: [{"draw": "invitation", "registration_id": confirmed.id, "method": "CANCEL"}],
        waiting.address: [],
    }
    assert confirmed.calendar_sequence == 2


def _mail_to(registration):
    return db.session.scalars(sa.select(OutboxMail).where(OutboxMail.registration_id == registration.id)).one()


def test_the_reason_stands_in_the_mail():
    event = make_event()
    make_registration(event)

    cancel_event(event)

    assert REASON in last_mail("event_cancelled").text
    assert REASON in last_mail("event_cancelled").html


def test_all_that_was_paid_goes_back_also_what_was_paid_twice():
    event = make_event()
    once, twice = paid(event), paid(event)
    attempt_for(twice)
    paid(event, state=State.AWAITING_PAYMENT, status=AttemptStatus.OPEN)

    expected = withdrawal.preview_event(event.id)
    effect = cancel_event(event)

    assert expected == effect == EventCancellation(people=3, refund_cents=3 * PRICE)
    assert sorted(refunds()) == [
        (once.order_id, PRICE, "event_cancelled", RefundState.PLANNED),
        (twice.order_id, PRICE, "event_cancelled", RefundState.PLANNED),
        (twice.order_id, PRICE, "event_cancelled", RefundState.PLANNED),
    ]
    assert "€ 95" in _mail_to(once).text.replace("\u00a0", " ")


def test_money_that_went_back_before_does_not_go_back_again():
    event = make_event()
    withdrawn = paid(event)
    cancel(withdrawn, back_cents=PRICE)

    expected = withdrawal.preview_event(event.id)
    effect = cancel_event(event)

    assert expected == effect == EventCancellation(people=0, refund_cents=0)
    assert len(refunds()) == 1


def test_a_preview_changes_nothing():
    event = make_event()
    paid(event)

    withdrawal.preview_event(event.id)

    assert (event.state, kinds(), refunds(), taken(event)) == (EventState.PUBLISHED, [], [], 1)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": EventState.CANCELLED}, AlreadyCancelled),
        ({"state": EventState.DRAFT}, AlreadyCancelled),
        ({"starts_at": NOW - timedelta(hours=4)}, EventOver),
    ],
)
def test_only_what_is_published_and_not_over_can_be_cancelled(changes, refusal):
    event = make_event(**changes)
    registration = make_registration(event)

    with pytest.raises(refusal):
        cancel_event(event)

    assert (registration.state, kinds()) == (State.CONFIRMED, [])


def test_cancelling_twice_tells_everybody_once():
    event = make_event()
    make_registration(event)
    cancel_event(event)

    with pytest.raises(AlreadyCancelled):
        cancel_event(event)

    assert kinds() == ["event_cancelled"]


def test_of_many_people_the_worker_withdraws_each_once_whatever_happens_meanwhile():
    event = make_event()
    for _ in range(calling_off.AT_ONCE):
        make_registration(event)
    payer, fee = paid(event), paid(event)
    cancel(fee, back_cents=PRICE - 500)
    before = len(kinds())

    effect = cancel_event(event)
    told_at_once, refunds_at_once = len(kinds()) - before, [row[1] for row in refunds()]
    meanwhile = withdrawal.preview(payer, now=NOW)
    cancelling.cancel_own(payer.id, by=OFFICE, now=NOW)
    done = [calling_off.finish(now=NOW), calling_off.finish(now=NOW)]

    assert effect == EventCancellation(people=calling_off.AT_ONCE + 1, refund_cents=PRICE + 500)
    assert (event.state, told_at_once, refunds_at_once) == (EventState.CANCELLED, 0, [PRICE - 500, 500])
    assert (meanwhile.back_cents, meanwhile.free) == (PRICE, True)
    assert done == [calling_off.AT_ONCE, 0]
    assert kinds().count("event_cancelled") == calling_off.AT_ONCE
    assert [row[1] for row in refunds()] == [PRICE - 500, 500, PRICE]
    assert (taken(event), set(states())) == (0, {State.CANCELLED})


def test_an_unknown_event_is_not_found():
    with pytest.raises(NotFound):
        calling_off.cancel_event(4711, reason="", by=OFFICE, now=NOW)


def test_people_at_one_mailbox_each_get_their_own_mail():
    event = make_event()
    address = "info@zonnevlinder.example"
    make_registration(event, make_person("Marieke", address=address))
    make_registration(event, make_person("Fatma", "", "Yıldız", address=address))

    cancel_event(event)

    assert mails() == [("event_cancelled", address)] * 2
