"""Being forgotten: what goes now, what stays until when and why, and one button."""

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import DataRequired

from eventapp import formatting
from eventapp.domain.addresses import masked
from eventapp.domain.erasing import Blocker, Standing
from eventapp.domain.errors import NotErasable, NotFound
from eventapp.models import Person
from eventapp.queries import member as member_queries
from eventapp.services import erasing
from eventapp.web.access import Audience, audience, current_address
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.wording.privacy import in_the_way

_PAGES = {Blocker.COMING: "member.order", Blocker.CIRCLE: "member.circle"}


class ErasingForm(DutchForm):
    agree = BooleanField("Ja, wis deze gegevens voorgoed", validators=[DataRequired("Zet eerst een vinkje.")])


@blueprint.route("/mijn/gegevens/<int:person_id>/wissen", methods=["GET", "POST"])
@audience(Audience.MEMBER)
@checks_own_csrf
def erasing_person(person_id: int) -> str | Response | tuple[str, int]:
    """Forget somebody at the address of this browser."""
    address = current_address() or ""
    person = next((one for one in member_queries.people_at(address) if one.id == person_id), None)
    if person is None:
        raise NotFound()
    form = ErasingForm()
    if not form.validate_on_submit():
        return _page(person, address, form), 422 if form.is_submitted() else 200
    try:
        erasing.erase_myself(person_id, address=address, now=now())
    except NotErasable as refusal:
        form.refuse(refusal)
        return _page(person, address, form), 409
    session.clear()
    return redirect(url_for("member.erased"), 303)


def _page(person: Person, address: str, form: ErasingForm) -> str:
    found = erasing.terms(person.id, address=address, now=now())
    return render_template(
        "member/erasing.html",
        name=formatting.full_name(person.given_name, person.infix, person.family_name),
        address=address,
        standing=[(in_the_way(_discreet(one)), _page_of(one)) for one in found.standing],
        kept=found.kept,
        form=form,
    )


def _discreet(one: Standing) -> Standing:
    return Standing(one.why, masked(one.title)) if one.why == Blocker.OTHER_MAILBOX else one


def _page_of(one: Standing) -> str:
    return url_for(_PAGES[one.why], token=one.token) if one.token else ""


@blueprint.get("/gewist")
@audience(Audience.VISITOR)
def erased() -> str:
    """It is done."""
    return render_template("member/erased.html")
