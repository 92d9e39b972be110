"""Registering without an account: fill in, check, send; then the address proves itself by mail, or the payment does."""

from dataclasses import asdict
from functools import partial
from typing import Any

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import VISITOR
from eventapp.domain.addresses import likely_typo
from eventapp.domain.errors import AlreadyRegistered, DomainError, EventFull, NoFreePlaceLeft, NotAdmitted
from eventapp.domain.events import EventForm, TargetGroup, Window
from eventapp.domain.pricing import Category, Entitlement, needs_proof
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.models import Event
from eventapp.queries.membership import member_domains
from eventapp.queries.orders import order_token_of
from eventapp.services import correcting, organisation_places
from eventapp.services.registering import Basis, Booking, Quote, Receipt, quote, register
from eventapp.web import money, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.public import blueprint
from eventapp.web.public.event_page import published_event
from eventapp.web.public.forms import AddressForm, RegistrationForm
from eventapp.web.visitor import made_order, remember_order, visitor_key


@blueprint.route("/agenda/<slug>/aanmelden", methods=["GET", "POST"])
@checks_own_csrf
@audience(Audience.VISITOR)
def registration_form(slug: str) -> Response | str | tuple[str, int]:
    """One page, three faces: the form, the question on what ground somebody comes, and the review before sending."""
    event = published_event(slug)
    if (window := event.window(now())) != Window.OPEN or event.places.full:
        return _closed(event, window)
    form = RegistrationForm()
    if not form.is_submitted():
        form.submission_key.data = new_token()
        return _form_page(event, form)
    if not form.validate():
        return _form_page(event, form), 422
    quoted = quote(event, form.email.data, now=now())
    bases = _bases(quoted)
    form.offer(bases)
    if not bases:
        return _not_admitted(event, quoted)
    basis = bases[0] if len(bases) == 1 and bases[0] == Basis.OUTSIDER else form.chosen_basis()
    if basis is None:
        return _form_page(event, form, ask_basis=True, quoted=quoted)
    if basis == Basis.CLAIM and not form.organisation.data:
        form.organisation.errors = ["Vul in bij welk lid u werkt."]
        return _form_page(event, form, ask_basis=True, quoted=quoted), 422
    if form.step.data == "wijzigen":
        return _form_page(event, form, ask_basis=len(bases) > 1, quoted=quoted)
    if form.step.data == "versturen":
        return _send(event, form, quoted, basis)
    return _review(event, form, quoted, basis)


def _bases(quoted: Quote) -> list[Basis]:
    """The grounds somebody with this address may choose from; OUTSIDER alone means that nothing needs to be asked."""
    if quoted.entitlement and quoted.entitlement.category != Category.NIET_LID:
        return [Basis.OUTSIDER]
    as_anybody = quoted.entitlement is not None and quoted.entitlement == quoted.outsider
    if as_anybody and quoted.outsider and quoted.outsider.price_cents == 0:
        return [Basis.OUTSIDER]
    offered = {
        Basis.OUTSIDER: quoted.entitlement is not None,
        Basis.CLAIM: quoted.may_claim,
        Basis.STATUS: quoted.may_have_status,
    }
    return [basis for basis, there in offered.items() if there]


def _form_page(event: Event, form: RegistrationForm, *, ask_basis: bool = False, quoted: Quote | None = None) -> str:
    return render_template(
        "public/register.html",
        event=event,
        form=form,
        row=_row(event),
        price_text=presenting.price_text(event.price_lines),
        hybrid=event.form == EventForm.HYBRIDE,
        ask_basis=ask_basis,
        niet_lid=quoted.entitlement if quoted else None,
        organisation=quoted.organisation_name if quoted else "",
        domain=form.email.data.rpartition("@")[2] if ask_basis else "",
    )


def _row(event: Event) -> presenting.EventRow:
    return presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug))


def _review(event: Event, form: RegistrationForm, quoted: Quote, basis: Basis) -> str | tuple[str, int]:
    """The last screen repeats who, what, when and what it costs, before the button that says what it does."""
    price = _price(quoted, basis)
    beyond = organisation_places.beyond_at(event, price) if price else None
    if beyond:
        if beyond.entitlement is None:
            return _no_free_place(event, beyond.organisation, beyond.function)
        price = beyond.entitlement
    form.basis.data = basis.value
    return render_template(
        "public/review.html",
        event=event,
        form=form,
        row=_row(event),
        basis=basis.value,
        entitlement=price,
        beyond=beyond,
        pays=price is not None and not needs_proof(price) and price.price_cents > 0,
        organisation=quoted.organisation_name,
        function_group=form.function_group.data and TargetGroup(form.function_group.data),
        hybrid=event.form == EventForm.HYBRIDE,
        online=form.attends.data == EventForm.ONLINE.value,
        typo=likely_typo(form.email.data, member_domains()),
    )


def _price(quoted: Quote, basis: Basis) -> Entitlement | None:
    """What the review may promise: nothing yet where the office or the address itself still has to tell."""
    return quoted.entitlement if basis == Basis.OUTSIDER else None


def _send(event: Event, form: RegistrationForm, quoted: Quote, basis: Basis) -> Response | str | tuple[str, int]:
    booking = _booking(event, form, basis)
    try:
        receipt = register(booking, by=VISITOR, now=now(), can_pay=money.gateway() is not None)
    except AlreadyRegistered as refusal:
        token = order_token_of(refusal.facts["registration_id"])
        if token and made_order(token):
            return redirect(url_for("member.order", token=token), code=303)
        return _sent(event, booking, None)
    except EventFull:
        return _closed(event, Window.OPEN)
    except NoFreePlaceLeft as refusal:
        own_status = basis == Basis.STATUS
        return _sent(event, booking, None) if own_status else _no_free_place(event, **refusal.facts)
    except NotAdmitted:
        return _sent(event, booking, None) if basis == Basis.STATUS else _not_admitted(event, quoted)
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(event, form), 409
    remember_order(receipt.order_token)
    if receipt.state == State.AWAITING_PAYMENT:
        return money.to_checkout(receipt.order_id, partial(url_for, "member.order", token=receipt.order_token))
    return _sent(event, booking, receipt)


