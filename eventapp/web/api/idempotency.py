"""A POST with an Idempotency-Key is done once: whoever repeats it within a day gets the first answer again."""

import hashlib
import logging

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from eventapp.extensions import db
from eventapp.outages import is_outage
from eventapp.services import answering
from eventapp.web.api.bearer import current_bearer
from eventapp.web.api.refusals import (
    IDEMPOTENCY_KEY_REUSED,
    INVALID_IDEMPOTENCY_KEY,
    REQUEST_IN_PROGRESS,
    Refused,
)
from eventapp.web.clock import now

_LONGEST_KEY = 200
log = logging.getLogger(__name__)


def init_blueprint(blueprint: Blueprint) -> None:
    """Honour the header on every POST; comes after the check of the token, because keys belong to one."""
    blueprint.before_request(_earlier_answer)
    blueprint.after_request(_keep_answer)


def _earlier_answer() -> Response | None:
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key or g.get("bearer") is None:
        return None
    if len(key) > _LONGEST_KEY:
        raise Refused(INVALID_IDEMPOTENCY_KEY)
    found = answering.claim(current_bearer().id, key, _request_digest(), now=now())
    if isinstance(found, answering.Claim):
        g.idempotency_claim = found
        return None
    return _again(found)


def _again(earlier: answering.Earlier) -> Response:
    if earlier.request_digest != _request_digest():
        raise Refused(IDEMPOTENCY_KEY_REUSED)
    if earlier.status is None:
        raise Refused(REQUEST_IN_PROGRESS)
    kind = "application/json" if earlier.status < 400 else "application/problem+json"
    response = Response(earlier.body, status=earlier.status, content_type=kind)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _keep_answer(response: Response) -> Response:
    claim: answering.Claim | None = g.pop("idempotency_claim", None)
    if claim is None:
        return response
    try:
        if response.status_code >= 500:
            answering.release(claim)
        else:
            answering.keep_answer(claim, status=response.status_code, body=response.get_data(as_text=True))
    except SQLAlchemyError as error:
        # What was answered stands; a key without an answer is given up after a minute.
        if not is_outage(error):
            raise
        log.warning("an answer was not kept: %s", type(error).__name__)
        db.session.rollback()
    return response


def _request_digest() -> str:
    whole = b"\0".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    return hashlib.sha256(whole).hexdigest()
