"""People at the door without a registration, on a laptop: who, what it costs, paying by QR code, and in."""

from typing import Any

from flask import flash, render_template
from markupsafe import Markup

from eventapp import documents, wording
from eventapp.domain.errors import DomainError, EventFull, NotFound, OrganisationFull, PriceDiffers
from eventapp.domain.looks import PeopleList
from eventapp.domain.payments import ALIVE
from eventapp.domain.registrations import State
from eventapp.domain.walk_ins import SOURCE
from eventapp.models import Event, Registration
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.orders import latest_attempt
from eventapp.queries.walk_ins import inside, never_inside, walk_ins_at
from eventapp.services import paying, prospects, walking_in
from eventapp.services.prospects import Prospect
from eventapp.services.walking_in import WalkIn
from eventapp.web import money
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import AT_DOOR, EDITORS, blueprint
from eventapp.web.organiser.forms.door import WalkInForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404, registration_or_404

_PATH = "/evenementen/<slug>/inloop"


@blueprint.route(_PATH, methods=["GET", "POST"])
@audience(Audience.STAFF, *AT_DOOR)
@lists_people(PeopleList.WALK_INS)
@checks_own_csrf
def walk_in(slug: str) -> Answer:
    """The form; once what it costs was shown, the same form again takes them in."""
    event, form = event_or_404(slug), WalkInForm()
    form.offer(online=money.gateway() is not None, invoice=may_pay_on_invoice(event) and event.confirm_on_invoice)
    if not form.validate_on_submit():
        return _page(slug, form), 422 if form.errors else 200
    try:
        wanted = _walk_in(event, form)
        found = prospects.look(wanted, by=actor(), now=now())
        if form.seen_cents != found.price_cents or found.category is None:
            form.seen.data = str(found.price_cents)
            return _page(slug, form, found)
        arrival = walking_in.come_in(wanted, by=actor(), door=None, can_pay=money.gateway() is not None, now=now())
    except DomainError as refusal:
        return _refused(slug, form, refusal), 422
    if arrival.state == State.AWAITING_PAYMENT:
        _start_payment(arrival.order_id)
    return back_to("walk_in_arrival", slug=slug, registration_id=arrival.registration_id)


def _walk_in(event: Event, form: WalkInForm) -> WalkIn:
    return WalkIn(
        event_id=event.id,
        address=form.address.data,
        given_name=form.given_name.data or "",
        infix=form.infix.data or "",
        family_name=form.family_name.data,
        organisation_name=form.organisation_name.data or "",
        way=form.chosen_way,
        guest_of=form.guest_of.data or "",
        price_cents=form.seen_cents,
        force=bool(form.force.data) and actor().has(*EDITORS),
        reason=form.reason.data or "",
    )


def _refused(slug: str, form: WalkInForm, refusal: DomainError) -> str:
    if isinstance(refusal, PriceDiffers):
        form.seen.data = str(refusal.facts["price_cents"])
    form.refuse(refusal)
    return _page(slug, form, full=isinstance(refusal, EventFull | OrganisationFull), refusal=refusal)


def _page(slug: str, form: WalkInForm, found: Prospect | None = None, **more: Any) -> str:
    event = event_or_404(slug)
    came, outside = walk_ins_at(event.id, source=SOURCE), never_inside(event.id)
    names_people(len(came))
    return render_template(
        "organiser/walk_in.html",
        event=event,
        form=form,
        found=found,
        came=came,
        outside=outside,
        may_force=actor().has(*EDITORS),
        states=wording.STATES,
        **more,
    )


def _start_payment(order_id: int) -> None:
    """Ask for the checkout; while the provider is silent the place stays kept, and the page says so."""
    gateway = money.gateway()
    try:
        if gateway is not None:
            paying.start(order_id, gateway, money.checkout(), now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "wait")


@blueprint.get(f"{_PATH}/<int:registration_id>")
@audience(Audience.STAFF, *AT_DOOR)
def walk_in_arrival(slug: str, registration_id: int) -> Answer:
    """How it stands with one of them: inside, or the code to pay with."""
    found = _registration(slug, registration_id)
    attempt = latest_attempt(found.order_id)
    waits = found.state == State.AWAITING_PAYMENT
    url = attempt.checkout_url if waits and attempt and attempt.status in ALIVE else ""
    return render_template(
        "organiser/walk_in_arrival.html",
        event=found.event,
        r=found,
        waits=waits,
        inside=inside(found.id),
        qr=Markup(documents.qr.svg_for_text(url, wording.QR_TO_PAY)) if url else None,
        may_invoice=waits and _may_invoice(found),
    )


@blueprint.post(f"{_PATH}/<int:registration_id>/betaling")
@audience(Audience.STAFF, *AT_DOOR)
def walk_in_payment(slug: str, registration_id: int) -> Answer:
    """Ask the provider for the code once more."""
    _start_payment(_registration(slug, registration_id).order_id)
    return back_to("walk_in_arrival", slug=slug, registration_id=registration_id)


@blueprint.post(f"{_PATH}/<int:registration_id>/controle")
@audience(Audience.STAFF, *AT_DOOR)
def walk_in_check(slug: str, registration_id: int) -> Answer:
    """Whether the money is in; then they are inside."""
    money.ask_again(_registration(slug, registration_id).order_id)
    walking_in.let_in(registration_id, door=None, now=now())
    return back_to("walk_in_arrival", slug=slug, registration_id=registration_id)


@blueprint.post(f"{_PATH}/<int:registration_id>/factuur")
@audience(Audience.STAFF, *AT_DOOR)
def walk_in_invoice(slug: str, registration_id: int) -> Answer:
    """On an invoice after all."""
    _registration(slug, registration_id)
    try:
        anybody = actor().has(*EDITORS)
        walking_in.put_on_invoice(registration_id, anybody=anybody, by=actor(), door=None, now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "bad")
    return back_to("walk_in_arrival", slug=slug, registration_id=registration_id)


def _may_invoice(found: Registration) -> bool:
    """Who was registered before they came goes on an invoice by who may change registrations."""
    theirs = found.source == SOURCE or actor().has(*EDITORS)
    return theirs and may_pay_on_invoice(found.event) and found.event.confirm_on_invoice


def _registration(slug: str, registration_id: int) -> Registration:
    """Of this event. Refuses with NotFound."""
    found = registration_or_404(registration_id)
    if found.event_id != event_or_404(slug).id:
        raise NotFound()
    return found
