"""A mail server on its worst day: each person gets the mail once, or the office sees why not."""

from collections import Counter
from datetime import timedelta

from flask import Flask

from eventapp import wording
from eventapp.domain.concerns import Concern
from eventapp.domain.mailings import Delivery, LeftOut, Stream
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.mail.deliver import DEAD_ADDRESS, deliver_due
from eventapp.mail.transports import SmtpTransport
from eventapp.models import DeadAddress, Mailing, OutboxMail
from eventapp.queries.audiences import Whom
from eventapp.queries.concerns import rows as waiting
from eventapp.queries.mailings import fates
from eventapp.queries.outbox import outbox
from eventapp.services import mails
from eventapp.services.mailing import Message
from eventapp.services.outbox import bury, revive, send_again
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.mail.conftest import PostOffice
from tests.mailing import counts, left_out, send_now

MINUTE = timedelta(minutes=1)
# When a worker would try again what did not leave: after 1, 5, 15 and 60 minutes.
MOMENTS = [NOW + minutes * MINUTE for minutes in (0, 1, 2, 7, 23, 85)]
GOOD = [f"goed{n}@zonnevlinder.example" for n in range(4)]
GREYLISTED, FULL = "later@wolkenkind.example", "vol@wolkenkind.example"
UNKNOWN, BLOCKED, SPAM = "weg@klimrek.example", "dicht@klimrek.example", "spam@klimrek.example"
SILENT, DROPS, CUT = "stil@regenjas.example", "valt@regenjas.example", "afgebroken@regenjas.example"
EVERYBODY = [*GOOD, GREYLISTED, FULL, UNKNOWN, BLOCKED, SPAM, SILENT, DROPS, CUT]


def tickets_for(addresses: list[str]) -> None:
    event = make_event()
    for address in addresses:
        mails.confirmed(make_registration(event, make_person(address=address)), now=NOW)
    db.session.commit()


def a_bad_day(post: PostOffice) -> None:
    post.answers = {
        GREYLISTED: "451 4.7.1 greylisted",
        FULL: "452 4.2.2 mailbox full",
        UNKNOWN: "550 5.1.1 no such user",
        BLOCKED: "550 5.7.1 blocked",
    }
    post.answers_to_data = {SPAM: "554 5.6.0 no"}
    post.drops_after_data = {DROPS}
    post.hangs_up_on = {CUT}


def test_each_person_gets_the_mail_once_or_the_office_sees_why_not(app: Flask, post_office: PostOffice) -> None:
    tickets_for(EVERYBODY)
    a_bad_day(post_office)
    transport = SmtpTransport(post_office.url, timeout=2)
    post_office.hangs = True
    first = deliver_due(transport, now=NOW)
    post_office.hangs = False

    for moment in MOMENTS[1:]:
        deliver_due(transport, now=moment)
        if moment == MOMENTS[2]:
            post_office.hangs_up_on = set()
            del post_office.answers[GREYLISTED]

    got = Counter(message["To"].addresses[0].addr_spec for message in post_office.arrived)
    names = {message["Message-ID"] for message in post_office.arrived}
    seen = outbox(now=MOMENTS[-1])
    assert first == 0
    assert got == {**dict.fromkeys([*GOOD, GREYLISTED, SILENT, CUT], 1), DROPS: 2}
    assert len(names) == len(got)
    assert {mail.to_address: mail.last_error for mail in seen.failed} == {
        UNKNOWN: "recipient refused: 550 5.1.1",
        BLOCKED: "recipient refused: 550 5.7.1",
        SPAM: "mail refused: 554 5.6.0",
    }
    assert [mail.to_address for mail in seen.stuck] == [FULL]
    assert {mail.to_address for mail in waiting(Concern.MAILS, now=MOMENTS[-1])} == {
        UNKNOWN,
        BLOCKED,
        SPAM,
    }
    assert all(wording.mail_problem(mail.last_error).endswith(").") for mail in [*seen.failed, *seen.stuck])
    # The server took this one before the line dropped: the repeat bears the same name.
    assert [row.address for row in seen.dead] == [UNKNOWN]


