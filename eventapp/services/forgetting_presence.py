"""What do we no longer need to know of presence? The figures stay; names, and what somebody wrote with them, go."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.extensions import db
from eventapp.models import Certificate, PresenceCorrection, Registration


def corrections(*, now: datetime) -> int:
    """Within the caller's transaction: who corrected goes with the log, why goes with the name of who it was about."""
    emptied = sa.select(Registration.id).where(Registration.address == "").scalar_subquery()
    of_emptied = sa.and_(PresenceCorrection.registration_id.in_(emptied), PresenceCorrection.reason != "")
    old = sa.and_(PresenceCorrection.at < TERMS["audit"].before(now), PresenceCorrection.by_name != "")
    return _update(PresenceCorrection, of_emptied, reason="") + _update(PresenceCorrection, old, by_name="")


def certificates(*, now: datetime) -> int:
    """The same for certificates: their page then says that it is too long ago."""
    named = sa.or_(Certificate.given_name != "", Certificate.family_name != "")
    old = sa.and_(Certificate.issued_at < TERMS["certificates"].before(now), named)
    nobody = {"given_name": "", "infix": "", "family_name": "", "revoked_by": "", "revoke_reason": ""}
    return _update(Certificate, old, **nobody)


def _update(model: type[Any], where: sa.ColumnElement[bool], **values: Any) -> int:
    statement = sa.update(model).where(where).values(**values).execution_options(synchronize_session=False)
    result: Any = db.session.execute(statement)
    return int(result.rowcount)
