"""Pages of this audience."""

from flask import Blueprint

from eventapp.web.access import guard
from eventapp.web.public.caching import KeptPages

blueprint = Blueprint("public", __name__)
guard(blueprint)
blueprint.record(lambda state: state.app.extensions.update(kept_pages=KeptPages()))

from eventapp.web.public import agenda, confirming, event_page, invitations, invoices, pages, registering, sent  # noqa: E402, F401
