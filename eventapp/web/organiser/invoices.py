"""Geld: the invoices with what is open of them, one of them with all that happened, its papers, and a bank line."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError, NotFound, PeriodClosed
from eventapp.domain.invoices import UNPAID, InvoiceKind, InvoiceState, MatchSource
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.mail.compose import links
from eventapp.models import Invoice
from eventapp.queries import invoice_list as listing
from eventapp.queries import invoices as known
from eventapp.queries import logbook
from eventapp.queries.invoice_list import Wanted
from eventapp.queries.paging import Page
from eventapp.services import invoice_papers, invoicing, matching
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.invoices import paper_of
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.invoice import BankLineForm, MatchForm, ReasonForm
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.own_numbers import own_number

_NARROWING = ("zoek", "stand", "bijeenkomst", "van", "tot")
# What a bank statement says beside an amount is no longer.
_STATEMENT = 200


@blueprint.get("/geld/facturen")
@audience(Audience.STAFF, *MONEY)
@lists_people(PeopleList.MONEY)
def invoices() -> Answer:
    """The list, narrowed by state, event, days and words, with its totals."""
    wanted = _wanted(request.args)
    today = local_date(now())
    number = max(1, request.args.get("pagina", 1, type=int))
    page, totals = listing.page(wanted, number, on=today)
    names_people(len(page.rows))

    def page_url(number: int) -> str:
        narrowing: dict[str, Any] = {name: request.args.get(name) for name in _NARROWING}
        return url_for("organiser.invoices", **narrowing, pagina=number)

    return render_template(
        "organiser/invoices.html",
        page=page,
        totals=totals,
        wanted=wanted,
        narrowed=wanted != Wanted(),
        events=listing.events_to_choose(),
        late={one.id for one in page.rows if known.is_overdue(one, today)},
        previous=page_url(number - 1) if number > 1 else None,
        next=page_url(number + 1) if page.more else None,
    )


def _wanted(args: Mapping[str, str]) -> Wanted:
    """What the address asks for; what makes no sense is left out."""
    state = args.get("stand", "")
    return Wanted(
        text=args.get("zoek", "").strip()[:100],
        state=InvoiceState(state) if state in list(InvoiceState) else None,
        overdue=state == "te-laat",
        event=own_number(args.get("bijeenkomst")),
        first=_day(args.get("van", "")),
        last=_day(args.get("tot", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/geld/facturen/<int:invoice_id>")
@audience(Audience.STAFF, *MONEY)
def invoice(invoice_id: int) -> Answer:
    """One, with its lines, what was paid, and what can be done."""
    return page_of(invoice_or_404(invoice_id))


def page_of(found: Invoice, *, match: MatchForm | None = None, reason: ReasonForm | None = None) -> Answer:
    """The page of one invoice; a form that was refused comes back filled in."""
    draft = found.number is None
    page = render_template(
        "organiser/invoice.html",
        invoice=found,
        buyer=found.details,
        balance=found.balance,
        state=found.state,
        overdue=known.is_overdue(found, local_date(now())),
        is_credit=found.kind == InvoiceKind.CREDIT,
        lacks=invoicing.lacks(found) if draft else "",
        ubl_lacks=formatting.listed([wording.UBL_LACKS[code] for code in found.files.ubl_lacks]) if found.files else "",
        given_back=found.state in UNPAID and known.is_given_back_elsewhere(found.id),
        booker_link=links().invoice(found.token),
        line_partners={row.id: known.same_bank_line(row) for row in found.matches},
        write_off=MatchSource.WRITE_OFF,
        match_form=match or MatchForm(formdata=None, data={"received_on": local_date(now())}),
        reason_form=reason or ReasonForm(formdata=None),
        others=[one for one in known.invoices_of_order(found.order_id) if one.id != found.id],
        log=logbook.of("invoice", found.id),
    )
    refused = any(form is not None and form.errors for form in (match, reason))
    return page, 422 if refused else 200


def invoice_or_404(invoice_id: int) -> Invoice:
    """Refuses with NotFound."""
    found = known.invoice_by_id(invoice_id)
    if found is None:
        raise NotFound()
    return found


@blueprint.get("/geld/facturen/<int:invoice_id>/factuur.<extension>")
@audience(Audience.STAFF, *MONEY)
def invoice_paper(invoice_id: int, extension: str) -> Answer:
    """Its PDF, or its UBL as xml."""
    return paper_of(invoice_or_404(invoice_id), extension)


@blueprint.post("/geld/facturen/<int:invoice_id>/uitgifte")
@audience(Audience.STAFF, *MONEY)
def invoice_issuing(invoice_id: int) -> Answer:
    """Number it now, whatever its day was."""
    try:
        number = invoicing.issue(invoice_id, by=actor(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording.refusal(refusal), "bad")
    else:
        flash(f"Factuur {number} is gemaakt. De PDF volgt binnen een minuut, en gaat dan per mail weg.", "good")
    return back_to("invoice", invoice_id=invoice_id)


@blueprint.post("/geld/facturen/<int:invoice_id>/verzending")
@audience(Audience.STAFF, *MONEY)
def invoice_sending(invoice_id: int) -> Answer:
    """Mail the same papers again."""
    invoice_papers.resend(invoice_id, by=actor(), now=now())
    flash(f"De factuur gaat opnieuw naar {invoice_or_404(invoice_id).details.address}.", "good")
    return back_to("invoice", invoice_id=invoice_id)


@blueprint.post("/geld/facturen/<int:invoice_id>/bedragen")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_match(invoice_id: int) -> Answer:
    """Money came in, or went back by bank."""
    form = MatchForm()
    if not form.validate_on_submit():
        return page_of(invoice_or_404(invoice_id), match=form)
    try:
        matching.match(
            invoice_id,
            form.cents,
            received_on=form.received_on.data or local_date(now()),
            bank_line=form.bank_line.data,
            by=actor(),
            now=now(),
        )
    except PeriodClosed as refusal:
        form.received_on.errors = [wording.refusal(refusal)]
        return page_of(invoice_or_404(invoice_id), match=form)
    flash("Het bedrag staat bij de factuur.", "good")
    return back_to("invoice", invoice_id=invoice_id)


@blueprint.post("/geld/facturen/<int:invoice_id>/afboeking")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_write_off(invoice_id: int) -> Answer:
    """Give up what is open."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return page_of(invoice_or_404(invoice_id), reason=form)
    matching.write_off(invoice_id, reason=form.reason.data, by=actor(), now=now())
    flash("Wat openstond is afgeboekt.", "good")
    return back_to("invoice", invoice_id=invoice_id)


