"""My certificate of attendance: what it will say, making it, and the file."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventapp import formatting
from eventapp.domain.admission import TicketState
from eventapp.domain.certificates import readable
from eventapp.domain.errors import UnknownLink
from eventapp.models import Certificate, Registration
from eventapp.queries.certificates import event_scope, latest, there_among
from eventapp.queries.orders import ticket_by_token
from eventapp.services import certifying
from eventapp.web.access import Audience, audience
from eventapp.web.certificates import as_file
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.member.tickets import holder_of


@blueprint.route("/ticket/<token>/bewijs", methods=["GET", "POST"])
@audience(Audience.LINK)
def own_certificate(token: str) -> BaseResponse | str:
    """One's own certificate with the way to the file; the button makes it."""
    registration = _registration(token)
    if request.method == "POST":
        certifying.issue(registration.id, by=holder_of(registration), now=now())
        return redirect(url_for("member.own_certificate", token=token), code=303)
    given = _given(registration)
    return render_template(
        "member/certificate.html",
        token=token,
        registration=registration,
        event=registration.event,
        given=given,
        code=readable(given.code) if given else "",
        name=formatting.full_name(*_name(registration)),
    )


@blueprint.get("/ticket/<token>/bewijs.pdf")
@audience(Audience.LINK)
def own_certificate_file(token: str) -> Response:
    """The file of the one that was made last."""
    given = _given(_registration(token))
    if given is None or given.revoked_at:
        raise UnknownLink()
    return as_file(given)


def _registration(token: str) -> Registration:
    """Whose certificate it is. Refuses with UnknownLink a link of somebody else by now, and whoever was not there."""
    ticket = ticket_by_token(token)
    if ticket is None or ticket.state == TicketState.REPLACED or not there_among([ticket.registration_id]):
        raise UnknownLink()
    return ticket.registration


def _given(registration: Registration) -> Certificate | None:
    return latest(registration.person_id, event_scope(registration.event_id))


def _name(registration: Registration) -> tuple[str, str, str]:
    person = registration.person
    return person.given_name, person.infix, person.family_name
