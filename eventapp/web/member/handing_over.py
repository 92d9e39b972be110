"""Letting somebody else come: asking them, taking that back, and what who was asked sees and answers."""

from contextlib import suppress
from typing import Any, NamedTuple

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import DomainError, HandOverOver, NotAdmitted, NotFound, SameAddress, UnknownLink
from eventapp.domain.handing_over import HandOverState
from eventapp.models import HandOver, Registration
from eventapp.queries import contacts as known
from eventapp.queries.changing import hand_over_by_token, open_hand_over
from eventapp.queries.choices import programme_of
from eventapp.queries.membership import organisation_of
from eventapp.services import handing_over
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import AddressField, DutchForm, StrippedString, checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.web.member.orders import booker_of, registration_in
from eventapp.web.member.organisation import acts_as, contact_or_404
from eventapp.web.member.tickets import holder_of, ticket_or_unknown

Answer = str | Response | tuple[str, int]
_NOT_THEM = "Deze persoon mag de plaats niet overnemen; hierboven staat wie dat wel mag."


class _NameForm(DutchForm):
    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [Length(max=100)])

    def validate_family_name(self, field: StrippedString) -> None:
        """Some people have one name only; it may stand in either field."""
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.NAME_MISSING)

    @property
    def name(self) -> tuple[str, str, str]:
        return self.given_name.data or "", self.infix.data or "", self.family_name.data or ""


class HandOverForm(_NameForm):
    address = AddressField("E-mailadres", [DataRequired(wording.ADDRESS_MISSING), Length(max=320)])


class TakeOverForm(_NameForm):
    organisation = StrippedString("Organisatie", [Optional(), Length(max=200)])


class _Pages(NamedTuple):
    """Where somebody hands this place over: the page itself, the address that takes it back, and the way back."""

    here: str
    withdrawal: str
    back: str


