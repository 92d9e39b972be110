"""The paper list for a door without telephones or network: made with a click that is remembered, then opened."""

from flask import Response

from eventapp import documents, formatting, wording
from eventapp.documents.emergency_list import EmergencyList, EmergencyRow
from eventapp.documents.file_names import file_name
from eventapp.domain.events import EventForm
from eventapp.domain.looks import PeopleList
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.queries.association import load_association
from eventapp.queries.door_lists import Expected, expected_at
from eventapp.services import printing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import AT_DOOR, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_PATH = "/evenementen/<slug>/noodlijst"


@blueprint.post(_PATH)
@audience(Audience.STAFF, *AT_DOOR)
def emergency_list(slug: str) -> Answer:
    """Remember that it was made now, and open it."""
    printing.note_emergency_list(event_or_404(slug).id, by=actor(), now=now())
    return back_to("emergency_list_pdf", slug=slug)


@blueprint.get(f"{_PATH}.pdf")
@audience(Audience.STAFF, *AT_DOOR)
@lists_people(PeopleList.EMERGENCY)
def emergency_list_pdf(slug: str) -> Answer:
    """Everybody who may come to the place itself, by name."""
    event = event_or_404(slug)
    on_paper = EmergencyList(
        event_title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        association=load_association().letterhead,
        rows=tuple(_row(one) for one in expected_at(event.id, unsure=True) if _at_the_place(one, event.form)),
        printed_at=now(),
    )
    names_people(len(on_paper.rows))
    name = file_name("noodlijst", event.slug, "pdf", on=local_date(event.starts_at))
    return Response(
        documents.emergency_pdf.to_pdf(on_paper),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _at_the_place(one: Expected, form: EventForm) -> bool:
    return form != EventForm.HYBRIDE or one.attends != EventForm.ONLINE or one.came_at is not None


def _row(one: Expected) -> EmergencyRow:
    return EmergencyRow(
        sort_name=one.sort_name,
        organisation=one.organisation,
        rooms=one.rooms,
        note="" if one.state == State.CONFIRMED else f"{wording.STATES[one.state]}: naar de balie",
        came=one.came_at is not None,
    )
