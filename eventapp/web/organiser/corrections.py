"""Putting something right on one registration: the address, a mail that did not arrive, a claim of membership."""

from flask import abort, flash, request

from eventapp import wording
from eventapp.domain.errors import DomainError, NoMembership, NotAdmitted, OrganisationFull
from eventapp.services import correcting, reviewing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.small import AddressForm
from eventapp.web.organiser.registrations import registration_page
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.own_numbers import own_number


@blueprint.post("/aanmeldingen/<int:registration_id>/adres")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def address_correction(registration_id: int) -> Answer:
    """Another address, to which what belongs to the registration goes."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            correcting.correct_address(registration_id, form.address.data or "", by=actor(), now=now())
        except DomainError as refusal:
            form.address.errors = [wording.refusal(refusal)]
        else:
            flash(f"Er is een mail onderweg naar {form.address.data}.", "good")
            return back_to("registration", registration_id=registration_id)
    return registration_page(registration_id, form), 422


@blueprint.post("/aanmeldingen/<int:registration_id>/bericht")
@audience(Audience.STAFF, *EDITORS)
def registration_message(registration_id: int) -> Answer:
    """Send again what this person needs now."""
    correcting.resend(registration_id, by=actor(), now=now())
    flash("De mail is opnieuw onderweg.", "good")
    return back_to("registration", registration_id=registration_id)


@blueprint.post("/aanmeldingen/<int:registration_id>/lidmaatschap")
@audience(Audience.STAFF, *EDITORS)
def membership_decision(registration_id: int) -> Answer:
    """The office says whether this person works for a member, and for which."""
    decision = request.form.get("besluit")
    if decision == "ja":
        organisation_id = own_number(request.form.get("organisatie"))
        if not organisation_id:
            flash("Kies eerst bij welke organisatie deze persoon hoort.", "bad")
            return back_to("registration", registration_id=registration_id)
        try:
            reviewing.approve(registration_id, organisation_id, by=actor(), now=now())
        except (OrganisationFull, NoMembership, NotAdmitted) as refusal:
            flash(f"{wording.refusal(refusal)} Het lidmaatschap is nog niet bevestigd.", "bad")
            return back_to("registration", registration_id=registration_id)
        flash("Het lidmaatschap is bevestigd.", "good")
    elif decision == "nee":
        reviewing.refuse(registration_id, by=actor(), now=now())
        flash("Het lidmaatschap is niet bevestigd; de persoon krijgt bericht.", "good")
    else:
        abort(400)
    back = request.form.get("terug")
    return back_to("today") if back == "vandaag" else back_to("registration", registration_id=registration_id)
