"""Btw and ledger accounts: the numbers by which the journal books, where no rule says otherwise."""

from dataclasses import asdict

from flask import flash, render_template

from eventapp.domain.actors import Role
from eventapp.queries.association import load_association
from eventapp.services import housekeeping
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.forms.bookkeeping import AccountsForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/geld/rekeningen", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.PENNINGMEESTER)
@checks_own_csrf
def accounts() -> Answer:
    """The numbers, to be changed."""
    form = AccountsForm(data=asdict(load_association()))
    if form.validate_on_submit():
        values = {name: field.data for name, field in form._fields.items() if name != "csrf_token"}
        housekeeping.save_association(values, by=actor(), now=now())
        flash("De nummers zijn bewaard; ook het journaal van eerder krijgt ze.", "good")
        return back_to("revenue_rules")
    return render_template("organiser/accounts.html", form=form), 422 if form.errors else 200
