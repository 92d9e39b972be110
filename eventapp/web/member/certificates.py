"""My certificate of attendance: what it will say, making it, and the file."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventapp import formatting
from eventapp.domain.admission import TicketState
from eventapp.domain.certificates import readable
from eventapp.domain.errors import UnknownLink
from eventapp.models import Certificate, Registration
from eventapp.queries.certificates import event_scope, latest, there_among
from eventapp.queries.orders import ticket_by_token
from eventapp.services import certifying, certifying_series
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
        **_series(registration),
    )


@blueprint.get("/ticket/<token>/bewijs.pdf")
@audience(Audience.LINK)
def own_certificate_file(token: str) -> Response:
    """The file of the one that was made last."""
    given = _given(_registration(token))
    if given is None or given.revoked_at:
        raise UnknownLink()
    return as_file(given)


@blueprint.post("/ticket/<token>/bewijs/reeks")
@audience(Audience.LINK)
def own_series_certificate(token: str) -> BaseResponse:
    """Make one over the whole circle, as far as its presence is fixed."""
    registration = _registration(token)
    circle_id = _circle_of(registration)
    certifying_series.issue_series(circle_id, registration.person_id, by=holder_of(registration), now=now())
    return redirect(url_for("member.own_certificate", token=token), code=303)


@blueprint.get("/ticket/<token>/bewijs/reeks.pdf")
@audience(Audience.LINK)
def own_series_certificate_file(token: str) -> Response:
    registration = _registration(token)
    given = certifying_series.latest_of_series(_circle_of(registration), registration.person_id)
    if given is None or given.revoked_at:
        raise UnknownLink()
    return as_file(given)


def _circle_of(registration: Registration) -> int:
    if registration.event.circle_id is None:
        raise UnknownLink()
    return registration.event.circle_id


def _registration(token: str) -> Registration:
    """Whose certificate it is. Refuses with UnknownLink a link of somebody else by now, and whoever was not there."""
    ticket = ticket_by_token(token)
    if ticket is None or ticket.state == TicketState.REPLACED or not there_among([ticket.registration_id]):
        raise UnknownLink()
    return ticket.registration


def _series(registration: Registration) -> dict[str, Any]:
    """Of a meeting of a circle: how many of how many, and the one that was made over all of them."""
    circle_id = registration.event.circle_id
    if circle_id is None:
        return {"series": None, "series_given": None}
    found = certifying_series.attended(circle_id, registration.person_id)
    given = certifying_series.latest_of_series(circle_id, registration.person_id)
    series = (len(found.there), len(found.counting), registration.event.circle) if found.there else None
    return {"series": series, "series_given": given}


def _given(registration: Registration) -> Certificate | None:
    return latest(registration.person_id, event_scope(registration.event_id))


def _name(registration: Registration) -> tuple[str, str, str]:
    person = registration.person
    return person.given_name, person.infix, person.family_name
