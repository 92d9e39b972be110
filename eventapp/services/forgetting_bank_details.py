"""Whose account do we no longer need to know? Part of the nightly sweep."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.extensions import db
from eventapp.models import BankRefund, Order


def bank_details(*, now: datetime) -> int:
    """What was settled longer ago than its term, or belongs to an order that is emptied, loses IBAN and name."""
    emptied = sa.select(Order.id).where(Order.address == "")
    old = sa.or_(BankRefund.settled_at < TERMS["bank_details"].before(now), BankRefund.order_id.in_(emptied))
    known = sa.or_(BankRefund.iban != "", BankRefund.holder != "")
    erase = sa.update(BankRefund).where(old, known).values(iban="", holder="")
    result: Any = db.session.execute(erase.execution_options(synchronize_session=False))
    return int(result.rowcount)