@blueprint.post("/geld/facturen/<int:invoice_id>/bedragen/<int:match_id>/ongedaan")
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_match_undoing(invoice_id: int, match_id: int) -> Answer:
    """It was a mistake."""
    form = ReasonForm()
    if not form.validate_on_submit():
        flash("Vul in waarom u dit ongedaan maakt.", "bad")
    else:
        matching.undo_match(match_id, reason=form.reason.data, by=actor(), now=now())
        flash("Ongedaan gemaakt; het bedrag staat niet meer bij deze factuur.", "good")
    return back_to("invoice", invoice_id=invoice_id)


@blueprint.route("/geld/bankregel", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def bank_line() -> Answer:
    """One bank line that pays several invoices. Looking for another one keeps what was typed."""
    text = request.values.get("zoek", "").strip()[:_STATEMENT]
    filled = BankLineForm.filled_in(request.form)
    paid = listing.unpaid_among(filled)
    found, total = listing.unpaid(text, limit=Page.SIZE)
    unpaid = list(dict.fromkeys((*paid, *found)))
    form = BankLineForm.asking({one.id: f"Bedrag voor {one.number}" for one in unpaid})
    if "zoeken" not in request.form and form.validate_on_submit():
        if len(paid) < len(filled):
            form.form_errors = ["Een factuur waarbij u een bedrag invulde staat niet meer open, en is weggelaten."]
        elif not form.typed:
            form.form_errors = ["Vul bij ten minste één factuur een bedrag in."]
        elif _matched(form):
            return back_to("invoices")
    page = render_template(
        "organiser/bank_line.html", invoices=unpaid, more=max(0, total - len(found)), text=text, form=form
    )
    return page, 422 if form.errors else 200


def _matched(form: BankLineForm) -> bool:
    """Whether the line stands at its invoices now; the form says why not."""
    on, line, amounts = form.received_on.data or local_date(now()), form.bank_line.data, form.typed
    try:
        matching.match_line(amounts, received_on=on, bank_line=line, source=MatchSource.BANK, by=actor(), now=now())
    except PeriodClosed as refusal:
        form.received_on.errors = [wording.refusal(refusal)]
        return False
    flash(f"De bankregel staat bij {formatting.count_nl(len(amounts), 'factuur', 'facturen')}.", "good")
    return True
