"""Which messages to many are there, how far is each, and what became of each person?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp import wording
from eventapp.domain.mailings import WITHHELD, Delivery, MailingState
from eventapp.extensions import db
from eventapp.models import Job, Mailing, MailingRecipient, MailState, OutboxMail, Person
from eventapp.queries.paging import Page

SHOWN = 100
_STOPPED = (MailingState.CALLED_OFF, MailingState.STOPPED)


class Fate(NamedTuple):
    """One person of a message: what became of them, and why in words where that is not plain."""

    person: Person
    address: str
    result: Delivery
    why: str
    mail: OutboxMail | None


def mailings(*, circle_id: int | None = None) -> Sequence[Mailing]:
    """The newest first; of one circle only if asked."""
    found = sa.select(Mailing).order_by(Mailing.id.desc()).limit(SHOWN)
    if circle_id is not None:
        found = found.where(Mailing.circle_id == circle_id)
    return db.session.scalars(found.options(joinedload(Mailing.event), joinedload(Mailing.circle))).all()


def mailing_by_id(mailing_id: int) -> Mailing | None:
    return db.session.get(Mailing, mailing_id)


def job_of(mailing: Mailing) -> Job | None:
    """The work that sends it, or sent it."""
    return db.session.get(Job, mailing.job_id) if mailing.job_id else None


def results(mailing_ids: Sequence[int]) -> dict[int, dict[Delivery, int]]:
    """How many of each result, by message."""
    result = _result()
    counted = (
        sa.select(MailingRecipient.mailing_id, result, sa.func.count())
        .join(Mailing)
        .outerjoin(OutboxMail, OutboxMail.id == MailingRecipient.mail_id)
        .where(MailingRecipient.mailing_id.in_(mailing_ids))
        .group_by(MailingRecipient.mailing_id, result)
    )
    found: dict[int, dict[Delivery, int]] = {key: dict.fromkeys(Delivery, 0) for key in mailing_ids}
    for mailing_id, code, number in db.session.execute(counted):
        found[mailing_id][Delivery(code)] = number
    return found


def fates(mailing: Mailing, *, result: Delivery | None = None, page: int = 1) -> Page[Fate]:
    """What became of each person, by name; those with one result only if asked."""
    code = _result()
    wanted = (
        sa.select(MailingRecipient, OutboxMail, code)
        .join(Mailing)
        .join(Person, Person.id == MailingRecipient.person_id)
        .outerjoin(OutboxMail, OutboxMail.id == MailingRecipient.mail_id)
        .where(MailingRecipient.mailing_id == mailing.id)
    )
    if result:
        wanted = wanted.where(code == result.value)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    by_name = wanted.options(joinedload(MailingRecipient.person)).order_by(Person.sort_key, Person.id)
    rows = [_fate(row, mail, found, mailing) for row, mail, found in db.session.execute(Page.cut(by_name, page))]
    return Page(rows, total, page)


def _fate(row: MailingRecipient, mail: OutboxMail | None, code: str, mailing: Mailing) -> Fate:
    why = wording.LEFT_OUT[row.left_out] if row.left_out else wording.mail_problem(mail.last_error) if mail else ""
    if row.left_out is None and mail is None and mailing.state in _STOPPED:
        why = wording.MAILING_STOPPED_BEFORE
    return Fate(row.person, row.address, Delivery(code), why, mail)


def _result() -> sa.ColumnElement[Any]:
    """One of the codes of Delivery."""
    withheld = sa.and_(OutboxMail.state == MailState.FAILED, OutboxMail.last_error.in_(WITHHELD))
    never = sa.and_(MailingRecipient.mail_id.is_(None), Mailing.state.in_(_STOPPED))
    return sa.case(
        (MailingRecipient.left_out.is_not(None), Delivery.LEFT_OUT.value),
        (sa.or_(withheld, never), Delivery.LEFT_OUT.value),
        (OutboxMail.state == MailState.SENT, Delivery.SENT.value),
        (OutboxMail.state == MailState.FAILED, Delivery.FAILED.value),
        else_=Delivery.ON_ITS_WAY.value,
    )
