"""The demo's office fixed the presence of what is over, and gave the first certificates."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eventapp.domain.actors import Actor
from eventapp.domain.events import EventState
from eventapp.domain.presence import PresenceStatus
from eventapp.extensions import db
from eventapp.models import Event
from eventapp.queries.attendance import attendees
from eventapp.queries.certificates import entitled
from eventapp.services import certifying, fixing
from eventapp.services.certifying import Terms
from eventapp.services.fixing import Wish

_OFFICE = Actor("staff", "Cor Coördinator")
_GIVEN = 3


def settle(events: Sequence[Event], *, now: datetime) -> None:
    """Within the transaction of the load: of several the last one still waits to be fixed."""
    over = [event for event in events if event.state == EventState.PUBLISHED and event.ends_at <= now]
    over.sort(key=lambda one: one.ends_at)
    for event in over[:-1] or over:
        at = min(event.ends_at + timedelta(days=1), now)
        db.session.flush()
        _say_who_was_ill(event, at)
        fixing.fix(event.id, seen=fixing.seen_now(event, now=at), by=_OFFICE, now=at)
        _certify(event, at)


def _say_who_was_ill(event: Event, at: datetime) -> None:
    """Somebody rang that morning."""
    away = [one for one in attendees(event, now=at) if one.status == PresenceStatus.AFWEZIG]
    wishes = {one.registration_id: Wish(one.status, PresenceStatus.OP_DE_DAG) for one in away[:1]}
    fixing.correct(event.id, wishes, reason="Belde die ochtend af", by=_OFFICE, now=at)


def _certify(event: Event, at: datetime) -> None:
    terms = Terms(minutes=None, goals="Samenwerken in één kindcentrum", register_name="", register_number="", points="")
    certifying.set_terms(event.id, terms, by=_OFFICE, now=at)
    for one in entitled(event)[:_GIVEN]:
        certifying.issue(one.registration.id, by=_OFFICE, now=at)
