"""Handing a place over: who may take it, what goes along, and that two tickets are never good at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.admission import Result, TicketState
from eventapp.domain.cancellation import Ending
from eventapp.domain.care import Block, Care, Diet
from eventapp.domain.errors import AlreadyRegistered, HandOverOver, NotAdmitted, RegistrationClosed, SameAddress
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.questions import QuestionKind
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    Answer,
    CareAnswer,
    Event,
    EventBlock,
    HandOver,
    PaymentAttempt,
    PaymentItem,
    PhotoChoice,
    Question,
    Registration,
    Ticket,
)
from eventapp.queries.changing import endings
from eventapp.queries.choices import programme_of
from eventapp.services import answering_questions, cancelling, choosing, forgetting, handing_over, withdrawal
from eventapp.services.admitting import admit
from eventapp.services.answering_questions import Filled
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)
from tests.reading import mails
from tests.services.test_admitting import AT_THE_DOOR, door, scan

COLLEAGUE = "bram@zonnevlinder.example"


@pytest.fixture
def place(app):
    """A member's confirmed place at a day with one breakout, which they chose."""
    organisation = make_organisation()
    event = make_event(capacity=1)
    one = make_round(event)
    breakout = make_breakout(one, size=1)
    giver = make_registration(event, organisation_id=organisation.id)
    choosing.choose(giver.id, {one.id: breakout.id}, by=VISITOR, now=NOW)
    return giver.id


def ask(registration_id: int, address: str = COLLEAGUE, *, now=NOW) -> str:
    handing_over.offer(registration_id, address, "Bram", "", "Bakker", by=VISITOR, now=now)
    return db.session.scalars(sa.select(HandOver.token).order_by(HandOver.id.desc())).first()


def test_a_colleague_takes_place_breakout_and_price_along(place):
    token = ask(place)

    new = handing_over.accept(token, "Bram", "", "Bakker", now=NOW)

    old = db.session.get_one(Registration, place)
    assert (old.state, new.state) == (State.CANCELLED, State.CONFIRMED)
    assert (new.address, new.category, new.organisation_id) == (COLLEAGUE, Category.LID, old.organisation_id)
    assert [part.title for part in programme_of(new.id)] == ["Bouwen voor later"]
    assert programme_of(old.id) == []
    assert (len(old.holds), len(new.holds), new.event.capacities[0].taken) == (0, 2, 1)
    assert new.calendar_uid != old.calendar_uid


def test_the_first_ticket_is_good_until_the_other_accepts_and_dead_at_once_after(place):
    token = ask(place)
    before = [ticket.state for ticket in db.session.scalars(sa.select(Ticket))]

    handing_over.accept(token, "Bram", "", "Bakker", now=NOW)

    after = db.session.execute(sa.select(Ticket.registration_id, Ticket.state).order_by(Ticket.id)).all()
    assert before == [TicketState.VALID]
    assert [state for _, state in after] == [TicketState.REPLACED, TicketState.VALID]
    assert mails()[-2:] == [("confirmed", COLLEAGUE), ("handed_over", db.session.get_one(Registration, place).address)]


def test_an_offer_is_answered_once(place):
    token = ask(place)
    handing_over.decline(token, now=NOW)

    with pytest.raises(HandOverOver):
        handing_over.accept(token, "Bram", "", "Bakker", now=NOW)

    assert db.session.get_one(Registration, place).state == State.CONFIRMED


def test_a_withdrawn_offer_and_one_that_was_replaced_are_over(place):
    first = ask(place)
    second = ask(place, "iris@zonnevlinder.example")
    handing_over.withdraw(place, by=VISITOR, now=NOW)

    for token in (first, second):
        with pytest.raises(HandOverOver):
            handing_over.accept(token, "Bram", "", "Bakker", now=NOW)


