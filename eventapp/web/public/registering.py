"""Registering without an account: fill in, check, send; then the address proves itself by mail, or the payment does."""

from dataclasses import replace
from functools import partial

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.addresses import likely_typo
from eventapp.domain.errors import (
    AlreadyRegistered,
    BreakoutFull,
    ChoiceRefused,
    DomainError,
    EventFull,
    GroupDoesNotFit,
    NoFreePlaceLeft,
    NotAdmitted,
)
from eventapp.domain.events import EventForm, TargetGroup, Window
from eventapp.domain.invoices import Buyer
from eventapp.domain.pricing import needs_proof
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.models import FORM, Event
from eventapp.queries.membership import member_domains
from eventapp.queries.orders import order_token_of
from eventapp.queries.places import parts_of
from eventapp.queries.rounds import rounds_of
from eventapp.services import circle_guests, organisation_places
from eventapp.services.bookings import Basis, Booking
from eventapp.services.on_behalf import Side
from eventapp.services.quoting import Quote, quote
from eventapp.web import money, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.errors import STATUSES
from eventapp.web.forms import checks_own_csrf
from eventapp.web.public import blueprint, filled, on_invoice, prefilling, together, turned_away
from eventapp.web.public.event_page import published_event
from eventapp.web.public.forms import FITTING, INVOICE, WAITING, RegistrationForm
from eventapp.web.public.grounds import Ground, bases_of
from eventapp.web.public.sent import book, sent_on
from eventapp.web.public.together import Company
from eventapp.web.public.turned_away import event_row
from eventapp.web.terms import terms_text
from eventapp.web.visitor import made_order, remember_order

Answer = Response | str | tuple[str, int]


@blueprint.route("/agenda/<slug>/aanmelden", methods=["GET", "POST"])
@checks_own_csrf
@audience(Audience.VISITOR)
def registration_form(slug: str) -> Answer:
    """One page, three faces: the form, the question on what ground somebody comes, and the review before sending."""
    event = published_event(slug)
    if (window := event.window(now())) != Window.OPEN or (event.places.full and not event.waiting_list):
        return turned_away.closed(event, window)
    circle_guests.check_open(event)
    form = filled.form_for(event)
    if not form.is_submitted():
        form.submission_key.data = new_token()
        prefilling.fill_in(form)
        return _form_page(event, form)
    if form.rearrange():
        return _form_page(event, form)
    if not form.validate():
        form.check_wishes()
        return _form_page(event, form), 422
    quoted = quote(event, form.email.data, now=now(), tenant=prefilling.tenant_of(form))
    if sides := prefilling.sides_of(event, form, now=now()):
        return _for_side(event, form, quoted, sides)
    bases = bases_of(quoted)
    form.offer(bases)
    if not bases:
        return turned_away.not_admitted(event, quoted)
    basis = bases[0] if len(bases) == 1 and bases[0] == Basis.OUTSIDER else form.chosen_basis()
    if basis is None:
        return _form_page(event, form, ask_basis=True, quoted=quoted)
    if basis == Basis.CLAIM and not form.organisation.data:
        form.organisation.errors = ["Vul in bij welk lid u werkt."]
        return _form_page(event, form, ask_basis=True, quoted=quoted), 422
    return _go_on(event, Ground(quoted, basis, bases=tuple(bases)))


def _for_side(event: Event, form: RegistrationForm, quoted: Quote, sides: list[Side]) -> Answer:
    """ "Namens wie?" for who is signed in: asked once, then that organisation makes the price."""
    asked = bool(form.on_behalf.data)
    form.offer_sides(sides)
    if not asked:
        return _form_page(event, form, quoted=quoted)
    side = next(side for side in sides if str(side.organisation_id) == form.on_behalf.data)
    found = replace(quoted, organisation_name=side.name, entitlement=side.entitlement)
    basis = Basis.STATUS if side.named else Basis.OUTSIDER
    return _go_on(event, Ground(found, basis, side, sides=tuple(sides)))


