"""Berichten: mails that wait or did not leave, and addresses that do not work."""

from flask import flash, render_template, request

from eventapp.domain.looks import PeopleList
from eventapp.queries.outbox import outbox as look
from eventapp.services import outbox as office
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.own_numbers import own_number


@blueprint.get("/berichten")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.MAILS)
def outbox() -> Answer:
    """How sending goes."""
    found = look(now=now())
    names_people(len(found.stuck) + len(found.failed) + len(found.dead))
    return render_template("organiser/outbox.html", outbox=found, now=now())


@blueprint.post("/berichten/<int:mail_id>/verzending")
@audience(Audience.STAFF, *EDITORS)
def mail_again(mail_id: int) -> Answer:
    """Try a mail once more."""
    office.send_again(mail_id, by=actor(), now=now())
    flash("De mail wordt opnieuw verstuurd.", "good")
    return back_to("outbox")


@blueprint.post("/berichten/adres-klopt-niet")
@audience(Audience.STAFF, *EDITORS)
def address_dead() -> Answer:
    """A bounce came in elsewhere: send nothing to this address any more."""
    address = request.form.get("adres", "").strip().lower()
    if address:
        office.bury(address, by=actor(), now=now())
        flash(f"Naar {address} gaat geen mail meer tot u zegt dat het adres klopt.", "good")
    return _back()


@blueprint.post("/berichten/adres-klopt")
@audience(Audience.STAFF, *EDITORS)
def address_works() -> Answer:
    """The address works after all."""
    address = request.form.get("adres", "").strip().lower()
    office.revive(address, by=actor(), now=now())
    flash(f"Naar {address} gaat weer mail. Wat intussen niet is verstuurd, stuurt u hier zo nodig opnieuw.", "good")
    return _back()


def _back() -> Answer:
    """To the person or the registration where the button was, else to the outbox."""
    person_id = own_number(request.form.get("person_id"))
    registration_id = own_number(request.form.get("registration_id"))
    if person_id:
        return back_to("person", person_id=person_id)
    return back_to("registration", registration_id=registration_id) if registration_id else back_to("outbox")
