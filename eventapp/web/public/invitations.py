"""A personal invitation: what it is for, and yes or no. It gets forwarded, so its pages know an event and no person."""

from contextlib import suppress

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.validators import Length, Optional, ValidationError

from eventapp import wording
from eventapp.domain.addresses import masked
from eventapp.domain.cancellation import own_cancellation_possible
from eventapp.domain.errors import (
    DomainError,
    EventFull,
    InvitationAnswered,
    NoFreePlaceLeft,
    NotAdmitted,
    RegistrationClosed,
    UnknownLink,
)
from eventapp.domain.events import EventForm, TargetGroup, Visibility
from eventapp.domain.invitations import InvitationState, answer_until, may_answer
from eventapp.domain.pricing import Entitlement, fills_a_place
from eventapp.domain.registrations import State
from eventapp.models import Invitation
from eventapp.queries.invitations import invitation_by_answer_token, invitation_by_token
from eventapp.queries.membership import organisation_of
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.terms import agreed_terms, terms_of
from eventapp.services import accepting, inviting, organisation_places, withdrawal
from eventapp.services.accepting import Acceptance
from eventapp.services.organisation_places import Beyond
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, StrippedString, checks_own_csrf
from eventapp.web.on_invoice import can_pay
from eventapp.web.public import blueprint
from eventapp.web.public.forms import attends_field, function_group_field
from eventapp.web.terms import in_words


class AcceptanceForm(DutchForm):
    """What we still need of whoever was invited. Nothing is filled in beforehand: anybody may hold the link."""

    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [Length(max=100)])
    organisation = StrippedString("Organisatie", [Optional(), Length(max=200)])
    function = StrippedString("Functie", [Optional(), Length(max=120)])
    function_group = function_group_field()
    attends = attends_field()

    def only_what_is_missing(self, found: Invitation) -> None:
        """Leave out what the office gave or the address says."""
        if any(found.guest.name):
            del self.given_name, self.infix, self.family_name
        if organisation_of(found.address):
            del self.organisation
        if found.event.form != EventForm.HYBRIDE:
            del self.attends

    def validate_family_name(self, field: StrippedString) -> None:
        """Some people have one name only; it may stand in either field."""
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.OWN_NAME_MISSING)


def _invitation(token: str) -> Invitation:
    found = invitation_by_token(token)
    if found is None or not found.address:
        raise UnknownLink()
    return found


@blueprint.get("/uitnodiging/<token>")
@audience(Audience.LINK)
def invitation(token: str) -> str | tuple[str, int]:
    """The event, and the two answers; once answered, withdrawn or over only how it stands."""
    found = _invitation(token)
    form = AcceptanceForm()
    form.only_what_is_missing(found)
    return _page(found, form)


def _page(found: Invitation, form: AcceptanceForm) -> str | tuple[str, int]:
    stands = found.standing(now())
    if _out_of_sight(found):
        return _withdrawn(), 410
    if stands != InvitationState.INVITED:
        return _answered(found, stands)
    entitlement, beyond = _price(found)
    page = render_template(
        "public/invitation.html",
        **_shown(found),
        form=form,
        entitlement=entitlement,
        beyond=beyond,
        invoice_possible=may_pay_on_invoice(found.event),
        full=found.event.places.full and (entitlement is None or fills_a_place(entitlement.category)),
        token=found.token,
    )
    return page, 422 if form.errors else 200


def _out_of_sight(found: Invitation) -> bool:
    """Whether the link may tell nothing of the event any more: it was taken back, and the event is closed to others."""
    return found.state == InvitationState.WITHDRAWN and found.event.visibility == Visibility.BESLOTEN


def _withdrawn() -> str:
    return render_template("shared/plain.html", title="Deze uitnodiging is ingetrokken")


def _shown(found: Invitation) -> dict[str, object]:
    """What every page of an invitation shows: the event, whole, and as much of the address as its owner needs."""
    event = found.event
    return {
        "event": event,
        "row": presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        "place": presenting.place_lines(event),
        "address": masked(found.address),
        "closed": event.visibility == Visibility.BESLOTEN,
        "until": answer_until(event.schedule),
    }


def _price(found: Invitation) -> tuple[Entitlement | None, Beyond | None]:
    """What accepting gives now, None when nothing does, and what the organisation's free places do to that."""
    try:
        entitlement = inviting.entitlement_of(found.event, found.guest, found.terms, now=now())
    except NotAdmitted:
        return None, None
    beyond = organisation_places.beyond_at(found.event, entitlement)
    return (beyond.entitlement if beyond else entitlement), beyond


