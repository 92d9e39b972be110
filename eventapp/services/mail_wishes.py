"""Whoever reads a mailbox says of which subjects they want announcements, by the link in the last one."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import Field
from eventapp.models import MailPreference
from eventapp.services.audit import note
from eventapp.transaction import transaction


def leave(token: str, *, now: datetime) -> None:
    """No announcements any more. Twice is once. Refuses with UnknownLink."""
    choose(token, Field, wanted=False, now=now)


def choose(token: str, topics: Iterable[Field], *, wanted: bool, now: datetime) -> None:
    """Announcements of these subjects, or none of these. Refuses with UnknownLink."""
    with transaction() as session:
        this = sa.select(MailPreference).where(MailPreference.token == token).with_for_update()
        kept = session.scalar(this.execution_options(populate_existing=True))
        if kept is None:
            raise UnknownLink()
        wishes = kept.wishes.with_topics(topics, wanted=wanted)
        if wishes != kept.wishes:
            note("announcements_chosen", "mail_preference", None, by=VISITOR, now=now, off=sorted(wishes.off))
        kept.off, kept.used_at = wishes.kept(), now
