"""People in the back office: finding somebody, one person's whole story, and putting name and function group right."""

import re
from typing import Any, NamedTuple

from flask import flash, render_template, request, url_for
from flask_wtf import FlaskForm

from eventapp import wording
from eventapp.domain.errors import DomainError, NameTaken, NotFound
from eventapp.domain.looks import PeopleList
from eventapp.domain.names import fold
from eventapp.domain.times import local_date
from eventapp.models import Person
from eventapp.queries import logbook
from eventapp.queries import people as known
from eventapp.queries import person_story as story
from eventapp.queries.merging import PERSON, former_ids, forwarded
from eventapp.queries.outbox import dead_among
from eventapp.services import knowing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, MONEY, READERS, blueprint
from eventapp.web.organiser.circles import own_circles, sees
from eventapp.web.organiser.forms.person import (
    FunctionGroupForm,
    NameForm,
    NamingForm,
    NoteForm,
    StatusForm,
    name_of,
)
from eventapp.web.organiser.logbook import labels
from eventapp.web.organiser.shared import Answer, actor, back_to

# The part of a link that only its recipient knows, as `new_token` makes it.
_SECRET = re.compile(r"(?<=/)[\w-]{43}(?![\w-])")


@blueprint.get("/mensen")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.PEOPLE)
def people() -> Answer:
    """Who was searched for; without a search, who has a status."""
    text = request.args.get("zoek", "").strip()[:100]
    number = max(1, request.args.get("pagina", 1, type=int))
    short = 0 < len(fold(text)) < known.SHORTEST_SEARCH
    searched = bool(text) and not short
    today = local_date(now())
    page = known.found(text, page=number) if searched else known.with_status(on=today, page=number)
    names_people(len(page.rows))

    def page_url(number: int) -> str:
        return url_for("organiser.people", zoek=text or None, pagina=number)

    return render_template(
        "organiser/people.html",
        page=page,
        text=text,
        short=short,
        searched=searched,
        today=today,
        previous=page_url(number - 1) if number > 1 else None,
        next=page_url(number + 1) if page.more else None,
    )


@blueprint.get("/mensen/<int:person_id>")
@audience(Audience.STAFF, *READERS)
def person(person_id: int) -> Answer:
    """Everything we know of one person, and for editors the forms; who was merged leads to who it is now."""
    try:
        return person_page(person_id)
    except NotFound:
        if now_at := forwarded(PERSON, person_id):
            return back_to("person", person_id=now_at)
        raise


class PersonForms(NamedTuple):
    """The forms of the page; one that is not given stands as nobody filled it in."""

    name: NameForm | None = None
    function_group: FunctionGroupForm | None = None
    status: StatusForm | None = None
    naming: NamingForm | None = None
    note: NoteForm | None = None

    def of(self, found: Person) -> dict[str, FlaskForm]:
        naming = self.naming or NamingForm(formdata=None)
        naming.offer(known.organisations_to_choose())
        return {
            "name_form": self.name or NameForm(formdata=None, data=name_of(found)),
            "function_group_form": self.function_group or _function_group_form(found),
            "status_form": self.status or StatusForm(formdata=None),
            "naming_form": naming,
            "note_form": self.note or NoteForm(formdata=None),
        }


def _function_group_form(found: Person) -> FunctionGroupForm:
    group = found.function_group
    return FunctionGroupForm(formdata=None, data={"function_group": group.value if group else ""})


def person_page(person_id: int, forms: PersonForms | None = None) -> str:
    """The page, with a form as it came back when something was wrong with it."""
    found = person_or_404(person_id)
    may_change = actor().has(*EDITORS) and found.erased_at is None
    registrations = known.registrations_of(person_id)
    log = logbook.of_person([person_id, *former_ids(PERSON, person_id)])
    shown: dict[str, Any] = (forms or PersonForms()).of(found) if may_change else {}
    return render_template(
        "organiser/person.html",
        person=found,
        today=local_date(now()),
        may_change=may_change,
        namings=known.namings_of(person_id),
        registrations=registrations,
        events={one.id: one.event for one in registrations},
        payments=story.payments_of(person_id) if actor().has(*MONEY) else [],
        scans=story.scans_of([one.id for one in registrations]),
        circles=[one for one in story.circles_of(person_id) if sees(one.circle_id, actor())],
        invitations=story.invitations_of(person_id),
        notes=story.notes_of(person_id) if actor().has(*EDITORS) else [],
        mails=known.mails_to([one.address for one in found.addresses], circles=own_circles(actor())),
        limit=known.MAILS_SHOWN,
        not_shown=known.SIGNING_IN,
        dead=dead_among(one.address for one in found.addresses),
        log=log,
        labels=labels((entry for entry in log if entry.subject == "registration"), whose=False),
        **shown,
    )


@blueprint.get("/mensen/<int:person_id>/mail/<int:mail_id>")
@audience(Audience.STAFF, *EDITORS)
def person_mail(person_id: int, mail_id: int) -> Answer:
    """The text of one mail as it was sent, without what its links prove."""
    found = person_or_404(person_id)
    mail = known.mail_to([one.address for one in found.addresses], mail_id)
    if mail is None:
        raise NotFound()
    return render_template("organiser/mail.html", mail=mail, text=_SECRET.sub("…", mail.text), person=found)


def person_or_404(person_id: int) -> Person:
    """One person with addresses and statuses. Refuses with NotFound."""
    found = known.person_by_id(person_id)
    if found is None:
        raise NotFound()
    return found


@blueprint.post("/mensen/<int:person_id>/naam")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_name(person_id: int) -> Answer:
    """Put the name right."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            knowing.rename_person(person_id, *form.name, by=actor(), now=now())
        except NameTaken as refusal:
            form.family_name.errors = [wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De naam is bewaard.", "good")
            return back_to("person", person_id=person_id)
    return person_page(person_id, PersonForms(name=form)), 422


@blueprint.post("/mensen/<int:person_id>/functiegroep")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_function_group(person_id: int) -> Answer:
    """Say what this person does."""
    form = FunctionGroupForm()
    if not form.validate_on_submit():
        return person_page(person_id, PersonForms(function_group=form)), 422
    knowing.set_function_group(person_id, form.group, by=actor(), now=now())
    flash("De functiegroep is bewaard.", "good")
    return back_to("person", person_id=person_id)
