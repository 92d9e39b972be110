"""Who calls the API? The bearer of a token, never the browser's session."""

from typing import cast

from flask import Blueprint, current_app, g, request

from eventapp.domain.actors import Scope
from eventapp.queries.door import Bearer, bearer_of, event_id_by_slug
from eventapp.web.access import Audience
from eventapp.web.api.refusals import Refused
from eventapp.web.clock import now


def init_blueprint(blueprint: Blueprint) -> None:
    """Let every view for TOKEN ask for a live token with one of its scopes first."""
    blueprint.before_request(_check)


def current_bearer() -> Bearer:
    """Who carries the token of this request."""
    return cast(Bearer, g.bearer)


def require(scope: Scope) -> None:
    """Refuse a token without this scope, for what only some of a view's callers may do."""
    if scope.value not in current_bearer().scopes:
        raise Refused(403, "insufficient_scope", "This token may not do that")


def reachable_event(slug: str) -> int:
    """The id of the event with this address, now or before. A device only ever reaches the event of its door."""
    bearer = current_bearer()
    if bearer.event_id is not None and bearer.event_slug == slug:
        return bearer.event_id
    event_id = event_id_by_slug(slug)
    if bearer.event_id is not None and event_id != bearer.event_id:
        raise Refused(403, "other_event", "This token belongs to another event")
    if event_id is None:
        raise Refused(404, "unknown_event", "There is no event with this address")
    return event_id


def _check() -> None:
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, "audience", None) != Audience.TOKEN:
        return
    g.bearer = _live_bearer()
    scopes: tuple[Scope, ...] = getattr(view, "scopes", ())
    if scopes and not g.bearer.scopes & set(scopes):
        raise Refused(403, "insufficient_scope", "This token may not do that")


def _live_bearer() -> Bearer:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = bearer_of(secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None
    if found is None:
        raise Refused(401, "invalid_token", "No valid token was sent")
    if found.revoked_at is not None:
        raise Refused(401, "token_revoked", "This token was revoked")
    if found.expired(now()):
        raise Refused(401, "token_expired", "This token has expired")
    return found
