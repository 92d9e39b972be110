"""What do we no longer need to know? The nightly sweep that empties personal data whose term is over."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.registrations import LIVE
from eventapp.domain.retention import TERMS
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Event,
    IdempotentAnswer,
    MailboxMessage,
    MailState,
    OneTimeLink,
    Order,
    OrganisationPerson,
    OutboxMail,
    Person,
    PersonAddress,
    PersonStatus,
    Registration,
    UserSession,
)
from eventapp.transaction import transaction

# What a person looks like once forgotten; the addresses are rows of their own and go.
EMPTY_PERSON = {"given_name": "", "infix": "", "family_name": "", "sort_key": ""}


@dataclass(frozen=True)
class Swept:
    """How many of each were emptied or removed."""

    registrations: int
    orders: int
    people: int
    visitors: int
    mails: int
    mailbox: int
    sessions: int
    links: int
    audit: int
    answers: int

    @property
    def total(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))


class _DryRun(Exception):
    """Undoes the transaction once everything was counted."""


def sweep(*, now: datetime, dry_run: bool = False) -> Swept:
    """Empty or remove what is past its term; twice changes nothing more.

    Registrations, orders and people stay as rows without a name, so that the figures of a closed year can be made
    again. A dry run does the same work and undoes it, so that its counts are the real ones.
    """
    swept: Swept | None = None
    try:
        with transaction():
            swept = Swept(
                registrations=_registrations(now),
                orders=_orders(),
                people=_people(now),
                visitors=_visitors(now),
                mails=_mails(now),
                mailbox=_delete(MailboxMessage, MailboxMessage.received_at < TERMS["mailbox"].before(now)),
                sessions=_delete(UserSession, UserSession.expires_at < TERMS["sessions"].before(now)),
                links=_delete(OneTimeLink, OneTimeLink.expires_at < TERMS["links"].before(now)),
                audit=_audit(now),
                answers=_delete(IdempotentAnswer, IdempotentAnswer.created_at < TERMS["answers"].before(now)),
            )
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    assert swept is not None
    return swept


def _registrations(now: datetime) -> int:
    """Organisation, function group, category and price stay for the yearly account; what a person typed goes."""
    ended = sa.select(Event.id).where(Event.ends_at < TERMS["registrations"].before(now))
    ended_for_withdrawn = sa.select(Event.id).where(Event.ends_at < TERMS["withdrawn"].before(now))
    too_old = sa.or_(
        Registration.event_id.in_(ended),
        sa.and_(Registration.state.not_in(LIVE), Registration.event_id.in_(ended_for_withdrawn)),
    )
    return _update(
        Registration,
        sa.and_(too_old, Registration.address != ""),
        address="",
        mail_domain="",
        organisation_name="",
        function="",
        claimed_organisation="",
    )


def _orders() -> int:
    """An order is emptied with the last of its registrations."""
    known = sa.exists().where(Registration.order_id == Order.id, Registration.address != "")
    return _update(Order, sa.and_(Order.address != "", ~known), address="", visitor_key="")


def _people(now: datetime) -> int:
    """Who has no registration or booking left that is kept, no status and no naming that counts, loses all of it."""
    longest = TERMS["registrations"].before(now)
    attends = sa.exists().where(Registration.person_id == Person.id, Registration.address != "")
    booked = sa.exists().where(Order.booker_id == Person.id, Order.address != "")
    still = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= local_date(longest))
    has_status = sa.exists().where(PersonStatus.person_id == Person.id, still)
    is_named = sa.exists().where(
        OrganisationPerson.person_id == Person.id, OrganisationPerson.ends_on >= local_date(longest)
    )
    had_registration = sa.exists().where(Registration.person_id == Person.id)
    idle = sa.or_(had_registration, Person.created_at < longest)
    nothing_newer = sa.and_(Person.erased_at.is_(None), idle, ~attends, ~booked, ~has_status, ~is_named)
    ids = list(db.session.scalars(sa.select(Person.id).where(nothing_newer)))
    for some in _portions(ids):
        _delete(PersonAddress, PersonAddress.person_id.in_(some))
        _delete(PersonStatus, PersonStatus.person_id.in_(some))
        _delete(OrganisationPerson, OrganisationPerson.person_id.in_(some))
        _update(Person, Person.id.in_(some), **EMPTY_PERSON, erased_at=now)
    return len(ids)


def _portions(ids: list[int], size: int = 500) -> list[list[int]]:
    """A database takes only so many values in one statement."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _visitors(now: datetime) -> int:
    """From where somebody booked only matters for the limits against flooding."""
    return _update(
        Order,
        sa.and_(Order.visitor_key != "", Order.created_at < TERMS["visitors"].before(now)),
        visitor_key="",
    )


def _mails(now: datetime) -> int:
    """What was sent, or given up, keeps its purpose, kind and times: it is still never sent twice."""
    done = OutboxMail.state.in_((MailState.SENT, MailState.FAILED))
    at = sa.func.coalesce(OutboxMail.sent_at, OutboxMail.created_at)
    return _update(
        OutboxMail,
        sa.and_(done, at < TERMS["mails"].before(now), OutboxMail.to_address != ""),
        to_address="",
        to_name="",
        subject="",
        text="",
        html="",
        attachments=[],
    )


def _audit(now: datetime) -> int:
    """The act and its facts stay; who did it, and what the office wrote with it, go."""
    old = sa.and_(AuditEntry.at < TERMS["audit"].before(now), AuditEntry.actor_name != "")
    written = sa.select(AuditEntry.id, AuditEntry.facts).where(old, AuditEntry.act == "added_by_hand")
    for row in db.session.execute(written).all():
        kept = {name: value for name, value in row.facts.items() if name != "note"}
        _update(AuditEntry, AuditEntry.id == row.id, facts=kept)
    return _update(AuditEntry, old, actor_name="")


def _update(model: type[Any], where: sa.ColumnElement[bool], **values: Any) -> int:
    return _changed(sa.update(model).where(where).values(**values))


def _delete(model: type[Any], where: sa.ColumnElement[bool]) -> int:
    return _changed(sa.delete(model).where(where))


def _changed(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
