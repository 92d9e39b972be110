"""Does every mail in the outbox reach its mail server once, whatever that server does?"""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from eventapp.domain.admission import TicketState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import Letterhead, MailboxTransport, SmtpTransport
from eventapp.models import MailboxMessage, MailState, OutboxMail
from eventapp.services import mails
from tests.factories import NOW
from tests.mail import kinds
from tests.mail.conftest import PostOffice

LATER = NOW + timedelta(minutes=1)


def put(*addresses: str) -> list[int]:
    """Mails to these addresses in the outbox."""
    for address in addresses:
        write("sign_in_unknown", Recipient(address, "Marieke"), purpose=f"for {address}", now=NOW)
    db.session.commit()
    return [mail.id for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def the_mail() -> OutboxMail:
    db.session.expire_all()
    return db.session.query(OutboxMail).one()


def states() -> dict[str, str]:
    db.session.expire_all()
    return {mail.to_address: mail.state.value for mail in db.session.query(OutboxMail)}


def test_what_is_due_arrives_over_one_connection(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example", "c@vlinder.example")

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW)

    assert sent == 3
    assert [message["To"] for message in post_office.arrived] == [
        "Marieke <a@vlinder.example>",
        "Marieke <b@vlinder.example>",
        "Marieke <c@vlinder.example>",
    ]
    assert post_office.connections == 1
    assert set(states().values()) == {"sent"}
    assert {mail.sent_at for mail in db.session.query(OutboxMail)} == {NOW}


def test_what_was_sent_is_not_sent_again(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example")
    deliver_due(SmtpTransport(post_office.url), now=NOW)

    again = deliver_due(SmtpTransport(post_office.url), now=NOW + timedelta(days=1))

    assert again == 0
    assert len(post_office.arrived) == 1


def test_no_more_leave_than_asked(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW, limit=1)

    assert sent == 1
    assert states() == {"a@vlinder.example": "sent", "b@vlinder.example": "waiting"}


def test_the_envelope_says_who_sends_and_that_a_machine_wrote_it(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example")

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    message = post_office.arrived[0]
    assert message["From"] == "Vereniging Netwerk Kindcentra <aanmelden@kindcentra.example>"
    assert message["Reply-To"] == "secretariaat@kindcentra.example"
    assert message["Message-ID"] == the_mail().message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOW
    assert message["Subject"] == "Inloggen bij Netwerk Kindcentra"


def test_the_settings_of_the_machine_go_before_those_of_the_association(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example")
    letterhead = Letterhead("post@vnk.example", "balie@vnk.example")

    deliver_due(SmtpTransport(post_office.url, letterhead), now=NOW)

    message = post_office.arrived[0]
    assert message["From"].addresses[0].addr_spec == "post@vnk.example"
    assert message["Reply-To"] == "balie@vnk.example"


def test_a_name_with_a_line_end_adds_no_header(app: Flask, post_office: PostOffice) -> None:
    write("sign_in_unknown", Recipient("a@vlinder.example", "a\r\nBcc: b@vlinder.example"), purpose="1", now=NOW)
    db.session.commit()

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    message = post_office.arrived[0]
    assert message["To"].addresses[0].display_name == "a Bcc: b@vlinder.example"
    assert message["Bcc"] is None


def test_a_domain_in_other_letters_is_written_as_mail_servers_know_it(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinderé.example")

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    assert post_office.arrived[0]["To"].addresses[0].addr_spec == "a@xn--vlinder-hya.example"


def test_a_mail_server_that_is_away_costs_nothing_but_time(app: Flask) -> None:
    put("a@vlinder.example", "b@vlinder.example")

    sent = deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=NOW)

    first, second = db.session.query(OutboxMail).order_by(OutboxMail.id)
    assert sent == 0
    assert (first.state, first.tries, first.next_try_at) == (MailState.WAITING, 1, NOW + timedelta(minutes=1))
    assert (second.state, second.tries, second.next_try_at) == (MailState.WAITING, 0, NOW)
    assert first.last_error == "no connection: ConnectionRefusedError"


def test_it_leaves_once_the_mail_server_is_back(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example")
    deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=NOW)

    too_early = deliver_due(SmtpTransport(post_office.url), now=LATER - timedelta(seconds=1))
    in_time = deliver_due(SmtpTransport(post_office.url), now=LATER)

    assert (too_early, in_time) == (0, 1)
    assert (the_mail().tries, the_mail().last_error) == (2, "")


def test_trying_again_takes_longer_each_time_and_ends_after_two_days(app: Flask) -> None:
    put("a@vlinder.example")
    moment, waits = NOW, []
    while the_mail().state == MailState.WAITING:
        deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=moment)
        waits.append(the_mail().next_try_at - moment)
        moment = max(the_mail().next_try_at, moment)

    minutes = [wait // timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 5, 15, 60] + [240] * 11 + [0]
    assert the_mail().state == MailState.FAILED
    assert timedelta(hours=44) < moment - NOW <= timedelta(hours=48)


def test_an_address_refused_for_good_is_given_up_and_holds_up_nobody(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    post_office.answers["a@vlinder.example"] = "550 5.1.1 <a@vlinder.example> is unknown here"

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW)

    refused = db.session.query(OutboxMail).filter_by(to_address="a@vlinder.example").one()
    assert sent == 1
    assert states() == {"a@vlinder.example": "failed", "b@vlinder.example": "sent"}
    assert refused.last_error == "recipient refused: 550 5.1.1"


def test_an_address_refused_for_now_waits_and_holds_up_nobody(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    post_office.answers["a@vlinder.example"] = "451 4.7.1 greylisted, try again"

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW)

    waiting = db.session.query(OutboxMail).filter_by(to_address="a@vlinder.example").one()
    assert sent == 1
    assert states() == {"a@vlinder.example": "waiting", "b@vlinder.example": "sent"}
    assert (waiting.next_try_at, waiting.last_error) == (LATER, "recipient refused: 451 4.7.1")


def test_a_refused_sender_is_no_fault_of_the_mail(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    post_office.sender_answer = "553 5.7.1 not your address"

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    assert set(states().values()) == {"waiting"}
    assert db.session.query(OutboxMail).order_by(OutboxMail.id).first().last_error == "sender refused: 553 5.7.1"


def test_a_mail_server_that_hangs_ends_the_batch(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    post_office.hangs = True

    sent = deliver_due(SmtpTransport(post_office.url, timeout=1), now=NOW)

    first, second = db.session.query(OutboxMail).order_by(OutboxMail.id)
    assert sent == 0
    assert (first.state, first.tries, first.last_error) == (MailState.WAITING, 1, "no answer in time")
    assert (second.state, second.tries) == (MailState.WAITING, 0)


def test_only_what_reached_no_server_is_hastened_when_another_mail_has_left(
    app: Flask, post_office: PostOffice
) -> None:
    put("stil@vlinder.example")
    post_office.hangs = True
    deliver_due(SmtpTransport(post_office.url, timeout=1), now=NOW)
    post_office.hangs = False
    put("a@vlinder.example")
    deliver_due(SmtpTransport("smtp://127.0.0.1:1"), now=NOW)
    put("b@vlinder.example")

    soon = NOW + timedelta(seconds=10)
    sent = deliver_due(SmtpTransport(post_office.url), now=soon)

    assert sent == 1
    assert {
        mail.to_address: mail.next_try_at for mail in db.session.query(OutboxMail).filter_by(state=MailState.WAITING)
    } == {
        "stil@vlinder.example": LATER,
        "a@vlinder.example": soon,
    }


def test_a_later_mail_of_the_same_batch_waits_for_one_that_is_put_off(app: Flask, post_office: PostOffice) -> None:
    registration = kinds.somebody()
    for purpose in ("first", "second"):
        write("sign_in_unknown", Recipient(registration.address, "Anna", registration), purpose=purpose, now=NOW)
    db.session.commit()
    post_office.answers_to_data = {registration.address: "451 4.3.0 later"}

    sent = [deliver_due(SmtpTransport(post_office.url), now=moment) for moment in (NOW, LATER)]

    names = [mail.message_id for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]
    assert sent == [0, 2]
    assert [message["Message-ID"] for message in post_office.arrived] == names
    assert [mail.tries for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)] == [2, 1]


def test_a_lost_connection_is_made_anew_for_the_next_mail(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    post_office.hangs_up_on = {"a@vlinder.example"}

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW)

    assert sent == 1
    assert states() == {"a@vlinder.example": "waiting", "b@vlinder.example": "sent"}
    assert post_office.connections == 2


def test_an_attachment_that_cannot_be_drawn_stops_its_own_mail_only(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example", "b@vlinder.example")
    db.session.query(OutboxMail).filter_by(to_address="a@vlinder.example").update(
        {"attachments": [{"draw": "ticket", "ticket_id": 99}]}
    )
    db.session.commit()

    sent = deliver_due(SmtpTransport(post_office.url), now=NOW)

    failed = db.session.query(OutboxMail).filter_by(to_address="a@vlinder.example").one()
    assert sent == 1
    assert (failed.state, failed.last_error) == (MailState.FAILED, "cannot be drawn: NoResultFound")
    assert states()["b@vlinder.example"] == "sent"


def test_what_a_worker_left_behind_is_sent_again_under_the_same_name(app: Flask, post_office: PostOffice) -> None:
    put("a@vlinder.example")
    db.session.query(OutboxMail).update({"state": MailState.SENDING, "tries": 1, "claimed_until": LATER})
    db.session.commit()

    too_early = deliver_due(SmtpTransport(post_office.url), now=LATER - timedelta(seconds=1))
    in_time = deliver_due(SmtpTransport(post_office.url), now=LATER)

    assert (too_early, in_time) == (0, 1)
    assert post_office.arrived[0]["Message-ID"] == the_mail().message_id


class Interrupted(MailboxTransport):
    """A worker that is stopped while the first mail is on its way."""

    def send(self, message: object) -> None:
        raise KeyboardInterrupt


def test_a_stopped_worker_hands_back_what_it_did_not_touch(app: Flask) -> None:
    put("a@vlinder.example", "b@vlinder.example")

    with pytest.raises(KeyboardInterrupt):
        deliver_due(Interrupted(), now=NOW)

    first, second = db.session.query(OutboxMail).order_by(OutboxMail.id)
    assert first.state == MailState.SENDING
    assert (second.state, second.tries, second.claimed_until) == (MailState.WAITING, 0, None)


def test_nothing_is_locked_while_a_mail_is_on_its_way(app: Flask) -> None:
    put("a@vlinder.example")
    seen = []

    class Watching(MailboxTransport):
        def send(self, message: object) -> None:
            seen.append(db.session.registry().in_transaction())

    deliver_due(Watching(), now=NOW)

    assert seen == [False]


def test_two_workers_send_each_mail_once(app: Flask, post_office: PostOffice) -> None:
    addresses = [f"{n:02}@vlinder.example" for n in range(40)]
    put(*addresses)
    start = Barrier(2)
    sent: list[int] = []

    def work() -> None:
        with app.app_context():
            start.wait()
            sent.extend(deliver_due(SmtpTransport(post_office.url), now=NOW, limit=5) for _ in range(8))
            db.session.remove()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    arrived = sorted(message["To"].addresses[0].addr_spec for message in post_office.arrived)
    assert arrived == addresses
    assert sum(sent) == 40


def test_the_demo_keeps_every_mail_in_its_mailbox(app: Flask) -> None:
    put("a@vlinder.example")

    deliver_due(MailboxTransport(), now=NOW)

    kept = db.session.query(MailboxMessage).one()
    assert (kept.to_address, kept.subject, kept.received_at) == (
        "a@vlinder.example",
        "Inloggen bij Netwerk Kindcentra",
        NOW,
    )
    assert the_mail().message_id.encode() in kept.message


def test_a_ticket_that_was_replaced_does_not_go_along(app: Flask, post_office: PostOffice) -> None:
    registration = kinds.somebody()
    mails.confirmed(registration, now=NOW)
    registration.ticket.state = TicketState.REPLACED
    db.session.commit()

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    names = [part.get_filename() for part in post_office.arrived[0].iter_attachments()]
    assert names == [f"afspraak-{registration.event.slug}.ics"]


def test_somebody_who_withdrew_meanwhile_is_not_invited(app: Flask, post_office: PostOffice) -> None:
    registration = kinds.somebody()
    mails.confirmed(registration, now=NOW)
    registration.state, registration.cancelled_at = State.CANCELLED, datetime.fromisoformat("2027-01-11T10:00+00:00")
    registration.ticket.state = TicketState.CANCELLED
    db.session.commit()

    deliver_due(SmtpTransport(post_office.url), now=NOW)

    assert list(post_office.arrived[0].iter_attachments()) == []
    assert post_office.arrived[0].get_content_type() == "multipart/alternative"
