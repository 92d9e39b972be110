"""Did the mail that tells of a term ever have its chance to leave? If not, that begins anew, a few times at most."""

from collections.abc import Collection

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.mail.deliver import TOO_LATE
from eventapp.mail.transports import NO_SERVER
from eventapp.models import MailState, OutboxMail

# Follows the stem in the purpose of a mail that tells of a new term.
ANEW = "anew-"
MOST_ANEW = 2


def begins_anew(stem: str, registration_ids: Collection[int]) -> bool:
    """Whether the newest mail about these registrations, of which the purpose begins with `stem`, is to be made again.

    That is when no mail server was reached, or no worker came by. A mailbox that is full, or an address that is wrong,
    keeps no place from others; nor does anything for more than MOST_ANEW terms.
    """
    told = sa.and_(
        OutboxMail.registration_id.in_(registration_ids), OutboxMail.purpose.startswith(stem, autoescape=True)
    )
    newest = db.session.scalar(sa.select(OutboxMail).where(told).order_by(OutboxMail.id.desc()).limit(1))
    if newest is None or not _never_left(newest):
        return False
    again = sa.and_(told, OutboxMail.purpose.startswith(stem + ANEW, autoescape=True))
    return (db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail).where(again)) or 0) < MOST_ANEW


def _never_left(mail: OutboxMail) -> bool:
    if mail.state == MailState.FAILED:
        # The first worker to come by found it too late.
        return mail.last_error == TOO_LATE and mail.tries == 1
    return mail.state != MailState.SENT and (not mail.last_error or mail.last_error.startswith(NO_SERVER))
