"""Which personal data of circles do we no longer need?"""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.circles import RequestState
from eventapp.domain.retention import CARE_DAYS, TERMS, due_before
from eventapp.domain.times import local_date
from eventapp.models import CircleAnswer, CircleMember, CircleRequest, Event
from eventapp.services.changing_rows import changed


def circles(*, now: datetime) -> int:
    """Within the caller's transaction: reasons two weeks after their meeting, requests that were never proven after a
    month and all others like invitations, and who left long ago like registrations. The days of a membership stay.
    """
    return _reasons(now) + _requests(now) + _members(now)


def _reasons(now: datetime) -> int:
    over = sa.select(Event.id).where(Event.ends_at < due_before(now, CARE_DAYS))
    old = sa.and_(CircleAnswer.reason != "", CircleAnswer.event_id.in_(over))
    return changed(sa.update(CircleAnswer).where(old).values(reason=""))


def _requests(now: datetime) -> int:
    unproven = sa.and_(
        CircleRequest.state == RequestState.AWAITING_PROOF, CircleRequest.created_at < TERMS["visitors"].before(now)
    )
    old = sa.and_(CircleRequest.created_at < TERMS["invitations"].before(now), CircleRequest.address != "")
    empty = {"given_name": "", "infix": "", "family_name": "", "address": "", "message": "", "visitor_key": ""}
    return changed(sa.delete(CircleRequest).where(unproven)) + changed(
        sa.update(CircleRequest).where(old).values(**empty)
    )


def _members(now: datetime) -> int:
    longest = local_date(TERMS["registrations"].before(now))
    gone = sa.and_(CircleMember.left_on < longest, CircleMember.address != "")
    return changed(sa.update(CircleMember).where(gone).values(address="", organisation_name=""))
