"""Who may see which address? Every view declares its audience; nothing is reachable without one."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import HOUSE, Actor, Place, Role, Scope
from eventapp.domain.errors import NotAllowed
from eventapp.queries import access as access_queries
from eventapp.queries.access import LiveSession
from eventapp.services.signing_in import STAFF_SESSION_LIVES
from eventapp.web.clock import now

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    """PUBLIC never reads the session. VISITOR is anybody with a browser. LINK holds an unguessable link.

    MEMBER is signed in with any address, staff too. STAFF is signed in with one of the named roles. TOKEN and DEVICE
    carry a bearer token. PROVIDER is the payment provider. OPERATOR is a probe of the machine. DEMO exists in the demo
    only.
    """

    PUBLIC = "public"
    VISITOR = "visitor"
    LINK = "link"
    MEMBER = "member"
    STAFF = "staff"
    TOKEN = "token"
    PROVIDER = "provider"
    OPERATOR = "operator"
    DEMO = "demo"


class Reach(StrEnum):
    """For what one of the named roles must count. PLACE is what the address names, else the house as a whole.

    HOUSE is everything, also where the address names an event or circle. OWN is anything at all: the view shows no more
    than what is theirs.
    """

    PLACE = "place"
    HOUSE = "house"
    OWN = "own"


def audience(
    who: Audience, *roles: Role, scopes: tuple[Scope, ...] = (), reach: Reach = Reach.PLACE
) -> Callable[[View], View]:
    """Declare for whom a view is: `roles` for STAFF with their `reach`, `scopes` for TOKEN (one is enough)."""

    def declare(view: View) -> View:
        view.audience, view.roles, view.scopes, view.reach = who, roles, scopes, reach  # type: ignore[attr-defined]
        return view

    return declare


def guard(blueprint: Blueprint) -> None:
    """Let every request to this blueprint pass its view's declared audience first."""
    blueprint.before_request(_check)


def _check() -> Response | None:
    view: Any = current_app.view_functions[request.endpoint or ""]
    who: Audience | None = getattr(view, "audience", None)
    if who is None:
        raise RuntimeError(f"{request.endpoint} declares no audience")
    if who == Audience.MEMBER and current_address() is None:
        return _to_sign_in()
    if who == Audience.STAFF:
        return _check_staff(view.roles, view.reach)
    if who == Audience.DEMO and not current_app.config["DEMO"]:
        abort(404)
    return None


def _check_staff(roles: tuple[Role, ...], reach: Reach) -> Response | None:
    actor = current_staff()
    if actor is None:
        return _to_sign_in()
    if actor.grants:
        actor = g.staff = actor.at(place_asked())
    allowed = {Reach.PLACE: actor.has, Reach.HOUSE: actor.has_everywhere, Reach.OWN: actor.has_somewhere}[reach]
    if not allowed(*roles):
        raise NotAllowed()
    return None


# What an address of the back office names, by how its rule begins.
_PLACES: tuple[tuple[str, str, Callable[[Any], Place]], ...] = (
    ("/beheer/evenementen/<slug>", "slug", access_queries.place_of_event),
    ("/beheer/kringen/<slug>", "slug", access_queries.place_of_circle),
    ("/beheer/aanmeldingen/<int:registration_id>", "registration_id", access_queries.place_of_registration),
    ("/beheer/berichten/rondsturen/<int:mailing_id>", "mailing_id", access_queries.place_of_mailing),
    ("/beheer/taken/<int:job_id>", "job_id", access_queries.place_of_job),
    ("/beheer/import/<int:job_id>", "job_id", access_queries.place_of_job),
)


def place_asked() -> Place:
    """The event or circle that the address of this request is about."""
    rule, values = request.url_rule, request.view_args or {}
    for begins, name, place_of in _PLACES:
        if rule is not None and rule.rule.startswith(begins):
            return place_of(values[name])
    return HOUSE


def _to_sign_in() -> Response:
    """And back afterwards, when there is something to look at."""
    return redirect(url_for("member.sign_in", volgende=request.full_path if request.method == "GET" else None))


SESSION_KEY = "sid"


def current_session() -> LiveSession | None:
    """The live session of this browser, if it has one."""
    if "live_session" not in g:
        token = session.get(SESSION_KEY)
        g.live_session = access_queries.live_session(token, now=now()) if token else None
    return g.live_session


def current_address() -> str | None:
    """The address this browser proved by signing in, if it did."""
    found = current_session()
    return found.address if found else None


def current_staff() -> Actor | None:
    """The signed-in member of staff as a plain value; None for everybody else.

    Who became staff during the longer session of a member signs in anew: the office trusts twelve hours and no more.
    """
    if "staff" not in g:
        found = current_session()
        fresh = found is not None and now() < found.created_at + STAFF_SESSION_LIVES
        g.staff = access_queries.staff_actor(found.address, now=now()) if found and fresh else None
    return g.staff
