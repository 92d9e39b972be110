"""What do we no longer need to know of presence? The figures stay; names, and what somebody wrote with them, go."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.models import Certificate, PresenceCorrection, Registration
from eventapp.services.changing_rows import update_rows


def corrections(*, now: datetime) -> int:
    """Within the caller's transaction: who corrected goes with the log, why goes with the name of who it was about."""
    emptied = sa.select(Registration.id).where(Registration.address == "").scalar_subquery()
    of_emptied = sa.and_(PresenceCorrection.registration_id.in_(emptied), PresenceCorrection.reason != "")
    old = sa.and_(PresenceCorrection.at < TERMS["audit"].before(now), PresenceCorrection.by_name != "")
    return update_rows(PresenceCorrection, of_emptied, reason="") + update_rows(PresenceCorrection, old, by_name="")


def certificates(*, now: datetime) -> int:
    """The same for certificates: their page then says that it is too long ago."""
    named = sa.or_(Certificate.given_name != "", Certificate.family_name != "")
    old = sa.and_(Certificate.issued_at < TERMS["certificates"].before(now), named)
    nobody = {"given_name": "", "infix": "", "family_name": "", "revoked_by": "", "revoke_reason": ""}
    return update_rows(Certificate, old, **nobody)
