"""Which marks were given in evaluations? The one place from which the account takes them."""

from collections.abc import Collection
from datetime import datetime

from eventapp.domain.account import Marks
from eventapp.queries.evaluation import Appreciation, appreciation


def marks_of(event_ids: Collection[int], *, now: datetime) -> dict[int, Marks]:
    """By event, of those whose answers may be shown; of all others not even in a sum."""
    found = appreciation(event_ids, now=now).items()
    return {key: Marks(one.grade_sum, one.answers, one.asked) for key, one in found if isinstance(one, Appreciation)}
