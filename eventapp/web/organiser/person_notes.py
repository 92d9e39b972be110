"""Notes of the office about one person."""

from flask import flash

from eventapp.services import person_notes
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.person import NoteForm
from eventapp.web.organiser.people import PersonForms, person_page
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.post("/mensen/<int:person_id>/notities")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_note(person_id: int) -> Answer:
    """Write something down."""
    form = NoteForm()
    if not form.validate_on_submit():
        return person_page(person_id, PersonForms(note=form)), 422
    person_notes.write(person_id, form.text.data, by=actor(), now=now())
    flash("De notitie is bewaard.", "good")
    return back_to("person", person_id=person_id)


@blueprint.post("/mensen/<int:person_id>/notities/<int:note_id>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def person_note_dropping(person_id: int, note_id: int) -> Answer:
    """Throw one away."""
    person_notes.drop(person_id, note_id, by=actor(), now=now())
    flash("De notitie is weg.", "good")
    return back_to("person", person_id=person_id)