def _answered(found: Invitation, stands: InvitationState) -> str | tuple[str, int]:
    """Answered, withdrawn or lapsed: how it stands, and never who it is about."""
    pays = found.registration is not None and found.registration.state == State.AWAITING_PAYMENT
    window = found.event.window(now())
    page = render_template("public/invitation_answered.html", **_shown(found), state=stands, pays=pays, window=window)
    gone = stands in (InvitationState.WITHDRAWN, InvitationState.LAPSED)
    return page, 410 if gone else 200


@blueprint.post("/uitnodiging/<token>/toezegging")
@checks_own_csrf
@audience(Audience.LINK)
def invitation_accepted(token: str) -> Response | str | tuple[str, int]:
    """Yes. Whatever came of it is mailed; the page that follows says no more than that."""
    found = _invitation(token)
    form = AcceptanceForm()
    form.only_what_is_missing(found)
    if not form.validate():
        return _page(found, form)
    acceptance = _acceptance(found.event.form, form)
    try:
        accepting.accept(token, acceptance, now=now(), can_pay=can_pay(found.event))
    except (EventFull, InvitationAnswered, NoFreePlaceLeft, NotAdmitted, RegistrationClosed):
        pass  # The page says how it stands now.
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(_invitation(token), form)
    return _back(token)


def _back(token: str) -> Response:
    return redirect(url_for("public.invitation", token=token), code=303)


def _acceptance(event_form: EventForm, form: AcceptanceForm) -> Acceptance:
    typed = {name: form[name].data for name in ("given_name", "infix", "family_name", "function") if name in form}
    online = event_form == EventForm.ONLINE or ("attends" in form and form.attends.data == EventForm.ONLINE.value)
    return Acceptance(
        **typed,
        organisation_name=form.organisation.data if "organisation" in form else "",
        function_group=TargetGroup(form.function_group.data) if form.function_group.data else None,
        attends=EventForm.ONLINE if online else EventForm.FYSIEK,
    )


@blueprint.post("/uitnodiging/<token>/afzegging")
@audience(Audience.LINK)
def invitation_declined(token: str) -> Response:
    """No, thank you."""
    with suppress(InvitationAnswered, RegistrationClosed):  # The page says how it stands now.
        accepting.decline(token, now=now())
    return _back(token)


@blueprint.get("/uitnodiging/<answer_token>/antwoord")
@audience(Audience.LINK)
def invitation_answer(answer_token: str) -> str | tuple[str, int]:
    """From the mail that told the answer: how it stands, and the button that undoes it."""
    found = invitation_by_answer_token(answer_token)
    if found is None or not found.address:
        raise UnknownLink()
    if _out_of_sight(found):
        return _withdrawn(), 410
    may_take_back = _may_take_back(found)
    return render_template(
        "public/invitation_answer.html",
        **_shown(found),
        money=withdrawal.preview(found.registration, now=now()) if may_take_back and found.registration else None,
        terms=in_words(
            agreed_terms(found.registration) if found.registration else terms_of(found.event),
            starts_at=found.event.starts_at,
        ),
        state=found.state,
        ended=accepting.may_reopen(found) and found.state == InvitationState.ACCEPTED,
        may_reopen=accepting.may_reopen(found) and may_answer(found.event.window(now())),
        may_take_back=may_take_back,
        elsewhere=found.state == InvitationState.ACCEPTED and not accepting.stands_here(found),
        token=found.token,
        answer_token=answer_token,
    )


def _may_take_back(found: Invitation) -> bool:
    registration = found.registration
    if registration is None or not accepting.stands_here(found):
        return False
    starts_at = found.event.starts_at
    return own_cancellation_possible(registration.state, starts_at=starts_at, now=now())


@blueprint.post("/uitnodiging/<answer_token>/antwoord/afmelding")
@audience(Audience.LINK)
def invitation_taken_back(answer_token: str) -> Response:
    """Undo the yes."""
    accepting.take_back(answer_token, now=now())
    return redirect(url_for("public.invitation_answer", answer_token=answer_token), code=303)


@blueprint.post("/uitnodiging/<answer_token>/antwoord/heropening")
@audience(Audience.LINK)
def invitation_reopened(answer_token: str) -> Response:
    """Undo the no: the invitation can be answered anew."""
    return _back(accepting.reopen(answer_token, now=now()))
