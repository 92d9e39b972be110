"""Btw and ledger accounts: the rules by which prices are booked, each from a day on."""

from flask import flash, render_template

from eventapp.domain.actors import Role
from eventapp.domain.times import local_date
from eventapp.queries import invoices as known
from eventapp.queries import office
from eventapp.queries.association import load_association
from eventapp.services import revenue
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.invoice import RevenueForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.get("/geld/btw")
@audience(Audience.STAFF, *MONEY)
def revenue_rules() -> Answer:
    """The rules, and the form for another one."""
    return _page(RevenueForm(formdata=None, data={"starts_on": local_date(now())}))


@blueprint.post("/geld/btw")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
@checks_own_csrf
def revenue_rule() -> Answer:
    """Add one."""
    form = RevenueForm()
    form.choose_from(office.coming_events(now=now()))
    if not form.validate_on_submit():
        return _page(form)
    revenue.add_rule(form.read(), by=actor(), now=now())
    flash("De regel is bewaard. Facturen die al zijn gemaakt veranderen niet.", "good")
    return back_to("revenue_rules")


@blueprint.post("/geld/btw/<int:rule_id>/einde")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def revenue_rule_removal(rule_id: int) -> Answer:
    """Remove one, for what is still to be invoiced."""
    revenue.remove_rule(rule_id, by=actor(), now=now())
    flash("De regel is weg. Facturen die al zijn gemaakt veranderen niet.", "good")
    return back_to("revenue_rules")


def _page(form: RevenueForm) -> Answer:
    events = office.coming_events(now=now())
    form.choose_from(events)
    rows = known.revenue_rule_rows()
    charges = any(row.vat.percent for row in rows)
    page = render_template(
        "organiser/revenue.html",
        rows=rows,
        form=form,
        titles=known.titles_of({row.event_id for row in rows if row.event_id}),
        no_vat_id=charges and not load_association().btw_id,
        may_change=actor().has(Role.PENNINGMEESTER),
    )
    return page, 422 if form.errors else 200
