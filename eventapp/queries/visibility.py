"""What is known of an event for which nobody registers with us?"""

from eventapp.extensions import db
from eventapp.models import EventVisibility


def visibility_of(event_id: int) -> tuple[str, int | None]:
    """What the association did there, and how many people were counted."""
    row = db.session.get(EventVisibility, event_id)
    return (row.contribution, row.heads) if row else ("", None)
