"""The file with scans that a phone could not send: the office reads it in."""

from datetime import timedelta
from functools import cache
from typing import Any

from flask import flash, json
from pydantic import Field, ValidationError

from eventapp.domain.errors import DomainError
from eventapp.formatting import count_nl
from eventapp.queries.door import Bearer, event_id_by_slug
from eventapp.queries.roster import tickets_by_door_id
from eventapp.services.reading_in import door_of, read_in
from eventapp.services.scan_reports import ScanReport
from eventapp.web.access import Audience, audience
from eventapp.web.api.scans import report_of
from eventapp.web.api.schemas.base import Body
from eventapp.web.api.schemas.scans import ScanIn
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import AT_DOOR, blueprint
from eventapp.web.organiser.door import door_page
from eventapp.web.organiser.forms.small import DeviceForm, DoorFileForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_NOT_OURS = "Dit is geen bestand van een telefoon aan de deur van deze bijeenkomst."


class _File(Body):
    """What a phone writes; `skew` is how many milliseconds its clock was behind ours."""

    device: int
    skew: float = Field(default=0, ge=-1e11, le=1e11)
    scans: list[Any] = Field(max_length=20_000)


@blueprint.post("/evenementen/<slug>/deur/inlezen")
@audience(Audience.STAFF, *AT_DOOR)
@checks_own_csrf
def door_file(slug: str) -> Answer:
    """Take in what stands in the file; what is in already changes nothing."""
    event = event_or_404(slug)
    form = DoorFileForm()
    if not form.validate_on_submit():
        return door_page(slug, DeviceForm(), form), 422
    try:
        file = _File.model_validate(json.loads(form.file.data.read()))
        door = door_of(event.id, file.device)
    except (ValueError, DomainError):
        form.file.errors = [_NOT_OURS]
        return door_page(slug, DeviceForm(), form), 422
    reports = _reports(file, door)
    count = read_in(reports, door, behind=timedelta(milliseconds=file.skew), by=actor(), now=now())
    flash(f"Ingelezen: {count_nl(count, 'scan', 'scans')}.", "good")
    if unread := len(file.scans) - count:
        flash(f"Niet te lezen: {count_nl(unread, 'scan', 'scans')}.", "wait")
    return back_to("event_door", slug=slug)


def _reports(file: _File, door: Bearer) -> list[ScanReport]:
    """What can be read of it, as far as it belongs to this event."""
    listed = cache(lambda slug: tickets_by_door_id(door.event_id or 0, slug))
    ours = cache(lambda slug: event_id_by_slug(slug) == door.event_id)
    found = []
    for said in file.scans:
        try:
            scan = ScanIn.model_validate(said)
        except ValidationError:
            continue
        if ours(scan.event) and not isinstance(scan.ticket_id, int):
            ticket_id = listed(scan.event).get(scan.ticket_id) if scan.ticket_id else None
            found.append(report_of(scan, event_id=door.event_id or 0, ticket_id=ticket_id))
    return found
