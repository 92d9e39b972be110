"""The same for many, one by one: what goes wrong with one of them stops none of the others."""

import logging
from collections.abc import Callable, Iterable

from eventapp.extensions import db

log = logging.getLogger(__name__)


def one_by_one(what: str, ids: Iterable[int], act: Callable[[int], int]) -> int:
    """Do it for each and answer the sum of what came of it.

    Whatever goes wrong is logged with the id. The first of it is raised once all had their turn, so that it stands with
    the task and whoever looks after the house hears of it.
    """
    made, first = 0, None
    for one in ids:
        try:
            made += act(one)
        except Exception as problem:
            log.exception("%s %s failed", what, one)
            db.session.rollback()
            first = first or problem
    if first:
        raise first
    return made
