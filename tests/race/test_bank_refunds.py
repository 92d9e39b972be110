"""Two treasurers at the same row in the same moment: one of them settles it, and the money leaves the books once."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import PaidBackAlready
from eventapp.extensions import db
from eventapp.models import BankRefund, InvoiceMatch
from eventapp.services import matching, paying_back
from tests.factories import NOW
from tests.invoicing import TREASURER, issued, make_order, make_ready

pytestmark = pytest.mark.race
TOO_MUCH = 500


def test_one_of_two_treasurers_settles_it(app: Flask):
    make_ready()
    order = make_order()
    matching.match(issued(order), 14500 + TOO_MUCH, received_on=NOW.date(), by=TREASURER, now=NOW)
    row_id = db.session.scalars(sa.select(BankRefund.id)).one()
    db.session.remove()
    start, refused = threading.Barrier(4), []

    def settle(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                if number % 2:
                    paying_back.keep(row_id, "Gift", by=TREASURER, now=NOW)
                else:
                    paying_back.mark_done(row_id, NOW.date(), by=TREASURER, now=NOW)
            except PaidBackAlready:
                refused.append(number)

    threads = [threading.Thread(target=settle, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    taken_off = db.session.scalars(sa.select(InvoiceMatch.amount_cents).where(InvoiceMatch.amount_cents < 0)).all()
    assert len(refused) == 3
    assert taken_off == [-TOO_MUCH]
