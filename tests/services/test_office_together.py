"""What the office does with many meets what the rest of the house knows: merging, moving, the past, closed events."""

from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa

from eventapp.domain.bulk import BulkAct
from eventapp.domain.errors import PriceAgreed, RegistrationClosed
from eventapp.domain.events import Field, Visibility
from eventapp.domain.mailings import Choice, Stream
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import MailboxTransport
from eventapp.models import CircleMember, MailboxMessage, MailPreference, Person, Registration
from eventapp.queries.audiences import Whom, audience
from eventapp.queries.circles import members_on
from eventapp.queries.merging import PERSON
from eventapp.services import bulk, mail_wishes, mailing, merging, moving, queueing
from eventapp.services.mailing import Message
from eventapp.transaction import transaction
from tests.circling import FATMA, MARIEKE, TODAY, added, make_circle
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.mailing import decided, kept, send_now, work, written

pytestmark = pytest.mark.usefixtures("app")
TOMORROW = NOW + timedelta(days=1)
DAYS_AGO = NOW - timedelta(days=5)


def to_members(event=None):
    about = event.id if event else None
    whom = Whom(Stream.ANNOUNCEMENT, Choice(), event_id=about, topic=Field.HR)
    return Message(whom, "Nieuws", "Beste {voornaam}")


def two_of_one_person():
    """The same person twice, each proven; answers their ids."""
    first = make_person("Anna", "", "Bakker", address="anna@zonnevlinder.example", proven=True)
    second = make_person("A.", "", "Bakker", address="a@zonnevlinder.example", proven=True)
    return first.id, second.id


def delivered():
    deliver_due(MailboxTransport(), now=NOW)
    return list(db.session.scalars(sa.select(MailboxMessage.to_address)))


def state_of(registration_id):
    db.session.rollback()
    return db.session.get_one(Registration, registration_id, populate_existing=True).state


def test_who_moves_stays_the_same_person_of_the_same_organisation():
    organisation_id = make_organisation().id
    here, there = make_event(), make_event()
    kept_id, gone_id = two_of_one_person()
    registration = make_registration(here, db.session.get_one(Person, gone_id), organisation_id=organisation_id)
    registration.reason = {"category": "lid", "via": "named", "organisation": "Zonnevlinder"}
    db.session.commit()
    number, there_id = registration.id, there.id
    merging.merge(PERSON, kept_id, gone_id, by=OFFICE, now=NOW)

    moving.move(number, there_id, by=OFFICE, now=NOW)

    new = db.session.scalars(sa.select(Registration).where(Registration.event_id == there_id)).one()
    assert (new.person_id, new.organisation_id, new.reason["via"]) == (kept_id, organisation_id, "named")


def test_nobody_is_moved_out_of_the_past_nor_free_to_what_costs_money():
    make_organisation()
    past, free = make_registration(make_event(starts_at=DAYS_AGO)).id, make_registration(make_event()).id
    priced = make_event(prices={Category.LID: 14500}).id

    with pytest.raises(RegistrationClosed):
        moving.move(past, make_event().id, by=OFFICE, now=NOW)
    with pytest.raises(PriceAgreed):
        moving.move(free, priced, by=OFFICE, now=NOW)
    bulk.ask(BulkAct.CANCEL, [past], {"back": "voorwaarden"}, by=OFFICE, clock=lambda: NOW)

    assert (state_of(past), state_of(free)) == (State.CONFIRMED, State.CONFIRMED)


@pytest.mark.parametrize("act", [BulkAct.CANCEL, BulkAct.MOVE])
def test_many_at_once_never_wait_for_the_order_of_who_is_next_in_line(app, act):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("writers stand in line on SQLite")
    make_organisation()
    event, other = make_event(capacity=1), make_event()
    coming = make_registration(event)
    waiting = make_registration(event, make_person(address="w@zonnevlinder.example"), state=State.WAITLISTED)
    capacity_id = event.capacities[0].id
    with transaction():
        queueing.join(db.session.get_one(Registration, waiting.id), capacity_id, now=NOW)
    number, order_id = coming.id, waiting.order_id
    facts = {"back": "voorwaarden"} if act == BulkAct.CANCEL else {"event_id": other.id}
    db.session.rollback()
    done = []

    def ask():
        with app.app_context():
            done.append(bulk.ask(act, [number], facts, by=OFFICE, clock=lambda: NOW))

    with db.engine.connect() as somebody, somebody.begin():
        somebody.execute(sa.text("UPDATE orders SET version = version WHERE id = :id"), {"id": order_id})
        asking = Thread(target=ask)
        asking.start()
        asking.join(20)
        somebody.execute(sa.text("UPDATE capacities SET taken = taken WHERE id = :id"), {"id": capacity_id})
    asking.join(20)

    assert len(done) == 1


def test_two_who_move_in_opposite_directions_both_get_there(app):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("writers stand in line on SQLite")
    make_organisation()
    here, there = make_event(), make_event()
    going = [([make_registration(one).id for _ in range(8)], other.id) for one, other in ((here, there), (there, here))]
    db.session.rollback()
    jobs = []

    def ask(numbers, event_id):
        with app.app_context():
            facts = {"event_id": event_id}
            jobs.append(bulk.ask(BulkAct.MOVE, numbers, facts, by=OFFICE, clock=lambda: NOW))

    both = [Thread(target=ask, args=one) for one in going]
    for one in both:
        one.start()
    for one in both:
        one.join(60)

    assert len(jobs) == 2


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=20)])
def test_planned_message_stays_when_its_event_became_closed_or_nobody_looked_for_long(late):
    make_organisation()
    make_person("Anna", "", "Bakker", address="anna@zonnevlinder.example", proven=True)
    event = None if late else make_event(starts_at=NOW + timedelta(days=30))
    number = kept(to_members(event))
    decided(number, at=TOMORROW)
    if event:
        event.visibility = Visibility.BESLOTEN
        db.session.commit()

    work(now=TOMORROW + late)

    assert written(number) == []


@pytest.mark.parametrize("way", ["called off", "refused"])
def test_merging_two_readers_lets_no_mail_out_that_was_held_back(way):
    make_organisation()
    kept_id, gone_id = two_of_one_person()
    number = send_now(to_members())
    merging.merge(PERSON, kept_id, gone_id, by=OFFICE, now=NOW)

    if way == "called off":
        mailing.call_off(number, by=OFFICE, now=NOW)
    else:
        wishes = db.session.get(MailPreference, digest("anna@zonnevlinder.example"))
        mail_wishes.leave(wishes.token, now=NOW)

    assert delivered() == []


def test_an_address_that_nobody_proved_is_not_announced_to():
    make_organisation()
    colleague = make_person("Col", "", "Lega", address="collega@zonnevlinder.example", proven=False)
    make_registration(make_event(), colleague, with_booker=True)

    assert [one.address for one, why in audience(to_members().whom, now=NOW) if why is None] == []


def test_merging_makes_one_membership_of_two_that_overlap():
    make_organisation()
    circle = make_circle()
    circle_id = circle.id
    for who in (MARIEKE, FATMA):
        added(circle, who)
    first, second = db.session.scalars(sa.select(CircleMember).order_by(CircleMember.id))
    first.left_on = TODAY + timedelta(days=60)
    db.session.commit()

    merging.merge(PERSON, first.person_id, second.person_id, by=OFFICE, now=NOW)

    assert [one.left_on for one in members_on(circle_id, TODAY)] == [None]
