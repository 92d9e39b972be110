"""A message leaves: who it is for is looked up, and some at a time each of them gets it once, whoever does the work."""

from collections.abc import Container, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp import formatting
from eventapp.domain.association import Association
from eventapp.domain.events import EventState, Visibility
from eventapp.domain.mailings import LeftOut, MailingState, Stream
from eventapp.domain.registrations import LIVE
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.mail.compose import post
from eventapp.mail.mailings import Reader, letter_to
from eventapp.models import (
    DeadAddress,
    Mailing,
    MailingRecipient,
    MailPreference,
    OutboxMail,
    PersonAddress,
    Registration,
)
from eventapp.queries.association import load_association
from eventapp.queries.audiences import Whom, audience, still_chosen
from eventapp.queries.circles import open_membership
from eventapp.queries.mail_preferences import refuses
from eventapp.services.audit import note
from eventapp.services.carrying_out import Work

# A mail takes some milliseconds, during which on SQLite everybody else who writes waits.
AT_ONCE = 50
_ROWS_AT_ONCE = 500


def carry_out(work: Work) -> None:
    """The job. Whatever breaks off is taken up where it was: who was written to is a row of its own."""
    mailing_id = work.parameters["mailing"]
    with work.batch():
        if not _stands(mailing_id, work):
            return
        total = _whom(mailing_id, now=work.clock())
        work.step(total - _to_do(mailing_id), total=total)
    while _some(mailing_id, work):
        pass


def _some(mailing_id: int, work: Work) -> bool:
    """The next of them in one transaction; False when there is nobody left, or it was stopped."""
    with work.batch():
        if not _stands(mailing_id, work):
            return False
        now = work.clock()
        waiting = _waiting(mailing_id).order_by(MailingRecipient.person_id).limit(AT_ONCE)
        rows = db.session.scalars(waiting.options(joinedload(MailingRecipient.person))).all()
        if not rows:
            _end(mailing_id, MailingState.SENT, now=now)
            about = db.session.get_one(Mailing, mailing_id).event_id
            mails = _written(mailing_id)
            note("mailing_sent", "mailing", mailing_id, by=work.by, now=now, event_id=about, mails=mails)
            return False
        _write(rows, now=now)
        work.step(work.done + len(rows))
        return True


def _stands(mailing_id: int, work: Work) -> bool:
    """Whether it still goes on; what happened to its event since the office decided stops it here."""
    locked = sa.select(Mailing).where(Mailing.id == mailing_id).with_for_update()
    mailing = db.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if mailing is None or mailing.state != MailingState.SENDING:
        return False
    if not _overtaken(mailing, now=work.clock()):
        return True
    _end(mailing_id, MailingState.STOPPED, now=work.clock())
    note("mailing_stopped", "mailing", mailing_id, by=work.by, now=work.clock(), event_id=mailing.event_id)
    return False


def _overtaken(mailing: Mailing, *, now: datetime) -> bool:
    """The event was cancelled after the office decided; or nobody can come any more to what is announced."""
    event = mailing.event
    if event is None:
        return False
    if mailing.stream == Stream.ANNOUNCEMENT:
        closed = event.visibility == Visibility.BESLOTEN
        return closed or event.state != EventState.PUBLISHED or event.ends_at <= now
    if event.state != EventState.CANCELLED or event.cancelled_at is None or mailing.decided_at is None:
        return False
    return event.cancelled_at >= mailing.decided_at


