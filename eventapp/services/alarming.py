"""The provider refuses something of ours: the office hears it once a day, however many run into it."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventapp.extensions import db
from eventapp.models import Order
from eventapp.services import mails
from eventapp.transaction import transaction

log = logging.getLogger(__name__)


def once_a_day(what: str, order_id: int, *, now: datetime) -> None:
    """Mail the office about `what`, with this order as the example, unless that was done today."""
    try:
        with transaction():
            registration = db.session.get_one(Order, order_id).registrations[0]
            mails.to_office(what, key=f"{now:%Y%m%d}", now=now, registration=registration)
    except IntegrityError:
        log.info("somebody else ran into %s in the same moment", what)
