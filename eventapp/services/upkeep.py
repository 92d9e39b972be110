"""How does the office say that it has looked at a registration whose ground ends before the gathering?"""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, NotFound
from eventapp.extensions import db
from eventapp.models import Registration, SeenLapse
from eventapp.queries.lapses import lapse_of
from eventapp.services.audit import note
from eventapp.transaction import transaction


def see_lapse(registration_id: int, ground: str, *, by: Actor, now: datetime) -> None:
    """Take it off the list of today; price and place stay as they are. Another end shows it again.

    Refuses with NotFound, and with ChangedMeanwhile when `ground` is not what ends now.
    """
    with transaction():
        registration = db.session.get(Registration, registration_id)
        if registration is None:
            raise NotFound()
        found = lapse_of(registration, now=now)
        if found is None or found.lapse.ground != ground:
            raise ChangedMeanwhile()
        if found.seen:
            return
        db.session.merge(SeenLapse(registration_id=registration_id, ground=ground, seen_at=now, seen_by=by.name))
        facts = {"kind": found.lapse.kind.value}
        note("lapse_seen", "registration", registration_id, by=by, now=now, event_id=registration.event_id, **facts)
