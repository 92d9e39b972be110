"""A colleague comes with somebody's ticket: the place changes hands at the door, once, or the desk hears why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.admission import Action, Result, TicketState
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, HandOver, Presence, Registration, Scan
from eventapp.queries.changing import taken_over_from
from eventapp.queries.choices import programme_of
from eventapp.queries.scanned import conflicts
from eventapp.services import choosing
from eventapp.services.admitting import admit
from eventapp.services.scan_reports import Newcomer
from eventapp.services.swapping import swap, take_in
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
from tests.services.test_admitting import AT_THE_DOOR, door, inside, scan

COLLEAGUE = Newcomer("Bram", "", "Bakker", "bram@zonnevlinder.example")
MINUTE = timedelta(minutes=1)
# The event began half an hour ago: handing over by mail is over, the door goes on.
BEGUN = AT_THE_DOOR


@pytest.fixture
def organisation(app):
    return make_organisation()


@pytest.fixture
def event(organisation):
    return make_event(starts_at=NOW, capacity=1)


@pytest.fixture
def old(event, organisation):
    return make_registration(event, organisation_id=organisation.id)


def swapping(event, code, newcomer=COLLEAGUE, **more):
    return scan(event, code, Action.SWAP, newcomer=newcomer, **more)


def live(event) -> list[Registration]:
    found = sa.select(Registration).where(Registration.event_id == event.id, Registration.state == State.CONFIRMED)
    return list(db.session.scalars(found))


def test_colleague_gets_place_programme_and_ticket_and_is_inside(event, old):
    one = make_round(event)
    breakout = make_breakout(one, size=1)
    choosing.choose(old.id, {one.id: breakout.id}, by=VISITOR, now=NOW - MINUTE)
    by, code = door(event), old.ticket.code

    verdict = swap(swapping(event, code), by=by, now=BEGUN)

    [new] = live(event)
    assert (verdict.result, verdict.ticket.family_name, verdict.conflict) == (Result.SWAPPED, "Bakker", False)
    assert (new.address, new.organisation_id, new.source) == (COLLEAGUE.address, old.organisation_id, "hand_over")
    assert (old.state, old.tickets[0].state, new.event.capacities[0].taken) == (
        State.CANCELLED,
        TicketState.REPLACED,
        1,
    )
    assert [part.title for part in programme_of(new.id)] == ["Bouwen voor later"]
    assert db.session.scalars(sa.select(Presence.registration_id)).all() == [new.id]
    assert taken_over_from(new.id).id == old.person_id
    assert mails()[-2:] == [("confirmed", COLLEAGUE.address), ("handed_over", old.address)]
    assert db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all()[-1] == "handed_over_at_door"
    assert admit(scan(event, code), by=by, now=BEGUN).result == Result.REPLACED


@pytest.mark.parametrize(
    "newcomer",
    [
        Newcomer("Bram", "", "Bakker", "bram@maanvis.example"),
        Newcomer("Bram", "", "Bakker", "bram@gmail.com"),
        Newcomer("Bram", "", "Bakker", "bram@zonnevlinder.example.nep.example"),
    ],
    ids=["other", "free-mail", "look-alike"],
)
def test_nobody_of_elsewhere_comes_in_somebodys_place(event, old, newcomer):
    make_organisation("Maanvis", domains=("maanvis.example",))

    verdict = swap(swapping(event, old.ticket.code, newcomer), by=door(event), now=BEGUN)

    assert (verdict.result, verdict.ticket, verdict.conflict) == (Result.NOT_SWAPPED, None, False)
    assert (live(event), inside(), old.ticket.state) == ([old], 0, TicketState.VALID)
    assert db.session.scalars(sa.select(HandOver.id)).all() == []


def test_who_is_inside_already_or_comes_already_swaps_nothing(organisation):
    event = make_event(starts_at=NOW)
    one, other = (make_registration(event, organisation_id=organisation.id) for _ in range(2))
    by = door(event)
    admit(scan(event, one.ticket.code), by=by, now=BEGUN)
    person = other.person
    comes = Newcomer(person.given_name, person.infix, person.family_name, other.address)

    again = swap(swapping(event, one.ticket.code), by=by, now=BEGUN)
    twice = swap(
        swapping(event, make_registration(event, organisation_id=organisation.id).ticket.code, comes), by=by, now=BEGUN
    )

    assert (again.result, twice.result) == (Result.NOT_SWAPPED, Result.NOT_SWAPPED)
    assert (len(live(event)), inside()) == (3, 1)


def test_same_swap_again_has_the_same_answer(event, old):
    report, by = swapping(event, old.ticket.code), door(event)

    answers = [swap(report, by=by, now=BEGUN + number * MINUTE) for number in range(3)]

    assert {(answer.result, answer.ticket.family_name) for answer in answers} == {(Result.SWAPPED, "Bakker")}
    assert (len(live(event)), db.session.scalar(sa.select(sa.func.count(Scan.id)))) == (1, 1)


def test_queue_of_a_phone_is_taken_in_in_its_order(event, old):
    """Without network: welcome, no, a colleague; the phone takes its welcome back first. Sent twice it is once."""
    by, code = door(event), old.ticket.code
    welcome = scan(event, code, shown=Result.ADMITTED)
    back = scan(event, None, Action.UNDO, undoes=welcome.scan_id, at=BEGUN + MINUTE, shown=Result.UNDONE)
    change = swapping(event, code, at=BEGUN + MINUTE, shown=Result.SWAPPED)
    later = scan(event, code, at=BEGUN + 2 * MINUTE, shown=Result.REPLACED)
    reports, sent = [welcome, back, change, later], BEGUN + timedelta(hours=30)

    answers = [take_in(reports, by=by, now=sent, sent_at=sent) for _ in range(2)]

    results = [[verdict.result for verdict in said] for said in answers]
    assert results == [[Result.ADMITTED, Result.UNDONE, Result.SWAPPED, Result.REPLACED]] * 2
    [new] = live(event)
    assert db.session.execute(sa.select(Presence.registration_id, Presence.first_in_at)).all() == [
        (new.id, BEGUN + MINUTE)
    ]
    # Long after the event nobody needs a ticket by mail.
    assert (mails(), conflicts(event.id)) == ([], [])


def test_two_doors_without_network_swap_one_ticket_and_the_office_hears_of_the_second(event, old):
    code, other = old.ticket.code, Newcomer("Fatma", "", "Yılmaz", "fatma@zonnevlinder.example")
    sent = BEGUN + 10 * MINUTE

    first, second = (
        take_in([swapping(event, code, who, shown=Result.SWAPPED)], by=door(event, name), now=sent, sent_at=sent)[0]
        for who, name in ((COLLEAGUE, "Links"), (other, "Rechts"))
    )

    assert (first.result, second.result, second.conflict) == (Result.SWAPPED, Result.NOT_SWAPPED, True)
    [conflict] = conflicts(event.id)
    assert [(one.door, one.result, one.newcomer) for one in conflict.sightings] == [
        ("Rechts", Result.NOT_SWAPPED, "Fatma Yılmaz")
    ]
    states = db.session.scalars(sa.select(HandOver.state).order_by(HandOver.id)).all()
    assert states == [HandOverState.ACCEPTED, HandOverState.REFUSED]


def test_phone_that_heard_in_time_takes_its_swap_back(event, old):
    by, sent = door(event), BEGUN + MINUTE
    elsewhere = Newcomer("Bram", "", "Bakker", "bram@elders.example")
    change = swapping(event, old.ticket.code, elsewhere, shown=Result.SWAPPED)
    back = scan(event, None, Action.UNDO, undoes=change.scan_id, shown=Result.UNDONE)

    said = take_in([change, back], by=by, now=sent, sent_at=sent)

    assert [verdict.result for verdict in said] == [Result.NOT_SWAPPED, Result.UNDONE]
    assert (conflicts(event.id), inside()) == ([], 0)


def test_ticket_nobody_knows_and_one_of_another_event_are_for_the_desk(event, old):
    elsewhere = make_registration(make_event(starts_at=NOW), make_person(), organisation_id=old.organisation_id)

    said = [
        swap(swapping(event, None, seen_as="f" * 32, scan_id=str(uuid4())), by=door(event), now=BEGUN),
        swap(swapping(event, elsewhere.ticket.code), by=door(event), now=BEGUN),
    ]

    assert [(verdict.result, verdict.ticket) for verdict in said] == [(Result.NOT_SWAPPED, None)] * 2
    assert elsewhere.state == State.CONFIRMED
