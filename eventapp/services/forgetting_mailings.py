"""Which personal data of messages to many do we no longer need?"""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.models import Mailing, MailingRecipient, MailPreference
from eventapp.services.changing_rows import changed


def mailings(*, now: datetime) -> int:
    """Within a transaction: to which address a message went is kept as long as the mail itself, its text longer.

    Who said no stays, as a digest: without it we would write again to whoever asked us not to. A link that nobody used
    goes with the last mail that carries it.
    """
    old = TERMS["mails"].before(now)
    over = sa.select(Mailing.id).where(Mailing.ended_at < old)
    known = sa.and_(MailingRecipient.mailing_id.in_(over), MailingRecipient.address != "")
    emptied = changed(sa.update(MailingRecipient).where(known).values(address="", organisation_name=""))
    unused = sa.and_(MailPreference.off == "", MailPreference.used_at < old)
    long_ago = sa.and_(Mailing.ended_at < TERMS["mailings"].before(now), Mailing.text != "")
    texts = changed(sa.update(Mailing).where(long_ago).values(text=""))
    return emptied + texts + changed(sa.delete(MailPreference).where(unused))
