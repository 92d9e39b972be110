"""How do scans that a phone could not send reach us? The office reads in the file that the phone made of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.extensions import db
from eventapp.models import ApiToken, Event
from eventapp.queries.door import Bearer
from eventapp.services.admitting import Verdict
from eventapp.services.audit import note
from eventapp.services.scan_reports import ScanReport
from eventapp.services.swapping import take_in
from eventapp.transaction import transaction


def door_of(event_id: int, device_id: int) -> Bearer:
    """The phone that made the file, also when it was closed off since. Refuses with NotFound what is no door here."""
    device = db.session.get(ApiToken, device_id)
    event = db.session.get(Event, event_id)
    if device is None or event is None or device.event_id != event_id:
        raise NotFound()
    return Bearer(
        id=device.id,
        name=device.name,
        scopes=device.scope_set,
        event_id=event_id,
        event_slug=event.slug,
        expires_at=device.expires_at,
        revoked_at=device.revoked_at,
        last_used_at=device.last_used_at,
    )


def read_in(reports: Sequence[ScanReport], door: Bearer, *, behind: timedelta, by: Actor, now: datetime) -> int:
    """Take in what happened at a door, and answer how many scans that were. `behind`: how far its clock was off.

    What is known already changes nothing: a phone may still send what was read in, and a file may be read in twice.
    """
    verdicts = take_in(reports, by=door, now=now, sent_at=now - behind)
    with transaction():
        note("door_file_read", "device", door.id, by=by, now=now, event_id=door.event_id, count=len(reports))
    return sum(isinstance(verdict, Verdict) for verdict in verdicts)
