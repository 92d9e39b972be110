"""The badges of the demo's themadag were printed yesterday; since then people came, went, and changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eventapp.domain.actors import Actor
from eventapp.domain.badges import SHEETS, Selection, SheetKind, SortOrder
from eventapp.domain.events import EventKind
from eventapp.models import Event
from eventapp.services.badging import Wish, print_badges

_OFFICE = Actor("staff", "Cor Coördinator")


def print_yesterday(events: Sequence[Event], *, now: datetime) -> None:
    """Within the transaction of the load, before what happened last."""
    themadag = next(event for event in events if event.kind == EventKind.THEMADAG)
    wish = Wish(Selection.ALL, SortOrder.FAMILY_NAME, SheetKind.L4784, SHEETS[SheetKind.L4784])
    print_badges(themadag.id, wish, by=_OFFICE, now=now - timedelta(days=1))