def _booking(event: Event, form: RegistrationForm, basis: Basis) -> Booking:
    online = event.form == EventForm.ONLINE or (
        event.form == EventForm.HYBRIDE and form.attends.data == EventForm.ONLINE.value
    )
    return Booking(
        event_id=event.id,
        address=form.email.data,
        given_name=form.given_name.data,
        infix=form.infix.data,
        family_name=form.family_name.data,
        organisation_name=form.organisation.data,
        function=form.function.data,
        function_group=TargetGroup(form.function_group.data) if form.function_group.data else None,
        attends=EventForm.ONLINE if online else EventForm.FYSIEK,
        basis=basis,
        submission_key=form.submission_key.data or None,
        visitor_key=visitor_key(),
    )


def _sent(event: Event, booking: Booking, receipt: Receipt | None) -> Response:
    """Remember in this browser alone what was sent, so that a mistyped address can be put right from here."""
    booked = asdict(booking)
    session["sent"] = {
        "slug": event.slug,
        "registration_id": receipt.registration_id if receipt else None,
        "booking": {name: value for name, value in booked.items() if name not in ("visitor_key", "submission_key")},
    }
    return redirect(url_for("public.sent", slug=event.slug), code=303)


@blueprint.get("/agenda/<slug>/aanmelden/verzonden")
@audience(Audience.VISITOR)
def sent(slug: str) -> str | Response:
    """The address, large; the same page whether or not the address was known."""
    if _what_was_sent(slug) is None:
        return redirect(url_for("public.event", slug=slug), code=303)
    return _sent_page(published_event(slug), AddressForm(formdata=None))


def _what_was_sent(slug: str) -> dict[str, Any] | None:
    kept = session.get("sent")
    return kept if kept and kept["slug"] == slug else None


def _sent_page(event: Event, form: AddressForm) -> str:
    booking = session["sent"]["booking"]
    typo = likely_typo(booking["address"], member_domains())
    if typo and not form.is_submitted():
        form.email.data = typo
    return render_template(
        "public/sent.html",
        event=event,
        row=_row(event),
        address=booking["address"],
        typo=typo,
        form=form,
        claim=booking["basis"] == Basis.CLAIM,
    )


@blueprint.post("/agenda/<slug>/aanmelden/adres")
@checks_own_csrf
@audience(Audience.VISITOR)
def sent_address(slug: str) -> Response | str | tuple[str, int]:
    """Put a mistyped address right from the browser that sent it."""
    kept = _what_was_sent(slug)
    if kept is None:
        return redirect(url_for("public.event", slug=slug), code=303)
    event = published_event(slug)
    form = AddressForm()
    if not form.validate():
        return _sent_page(event, form), 422
    stored = {**kept["booking"], "address": form.email.data, "basis": Basis(kept["booking"]["basis"])}
    booking = Booking(**stored, visitor_key=visitor_key())
    if kept["registration_id"] is None:
        return _book_again(event, booking)
    try:
        correcting.correct_address(kept["registration_id"], form.email.data, by=VISITOR, now=now())
    except AlreadyRegistered:
        pass  # The right address had this registration already; its owner was told when it was made.
    except DomainError as refusal:
        form.refuse(refusal)
        return _sent_page(event, form), 409
    kept["booking"]["address"] = form.email.data
    session.modified = True
    return redirect(url_for("public.sent", slug=slug), code=303)


def _book_again(event: Event, booking: Booking) -> Response:
    """Nothing was booked under the mistyped address, so this is a first booking under the right one."""
    try:
        receipt: Receipt | None = register(booking, by=VISITOR, now=now(), can_pay=money.gateway() is not None)
    except (AlreadyRegistered, NotAdmitted):
        receipt = None
    return _sent(event, booking, receipt)


def _closed(event: Event, window: Window) -> tuple[str, int]:
    """Full, closed, not open yet, past or cancelled: a calm page."""
    row = _row(event)
    return render_template("public/closed.html", event=event, row=row, window=window, full=event.places.full), 409


def _no_free_place(event: Event, organisation: str, function: str) -> tuple[str, int]:
    """The free places of the organisation are gone and there is nothing beyond: whom to turn to, never a name."""
    row = _row(event)
    page = render_template(
        "public/no_free_place.html", event=event, row=row, organisation=organisation, function=function
    )
    return page, 409


def _not_admitted(event: Event, quoted: Quote) -> tuple[str, int]:
    """Not for this visitor: why, and what one can do."""
    page = render_template(
        "public/not_admitted.html",
        event=event,
        row=_row(event),
        organisation=quoted.organisation_name,
        prices=presenting.price_rows(event.price_lines),
    )
    return page, 403


@blueprint.route("/agenda/<slug>/mijn-link", methods=["GET", "POST"])
@checks_own_csrf
@audience(Audience.VISITOR)
def my_link(slug: str) -> Response | str | tuple[str, int]:
    """Al aangemeld? The answer is the same for every address."""
    event = published_event(slug)
    form = AddressForm()
    if not form.is_submitted():
        return render_template("public/my_link.html", event=event, form=form, row=_row(event), sent=False)
    if not form.validate():
        return render_template("public/my_link.html", event=event, form=form, row=_row(event), sent=False), 422
    correcting.send_my_links(event.id, form.email.data, now=now())
    return render_template("public/my_link.html", event=event, form=form, row=_row(event), sent=True)