def _go_on(event: Event, ground: Ground) -> Answer:
    """The ground is known: is all answered, and does everybody fit? Then the review, or the sending."""
    form = filled.form_on(event, ground)
    if form.step.data == "wijzigen":
        return _again(event, form, ground)
    if not form.check_wishes():
        return _again(event, form, ground), 422
    if form.unseen():
        return _again(event, form, ground, more=True)
    booking = filled.booking_of(event, form, ground)
    found = _company(event, form, booking, ground)
    if found and (not found.fits or form.step.data == WAITING):
        if _gets_in_line(form, found):
            form.waits.data = "1"
        elif form.step.data != FITTING:
            # Nobody was placed: the form with everything kept, and what there is to choose.
            return _again(event, form, ground, found=found), 409
        else:
            together.leave_out_who_does_not_fit(form, found)
        booking = filled.booking_of(event, form, ground)
        found = _company(event, form, booking, ground)
    if form.step.data == INVOICE:
        return _on_invoice(event, form, booking, ground, found)
    # Nobody gets in line who was not told so on the page they sent.
    told = request.form.get(form.waits.name) == "1"
    if form.step.data == "versturen" and (told or not booking.wants_waiting):
        return _send(event, form, booking, ground)
    return _review(event, form, booking, ground, found)


def _on_invoice(
    event: Event, form: RegistrationForm, booking: Booking, ground: Ground, found: Company | None
) -> Answer:
    """Whom the invoice is for, and then the sending. Where none is offered the review says what there is instead."""
    cents = on_invoice.due_cents(event, ground, found)
    if not on_invoice.offered(event, booking, cents):
        return _review(event, form, booking, ground, found)
    invoice = on_invoice.form_for(booking)
    if not invoice.was_sent or not invoice.validate():
        return on_invoice.page(event, form, invoice, cents)
    return _send(event, form, replace(booking, invoice=invoice.buyer(Buyer())), ground)


def _gets_in_line(form: RegistrationForm, found: Company) -> bool:
    """Whether who does not fit waits: they were asked, or nobody of them fits and there is nothing to choose."""
    return found.may_wait and (form.step.data == WAITING or form.waits.data == "1" or found.fitting == 0)


def _again(
    event: Event, form: RegistrationForm, ground: Ground, *, more: bool = False, found: Company | None = None
) -> str:
    """The form with everything kept; with `more` because something came up that was not asked before."""
    return _form_page(event, form, ask_basis=ground.asked, quoted=ground.quoted, more=more, found=found)


def _company(event: Event, form: RegistrationForm, booking: Booking, ground: Ground) -> Company | None:
    return together.company(event, form, booking, ground.price, now=now()) if booking.colleagues else None


def _form_page(
    event: Event,
    form: RegistrationForm,
    *,
    ask_basis: bool = False,
    quoted: Quote | None = None,
    found: Company | None = None,
    more: bool = False,
) -> str:
    return render_template(
        "public/register.html",
        event=event,
        form=form,
        row=event_row(event),
        price_text=presenting.price_text(event.price_lines),
        hybrid=event.form == EventForm.HYBRIDE,
        ask_basis=ask_basis,
        niet_lid=quoted.entitlement if quoted else None,
        organisation=quoted.organisation_name if quoted else "",
        domain=form.email.data.rpartition("@")[2] if ask_basis else "",
        typo=likely_typo(form.email.data, member_domains()) if ask_basis else None,
        found=found,
        only_first=found is not None and together.only_the_first(form, found),
        more=more,
        has_rounds=bool(rounds_of(event.id)),
        some_full=any(not offer.free for one in form.rounds for offer in one.breakouts),
        line_notes=_line_notes(event),
    )


