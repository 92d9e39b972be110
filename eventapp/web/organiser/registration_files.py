"""The list of registrations as a file, with exactly the filters and columns of the page: at once, or as long work."""

from flask import Response, flash, redirect

from eventapp.domain.looks import PeopleList
from eventapp.domain.registration_lists import is_long
from eventapp.models import Event
from eventapp.queries import registration_lists as known
from eventapp.services import listing as files
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import READERS, blueprint
from eventapp.web.organiser.registration_lists import asked, list_url
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.get("/evenementen/<slug>/aanmeldingen.<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.REGISTRATIONS)
def registrations_file(slug: str, extension: str) -> Answer:
    """Of one event."""
    return _file(event_or_404(slug), extension)


@blueprint.get("/aanmeldingen.<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.REGISTRATIONS)
def all_registrations_file(extension: str) -> Answer:
    """Of all events."""
    return _file(None, extension)


@blueprint.post("/evenementen/<slug>/aanmeldingen/bestand/<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS)
def registrations_listing(slug: str, extension: str) -> Answer:
    """Of one event, made by a worker however long it is."""
    return _ask(event_or_404(slug), extension)


@blueprint.post("/aanmeldingen/bestand/<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def all_registrations_listing(extension: str) -> Answer:
    """Of all events."""
    return _ask(None, extension)


def _ask(event: Event | None, extension: str) -> Answer:
    own = None if event else actor().own(*READERS)
    event_id = event.id if event else None
    return back_to("job", job_id=files.ask(asked(), event_id, extension, own=own, by=actor(), now=now()))


def _file(event: Event | None, extension: str) -> Answer:
    listing, own, event_id = asked(), None if event else actor().own(*READERS), event.id if event else None
    if is_long(known.number_of(listing, event_id, own=own, now=now())):
        flash("Deze lijst is lang. Laat het bestand maken met de knop onder de lijst.", "info")
        return redirect(list_url(event, listing))
    file, people = files.make(listing, event_id, extension, own=own, now=now())
    names_people(people)
    placed = f'attachment; filename="{file.name}"'
    return Response(file.content, content_type=file.content_type, headers={"Content-Disposition": placed})