@pytest.mark.parametrize("credited_cents", [0, 5000])
def test_somebody_outside_the_organisation_only_where_the_event_lets_them_and_at_no_higher_price(place, credited_cents):
    with pytest.raises(NotAdmitted):
        ask(place, "iemand@elders.example")
    paid = make_registration(
        make_event(hand_over_to_anybody=True),
        make_person(address="x@elders.example"),
        price_cents=9500 - credited_cents,
        lowered_cents=credited_cents,
    )

    token = ask(paid.id, "iemand@elders.example")
    new = handing_over.accept(token, "Iemand", "", "Anders", now=NOW)

    assert (new.category, new.agreed_cents, new.order_id) == (Category.NIET_LID, 9500, paid.order_id)


def test_nobody_is_at_an_event_twice(place):
    event = db.session.get_one(Registration, place).event
    event.capacities[0].size = 2
    make_registration(event, make_person("Bram", "", "Bakker", address=COLLEAGUE))
    token = ask(place)

    with pytest.raises(AlreadyRegistered):
        handing_over.accept(token, "Bram", "", "Bakker", now=NOW)


def test_not_to_oneself_and_not_once_it_began(place):
    registration = db.session.get_one(Registration, place)
    address, starts_at = registration.address, registration.event.starts_at

    with pytest.raises(SameAddress):
        ask(place, address)
    with pytest.raises(RegistrationClosed):
        ask(place, now=starts_at + timedelta(seconds=1))


def test_answers_and_consents_are_erased_and_the_door_knows_the_old_code_as_replaced(place):
    old = db.session.get_one(Registration, place)
    event_id, code = old.event_id, old.ticket.code
    question = Question(event_id=event_id, position=1, kind=QuestionKind.TEXT, label="Waarom?", keep_days=30)
    db.session.add_all([question, *(EventBlock(event_id=event_id, code=block) for block in Block)])
    db.session.commit()
    needs = Care(diets=frozenset({Diet.HALAL}))
    filled = Filled(answers={question.id: "Daarom"}, care=needs, consent=True, photo=True)
    answering_questions.save_answers(place, filled, by=VISITOR, now=NOW)
    token = ask(place)

    handing_over.accept(token, "Bram", "", "Bakker", now=NOW)

    left = [db.session.query(table).count() for table in (Answer, CareAnswer, PhotoChoice)]
    event = db.session.get_one(Event, event_id)
    assert left == [0, 0, 0]
    assert admit(scan(event, code), by=door(event), now=AT_THE_DOOR).result == Result.REPLACED
    assert endings([db.session.get_one(Registration, place)]) == {place: Ending.HANDED_OVER}


def test_what_was_paid_goes_along_so_that_the_newcomer_gets_it_back(app):
    event = make_event(hand_over_to_anybody=True)
    giver = make_registration(
        event, make_person(address="x@elders.example"), category=Category.NIET_LID, price_cents=9500
    )
    organisation = make_organisation()
    giver.organisation_id = organisation.id
    words = {"token": "t", "idempotency_key": "k", "amount_cents": 9500, "status": AttemptStatus.PAID, "mode": "test"}
    attempt = PaymentAttempt(order_id=giver.order_id, created_at=NOW, **words)
    attempt.items = [PaymentItem(registration_id=giver.id, amount_cents=9500)]
    db.session.add(attempt)
    db.session.commit()

    new = handing_over.accept(ask(giver.id, "iemand@elders.example"), "Iemand", "", "Anders", now=NOW)

    assert (new.organisation_id, new.organisation_name) == (None, "")
    assert (withdrawal.paid_for(giver), withdrawal.preview(new, now=NOW).back_cents) == (0, 9500)


def test_a_year_later_nobody_knows_who_was_asked(place):
    ask(place)
    ended = db.session.get_one(Registration, place).event.ends_at

    counts = [forgetting.sweep(now=ended + timedelta(days=days)).hand_overs for days in (365, 367, 368)]

    asked = db.session.scalars(sa.select(HandOver)).one()
    assert (counts, asked.address, asked.given_name, asked.family_name) == ([0, 1, 0], "", "", "")


def test_withdrawing_ends_the_offer(place):
    token = ask(place)
    cancelling.cancel_own(place, by=VISITOR, now=NOW)

    with pytest.raises(HandOverOver):
        handing_over.accept(token, "Bram", "", "Bakker", now=NOW)

    assert mails()[-1][0] == "registration_cancelled"
