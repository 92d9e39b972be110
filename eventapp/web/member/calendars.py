"""One's own registrations in one's own calendar: the page with the link, and the calendar behind it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventapp import documents
from eventapp.domain.actors import Actor
from eventapp.domain.errors import UnknownLink
from eventapp.mail import entries
from eventapp.mail.compose import links
from eventapp.models import Registration
from eventapp.queries import calendars
from eventapp.queries.choices import programmes_of
from eventapp.services import calendar_links
from eventapp.web import current_association
from eventapp.web.access import Audience, audience, current_address
from eventapp.web.clock import now
from eventapp.web.member import blueprint

if TYPE_CHECKING:
    from eventapp.documents.calendar import CalendarEntry


@blueprint.get("/mijn/agenda")
@audience(Audience.MEMBER)
def my_calendar() -> str:
    """The link to subscribe with, once it was made."""
    feed = calendars.feed_of(_address())
    link = links().my_calendar(feed.token) if feed else ""
    return render_template("member/calendar.html", address=_address(), link=link)


@blueprint.post("/mijn/agenda/link")
@audience(Audience.MEMBER)
def my_calendar_link() -> BaseResponse:
    """Make the link."""
    calendar_links.make(_address(), by=_actor(), now=now())
    return redirect(url_for("member.my_calendar"), 303)


@blueprint.post("/mijn/agenda/nieuwe-link")
@audience(Audience.MEMBER)
def my_new_calendar_link() -> BaseResponse:
    """Another link instead."""
    calendar_links.replace(_address(), by=_actor(), now=now())
    return redirect(url_for("member.my_calendar", vernieuwd=""), 303)


@blueprint.get("/mijn/agenda/<token>.ics")
@audience(Audience.LINK)
def my_calendar_ics(token: str) -> Response:
    """The calendar, as programs fetch it again and again: unchanged costs 304."""
    feed = calendars.feed_by_token(token)
    if feed is None:
        raise UnknownLink()
    association, variant = current_association(), "-apart" if _apart() else ""
    name, uid = f"Mijn {association.short_name}", f"mijn-{feed.id}{variant}@{association.calendar_domain}"
    found = entries_of(calendars.own_registrations(feed.address, now=now()))
    stamp = max((entry.stamp for entry in found), default=None)
    return unless_known((name, uid, found), lambda: documents.calendar.feed(found, name=name, uid=uid, stamp=stamp))


def entries_of(registrations: Sequence[Registration]) -> "list[CalendarEntry]":
    """What these registrations are in the calendar at their address; `?sessies=apart` gives breakouts too.

    Where several people share the mailbox, each title says whose it is.
    """
    programmes = programmes_of([registration.id for registration in registrations])
    named = len({registration.person_id for registration in registrations}) > 1
    found: list[CalendarEntry] = []
    for registration in registrations:
        programme = programmes[registration.id]
        day = entries.calendar_entry(
            registration, association=current_association(), links=links(), programme=programme
        )
        found += entries.own_entries(registration, day, programme if _apart() else (), named=named)
    return found


def unless_known(says: object, draw: Callable[[], bytes]) -> Response:
    """The calendar, or 304 when the other side has it; what it says makes the validator, so nothing is drawn for it."""
    etag = hashlib.blake2b(repr(says).encode(), digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(draw(), mimetype="text/calendar")
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _apart() -> bool:
    """Whether the address asks for breakouts as entries of their own."""
    return request.args.get("sessies") == "apart"


def _address() -> str:
    """The guard let nobody pass without one."""
    address = current_address()
    assert address is not None
    return address


def _actor() -> Actor:
    return Actor("person", _address())