def test_nothing_is_sent_to_an_address_that_does_not_work_until_the_office_says_so(
    app: Flask, post_office: PostOffice
) -> None:
    bury(GOOD[0], by=OFFICE, now=NOW)
    bury(GOOD[0], by=OFFICE, now=NOW)
    tickets_for([GOOD[0]])
    write("sign_in_unknown", Recipient(GOOD[0]), purpose="other", now=NOW)
    words = {"member": True, "token": "a", "code": "12345678", "next_path": "", "until": NOW}
    write("sign_in", Recipient(GOOD[0]), purpose="code", now=NOW, **words)
    db.session.commit()
    transport = SmtpTransport(post_office.url)
    before = deliver_due(transport, now=NOW)
    failed = [(mail.kind, mail.last_error) for mail in outbox(now=NOW).failed]

    revive(GOOD[0], by=OFFICE, now=NOW)
    send_again(db.session.query(OutboxMail).filter_by(kind="confirmed").one().id, by=OFFICE, now=NOW)
    after = deliver_due(transport, now=NOW)

    assert (before, after) == (1, 1)
    assert failed == [("sign_in_unknown", DEAD_ADDRESS), ("confirmed", DEAD_ADDRESS)]
    assert [message["Subject"][:6] for message in post_office.arrived] == ["Inlogg", "Ticket"]
    assert db.session.query(DeadAddress).count() == 0


def test_one_domain_gets_so_many_a_minute_and_holds_up_nobody_else(app: Flask, post_office: PostOffice) -> None:
    for n in range(5):
        write("sign_in_unknown", Recipient(f"n{n}@groot.example"), purpose=f"groot-{n}", now=NOW)
    write("sign_in_unknown", Recipient("a@klein.example"), purpose="klein", now=NOW)
    db.session.commit()
    transport = SmtpTransport(post_office.url)
    transport.per_minute = 2

    sent = [deliver_due(transport, now=NOW + seconds * MINUTE / 60) for seconds in (0, 30, 60, 90, 120)]

    assert sent == [3, 0, 2, 0, 1]
    assert [message["To"].addresses[0].domain for message in post_office.arrived[:3]].count("klein.example") == 1


def test_a_message_to_a_group_says_of_each_person_what_became_of_it(app: Flask, post_office: PostOffice) -> None:
    event = make_event()
    those = [*GOOD, GREYLISTED, UNKNOWN, BLOCKED, SPAM, DROPS, CUT]
    for address in those:
        make_registration(event, make_person(address=address))
    message = Message(Whom(Stream.EVENT, event_id=event.id), "Neem een jas mee", "Beste {voornaam}")
    a_bad_day(post_office)
    mailing_id = send_now(message)
    transport = SmtpTransport(post_office.url, timeout=2)
    deliver_due(transport, now=NOW)
    post_office.hangs_up_on = set()
    deliver_due(transport, now=NOW + 2 * MINUTE)

    again = send_now(message, now=NOW + 3 * MINUTE)

    got = Counter(arrived["To"].addresses[0].addr_spec for arrived in post_office.arrived)
    assert got == {**dict.fromkeys([*GOOD, CUT], 1), DROPS: 2}
    assert counts(mailing_id) == {Delivery.SENT: 6, Delivery.FAILED: 3, Delivery.ON_ITS_WAY: 1}
    assert left_out(again) == {UNKNOWN: LeftOut.DEAD_ADDRESS}
    why = {one.address: one.why for one in fates(db.session.get_one(Mailing, mailing_id), result=Delivery.FAILED).rows}
    assert why[UNKNOWN] == "De mailserver van de ontvanger kent dit adres niet of weigert het (550 5.1.1)."
