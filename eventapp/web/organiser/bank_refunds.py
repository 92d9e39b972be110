"""Terug te betalen: what the treasurer transfers by bank, marks as done or keeps, and what failed at Mollie."""

from flask import flash, render_template, request, url_for

from eventapp import documents, wording
from eventapp.documents.sepa import transfer_code
from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.errors import DomainError, NotFound, PeriodClosed, ProviderSilent, SecondYesNeeded
from eventapp.domain.looks import PeopleList
from eventapp.domain.money import to_provider
from eventapp.domain.times import local_date
from eventapp.models import BankRefund, Refund
from eventapp.queries import bank_refunds as reading
from eventapp.services import paying_back
from eventapp.web import money
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.bank_refunds import InsteadForm, KeptForm, PaidBackForm, UndoForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.get("/geld/terugbetalen")
@audience(Audience.STAFF, *MONEY)
@lists_people(PeopleList.MONEY)
def bank_refunds() -> Answer:
    """What still has to go back, or with ?stand=gedaan what went, was kept or lapsed."""
    done, text = request.args.get("stand") == "gedaan", request.args.get("zoek", "").strip()[:100]
    number = max(1, request.args.get("pagina", 1, type=int))
    page = (reading.settled if done else reading.waiting)(text, number=number)
    names_people(len(page.rows))

    def page_url(number: int) -> str:
        stand = "gedaan" if done else None
        return url_for("organiser.bank_refunds", stand=stand, zoek=text or None, pagina=number)

    return render_template(
        "organiser/bank_refunds.html",
        page=page,
        done=done,
        text=text,
        totals=reading.totals(),
        previous=page_url(number - 1) if number > 1 else None,
        next=page_url(number + 1) if page.more else None,
    )


@blueprint.get("/geld/terugbetalen/<int:bank_refund_id>")
@audience(Audience.STAFF, *MONEY)
def bank_refund(bank_refund_id: int) -> Answer:
    """One of them: what to transfer where, and what to do about it."""
    return _page(bank_refund_id)


def _page(
    bank_refund_id: int,
    *,
    paid: PaidBackForm | None = None,
    kept: KeptForm | None = None,
    undo: UndoForm | None = None,
) -> Answer:
    row = _row(bank_refund_id)
    waits = row.state == BankRefundState.WAITING
    page = render_template(
        "organiser/bank_refund.html",
        row=row,
        r=row.order.registrations[0],
        waits=waits,
        amount=to_provider(row.amount_cents).replace(".", ","),
        qr=_qr(row) if waits and row.iban else "",
        paid=paid or PaidBackForm(formdata=None, data={"paid_on": local_date(now())}, prefix="betaald"),
        kept=kept or KeptForm(formdata=None, prefix="blijft"),
        undo=undo or UndoForm(formdata=None, prefix="terug"),
        today=local_date(now()),
    )
    return page, 422 if any(form and form.errors for form in (paid, kept, undo)) else 200


def _qr(row: BankRefund) -> str:
    text = transfer_code(name=row.holder, iban=row.iban, amount_cents=row.amount_cents, text=row.reference)
    return documents.qr.svg_for_text(text, "QR-code die een overboeking invult")


@blueprint.post("/geld/terugbetalen/<int:bank_refund_id>/overboeking")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def bank_refund_transfer(bank_refund_id: int) -> Answer:
    """It was transferred on this day."""
    form = PaidBackForm(prefix="betaald")
    if form.validate_on_submit():
        try:
            paying_back.mark_done(
                bank_refund_id, form.paid_on.data, by=actor(), now=now(), confirmed_cents=form.confirmed_cents
            )
        except NotFound:
            raise
        except SecondYesNeeded as refusal:
            form.ask_again(wording.refusal(refusal), _row(bank_refund_id).amount_cents)
        except PeriodClosed as refusal:
            form.paid_on.errors = [wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Verwerkt als terugbetaald; wie boekte krijgt bericht.", "good")
            return back_to("bank_refunds")
    return _page(bank_refund_id, paid=form)


@blueprint.post("/geld/terugbetalen/<int:bank_refund_id>/behoud")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def bank_refund_keeping(bank_refund_id: int) -> Answer:
    """Nothing goes back, for a reason."""
    form = KeptForm(prefix="blijft")
    if form.validate_on_submit():
        try:
            paying_back.keep(
                bank_refund_id, form.reason.data, by=actor(), now=now(), confirmed_cents=form.confirmed_cents
            )
        except NotFound:
            raise
        except SecondYesNeeded as refusal:
            form.ask_again(wording.refusal(refusal), _row(bank_refund_id).amount_cents)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Genoteerd: dit bedrag gaat niet terug.", "good")
            return back_to("bank_refunds")
    return _page(bank_refund_id, kept=form)


@blueprint.post("/geld/terugbetalen/<int:bank_refund_id>/terugdraaiing")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def bank_refund_undoing(bank_refund_id: int) -> Answer:
    """It was not paid, or not kept, after all."""
    form = UndoForm(prefix="terug")
    if form.validate_on_submit():
        try:
            paying_back.undo(bank_refund_id, form.reason.data, by=actor(), now=now())
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Teruggedraaid. Wat nog te veel is ontvangen, staat weer bij Terug te betalen.", "good")
            return back_to("bank_refund", bank_refund_id=bank_refund_id)
    return _page(bank_refund_id, undo=form)


@blueprint.route("/geld/terugbetalingen/<int:refund_id>/per-bank", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def refund_by_bank(refund_id: int) -> Answer:
    """A refund that failed at Mollie goes by bank: ask for an account, or say when it was transferred."""
    refund = _refund(refund_id)
    if refund.bank_refund:
        return back_to("bank_refund", bank_refund_id=refund.bank_refund.id)
    form = InsteadForm()
    if form.validate_on_submit():
        try:
            row_id = _instead(refund_id, form)
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            done = form.how.data == "done"
            said = "Verwerkt als per bank terugbetaald." if done else "De betaler krijgt een mail met de vraag."
            flash(said, "good")
            return back_to("bank_refund", bank_refund_id=row_id)
    refund = _refund(refund_id)
    registration = refund.attempt.order.registrations[0]
    page = render_template("organiser/refund_by_bank.html", refund=refund, r=registration, form=form)
    return page, 422 if form.errors else 200


def _instead(refund_id: int, form: InsteadForm) -> int:
    provider = money.gateway()
    if provider is None:
        raise ProviderSilent()
    paid_on = form.paid_on.data if form.how.data == "done" else None
    return paying_back.instead_of(refund_id, provider, paid_on=paid_on, by=actor(), now=now())


def _row(bank_refund_id: int) -> BankRefund:
    found = reading.by_id(bank_refund_id)
    if found is None:
        raise NotFound()
    return found


def _refund(refund_id: int) -> Refund:
    found = reading.refund_by_id(refund_id)
    if found is None:
        raise NotFound()
    return found
