"""The link that proves an address: to whom does it go, and for whom is it?"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from eventapp.domain.registrations import State
from eventapp.models import Order, Registration
from eventapp.services import mails, one_time

PURPOSE = "prove"


def send(
    registration: Registration, *, held: bool, now: datetime, kind: str = "confirm_address", key: str = ""
) -> None:
    """Mail the link for this registration. It works until the event starts: a late click may still find a place.

    Whoever booked several gets one link for all who wait for it; a colleague gets one of their own only after that.
    `held` says whether a place waits, also when that is taken only at the end of this transaction.
    """
    if mails.is_alone(registration):
        token = _make(registration.order, registration.address, now=now)
        until = registration.expires_at
        mails.about(kind, registration, now=now, key=key, token=token, holds_place=held, until=until)
    elif mails.acts_alone(registration):
        _to_colleague(kind, [registration], held=held, now=now, key=key)
    else:
        _to_booker(registration.order, held=held, now=now, reminder=kind == "confirm_reminder", key=key)


def send_to_colleagues(order: Order, *, now: datetime) -> None:
    """Whoever booked is certain: everybody else who has to prove an address gets a link, one per mailbox."""
    colleagues = [r for r in order.registrations if not (r.is_bookers or r.with_booker)]
    waiting = [r for r in colleagues if r.state == State.AWAITING_CONFIRMATION]
    for _address, found in groupby(sorted(waiting, key=lambda r: (r.address, r.id)), key=lambda r: r.address):
        people = list(found)
        _to_colleague("confirm_address", people, held=all(r.holds for r in people), now=now)


def _to_colleague(kind: str, people: Sequence[Registration], *, held: bool, now: datetime, key: str = "") -> None:
    first = people[0]
    token = _make(first.order, first.address, now=now)
    words = {"token": token, "holds_place": held, "until": first.expires_at, "people": people}
    mails.about(kind, first, now=now, key=key, **words)


def _to_booker(order: Order, *, held: bool, now: datetime, reminder: bool, key: str) -> None:
    """One mail about everybody in the order; with a reminder it goes out once, whoever of them is due first."""
    waiting = [r for r in order.registrations if r.state == State.AWAITING_CONFIRMATION and r.proven_at is None]
    token = _make(order, order.address, now=now)
    until = min((r.expires_at for r in waiting if r.expires_at), default=None)
    key = f"{'reminder' if reminder else 'first'}{'-' + key if key else ''}"
    words = {"token": token, "holds_place": held, "until": until, "people": waiting, "reminder": reminder}
    mails.to_payer("confirm_group", order, now=now, key=key, **words)


def _make(order: Order, address: str, *, now: datetime) -> str:
    expires_at = max(order.event.starts_at, now)
    return one_time.make(PURPOSE, subject_id=order.id, address=address, expires_at=expires_at, now=now)
