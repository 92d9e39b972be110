"""Registrations whose ground ends before the gathering: the office says that it has seen one."""

from flask import flash, request

from eventapp.services.upkeep import see_lapse
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.post("/aanmeldingen/<int:registration_id>/gezien")
@audience(Audience.STAFF, *EDITORS)
def lapse_seen(registration_id: int) -> Answer:
    """Off the list of today; back to the page where the button was."""
    see_lapse(registration_id, request.form.get("wat", ""), by=actor(), now=now())
    flash("Genoteerd dat u dit heeft gezien.", "good")
    if request.form.get("terug") == "vandaag":
        return back_to("today")
    return back_to("registration", registration_id=registration_id)