@blueprint.route("/ticket/<token>/overdracht", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def ticket_hand_over(token: str) -> Answer:
    """With one's own ticket: who may come instead, the form, and what is asked already."""
    ticket = ticket_or_unknown(token)
    registration = ticket.registration
    if ticket.state != TicketState.VALID:
        return redirect(url_for("member.ticket", token=token))
    pages = _Pages(
        here=url_for("member.ticket_hand_over", token=token),
        withdrawal=url_for("member.ticket_hand_over_withdrawal", token=token),
        back=url_for("member.ticket", token=token),
    )
    return _offered(registration, HandOverForm(), pages, by=holder_of(registration))


@blueprint.post("/ticket/<token>/overdracht/intrekking")
@audience(Audience.LINK)
def ticket_hand_over_withdrawal(token: str) -> Response:
    """Come oneself after all."""
    registration = ticket_or_unknown(token).registration
    handing_over.withdraw(registration.id, by=holder_of(registration), now=now())
    return redirect(url_for("member.ticket_hand_over", token=token), 303)


@blueprint.route("/bestelling/<token>/overdracht/<int:registration_id>", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def order_hand_over(token: str, registration_id: int) -> Answer:
    """With the order: the same for one of those in it."""
    registration = registration_in(token, registration_id)
    pages = _Pages(
        here=url_for("member.order_hand_over", token=token, registration_id=registration_id),
        withdrawal=url_for("member.order_hand_over_withdrawal", token=token, registration_id=registration_id),
        back=url_for("member.order", token=token),
    )
    return _offered(registration, HandOverForm(), pages, by=booker_of(registration.order))


@blueprint.post("/bestelling/<token>/overdracht/<int:registration_id>/intrekking")
@audience(Audience.LINK)
def order_hand_over_withdrawal(token: str, registration_id: int) -> Response:
    """Ask nobody any more."""
    registration = registration_in(token, registration_id)
    handing_over.withdraw(registration.id, by=booker_of(registration.order), now=now())
    return redirect(url_for("member.order_hand_over", token=token, registration_id=registration_id), 303)


_OF_COLLEAGUE = "/mijn/organisatie/<int:organisation_id>/aanmeldingen/<int:registration_id>/overdracht"


@blueprint.route(_OF_COLLEAGUE, methods=["GET", "POST"])
@audience(Audience.MEMBER)
@checks_own_csrf
def colleague_hand_over(organisation_id: int, registration_id: int) -> Answer:
    """As contact person: the same for a colleague."""
    contact = contact_or_404(organisation_id)
    values: dict[str, Any] = {"organisation_id": organisation_id, "registration_id": registration_id}
    pages = _Pages(
        here=url_for("member.colleague_hand_over", **values),
        withdrawal=url_for("member.colleague_hand_over_withdrawal", **values),
        back=url_for("member.organisation", organisation_id=organisation_id),
    )
    colleague = _colleague(organisation_id, registration_id)
    return _offered(colleague, HandOverForm(), pages, by=acts_as(contact))


@blueprint.post(f"{_OF_COLLEAGUE}/intrekking")
@audience(Audience.MEMBER)
def colleague_hand_over_withdrawal(organisation_id: int, registration_id: int) -> Response:
    """Ask nobody any more."""
    contact = contact_or_404(organisation_id)
    registration = _colleague(organisation_id, registration_id)
    handing_over.withdraw(registration.id, by=acts_as(contact), now=now())
    values: dict[str, Any] = {"organisation_id": organisation_id, "registration_id": registration_id}
    return redirect(url_for("member.colleague_hand_over", **values), 303)


def _colleague(organisation_id: int, registration_id: int) -> Registration:
    found = known.registration_of(organisation_id, registration_id)
    if found is None or found.event.ends_at <= now():
        raise NotFound()
    return found


def _offered(registration: Registration, form: HandOverForm, pages: _Pages, *, by: Actor) -> Answer:
    """Ask whoever was filled in, or show the page with what is wrong."""
    registration_id = registration.id
    if form.validate_on_submit():
        try:
            handing_over.offer(registration_id, form.address.data, *form.name, by=by, now=now())
        except SameAddress as refusal:
            form.address.errors = [wording.refusal(refusal)]
        except NotAdmitted:
            form.address.errors = [_NOT_THEM]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(pages.here, 303)
    page = render_template(
        "member/hand_over.html",
        registration=registration,
        event=registration.event,
        row=presenting.event_row(
            registration.event, now=now(), url=url_for("public.event", slug=registration.event.slug)
        ),
        may=handing_over.may_offer(registration, now=now()),
        domains=handing_over.colleague_domains(registration),
        offered=open_hand_over(registration_id),
        has_programme=bool(programme_of(registration_id)),
        pages=pages,
        form=form,
    )
    return page, 422 if form.errors else 200


def _asked(token: str) -> HandOver:
    found = hand_over_by_token(token)
    if found is None or not found.address:
        raise UnknownLink()
    return found


@blueprint.get("/overdracht/<token>")
@audience(Audience.LINK)
def take_over(token: str) -> Answer:
    """For who was asked: the event, in whose place, what goes along, and the two answers."""
    asked = _asked(token)
    return _page(asked, _form_for(asked))


@blueprint.post("/overdracht/<token>/toezegging")
@audience(Audience.LINK)
@checks_own_csrf
def taken_over(token: str) -> Answer:
    """Yes: from now on the place is theirs."""
    asked = _asked(token)
    form = _form_for(asked)
    if not form.validate():
        return _page(asked, form)
    said = form.organisation.data if "organisation" in form else ""
    try:
        new = handing_over.accept(token, *form.name, organisation=said or "", now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(_asked(token), form)
    assert new.ticket is not None
    return redirect(url_for("member.ticket", token=new.ticket.token), 303)


@blueprint.post("/overdracht/<token>/afzegging")
@audience(Audience.LINK)
def take_over_declined(token: str) -> Response:
    """No: whoever asked keeps the place and hears so. Answered before, the page says how it stands."""
    _asked(token)
    with suppress(HandOverOver):
        handing_over.decline(token, now=now())
    return redirect(url_for("member.take_over", token=token), 303)


def _form_for(asked: HandOver) -> TakeOverForm:
    names = {"given_name": asked.given_name, "infix": asked.infix, "family_name": asked.family_name}
    form = TakeOverForm(data=names)
    if organisation_of(asked.address):
        del form.organisation
    return form


def _page(asked: HandOver, form: TakeOverForm) -> Answer:
    registration, event = asked.registration, asked.registration.event
    sad = _sad(asked)
    page = render_template(
        "member/take_over_over.html" if sad else "member/take_over.html",
        sad=sad,
        asked=asked,
        form=form,
        giver=registration.person,
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        place=presenting.place_lines(event),
        programme=[
            (formatting.time_range(part.starts_at, part.ends_at), part.title)
            for part in programme_of(registration.id)
            if part.title and not part.cancelled
        ],
    )
    return page, 422 if form.errors and not sad else 200


_SAD = {
    # At the door it was too late for it; the page tells nobody more.
    HandOverState.REFUSED: (wording.OFFER_OVER, "De plaats is niet langer beschikbaar."),
    HandOverState.ACCEPTED: ("De plaats is overgenomen", "Het ticket is gemaild naar het adres dat werd gevraagd."),
    HandOverState.DECLINED: ("U komt niet", "Dat is doorgegeven; de plaats blijft bij wie u vroeg."),
    HandOverState.WITHDRAWN: (
        wording.OFFER_OVER,
        "De plaats is niet langer beschikbaar: wie u vroeg komt toch zelf, vroeg iemand anders of meldde zich af.",
    ),
}


def _sad(asked: HandOver) -> tuple[str, str] | None:
    """Why there is nothing to answer (any more), as a title and what it means; None when there is."""
    if asked.state != HandOverState.OFFERED:
        return _SAD[asked.state]
    try:
        handing_over.check(asked, now=now())
    except NotAdmitted:
        return (
            "U kunt deze plaats niet overnemen",
            "De voorwaarden van deze bijeenkomst laten dat niet toe. Kijk of u zich zelf kunt aanmelden.",
        )
    except DomainError as refusal:
        return wording.OFFER_OVER, wording.refusal(refusal)
    return None
