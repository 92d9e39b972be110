"""Giving money back by hand, and doing a refund over that failed."""

from flask import flash, render_template

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError, NotFound, ProviderSilent, SecondYesNeeded
from eventapp.models import PaymentAttempt
from eventapp.queries import money as money_queries
from eventapp.services import refunding, refunding_by_hand
from eventapp.web import money
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.refund import RefundForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/geld/betalingen/<int:attempt_id>/terugbetaling", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def new_refund(attempt_id: int) -> Answer:
    """How much, and why; a large amount is asked for once more."""
    form, asked_again = RefundForm(), False
    form.left_cents = refunding.left_cents(_attempt(attempt_id))
    if form.validate_on_submit():
        try:
            cents = _refund(attempt_id, form)
        except NotFound:
            raise
        except SecondYesNeeded as refusal:
            form.ask_again(wording.refusal(refusal))
            asked_again = True
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(wording.goes_back(cents), "good")
            return back_to("registration", registration_id=_attempt(attempt_id).order.registrations[0].id)
    attempt = _attempt(attempt_id)
    page = render_template(
        "organiser/refund.html",
        attempt=attempt,
        r=attempt.order.registrations[0],
        left_cents=refunding.left_cents(attempt),
        form=form,
        asked_again=asked_again,
    )
    return page, 422 if form.errors else 200


def _refund(attempt_id: int, form: RefundForm) -> int:
    provider = money.gateway()
    if provider is None:
        raise ProviderSilent()
    return refunding_by_hand.refund(
        attempt_id,
        form.amount_cents.data or 0,
        provider,
        reason=form.reason.data,
        by=actor(),
        now=now(),
        confirmed_cents=form.confirmed_cents,
    )


def _attempt(attempt_id: int) -> PaymentAttempt:
    found = money_queries.attempt_by_id(attempt_id)
    if found is None:
        raise NotFound()
    return found


@blueprint.post("/geld/terugbetalingen/<int:refund_id>/herhaling")
@audience(Audience.STAFF, *MONEY)
def refund_again(refund_id: int) -> Answer:
    """Do it over, once, after asking the provider how it stands."""
    registration_id, provider = money_queries.registration_of_refund(refund_id), money.gateway()
    if registration_id is None:
        raise NotFound()
    try:
        if provider is None:
            raise ProviderSilent()
        cents = refunding_by_hand.retry(refund_id, provider, by=actor(), now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "bad")
    else:
        flash(f"{formatting.money_short(cents)} wordt opnieuw terugbetaald.", "good")
    return back_to("registration", registration_id=registration_id)
