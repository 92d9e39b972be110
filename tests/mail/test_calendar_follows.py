"""The appointment in somebody's calendar follows the meeting: real mails over SMTP, read by a calendar of its own."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import VISITOR
from eventapp.domain.events import EventForm
from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import SmtpTransport, TryLater
from eventapp.models import MailState, OutboxMail, Registration
from eventapp.services import attending, calling_off, cancelling, choosing, handing_over, mails, organising
from tests.calendar_inbox import CalendarInbox
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_organisation, make_registration, make_round
from tests.mail.conftest import PostOffice

MEETING = "https://meet.example/geheim"


def deliver(office: PostOffice, now=NOW) -> list:
    """Send what is due, and answer what arrived by it."""
    before = len(office.arrived)
    deliver_due(SmtpTransport(office.url), now=now)
    return office.arrived[before:]


def confirmed(registration: Registration) -> Registration:
    mails.confirmed(registration, now=NOW)
    db.session.commit()
    return registration


def change(registration: Registration, now, **details: object) -> None:
    event = registration.event
    wanted = replace(organising.details_of(event), **details)
    organising.change_event(event.id, wanted, version=event.version, by=OFFICE, now=now)


def test_an_appointment_follows_the_meeting_until_it_is_off(app: Flask, post_office: PostOffice):
    event = make_event(form=EventForm.HYBRIDE, online_url=MEETING)
    first_round = make_round(event)
    breakout = make_breakout(first_round, title="Bouwen voor later", room="Zaal 3")
    registration = confirmed(make_registration(event))
    uid, begin = registration.calendar_uid, event.starts_at
    inbox = CalendarInbox(registration.address)

    inbox.receive(*deliver(post_office))
    assert (inbox.entries[uid].start, inbox.entries[uid].sequence) == (begin, 0)

    choosing.choose(registration.id, {first_round.id: breakout.id}, by=VISITOR, now=NOW)
    inbox.receive(*deliver(post_office))
    assert "Bouwen voor later, Zaal 3" in inbox.entries[uid].description

    # Day, hall, title and link saved together: one mail, one step.
    later, changes = NOW + timedelta(hours=1), {"city": "Zwolle", "title": "Nieuwe titel", "online_url": f"{MEETING}/2"}
    change(
        registration, later, starts_at=begin + timedelta(days=7), ends_at=begin + timedelta(days=7, hours=3), **changes
    )
    arrived = deliver(post_office, later)
    inbox.receive(*arrived)
    entry = inbox.entries[uid]
    assert [message["Subject"] for message in arrived] == ["Gewijzigd: Nieuwe titel"]
    assert (entry.sequence, entry.start, entry.summary) == (2, begin + timedelta(days=7), "Nieuwe titel")
    assert entry.location.endswith("3511 AB Zwolle")

    attending.change(registration.id, EventForm.ONLINE, by=VISITOR, now=later)
    inbox.receive(*deliver(post_office, later))
    entry = inbox.entries[uid]
    assert (entry.location, entry.join) == ("Online", f"http://127.0.0.1:8000/deelnemen/{registration.ticket.token}")
    assert entry.join in entry.description

    calling_off.cancel_event(event.id, reason="De zaal staat blank", by=OFFICE, now=later)
    inbox.receive(*deliver(post_office, later))
    assert inbox.entries == {}
    assert inbox.heard == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2), ("REQUEST", 3), ("CANCEL", 4)]
    assert not [message for message in post_office.arrived if MEETING in message.as_string()]


def test_a_place_that_is_handed_over_goes_from_one_calendar_to_the_other(
    app: Flask,
    post_office: PostOffice,
):
    organisation = make_organisation()
    registration = confirmed(make_registration(make_event(), organisation_id=organisation.id))
    giver, taker = CalendarInbox(registration.address), CalendarInbox("bram@zonnevlinder.example")
    giver.receive(*deliver(post_office))

    handing_over.offer(registration.id, taker.address, "Bram", "", "Bakker", by=VISITOR, now=NOW)
    token = db.session.scalar(sa.text("SELECT token FROM hand_overs"))
    new = handing_over.accept(token, "Bram", "", "Bakker", now=NOW)
    new_uid, arrived = new.calendar_uid, deliver(post_office)
    giver.receive(*arrived)
    taker.receive(*arrived)

    assert (list(giver.entries), giver.heard[-1]) == ([], ("CANCEL", 1))
    assert (list(taker.entries), taker.heard) == ([new_uid], [("REQUEST", 0)])


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
def test_mails_that_wait_and_arrive_in_any_order_leave_the_right_state(
    app: Flask,
    post_office: PostOffice,
    order: tuple[int, int, int],
):
    """The server puts mails off one by one; each is drawn when it leaves. Then every mail arrives a second time."""
    registration = confirmed(make_registration(make_event()))
    change(registration, NOW, starts_at=registration.event.starts_at + timedelta(hours=1))
    cancelling.cancel_registration(registration.id, by=OFFICE, now=NOW, back_cents=0)
    waiting = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)).all()
    for turn, mail in zip(order, waiting, strict=True):
        mail.next_try_at = NOW + timedelta(hours=turn)
    address = registration.address
    db.session.commit()
    inbox, forgetful = CalendarInbox(address), CalendarInbox(address, forgets=True)

    for hour in range(3):
        arrived = deliver(post_office, NOW + timedelta(hours=hour))
        assert len(arrived) == 1
        forgetful.receive(*arrived)
    inbox.receive(*post_office.arrived, *post_office.arrived)

    assert forgetful.heard == [("CANCEL", 2)]
    assert (forgetful.entries, inbox.entries) == ({}, {})


def test_mails_that_swap_places_on_the_way_move_nothing_back(app: Flask, post_office: PostOffice):
    """What left in order may arrive in any other, and more than once."""
    registration = confirmed(make_registration(make_event()))
    uid, begin, address = registration.calendar_uid, registration.event.starts_at, registration.address
    arrived = deliver(post_office)
    for hour in (1, 2):
        change(registration, NOW, starts_at=begin + timedelta(hours=hour))
        arrived += deliver(post_office)

    for order in permutations(arrived):
        inbox = CalendarInbox(address)
        inbox.receive(*order, order[0])

        assert (inbox.entries[uid].sequence, inbox.entries[uid].start) == (2, begin + timedelta(hours=2))


class _Slow(SmtpTransport):
    """A mail server that takes so long over a mail that other things happen meanwhile."""

    def __init__(self, url: str, meanwhile, *, fails: bool = False) -> None:
        super().__init__(url)
        self.meanwhile, self.fails = meanwhile, fails

    def send(self, message) -> None:
        self.meanwhile()
        if self.fails:
            raise TryLater("mail refused: 450")
        super().send(message)


@pytest.mark.parametrize("fails", [False, True])
def test_a_mail_on_its_way_is_not_overtaken_by_the_next(
    app: Flask,
    post_office: PostOffice,
    fails: bool,
):
    """Drawn, then slow: the cancellation that another worker would send meanwhile waits its turn."""
    registration = confirmed(make_registration(make_event()))
    registration_id, forgetful = registration.id, CalendarInbox(registration.address, forgets=True)
    overtaken = []

    def withdraw_and_send() -> None:
        cancelling.cancel_registration(registration_id, by=OFFICE, now=NOW, back_cents=0)
        overtaken.append(deliver_due(SmtpTransport(post_office.url), now=NOW))

    deliver_due(_Slow(post_office.url, withdraw_and_send, fails=fails), now=NOW)
    deliver(post_office)
    deliver(post_office, NOW + timedelta(hours=1))
    forgetful.receive(*post_office.arrived)

    assert overtaken == [0]
    assert forgetful.heard == ([] if fails else [("REQUEST", 0)]) + [("CANCEL", 1)]
    assert forgetful.entries == {}
    assert set(db.session.scalars(sa.select(OutboxMail.state))) == {MailState.SENT}
