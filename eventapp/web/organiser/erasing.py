"""Forgetting somebody who cannot ask for it from their own mailbox any more."""

from flask import flash, render_template, url_for
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp import formatting
from eventapp.domain.actors import Role
from eventapp.domain.erasing import Blocker, Standing
from eventapp.domain.errors import NotErasable
from eventapp.services import erasing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, StrippedString, checks_own_csrf
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.people import person_or_404
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.wording.privacy import in_the_way_of

_WORD = "wissen"


class PersonErasingForm(DutchForm):
    proof = StrippedString(
        "Hoe weet u dat dit verzoek van deze persoon komt?",
        description="Bijvoorbeeld: teruggebeld op het nummer van de school. Komt een jaar in het logboek.",
        validators=[DataRequired("Vul in hoe u dat weet."), Length(min=10, max=300, message="Schrijf een zin.")],
    )
    word = StrippedString(f"Typ het woord “{_WORD}”", validators=[DataRequired("Typ het woord.")])

    def validate_word(self, field: StrippedString) -> None:
        if (field.data or "").lower() != _WORD:
            raise ValidationError(f"Typ het woord “{_WORD}”.")


@blueprint.route("/mensen/<int:person_id>/wissen", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def person_erasing(person_id: int) -> Answer:
    """What goes, what stands in the way, and the word that does it."""
    form = PersonErasingForm()
    if not form.validate_on_submit():
        return _page(person_id, form), 422 if form.is_submitted() else 200
    try:
        erasing.erase_for(person_id, proof=form.proof.data, by=actor(), now=now())
    except NotErasable as refusal:
        form.refuse(refusal)
        return _page(person_id, form), 409
    flash("De gegevens zijn gewist.", "good")
    return back_to("person", person_id=person_id)


def _page(person_id: int, form: PersonErasingForm) -> str:
    person = person_or_404(person_id)
    found = erasing.terms(person_id, now=now())
    return render_template(
        "organiser/person_erasing.html",
        person=person,
        name=formatting.full_name(person.given_name, person.infix, person.family_name),
        standing=[(in_the_way_of(one), _page_of(one)) for one in found.standing],
        kept=found.kept,
        form=form,
    )


def _page_of(one: Standing) -> str:
    """Where the office settles it."""
    if one.why == Blocker.COMING:
        return url_for("organiser.registration", registration_id=one.row)
    if one.why == Blocker.CIRCLE:
        return url_for("organiser.circle", slug=one.row)
    return url_for("organiser.staff") if one.why == Blocker.STAFF else ""
