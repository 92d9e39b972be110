"""How does a member of staff keep a view of the list of registrations, and throw it away?"""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.registration_lists import read
from eventapp.models import SavedView
from eventapp.transaction import transaction


def keep(name: str, query: str, *, by: Actor, now: datetime) -> None:
    """Keep what the address asks for under this name, in the place of an earlier view of the same name."""
    cleaned = urlencode(read(parse_qsl(query)).pairs())[:1000]
    with transaction() as session:
        session.execute(sa.delete(SavedView).where(SavedView.staff_id == by.id, SavedView.name == name))
        session.add(SavedView(staff_id=by.id, name=name, query=cleaned, created_at=now))


def drop(view_id: int, *, by: Actor) -> None:
    """Throw away a view of one's own; one that is gone, or somebody else's, is left alone."""
    with transaction() as session:
        session.execute(sa.delete(SavedView).where(SavedView.id == view_id, SavedView.staff_id == by.id))
