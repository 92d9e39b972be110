"""What the views of the back office have in common: finding what an address names, and who is asking."""

from typing import Any

from flask import url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.mail.compose import Letter
from eventapp.models import Event, Organisation, Registration
from eventapp.queries.events import event_by_slug
from eventapp.queries.office_registrations import registration_by_id
from eventapp.queries.organisations import organisation_by_id
from eventapp.web.access import current_staff

Answer = str | tuple[str, int] | Response
# A mail brings its own style and nothing else, and only our own page shows it.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def actor() -> Actor:
    """Who is signed in; the guard has let only staff in."""
    found = current_staff()
    assert found is not None
    return found


def event_or_404(slug: str) -> Event:
    """The event at this address of the back office. Refuses with NotFound."""
    event = event_by_slug(slug)
    if event is None:
        raise NotFound()
    return event


def registration_or_404(registration_id: int) -> Registration:
    """One registration with all that belongs to it. Refuses with NotFound."""
    registration = registration_by_id(registration_id)
    if registration is None:
        raise NotFound()
    return registration


def organisation_or_404(organisation_id: int) -> Organisation:
    """One organisation with its domains and periods. Refuses with NotFound."""
    organisation = organisation_by_id(organisation_id)
    if organisation is None:
        raise NotFound()
    return organisation


def back_to(endpoint: str, **values: Any) -> Response:
    """After a change: on with a GET."""
    return redirect(url_for(f"organiser.{endpoint}", **values), 303)


def in_frame(made: Letter) -> Response:
    """A mail as somebody sees it, for a frame in one of our pages; its links open outside the frame."""
    html = made.html.replace("<head>", '<head><base target="_top">', 1)
    return Response(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _MAIL_POLICY})
