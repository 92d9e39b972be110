"""How does the API say no? One exception that ends as problem+json, wherever in a view it is raised.

A `Refusal` is declared once, with its status and code: views raise it, and the published document names it.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from pydantic import ValidationError

from eventapp.domain.errors import DomainError
from eventapp.web.errors import STATUSES
from eventapp.web.problems import problem


@dataclass(frozen=True)
class Refusal:
    """One way to say no."""

    status: int
    code: str
    title: str


INVALID_TOKEN = Refusal(401, "invalid_token", "No valid token was sent")
TOKEN_REVOKED = Refusal(401, "token_revoked", "This token was revoked")
TOKEN_EXPIRED = Refusal(401, "token_expired", "This token has expired")
INSUFFICIENT_SCOPE = Refusal(403, "insufficient_scope", "This token may not do that")
OTHER_EVENT = Refusal(403, "other_event", "This token belongs to another event")
UNKNOWN_EVENT = Refusal(404, "unknown_event", "There is no event with this address")
INVALID = Refusal(422, "invalid", "Some fields are missing or not understood")
INVALID_JSON = Refusal(400, "invalid_json", "The body is not valid JSON")
UNSUPPORTED_MEDIA_TYPE = Refusal(415, "unsupported_media_type", "The body has to be application/json")
INVALID_IDEMPOTENCY_KEY = Refusal(400, "invalid_idempotency_key", "An Idempotency-Key has at most 200 characters")
IDEMPOTENCY_KEY_REUSED = Refusal(422, "idempotency_key_reused", "This Idempotency-Key was used for another request")
REQUEST_IN_PROGRESS = Refusal(
    409, "request_in_progress", "The first request with this Idempotency-Key is not finished yet"
)
RATE_LIMITED = Refusal(429, "rate_limited", "Too many requests in this minute")
# What the house says for every program, not only in the API.
BAD_REQUEST = Refusal(400, "bad_request", "The address is not understood")
TOO_LARGE = Refusal(413, "request_entity_too_large", "The body is too large")
BUG = Refusal(500, "internal_error", "Unexpected error")
UNAVAILABLE = Refusal(503, "unavailable", "The service cannot be reached for a moment; send it again later")


def of(error: type[DomainError], status: int | None = None) -> Refusal:
    """A refusal of the domain as the API says it; its title says it in Dutch, and differs with the facts."""
    said = (error.__doc__ or error.code).strip().splitlines()[0]
    return Refusal(status or STATUSES.get(error.code, 409), error.code, said)


class Refused(Exception):
    """Ends the request as a problem document; `more` are members of their own, such as `errors`."""

    def __init__(self, refusal: Refusal, **more: Any) -> None:
        super().__init__(refusal.code)
        self.refusal, self.more = refusal, more


def unreadable(error: ValidationError) -> Refused:
    """What does not fit its schema: 400 when it is no JSON at all, else 422 with `errors` per field."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        return Refused(INVALID_JSON)
    errors: dict[str, list[str]] = {}
    for one in found:
        errors.setdefault(".".join(map(str, one["loc"])) or "body", []).append(one["msg"])
    return Refused(INVALID, errors=errors)


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(Refused, _answer)
    blueprint.register_error_handler(ValidationError, lambda error: _answer(unreadable(error)))


def _answer(refused: Refused) -> Response:
    refusal = refused.refusal
    response = problem(refusal.status, refusal.code, refusal.title, **refused.more)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
