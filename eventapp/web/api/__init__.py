"""The JSON API for programs and door phones: bearer tokens only, problem+json for every refusal."""

from flask import Blueprint

from eventapp.web.access import guard
from eventapp.web.api import bearer, idempotency, limits, refusals

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
guard(blueprint)
refusals.init_blueprint(blueprint)
bearer.init_blueprint(blueprint)
limits.init_blueprint(blueprint)
idempotency.init_blueprint(blueprint)

from eventapp.web.api import checkin, docs, events, registrations, roster, walk_ins  # noqa: E402, F401
