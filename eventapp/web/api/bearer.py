"""Who calls the API? The bearer of a token, never the browser's session."""

from typing import cast

from flask import Blueprint, current_app, g, request

from eventapp.domain.actors import Scope
from eventapp.queries.door import Bearer, bearer_of, event_id_by_slug
from eventapp.web.access import Audience
from eventapp.web.api.refusals import (
    INSUFFICIENT_SCOPE,
    INVALID_TOKEN,
    OTHER_EVENT,
    TOKEN_EXPIRED,
    TOKEN_REVOKED,
    UNKNOWN_EVENT,
    Refused,
)
from eventapp.web.clock import now


def init_blueprint(blueprint: Blueprint) -> None:
    """Let every view with scopes ask for a live token with one of them; a PUBLIC one only of who sends a token."""
    blueprint.before_request(_check)


def current_bearer() -> Bearer:
    """Who carries the token of this request."""
    return cast(Bearer, g.bearer)


def own_event_id() -> int | None:
    """The one event that the caller has to do with: that of its door. None for programs and for who has no token."""
    bearer: Bearer | None = g.get("bearer")
    return bearer.event_id if bearer else None


def require(scope: Scope) -> None:
    """Refuse a token without this scope, for what only some of a view's callers may do."""
    if scope.value not in current_bearer().scopes:
        raise Refused(INSUFFICIENT_SCOPE)


def reachable_event(slug: str) -> int:
    """The id of the event with this address, now or before. A device only ever reaches the event of its door."""
    own_id = own_event_id()
    if own_id is not None and current_bearer().event_slug == slug:
        return own_id
    event_id = event_id_by_slug(slug)
    if own_id is not None and event_id != own_id:
        raise Refused(OTHER_EVENT)
    if event_id is None:
        raise Refused(UNKNOWN_EVENT)
    return event_id


def _check() -> None:
    g.bearer = None
    view = current_app.view_functions[request.endpoint or ""]
    scopes: tuple[Scope, ...] = getattr(view, "scopes", ())
    optional = getattr(view, "audience", None) == Audience.PUBLIC
    if not scopes or request.method == "OPTIONS" or (optional and "Authorization" not in request.headers):
        return
    g.bearer = _live_bearer()
    if not g.bearer.scopes & set(scopes):
        raise Refused(INSUFFICIENT_SCOPE)


def _live_bearer() -> Bearer:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = bearer_of(secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None
    if found is None:
        raise Refused(INVALID_TOKEN)
    if found.revoked_at is not None:
        raise Refused(TOKEN_REVOKED)
    if found.expired(now()):
        raise Refused(TOKEN_EXPIRED)
    return found
