"""The link that makes this phone a door: a page with one button, since only a POST may use it up; or a code."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp import wording
from eventapp.domain.errors import DomainError
from eventapp.services.coupling import couple, look_at_door
from eventapp.services.coupling_codes import link_for
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.door import blueprint
from eventapp.web.door.forms import CouplingCodeForm
from eventapp.web.errors import STATUSES
from eventapp.web.forms import checks_own_csrf
from eventapp.web.visitor import visitor_key


@blueprint.get("/deur/koppelen")
@audience(Audience.VISITOR)
def coupling_code() -> str:
    """Where somebody types the code that the office shows."""
    return render_template("door/code.html", form=CouplingCodeForm())


@blueprint.post("/deur/koppelen")
@audience(Audience.VISITOR)
@checks_own_csrf
def typed_code() -> Response | tuple[str, int]:
    """On to the page of the link, which says what this phone becomes."""
    form = CouplingCodeForm()
    if not form.validate_on_submit():
        return render_template("door/code.html", form=form), 422
    try:
        token = link_for(form.code.data, visitor_key=visitor_key(), now=now())
    except DomainError as refusal:
        form.code.errors = [wording.refusal(refusal)]
        return render_template("door/code.html", form=form), STATUSES[refusal.code]
    return redirect(url_for("door.coupling", token=token), 303)


@blueprint.get("/deur/koppelen/<token>")
@audience(Audience.LINK)
def coupling(token: str) -> str | tuple[str, int]:
    try:
        door = look_at_door(token, now=now())
    except DomainError as error:
        return _dead_link(error)
    return render_template("door/coupling.html", door=door)


@blueprint.post("/deur/koppelen/<token>")
@audience(Audience.LINK)
def accept_coupling(token: str) -> str | tuple[str, int]:
    """Answers with the secret in the page itself: an address would end in logs and in the browser's history."""
    try:
        coupled = couple(token, now=now())
    except DomainError as error:
        return _dead_link(error)
    return render_template("door/coupled.html", secret=coupled.secret, door=coupled.door)


def _dead_link(error: DomainError) -> tuple[str, int]:
    return render_template("door/dead_link.html", reason=wording.refusal(error)), STATUSES[error.code]
