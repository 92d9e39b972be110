"""Messages to many: whom they reach, that each person gets one at most, and what stops them."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import ChangedMeanwhile, MailingUnderway, NobodyChosen, TooManyPicked, UnknownPlaceholder
from eventapp.domain.events import EventForm, Field, TargetGroup
from eventapp.domain.jobs import JobState
from eventapp.domain.mailings import Choice, Delivery, LeftOut, MailingState, Stream
from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.presence import WAS_THERE, PresenceStatus
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import MailboxTransport
from eventapp.models import (
    DeadAddress,
    Event,
    Job,
    MailboxMessage,
    MailingRecipient,
    MailPreference,
    OrganisationPerson,
    OutboxMail,
    Person,
    PersonAddress,
    PersonStatus,
    Presence,
    Registration,
    Ticket,
)
from eventapp.queries.audiences import Whom, audience, of_picked
from eventapp.services import (
    calling_off,
    cancelling,
    carrying_out,
    fixing,
    forgetting,
    mail_wishes,
    mailing,
    mailing_out,
    merging,
)
from eventapp.services.carrying_out import CLAIM_LASTS
from eventapp.services.long_work import RUNNERS
from eventapp.services.mailing import Message
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.mailing import counts, decided, kept, left_out, send_now, state, version, work, written
from tests.reading import acts, kinds

ABSENT = frozenset({PresenceStatus.AFWEZIG})
HELLO = "Beste {voornaam},\n\nTot dan."
TOMORROW = NOW + timedelta(days=1)


def to_members(choice: Choice | None = None, *, event: Event | None = None, topic: Field = Field.HR) -> Message:
    whom = Whom(Stream.ANNOUNCEMENT, choice or Choice(), event_id=event.id if event else None, topic=topic)
    return Message(whom, "Nieuws over {vereniging}", HELLO)


def to_event(event: Event, choice: Choice | None = None, text: str = HELLO) -> Message:
    return Message(Whom(Stream.EVENT, choice or Choice(), event_id=event.id), "Over {evenement}", text)


def crowd(number: int, event: Event) -> None:
    for n in range(number):
        make_registration(event, make_person(f"Deelnemer{n}", "", "Bakker", address=f"d{n:03}@zonnevlinder.example"))


def reaches(message: Message) -> dict[str, LeftOut | None]:
    return {one.address: why for one, why in audience(message.whom, now=NOW)}


def employee(name: str, address: str, *, proven: bool = True, group: TargetGroup | None = None) -> Person:
    person = make_person(name, "", "Bakker", address=address, proven=proven)
    person.function_group = group
    db.session.commit()
    return person


def many() -> Event:
    """Everybody who could be written to, and everybody who may not."""
    member = make_organisation("Zonnevlinder")
    member.region = "Drenthe"
    school = make_organisation("Kompaskring", domains=("kompas.example",), kind=OrganisationKind.PRIMAIR_ONDERWIJS)
    make_organisation("Oud-lid", domains=("oud.example",), until=date(2026, 12, 31))
    make_organisation("Partner", domains=("partner.example",), relation=Relation.STEUNPARTNER)
    for name, domain in (("Oud", "oud"), ("Partner", "partner"), ("Vreemd", "elders")):
        employee(name, f"{name.lower()}@{domain}.example")
    employee("Anna", "anna@zonnevlinder.example", group=TargetGroup.DIRECTEUR)
    employee("Bram", "bram@kompas.example")
    named = employee("Naam", "naam@gratismail.example")
    period = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    ambassador = employee("Amba", "amba@elders.example")
    db.session.add_all(
        [
            OrganisationPerson(organisation_id=school.id, person_id=named.id, **period),
            PersonStatus(person=ambassador, category=Category.AMBASSADEUR, starts_on=date(2026, 1, 1)),
            DeadAddress(address="dood@zonnevlinder.example", since=NOW),
        ]
    )
    employee("Dood", "dood@zonnevlinder.example")
    erased = employee("Gewist", "gewist@zonnevlinder.example")
    erased.erased_at = NOW
    event = make_event()
    make_registration(event, employee("Gaat", "gaat@zonnevlinder.example"))
    make_registration(
        make_event(), db.session.query(Person).filter_by(given_name="Bram").one(), function_group=TargetGroup.RVT
    )
    make_registration(
        event, employee("Weg", "weg@zonnevlinder.example"), state=State.CANCELLED, proven_at=NOW - timedelta(days=1)
    )
    # Somebody typed this in a form and never proved it.
    typed = employee("Getypt", "getypt@zonnevlinder.example", proven=False)
    make_registration(make_event(), typed, state=State.EXPIRED)
    employee("Lijst", "lijst@zonnevlinder.example", proven=False)
    return event


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), {"anna", "bram", "naam", "weg", "lijst"}),
        (Choice(groups=frozenset({TargetGroup.DIRECTEUR})), {"anna"}),
        (Choice(groups=frozenset({TargetGroup.DIRECTEUR}), statuses=True), {"anna", "amba"}),
        (Choice(groups=frozenset({TargetGroup.RVT})), {"bram"}),
        (Choice(kinds=frozenset({OrganisationKind.PRIMAIR_ONDERWIJS})), {"bram", "naam"}),
        (Choice(regions=frozenset({"Drenthe"})), {"anna", "weg", "lijst"}),
        (Choice(fields=frozenset({Field.ICT})), set()),
    ],
    ids=["all", "groups", "statuses", "groups-said", "kinds", "regions", "fields"],
)
def test_an_announcement_reaches_who_works_for_a_member_and_nobody_else(
    app: Flask, choice: Choice, expected: set[str]
) -> None:
    event = many()

    found = reaches(to_members(choice, event=event))

    assert {address.partition("@")[0] for address, why in found.items() if why is None} == expected
    assert {why for why in found.values() if why} <= {LeftOut.DEAD_ADDRESS}


def test_who_works_for_two_members_gets_one_mail_and_a_shared_mailbox_too(app: Flask) -> None:
    make_organisation("Zonnevlinder")
    make_organisation("Wolkenkind", domains=("wolken.example",))
    both = employee("Anna", "anna@zonnevlinder.example")
    second = PersonAddress.of(both, "anna@wolken.example")
    second.proven_at = TOMORROW
    db.session.add(second)
    db.session.commit()
    for name in ("Bram", "Cas"):
        employee(name, "team@zonnevlinder.example")

    mailing_id = send_now(to_members())

    assert written(mailing_id) == ["anna@wolken.example", "team@zonnevlinder.example"]
    assert left_out(mailing_id) == {"team@zonnevlinder.example": LeftOut.SAME_MAILBOX}


def test_who_said_no_hears_no_more_at_any_address_not_even_what_waits_in_the_outbox(app: Flask) -> None:
    make_organisation()
    for name in ("Anna", "Bram", "Cas"):
        employee(name, f"{name.lower()}@zonnevlinder.example")
    bram = db.session.query(Person).filter_by(given_name="Bram").one()
    db.session.add(PersonAddress.of(bram, "bram@elders.example"))
    db.session.commit()
    first = send_now(to_members())
    tokens = {row.address_digest: row.token for row in db.session.query(MailPreference)}
    db.session.rollback()

    mail_wishes.leave(tokens[digest("anna@zonnevlinder.example")], now=NOW)
    mail_wishes.choose(tokens[digest("cas@zonnevlinder.example")], [Field.HR], wanted=False, now=NOW)
    deliver_due(MailboxTransport(), now=NOW)
    db.session.add(MailPreference(address_digest=digest("bram@elders.example"), token="x", off="hr", used_at=NOW))
    db.session.commit()
    second, third = reaches(to_members()), send_now(to_members(topic=Field.ICT))

    arrived = list(db.session.scalars(sa.select(MailboxMessage.to_address)))
    assert arrived == ["bram@zonnevlinder.example"]
    assert counts(first) == {Delivery.SENT: 1, Delivery.LEFT_OUT: 2}
    assert list(second.values()) == [LeftOut.OPTED_OUT] * 3
    assert written(third) == ["bram@zonnevlinder.example", "cas@zonnevlinder.example"]
    assert acts().count("announcements_chosen") == 2


def test_an_announcement_carries_the_way_out_and_a_service_mail_does_not(app: Flask) -> None:
    make_organisation()
    partner = make_organisation("Orgmodel & Co", domains=("orgmodel.example",), relation=Relation.STEUNPARTNER)
    event = make_event(offered_by_id=partner.id)
    employee("Anna", "anna@zonnevlinder.example")
    make_registration(event, make_person(address="gaat@zonnevlinder.example"))
    send_now(to_members(event=event))
    send_now(to_event(event))

    deliver_due(MailboxTransport(), now=NOW)

    heads = {row.to_address: row.message.partition(b"\r\n\r\n")[0] for row in db.session.query(MailboxMessage)}
    token = db.session.query(MailPreference).one().token
    way_out = f"List-Unsubscribe: <http://127.0.0.1:8000/voorkeuren/{token}>\r\n".encode()
    announced = heads["anna@zonnevlinder.example"]
    assert way_out in announced and b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in announced
    assert b"List-Unsubscribe" not in heads["gaat@zonnevlinder.example"]
    for mail in db.session.query(OutboxMail):
        assert "Aangeboden door: partner Orgmodel & Co" in mail.text and "partner Orgmodel &amp; Co" in mail.html


def test_an_example_reads_as_one_person_gets_it_but_its_links_act_for_nobody(app: Flask) -> None:
    event = make_event()
    crowd(2, event)
    second = db.session.query(Person).filter_by(given_name="Deelnemer1").one()
    mailing_id, token = kept(to_event(event)), db.session.query(Ticket).filter_by(registration_id=2).one().token

    shown = mailing.example(mailing_id, second.id, now=NOW)

    assert shown is not None and "Beste Deelnemer1," in shown.text
    assert "/ticket/voorbeeld" in shown.text and token not in shown.text + shown.html
    decided(mailing_id)
    work()
    assert token in db.session.query(OutboxMail).filter_by(registration_id=2).one().text


def test_filters_of_an_event_choose_as_the_list_of_registrations_does(app: Flask) -> None:
    event = make_event(form=EventForm.HYBRIDE)
    wanted = {
        "komt": {},
        "online": {"attends": EventForm.ONLINE},
        "betaalt": {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID},
        "weg": {"state": State.CANCELLED},
    }
    for name, more in wanted.items():
        make_registration(event, make_person(name, address=f"{name}@zonnevlinder.example"), **more)

    chosen = {
        "all": Choice(),
        "state": Choice(states=frozenset({State.CANCELLED})),
        "category": Choice(categories=frozenset({Category.NIET_LID})),
        "forms": Choice(forms=frozenset({EventForm.ONLINE})),
        "unpaid": Choice(unpaid=True),
        "undecided": Choice(undecided=True),
    }
    found = {
        name: {address.partition("@")[0] for address in reaches(to_event(event, choice))}
        for name, choice in chosen.items()
    }

    assert found == {
        "all": {"komt", "online", "betaalt"},
        "state": {"weg"},
        "category": {"betaalt"},
        "forms": {"online"},
        "unpaid": {"betaalt"},
        "undecided": set(),
    }
    assert [Choice.read(choice.facts()) for choice in chosen.values()] == list(chosen.values())


def test_who_was_there_is_written_to_once_that_is_fixed(app: Flask) -> None:
    event = make_event(starts_at=NOW - timedelta(days=1))
    came = make_registration(event, make_person("Wel", address="wel@zonnevlinder.example"))
    make_registration(event, make_person("Niet", address="niet@zonnevlinder.example"))
    db.session.add(Presence(registration_id=came.id, event_id=event.id, first_in_at=event.starts_at))
    db.session.commit()
    there, not_there = to_event(event, Choice(presence=WAS_THERE)), to_event(event, Choice(presence=ABSENT))

    before = reaches(there), reaches(not_there)
    fixing.fix(event.id, seen=fixing.seen_now(event, now=NOW), by=OFFICE, now=NOW)

    assert before == ({}, {})
    assert (list(reaches(there)), list(reaches(not_there))) == (
        ["wel@zonnevlinder.example"],
        ["niet@zonnevlinder.example"],
    )


def test_decided_twice_at_once_everybody_gets_it_once(app: Flask) -> None:
    event = make_event()
    crowd(3, event)
    mailing_id = kept(to_event(event))
    seen, ready, refused = version(mailing_id), Barrier(3), []
    db.session.rollback()

    def press() -> None:
        with app.app_context():
            ready.wait()
            try:
                mailing.decide(mailing_id, at=None, seen=seen, by=OFFICE, now=NOW)
            except MailingUnderway as refusal:
                refused.append(refusal)
            work()
            db.session.remove()

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(now=NOW + CLAIM_LASTS)

    assert len(refused) == 2
    assert (len(written(mailing_id)), kinds().count("group_message")) == (3, 3)
    assert (state(mailing_id), counts(mailing_id)) == (MailingState.SENT, {Delivery.ON_ITS_WAY: 3})


class Dead(BaseException):
    """The worker is gone, without a word."""


@pytest.mark.parametrize("ticked", [False, True])
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_writes_to_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ticked: bool
) -> None:
    monkeypatch.setattr(mailing_out, "AT_ONCE", 2)
    event = make_event()
    crowd(5, event)
    all_of_them = of_picked(db.session.scalars(sa.select(Registration.id)).all())
    mailing_id = kept(Message(all_of_them, "Dag", HELLO) if ticked else to_event(event))
    decided(mailing_id)
    step, turns = carrying_out.Work.step, iter((False, False, True))

    def die_in_the_second_batch(self, *args, **more) -> None:
        step(self, *args, **more)
        if next(turns, False):
            raise Dead

    monkeypatch.setattr(carrying_out.Work, "step", die_in_the_second_batch)
    with pytest.raises(Dead):
        work()
    reached = len(written(mailing_id))
    waiting = sa.select(MailingRecipient.registration_id).where(MailingRecipient.mail_id.is_(None))
    cancelling.cancel_registration(db.session.scalars(waiting).first() or 0, by=OFFICE, now=NOW, back_cents=0)

    work(now=NOW + CLAIM_LASTS)

    assert reached == 2
    assert (len(written(mailing_id)), len(set(written(mailing_id)))) == (4, 4)
    assert list(left_out(mailing_id).values()) == [LeftOut.NOT_CHOSEN_ANY_MORE]
    assert state(mailing_id) == MailingState.SENT


def test_what_is_planned_says_what_was_written_last_and_goes_at_its_moment(app: Flask) -> None:
    event = make_event()
    crowd(1, event)
    mailing_id = kept(to_event(event))
    at = from_local(date(2027, 1, 20), NOW.time())
    decided(mailing_id, at=at)
    seen = version(mailing_id)
    mailing.change(
        mailing_id, to_event(event, text="Beste {naam},\n\nNeem laarzen mee."), seen=seen, by=OFFICE, now=NOW
    )
    with pytest.raises(ChangedMeanwhile):
        mailing.change(mailing_id, to_event(event), seen=seen, by=OFFICE, now=NOW)
    crowd_later = make_registration(event, make_person("Later", address="later@zonnevlinder.example"))

    work(now=at - timedelta(seconds=1))
    before = kinds()
    work(now=at)
    work(now=at)

    assert before == []
    assert written(mailing_id) == ["d000@zonnevlinder.example", crowd_later.address]
    assert all("Neem laarzen mee." in text for text in db.session.scalars(sa.select(OutboxMail.text)))
    with pytest.raises(MailingUnderway):
        mailing.change(mailing_id, to_event(event), seen=version(mailing_id), by=OFFICE, now=at)


def test_an_event_cancelled_meanwhile_stops_the_message_and_the_office_sees_it(app: Flask) -> None:
    event = make_event()
    crowd(2, event)
    make_organisation()
    employee("Anna", "anna@zonnevlinder.example")
    planned, announced = kept(to_event(event)), kept(to_members(event=event))
    for mailing_id in (planned, announced):
        decided(mailing_id, at=TOMORROW)
    calling_off.cancel_event(event.id, reason="De zaal staat blank", by=OFFICE, now=NOW)

    work(now=TOMORROW)
    afterwards = send_now(to_event(event, Choice(states=frozenset({State.CANCELLED}))), now=TOMORROW)

    assert [state(one) for one in (planned, announced, afterwards)] == [
        MailingState.STOPPED,
        MailingState.STOPPED,
        MailingState.SENT,
    ]
    assert (written(planned), written(announced), len(written(afterwards))) == ([], [], 2)
    assert acts().count("mailing_stopped") == 2


def test_what_is_stopped_goes_no_further_and_what_broke_off_goes_on(app: Flask) -> None:
    event = make_event()
    crowd(3, event)
    stopped, broken, planned = kept(to_event(event)), kept(to_event(event)), kept(to_event(event))
    decided(stopped)
    work()
    mailing.call_off(stopped, by=OFFICE, now=NOW)
    left = deliver_due(MailboxTransport(), now=NOW)
    decided(broken)
    db.session.execute(sa.update(Job).where(Job.state == JobState.WAITING).values(state=JobState.FAILED))
    db.session.commit()
    decided(planned, at=TOMORROW)

    mailing.call_off(planned, by=OFFICE, now=NOW)
    work()
    waits = state(broken), written(broken)
    mailing.go_on(broken, by=OFFICE, now=NOW)
    with pytest.raises(MailingUnderway):
        mailing.go_on(broken, by=OFFICE, now=NOW)
    work(now=TOMORROW)

    assert (left, state(stopped), counts(stopped)) == (0, MailingState.CALLED_OFF, {Delivery.LEFT_OUT: 3})
    assert waits == (MailingState.SENDING, [])
    assert (state(broken), len(written(broken))) == (MailingState.SENT, 3)
    assert (state(planned), written(planned)) == (MailingState.DRAFT, [])
    mailing.discard(planned, by=OFFICE, now=NOW)
    deliver_due(MailboxTransport(), now=TOMORROW)
    for too_late in (mailing.discard, mailing.call_off):
        with pytest.raises(MailingUnderway):
            too_late(broken, by=OFFICE, now=NOW)


def test_nobody_and_a_word_that_is_not_filled_in_are_refused(app: Flask) -> None:
    event = make_event()
    empty = kept(to_event(event))

    with pytest.raises(NobodyChosen):
        decided(empty)
    with pytest.raises(UnknownPlaceholder):
        kept(to_event(event, text="Beste {achternaam}"))
    with pytest.raises(UnknownPlaceholder):
        kept(Message(Whom(Stream.ANNOUNCEMENT, topic=Field.HR), "Over {evenement}", HELLO))

    assert mailing.example(empty, None, now=NOW) is None
    assert (state(empty), RUNNERS.keys() >= {"mailing"}) == (MailingState.DRAFT, True)


def test_a_year_later_only_who_said_no_is_still_known_and_merging_keeps_one(app: Flask) -> None:
    make_organisation()
    anna, twin = employee("Anna", "anna@zonnevlinder.example"), employee("Ana", "ana@zonnevlinder.example")
    mailing_id = send_now(to_members())
    token = db.session.scalars(sa.select(MailPreference.token).order_by(MailPreference.address_digest)).first()
    db.session.rollback()
    mail_wishes.leave(token, now=NOW)
    merging.merge(merging.PERSON, anna.id, twin.id, by=OFFICE, now=NOW)

    forgetting.sweep(now=NOW + timedelta(days=800))

    rows = db.session.execute(sa.select(MailingRecipient.mailing_id, MailingRecipient.address)).all()
    assert rows == [(mailing_id, "")]
    assert list(db.session.scalars(sa.select(MailPreference.token))) == [token]


def test_a_message_reaches_those_who_were_ticked_and_nobody_else(app: Flask) -> None:
    one, two = make_event(title="Themadag"), make_event(title="Webinar")
    anna = make_person("Anna", address="anna@zonnevlinder.example")
    ticked = [
        make_registration(two, anna),
        make_registration(one, anna),
        make_registration(two, make_person(address="b@x.example")),
    ]
    off, leaves = make_registration(two, state=State.CANCELLED), make_registration(one)
    make_registration(one, make_person(address="niet@x.example"))
    ids = [row.id for row in (*ticked, off, leaves)]

    mailing_id = kept(Message(of_picked([*ids, 999_999]), "Over {evenement}", "Dag {voornaam}, tot in {plaats}."))
    cancelling.cancel_registration(leaves.id, by=OFFICE, now=NOW, back_cents=0)
    decided(mailing_id)
    work()

    assert written(mailing_id) == sorted(["anna@zonnevlinder.example", "b@x.example", off.address])
    subjects = sa.select(OutboxMail.subject, OutboxMail.event_id).where(OutboxMail.kind == "group_message")
    both, of_two = ("Over Themadag en Webinar", one.id), ("Over Webinar", two.id)
    assert sorted(db.session.execute(subjects)) == [both, of_two, of_two]
    assert of_picked([ticked[1].id]).event_id == one.id
    with pytest.raises(TooManyPicked):
        of_picked(range(10_001))


def test_who_was_ticked_for_several_events_gets_one_mail_that_names_those_they_still_go_to(app: Flask) -> None:
    events = [make_event(title=title, starts_at=NOW + timedelta(days=9 - n)) for n, title in enumerate("ABCD")]
    anna = make_person("Anna", address="anna@zonnevlinder.example")
    states = (State.CONFIRMED, State.WAITLISTED, State.CONFIRMED, State.CONFIRMED)
    rows = [make_registration(event, anna, state=state) for event, state in zip(events, states, strict=True)]
    own, elsewhere = rows[2].ticket.token, rows[0].ticket.token
    rows[0].address = "thuis@gratismail.example"
    db.session.commit()

    mailing_id = kept(Message(of_picked([row.id for row in rows]), "Over {evenement}", HELLO))
    example = mailing.example(mailing_id, None, now=NOW)
    cancelling.cancel_registration(rows[3].id, by=OFFICE, now=NOW, back_cents=0)
    decided(mailing_id)
    work()

    mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "group_message")).one()
    assert (mail.to_address, mail.subject) == ("anna@zonnevlinder.example", "Over C en B")
    assert (mail.event_id, mail.registration_id) == (events[2].id, rows[2].id)
    assert "omdat u bent aangemeld voor C en op de wachtlijst staat voor B." in mail.text
    assert mail.text.count("Wat: ") == 2 and "Uw ticket en aanmelding voor C:\n" in mail.text
    assert own in mail.text and elsewhere not in mail.text
    assert example and example.subject == "Over D, C en B" and own not in example.text
