"""Several workers at once: mails about one registration leave one after the other, so none overtakes another."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import MailboxTransport
from eventapp.models import MailState, OutboxMail
from eventapp.services import mails
from tests.factories import NOW, make_event, make_registration

pytestmark = pytest.mark.race
WORKERS, PEOPLE, MAILS = 4, 4, 3


class _Watched(MailboxTransport):
    """Takes a moment over each mail, and notes about whom two were on their way at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock, self._leaving = Lock(), Counter()
        self.overtaken: list[str] = []

    def send(self, message) -> None:
        address = message["To"].addresses[0].addr_spec
        with self._lock:
            self._leaving[address] += 1
            if self._leaving[address] > 1:
                self.overtaken.append(address)
        time.sleep(0.005)
        with self._lock:
            self._leaving[address] -= 1


def test_workers_never_send_two_mails_of_one_registration_at_the_same_time(app: Flask) -> None:
    event = make_event()
    for registration in [make_registration(event) for _ in range(PEOPLE)]:
        for number in range(MAILS):
            mails.confirmed(registration, now=NOW, again=f"-{number}")
    db.session.commit()
    transport, start = _Watched(), Barrier(WORKERS)

    def work(_number: int) -> int:
        start.wait()
        with app.app_context():
            return sum(deliver_due(transport, now=NOW, limit=1) for _ in range(3 * PEOPLE * MAILS))

    with ThreadPoolExecutor(WORKERS) as threads:
        sent = list(threads.map(work, range(WORKERS)))

    assert (sum(sent), transport.overtaken) == (PEOPLE * MAILS, [])
    assert set(db.session.scalars(sa.select(OutboxMail.state))) == {MailState.SENT}