def _line_notes(event: Event) -> dict[str, str]:
    """By form of attending: that it is full, where a hybrid event has places of its own for each."""
    if event.form != EventForm.HYBRIDE or not event.waiting_list:
        return {}
    full = (part.ref for part in parts_of(event.id) if part.kind == FORM and part.places.full)
    return dict.fromkeys(full, "Vol: u komt op de wachtlijst.")


def _review(event: Event, form: RegistrationForm, booking: Booking, ground: Ground, found: Company | None) -> Answer:
    """The last screen repeats who, what, when and what it costs, before the button that says what it does."""
    price, waits = ground.price, booking.wants_waiting
    beyond = organisation_places.beyond_at(event, price) if price else None
    if beyond and beyond.entitlement is None and not waits:
        return turned_away.no_free_place(event, beyond.organisation, beyond.function)
    if beyond and beyond.entitlement:
        price = beyond.entitlement
    form.basis.data = ground.basis.value
    return render_template(
        "public/review.html",
        event=event,
        form=form,
        row=event_row(event),
        basis=ground.basis.value if price is None else "",
        entitlement=price,
        beyond=beyond if beyond and beyond.entitlement else None,
        pays=not (found or waits) and price is not None and not needs_proof(price) and price.price_cents > 0,
        organisation=ground.quoted.organisation_name,
        function_group=form.function_group.data and TargetGroup(form.function_group.data),
        hybrid=event.form == EventForm.HYBRIDE,
        online=form.attends.data == EventForm.ONLINE.value,
        typo=likely_typo(form.email.data, member_domains()),
        found=found,
        waits=waits,
        free_places_gone=beyond is not None,
        waiting=event.places.waiting,
        terms=terms_text(event),
        online_possible=money.gateway() is not None,
        invoice_possible=on_invoice.offered(event, booking, on_invoice.due_cents(event, ground, found)),
    )


def _send(event: Event, form: RegistrationForm, booking: Booking, ground: Ground) -> Answer:
    own_status = booking.basis == Basis.STATUS
    try:
        receipt = book(event, booking)
    except AlreadyRegistered as refusal:
        token = order_token_of(refusal.facts["registration_id"])
        if token and made_order(token):
            return redirect(url_for("member.order", token=token), code=303)
        return sent_on(event, booking, None)
    except EventFull:
        return _full_meanwhile(event, booking, ground)
    except (BreakoutFull, ChoiceRefused) as refusal:
        form = filled.form_on(event, ground)
        form.refuse_choice(refusal)
        return _again(event, form, ground), 409
    except NoFreePlaceLeft as refusal:
        return sent_on(event, booking, None) if own_status else turned_away.no_free_place(event, **refusal.facts)
    except NotAdmitted:
        return sent_on(event, booking, None) if own_status else turned_away.not_admitted(event, ground.quoted)
    except GroupDoesNotFit:
        found = _company(event, form, booking, ground)
        # The rows refused what the page could not see: a form or part that is full.
        refused = replace(found, refused=found.fits, may_wait=event.waiting_list) if found and found.fits else found
        return _again(event, form, ground, found=refused), 409
    except DomainError as refusal:
        form.refuse(refusal)
        found = _company(event, form, booking, ground)
        return _again(event, form, ground, found=found), STATUSES.get(refusal.code, 409)
    remember_order(receipt.order_token)
    if receipt.state == State.AWAITING_PAYMENT:
        return money.to_checkout(receipt.order_id, partial(url_for, "member.order", token=receipt.order_token))
    return sent_on(event, booking, receipt)


def _full_meanwhile(event: Event, booking: Booking, ground: Ground) -> Answer:
    """The last place went while this was being sent: the review again, now for the waiting list where there is one."""
    if not event.waiting_list:
        return turned_away.closed(event, Window.OPEN)
    form = filled.form_for(event, ground, waits=True)
    form.validate()
    form.offer(ground.bases)
    form.offer_sides(ground.sides)
    form.waits.data = "1"
    page = _review(event, form, replace(booking, wants_waiting=True, choices={}), ground, None)
    return (page, 409) if isinstance(page, str) else page
