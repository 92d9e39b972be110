"""Which personal data of messages to many do we no longer need?"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.extensions import db
from eventapp.models import Mailing, MailingRecipient, MailPreference


def mailings(*, now: datetime) -> int:
    """Within a transaction: to which address a message went is kept as long as the mail itself, its text longer.

    Who said no stays, as a digest: without it we would write again to whoever asked us not to. A link that nobody used
    goes with the last mail that carries it.
    """
    old = TERMS["mails"].before(now)
    over = sa.select(Mailing.id).where(Mailing.ended_at < old)
    known = sa.and_(MailingRecipient.mailing_id.in_(over), MailingRecipient.address != "")
    emptied = _changed(sa.update(MailingRecipient).where(known).values(address="", organisation_name=""))
    unused = sa.and_(MailPreference.off == "", MailPreference.used_at < old)
    long_ago = sa.and_(Mailing.ended_at < TERMS["mailings"].before(now), Mailing.text != "")
    texts = _changed(sa.update(Mailing).where(long_ago).values(text=""))
    return emptied + texts + _changed(sa.delete(MailPreference).where(unused))


def _changed(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
