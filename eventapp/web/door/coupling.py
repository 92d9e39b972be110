"""The link that makes this phone a door: a page with one button, since only a POST may use it up."""

from flask import render_template

from eventapp import wording
from eventapp.domain.errors import DomainError
from eventapp.services.coupling import couple, look_at_door
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.door import blueprint
from eventapp.web.errors import STATUSES


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
