"""Money of an order goes back by bank: whoever booked says to which account, and sees how it stands."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp import wording
from eventapp.domain.bank_refunds import BankRefundState, masked_iban
from eventapp.domain.errors import DomainError, UnknownLink
from eventapp.domain.retention import TERMS
from eventapp.models import Order
from eventapp.queries import bank_refunds as reading
from eventapp.queries import orders as order_queries
from eventapp.services import paying_back
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, StrippedString, at_most, checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.web.member.orders import booker_of


class BankDetailsForm(DutchForm):
    iban = StrippedString(
        "Rekeningnummer (IBAN)",
        description="Bijvoorbeeld NL91 ABNA 0417 1643 00.",
        validators=[DataRequired("Vul het rekeningnummer in."), Length(max=60, message="Dit is geen IBAN.")],
    )
    holder = StrippedString(
        "Op naam van",
        description="Zoals de rekening bij de bank heet: van uw organisatie, of van uzelf.",
        validators=[
            DataRequired("Vul in op wiens naam de rekening staat."),
            at_most(70),
        ],
    )

    def validate_iban(self, field: StrippedString) -> None:
        # Loaded with the first number, as in `company_numbers`.
        from stdnum import iban as iban_number

        try:
            iban_number.validate(field.data.replace(".", ""))
        except ValueError as error:
            raise ValidationError(wording.REFUSALS["bad_iban"]) from error


@blueprint.route("/bestelling/<token>/rekeningnummer", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def bank_details(token: str) -> Response | str | tuple[str, int]:
    """To which account the money goes, until it went; the number that was given is shown only in part."""
    order, form = _order(token), BankDetailsForm()
    if form.validate_on_submit():
        try:
            paying_back.give_details(order.id, form.iban.data, form.holder.data, by=booker_of(order), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("member.bank_details", token=token, bewaard=""), code=303)
    order = _order(token)
    rows = reading.of_order(order.id)
    if not rows:
        return redirect(url_for("member.order", token=token))
    waiting = [row for row in rows if row.state == BankRefundState.WAITING]
    if not form.is_submitted():
        form.holder.data = next((row.holder for row in waiting if row.holder), "")
    page = render_template(
        "member/bank_details.html",
        order=order,
        event=order.event,
        rows=rows,
        waiting=waiting,
        waiting_cents=sum(row.amount_cents for row in waiting),
        given=next((masked_iban(row.iban) for row in waiting if row.iban), ""),
        kept_days=TERMS["bank_details"].days,
        saved="bewaard" in request.args,
        form=form,
    )
    return page, 422 if form.errors else 200


def _order(token: str) -> Order:
    order = order_queries.order_by_token(token)
    if order is None:
        raise UnknownLink()
    return order
