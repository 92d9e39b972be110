"""The phones at the door of an event: which ones there are, coupling one, and closing one off."""

from flask import abort, flash, render_template, request
from markupsafe import Markup

from eventapp import documents, wording
from eventapp.domain.errors import DomainError
from eventapp.mail.compose import links
from eventapp.queries import office
from eventapp.queries.door_checklist import before_opening
from eventapp.queries.scanned import conflicts
from eventapp.services import coupling
from eventapp.services.coupling_codes import code_for
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.organiser import AT_DOOR, DOOR, blueprint, door_only
from eventapp.web.organiser.door_rows import desks, door_rows
from eventapp.web.organiser.forms.small import DeviceForm, DoorFileForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_DESK = {"name": "Balie", "search": True, "names": True}
_NAMES = "Voor één telefoon, bij de balie. Daarop staan dan alle namen leesbaar; geef hem niet uit handen."
_NAMES_MORE = "Er is al een balie: {}. Eén is genoeg, want daarop staan alle namen leesbaar."


@blueprint.get("/evenementen/<slug>/deur")
@audience(Audience.STAFF, *DOOR)
def event_door(slug: str) -> Answer:
    """The phones of this event and the form to couple one; on request filled in for the desk that is missing."""
    form = DeviceForm(data=_DESK) if request.args.get("balie") else DeviceForm()
    return door_page(slug, form, DoorFileForm())


@blueprint.post("/evenementen/<slug>/deur/telefoon")
@audience(Audience.STAFF, *AT_DOOR)
@checks_own_csrf
def device(slug: str) -> Answer:
    """Invite a phone. Link and code are shown in this answer and never again, so there is no redirect after it."""
    event = event_or_404(slug)
    form = DeviceForm()
    if not form.validate_on_submit():
        return door_page(slug, form, DoorFileForm()), 422
    try:
        token = coupling.invite_device(
            event.id,
            name=form.name.data or "",
            search=bool(form.search.data),
            names=bool(form.names.data),
            walk_ins=bool(form.walk_ins.data),
            by=actor(),
            now=now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return door_page(slug, form, DoorFileForm()), 422
    return _ways_in(slug, token)


@blueprint.post("/evenementen/<slug>/deur/<int:device_id>/koppelcode")
@audience(Audience.STAFF, *AT_DOOR)
@checks_own_csrf
def device_again(slug: str, device_id: int) -> Answer:
    """Show a fresh link and code for a phone that was not coupled yet."""
    event = event_or_404(slug)
    form = DutchForm()
    if not form.validate_on_submit() or device_id not in {found.id for found in office.door_devices(event.id)}:
        abort(404)
    return _ways_in(slug, coupling.invite_again(device_id, by=actor(), now=now()))


def _ways_in(slug: str, token: str) -> str:
    """The QR code, the link and the code that couple one phone; each a way to the same door."""
    link = links().couple(token)
    return render_template(
        "organiser/door_link.html",
        event=event_or_404(slug),
        door=coupling.look_at_door(token, now=now()),
        link=link,
        qr=Markup(documents.qr.svg_for_text(link, "QR-code die deze telefoon koppelt")),
        code=code_for(token, now=now()),
        here=links().door(),
    )


@blueprint.post("/evenementen/<slug>/deur/<int:device_id>/afsluiting")
@audience(Audience.STAFF, *AT_DOOR)
def device_end(slug: str, device_id: int) -> Answer:
    """Close a phone off at once."""
    event = event_or_404(slug)
    if device_id not in {found.id for found in office.door_devices(event.id)}:
        abort(404)
    coupling.revoke_device(device_id, by=actor(), now=now())
    flash("De telefoon is afgesloten.", "good")
    return back_to("event_door", slug=slug)


def door_page(slug: str, form: DeviceForm, file_form: DoorFileForm) -> str:
    """The page of the door, with these forms as they were filled in."""
    event = event_or_404(slug)
    devices = office.door_devices(event.id)
    found = desks(devices)
    who = actor()
    return render_template(
        "organiser/door.html",
        event=event,
        devices=door_rows(devices),
        form=form,
        file_form=file_form,
        conflicts=conflicts(event.id),
        desks=found,
        names_help=_NAMES_MORE.format(", ".join(found)) if found else _NAMES,
        results=wording.DOOR_RESULTS,
        may_couple=who.has(*AT_DOOR),
        door_only=door_only(who),
        checklist=before_opening(event, devices),
    )