def _whom(mailing_id: int, *, now: datetime) -> int:
    """Write down who it is for, once, before anybody is written to; answers how many."""
    count = sa.select(sa.func.count()).select_from(MailingRecipient).where(MailingRecipient.mailing_id == mailing_id)
    if known := db.session.scalar(count):
        return known
    mailing = db.session.get_one(Mailing, mailing_id)
    rows = [
        {
            "mailing_id": mailing_id,
            "person_id": one.person_id,
            "registration_id": one.registration_id,
            "address": one.address,
            "organisation_name": one.organisation,
            "ground": one.ground,
            "left_out": left_out,
        }
        for one, left_out in audience(Whom.of(mailing), now=now)
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        db.session.execute(sa.insert(MailingRecipient), rows[start : start + _ROWS_AT_ONCE])
    return len(rows)


def _write(rows: Sequence[MailingRecipient], *, now: datetime) -> None:
    """To each of them, unless something changed since they were looked up."""
    mailing, association = rows[0].mailing, load_association()
    of_event = mailing.stream == Stream.EVENT
    own = still_chosen(Whom.of(mailing), {row.person_id: row.address for row in rows}, now=now) if of_event else {}
    gone = _gone(mailing, rows, own, now=now)
    for row in rows:
        row.left_out = gone.get(row.person_id)
        if row.left_out is None:
            row.mail_id = _one(mailing, row, own.get(row.person_id, ()), association, now=now)
    db.session.flush()


def _one(
    mailing: Mailing,
    row: MailingRecipient,
    registrations: tuple[Registration, ...],
    association: Association,
    *,
    now: datetime,
) -> int:
    """One mail about all that this person was chosen for; it is kept with the first of them."""
    person, purpose = row.person, f"mailing-{row.mailing_id}-{row.person_id}"
    announces = mailing.stream == Stream.ANNOUNCEMENT
    first = registrations[0] if registrations else None
    row.registration_id = first.id if first else None
    reader = Reader(
        person_id=row.person_id,
        address=row.address,
        name=formatting.full_name(person.given_name, person.infix, person.family_name),
        given_name=person.given_name,
        ground=row.ground,
        organisation=row.organisation_name,
        registrations=registrations,
        token=_way_out(row.address, now=now) if announces else "",
    )
    post(
        letter_to(mailing, reader, association=association, now=now),
        purpose=purpose,
        event_id=mailing.event_id or (first.event_id if first else None),
        registration_id=row.registration_id,
        useless_at=mailing.event.ends_at if announces and mailing.event else None,
    )
    return db.session.scalars(sa.select(OutboxMail.id).where(OutboxMail.purpose == purpose)).one()


def _way_out(address: str, *, now: datetime) -> str:
    """The token of the page on which whoever reads this mailbox says what they want."""
    kept = db.session.get(MailPreference, digest(address))
    if kept is None:
        kept = MailPreference(address_digest=digest(address), token=new_token(), off="", used_at=now)
        db.session.add(kept)
    kept.used_at = now
    return kept.token


def _gone(
    mailing: Mailing, rows: Sequence[MailingRecipient], own: Container[int], *, now: datetime
) -> dict[int, LeftOut]:
    """Who of these gets nothing after all, and why."""
    dead = set(
        db.session.scalars(sa.select(DeadAddress.address).where(DeadAddress.address.in_([row.address for row in rows])))
    )
    found = {row.person_id: LeftOut.DEAD_ADDRESS for row in rows if row.address in dead}
    for row in rows:
        if row.person.erased_at is not None:
            found[row.person_id] = LeftOut.NO_ADDRESS
        elif not (row.person_id in own if mailing.stream == Stream.EVENT else _belongs(mailing, row, now=now)):
            found[row.person_id] = LeftOut.NOT_CHOSEN_ANY_MORE
        elif mailing.topic and refuses({row.address, *_addresses(row.person_id)}, mailing.topic):
            found[row.person_id] = LeftOut.OPTED_OUT
    return found


def _belongs(mailing: Mailing, row: MailingRecipient, *, now: datetime) -> bool:
    """Whether this person is still among those who were chosen: a message that broke off may go on much later."""
    if mailing.circle_id is not None:
        return open_membership(mailing.circle_id, row.person_id, local_date(now)) is not None
    if mailing.event_id is None:
        return True
    going = sa.select(Registration.id).where(
        Registration.event_id == mailing.event_id,
        Registration.person_id == row.person_id,
        Registration.state.in_(LIVE),
    )
    return db.session.scalar(going) is None


def _addresses(person_id: int) -> Sequence[str]:
    return db.session.scalars(sa.select(PersonAddress.address).where(PersonAddress.person_id == person_id)).all()


def _waiting(mailing_id: int) -> sa.Select[MailingRecipient]:
    return sa.select(MailingRecipient).where(
        MailingRecipient.mailing_id == mailing_id,
        MailingRecipient.left_out.is_(None),
        MailingRecipient.mail_id.is_(None),
    )


def _to_do(mailing_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_waiting(mailing_id).subquery())) or 0


def _written(mailing_id: int) -> int:
    wrote = sa.select(sa.func.count()).where(
        MailingRecipient.mailing_id == mailing_id, MailingRecipient.mail_id.is_not(None)
    )
    return db.session.scalar(wrote) or 0


def _end(mailing_id: int, state: MailingState, *, now: datetime) -> None:
    this = sa.update(Mailing).where(Mailing.id == mailing_id, Mailing.state == MailingState.SENDING)
    db.session.execute(this.values(state=state, ended_at=now).execution_options(synchronize_session=False))
