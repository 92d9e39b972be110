"""Pages of this audience."""

from flask import Blueprint

from eventapp.web.access import guard
from eventapp.web.keeping import Kept

blueprint = Blueprint("public", __name__)
guard(blueprint)
blueprint.record(lambda state: state.app.extensions.update(kept_pages=Kept[bytes]()))

from eventapp.web.public import (  # noqa: E402
    agenda,  # noqa: F401
    certificates,  # noqa: F401
    circles,  # noqa: F401
    confirming,  # noqa: F401
    embedding,  # noqa: F401
    event_page,  # noqa: F401
    feeds,  # noqa: F401
    house_style,  # noqa: F401
    invitations,  # noqa: F401
    invoices,  # noqa: F401
    pages,  # noqa: F401
    registering,  # noqa: F401
    sent,  # noqa: F401
)
