"""Against flooding: beyond some unconfirmed registrations people still register, but no place waits for them."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from eventapp.domain.places import may_hold
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order, PlaceHold, Registration


def may_take_unconfirmed(registrations: Sequence[Registration]) -> bool:
    """Whether places are held already for this order: for all of it or for none, as everybody of a group counts.

    Beyond the limits against flooding only a confirmation takes them.
    """
    unproven = [r for r in registrations if r.state == State.AWAITING_CONFIRMATION]
    if not unproven:
        return True
    held = (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(
            Registration.state == State.AWAITING_CONFIRMATION,
            Registration.proven_at.is_(None),
            Registration.id.in_(sa.select(PlaceHold.registration_id)),
        )
    )
    visitor_key = unproven[0].order.visitor_key
    of_visitor = _count(held.join(Order).where(Order.visitor_key == visitor_key)) if visitor_key else 0
    at_event = held.where(Registration.event_id == unproven[0].event_id)
    domains = Counter(registration.mail_domain for registration in unproven)
    return all(
        may_hold(
            # The last one of the group meets all who came before.
            unconfirmed_of_visitor=of_visitor + len(unproven) - 1,
            unconfirmed_of_domain=_count(at_event.where(Registration.mail_domain == domain)) + number - 1,
        )
        for domain, number in domains.items()
    )


def _count(query: sa.Select[int]) -> int:
    return db.session.scalar(query) or 0
