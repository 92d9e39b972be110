"""Does everybody who is coming hear of it once more in time, and nobody else?"""

from datetime import timedelta

from flask import Flask

from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.mail.deliver import TOO_LATE, deliver_due
from eventapp.mail.message import build
from eventapp.mail.transports import Letterhead, SmtpTransport
from eventapp.models import Event, OutboxMail, Registration
from eventapp.services import reminding
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration

STARTS = NOW + timedelta(days=10)
WEEK = STARTS.replace(hour=8) - timedelta(days=7)
DAY = STARTS.replace(hour=8) - timedelta(days=1)


def coming(event: Event, name: str, **more: object) -> int:
    person = make_person(name, "", "Bakker", address=f"{name.lower()}@zonnevlinder.example")
    return make_registration(event, person, **more).id


def written() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(mail.to_name, mail.subject) for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def test_who_comes_is_reminded_a_week_and_a_day_before_and_each_once(app: Flask) -> None:
    event = make_event(title="Themadag", starts_at=STARTS)
    late = coming(event, "Late")
    coming(event, "Anna")
    coming(event, "Wacht", state=State.WAITLISTED)
    coming(event, "Weg", state=State.CANCELLED)
    db.session.get_one(Registration, late).confirmed_at = WEEK - timedelta(hours=1)
    db.session.commit()

    counts = [reminding.remind_due(now=moment) for moment in (WEEK - timedelta(minutes=1), WEEK, WEEK, DAY, DAY)]

    assert counts == [0, 1, 0, 2, 0]
    assert written() == [
        ("Anna Bakker", "Over een week, op donderdag 21 januari 2027: Themadag"),
        ("Late Bakker", "Morgen, donderdag 21 januari 2027: Themadag"),
        ("Anna Bakker", "Morgen, donderdag 21 januari 2027: Themadag"),
    ]


def test_the_hour_before_is_for_who_joins_online_with_the_calendar_entry(app: Flask) -> None:
    event = make_event(title="Webinar", form=EventForm.HYBRIDE, starts_at=STARTS, online_url="https://meet.example/x")
    online = coming(event, "Anna", attends=EventForm.ONLINE)
    coming(event, "Bram", attends=EventForm.FYSIEK)

    reminding.remind_due(now=STARTS - timedelta(hours=1))

    mail = db.session.query(OutboxMail).one()
    message = build(mail, Letterhead(), now=NOW)
    assert (mail.kind, mail.to_name, mail.registration_id) == ("join_soon", "Anna Bakker", online)
    assert f"/deelnemen/{db.session.get_one(Registration, online).ticket.token}" in mail.text
    assert [part.get_content_type() for part in message.walk()].count("text/calendar") == 1
    assert "meet.example" not in message.as_string()


def test_an_event_that_moves_is_reminded_of_at_its_new_day(app: Flask) -> None:
    event = make_event(starts_at=STARTS)
    coming(event, "Anna")
    reminding.remind_due(now=DAY)
    event.starts_at, event.ends_at = STARTS + timedelta(days=7), STARTS + timedelta(days=7, hours=2)
    event.moved_at = DAY + timedelta(minutes=1)
    db.session.commit()

    week_before_new = reminding.remind_due(now=DAY + timedelta(minutes=2))
    day_before_new = reminding.remind_due(now=DAY + timedelta(days=7))

    assert (week_before_new, day_before_new) == (0, 1)


def test_the_office_decides_when_and_an_event_that_is_off_says_nothing(app: Flask) -> None:
    event, off = make_event(starts_at=STARTS), make_event(starts_at=STARTS, state="cancelled")
    coming(event, "Anna")
    coming(off, "Bram")
    reminding.set_reminders(event.id, [3, 3], online=False, by=OFFICE, now=NOW)

    counts = [reminding.remind_due(now=moment) for moment in (WEEK, DAY - timedelta(days=2), DAY)]

    assert counts == [0, 1, 0]
    assert written() == [("Anna Bakker", "Op donderdag 21 januari 2027: Inspiratiebijeenkomst")]


def test_a_reminder_that_says_tomorrow_does_not_leave_the_day_after(app: Flask) -> None:
    coming(make_event(starts_at=STARTS), "Anna")
    reminding.remind_due(now=DAY)
    deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=DAY)

    deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=DAY + timedelta(hours=16))

    mail = db.session.query(OutboxMail).one()
    assert (mail.state, mail.last_error) == ("failed", TOO_LATE)
