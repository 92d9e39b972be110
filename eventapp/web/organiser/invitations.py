"""Inviting people to an event: who was invited and how that stands, inviting more, reminding, taking back."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from flask import flash, render_template, request

from eventapp import formatting
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.guest_lists import Guest, Line, Problem
from eventapp.domain.invitations import InvitationState, Outlook, answer_until, may_answer, remind_at
from eventapp.domain.looks import PeopleList
from eventapp.domain.pricing import Category
from eventapp.domain.times import local_date
from eventapp.formatting import full_name
from eventapp.models import Event, Invitation
from eventapp.queries.invitations import contact_persons, invitation_by_id, invitations_of, with_status
from eventapp.services import inviting
from eventapp.services.inviting import Prospect
from eventapp.services.registering import day_that_counts
from eventapp.web import current_association
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.invitation import CONTACTS, LIST, InviteForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.get("/evenementen/<slug>/uitnodigingen")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.INVITATIONS)
def invitations(slug: str) -> Answer:
    """Everybody who was invited, how it stands with each, and what can be done about it."""
    event = event_or_404(slug)
    asked = request.args.get("staat", "")
    everybody = [(found, found.standing(now())) for found in invitations_of(event.id)]
    counts = Counter(state for _, state in everybody)
    names_people(len(everybody))
    waiting = [found for found, state in everybody if state == InvitationState.INVITED and not found.reminded_at]
    return render_template(
        "organiser/invitations.html",
        event=event,
        rows=[row for row in everybody if not asked or row[1] == asked],
        counts=[(state, counts[state]) for state in InvitationState if counts[state]],
        total=len(everybody),
        asked=asked,
        waiting=len(waiting),
        reminder=_next_reminder(event, waiting),
        may_invite=may_answer(event.window(now())),
    )


def _next_reminder(event: Event, waiting: Sequence[Invitation]) -> str:
    """When the automatic reminder goes out to the first of those who wait for one."""
    days, until = current_association().invitation_reminder_days, answer_until(event.schedule)
    moments = [remind_at(sent_at=found.sent_at, until=until, days=days) for found in waiting]
    known = [at for at in moments if at]
    return formatting.long_date(min(known)) if known else ""


class _Asked(NamedTuple):
    """Whom the form names: the guests, and the lines that name nobody."""

    guests: list[Guest]
    wrong: list[Line]


@blueprint.route("/evenementen/<slug>/uitnodigingen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.INVITATIONS)
@checks_own_csrf
def new_invitations(slug: str) -> Answer:
    """The form, then who would get what, then send."""
    event = event_or_404(slug)
    form = InviteForm()
    if not actor().has_everywhere(*EDITORS):
        # The people of the house are not those of one event: who helps with that brings a list.
        form.who.choices = [choice for choice in form.who.choices if choice.value == LIST]
    if form.is_submitted():
        form.take_file()
    if not form.validate_on_submit() or form.step.data == "wijzigen":
        return _form_page(event, form)
    asked = _asked(event, form)
    try:
        if form.step.data == "versturen":
            return _send(event.id, slug, asked, form)
        prospects = inviting.preview(event.id, asked.guests, form.terms(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(event_or_404(slug), form)
    return _preview_page(event, form, asked, prospects)


def _form_page(event: Event, form: InviteForm) -> Answer:
    return render_template("organiser/invitations_new.html", event=event, form=form), 422 if form.errors else 200


def _asked(event: Event, form: InviteForm) -> _Asked:
    if form.who.data == LIST:
        lines = form.lines()
        return _Asked([line.guest for line in lines if line.guest], [line for line in lines if line.problem])
    found = _group(event, form.who.data)
    first = {guest.address: guest for guest in reversed(found) if guest.address}
    wrong = [Line(0, full_name(*one.name), problem=_problem(one)) for one in found if first.get(one.address) is not one]
    return _Asked([one for one in found if first.get(one.address) is one], wrong)


def _group(event: Event, name: str) -> list[Guest]:
    if name == CONTACTS:
        return contact_persons(on=local_date(now()))
    return with_status(Category(name), on=day_that_counts(event, booked_at=now()))


def _problem(guest: Guest) -> Problem:
    """Why somebody of a group is left out: no address, or another one of the group reads that mailbox."""
    return Problem.TWICE if guest.address else Problem.NO_ADDRESS


def _preview_page(event: Event, form: InviteForm, asked: _Asked, prospects: list[Prospect]) -> str:
    """Those who get a mail first, then why the others do not."""
    order = list(Outlook)
    names_people(len(prospects) + len(asked.wrong))
    return render_template(
        "organiser/invitations_preview.html",
        event=event,
        form=form,
        prospects=sorted(prospects, key=lambda prospect: order.index(prospect.outlook)),
        wrong=asked.wrong,
        new=sum(prospect.outlook == Outlook.NEW for prospect in prospects),
    )


def _send(event_id: int, slug: str, asked: _Asked, form: InviteForm) -> Answer:
    sent = inviting.invite(event_id, asked.guests, form.terms(), message=form.message.data, by=actor(), now=now())
    words = formatting.count_nl(sent, "uitnodiging is", "uitnodigingen zijn")
    flash(f"{words} onderweg." if sent else "Er was niemand meer uit te nodigen.", "good" if sent else "info")
    return back_to("invitations", slug=slug)


@blueprint.post("/evenementen/<slug>/uitnodigingen/herinnering")
@audience(Audience.STAFF, *EDITORS)
def invitation_reminders(slug: str) -> Answer:
    """Remind everybody who did not answer and was not reminded yet."""
    sent = inviting.remind(event_or_404(slug).id, by=actor(), now=now())
    words = formatting.count_nl(sent, "herinnering is", "herinneringen zijn")
    flash(f"{words} onderweg." if sent else "Iedereen heeft geantwoord of is al herinnerd.", "good")
    return back_to("invitations", slug=slug)


@blueprint.post("/evenementen/<slug>/uitnodigingen/<int:invitation_id>/bericht")
@audience(Audience.STAFF, *EDITORS)
def invitation_again(slug: str, invitation_id: int) -> Answer:
    """The same invitation once more."""
    address = _of_event(slug, invitation_id).address
    inviting.resend(invitation_id, by=actor(), now=now())
    flash(f"De uitnodiging is opnieuw onderweg naar {address}.", "good")
    return back_to("invitations", slug=slug)


@blueprint.post("/evenementen/<slug>/uitnodigingen/<int:invitation_id>/intrekking")
@audience(Audience.STAFF, *EDITORS)
def invitation_withdrawal(slug: str, invitation_id: int) -> Answer:
    """Take one back; the page behind its link says so."""
    address = _of_event(slug, invitation_id).address
    inviting.withdraw(invitation_id, by=actor(), now=now())
    flash(f"De uitnodiging aan {address} is ingetrokken. Er is geen mail over verstuurd.", "good")
    return back_to("invitations", slug=slug)


def _of_event(slug: str, invitation_id: int) -> Invitation:
    found = invitation_by_id(invitation_id)
    if found is None or found.event_id != event_or_404(slug).id:
        raise NotFound()
    return found
