"""Whose membership, naming or status ends between registering and the gathering?"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventapp.domain.association import Association
from eventapp.domain.events import EventState
from eventapp.domain.lapses import BY_MEMBERSHIP, BY_STATUS, Lapse, LapseKind, membership_lapse, own_lapse
from eventapp.domain.pricing import MembershipPeriod
from eventapp.domain.registrations import LIVE
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Event,
    Membership,
    Organisation,
    OrganisationPerson,
    Person,
    PersonStatus,
    Registration,
    SeenLapse,
)
from eventapp.queries.association import load_association

_CHANGES = ("organisation_changed", "organisation_merged", "status_ended", "naming_ended")


class Lapsed(NamedTuple):
    """A registration of which the ground does not hold on the day that counts.

    `since` is when that became known, None when the log does not tell; `seen` is who looked at this very end.
    """

    registration: Registration
    lapse: Lapse
    organisation: Organisation | None
    since: datetime | None
    seen: SeenLapse | None


def unseen_lapses(*, now: datetime) -> list[Lapsed]:
    """For gatherings still to come, the first one first; those the office has looked at are left out."""
    return [found for found in _lapsed(_doubtful(now), now) if found.seen is None]


def lapse_of(registration: Registration, *, now: datetime) -> Lapsed | None:
    """The same for one registration, also when it was seen; nothing once the gathering is over."""
    this = sa.select(Registration.id).where(Registration.id == registration.id)
    return next(iter(_lapsed(this, now)), None)


def touched_by(organisation: Organisation, memberships: Iterable[MembershipPeriod], *, now: datetime) -> int:
    """How many registrations would lose their ground, if these were the periods of the organisation."""
    association, before, after = load_association(), organisation.periods, list(memberships)
    on_it = sa.select(Registration.id).where(
        Registration.organisation_id == organisation.id, Registration.category.in_(BY_MEMBERSHIP)
    )
    touched = 0
    for registration in _coming(on_it, now):
        on, category = _day(association, registration), registration.category
        holds = membership_lapse(category, before, on=on) is None
        touched += holds and membership_lapse(category, after, on=on) is not None
    return touched


def _doubtful(now: datetime) -> sa.Select[int]:
    """Ids of all whose ground is not for an indefinite time: few, and the rule decides about those."""
    coming = _coming_events(now)
    booked = sa.select(sa.func.min(Registration.created_at)).where(Registration.event_id == coming.c.id)
    earliest = sa.select(sa.func.min(booked.correlate(coming).scalar_subquery()), sa.func.min(coming.c.starts_at))
    moments = [moment for moment in db.session.execute(earliest).one() if moment]
    since = local_date(min(moments, default=now))
    lasts = sa.exists().where(
        Membership.organisation_id == Registration.organisation_id,
        sa.cast(Membership.relation, sa.String) == sa.cast(Registration.category, sa.String),
        Membership.starts_on <= since,
        Membership.ends_on.is_(None),
    )
    has_status = sa.exists().where(
        PersonStatus.person_id == Registration.person_id,
        PersonStatus.category == Registration.category,
        PersonStatus.starts_on <= since,
        PersonStatus.ends_on.is_(None),
    )
    return sa.select(Registration.id).where(
        Registration.event_id.in_(sa.select(coming.c.id)),
        Registration.state.in_(LIVE),
        sa.or_(
            sa.and_(Registration.category.in_(BY_MEMBERSHIP), Registration.organisation_id.is_not(None), ~lasts),
            sa.and_(Registration.category.in_(BY_STATUS), ~has_status),
            # A naming is ended, never deleted; reading the reason of everybody would take most of the time.
            sa.and_(
                Registration.person_id.in_(sa.select(OrganisationPerson.person_id)),
                Registration.reason["via"].as_string() == "named",
            ),
        ),
    )


def _coming_events(now: datetime) -> sa.Subquery:
    """Few of all there are, however long the house exists: what comes begins at them."""
    going_on = [state for state in EventState if state != EventState.CANCELLED]
    coming = sa.and_(Event.state.in_(going_on), Event.ends_at > now)
    return sa.select(Event.id, Event.starts_at).where(coming).subquery()


def _coming(ids: sa.Select[int], now: datetime) -> Sequence[Registration]:
    coming = (
        sa.select(Registration)
        .join(Event)
        .where(
            Registration.id.in_(ids),
            Registration.state.in_(LIVE),
            Event.ends_at > now,
            Event.state != EventState.CANCELLED,
        )
        .order_by(Event.starts_at, Registration.id)
    )
    whole = (contains_eager(Registration.event), joinedload(Registration.person).selectinload(Person.statuses))
    return db.session.scalars(coming.options(*whole)).all()


def _lapsed(ids: sa.Select[int], now: datetime) -> list[Lapsed]:
    association, registrations = load_association(), _coming(ids, now)
    organisations = _organisations(registrations)
    namings = _namings(registrations)
    found = [
        (registration, lapse)
        for registration in registrations
        if (
            lapse := _lapse(
                registration,
                organisations.get(registration.organisation_id or 0),
                namings.get(registration.person_id, []),
                on=_day(association, registration),
            )
        )
    ]
    seen, since = _seen(found), _known_since(found)
    return [
        Lapsed(
            registration,
            lapse,
            organisations.get(registration.organisation_id or 0),
            since.get(_subject(registration, lapse)),
            seen.get((registration.id, lapse.ground)),
        )
        for registration, lapse in found
    ]


def _day(association: Association, registration: Registration) -> date:
    return association.membership_day(starts_at=registration.event.starts_at, booked_at=registration.created_at)


def _lapse(
    registration: Registration, organisation: Organisation | None, namings: list[OrganisationPerson], *, on: date
) -> Lapse | None:
    """A naming first, since it ends more often than the membership it hangs on; given by hand without either, none."""
    via = registration.reason.get("via")
    if via == "named":
        periods = [naming.period for naming in namings if naming.organisation_id == registration.organisation_id]
        if lapse := own_lapse(LapseKind.NAMING, periods, on=on):
            return lapse
    if organisation and registration.category in BY_MEMBERSHIP:
        lapse = membership_lapse(registration.category, organisation.periods, on=on)
        # What the office gave by hand although it did not hold, did not end either.
        return lapse if via != "office" or (lapse and _held_at_booking(registration, lapse)) else None
    if via == "status":
        statuses = (status for status in registration.person.statuses if status.category == registration.category)
        return own_lapse(LapseKind.STATUS, (status.period for status in statuses), on=on)
    return None


def _held_at_booking(registration: Registration, lapse: Lapse) -> bool:
    return lapse.last is not None and lapse.last >= local_date(registration.created_at)


def _organisations(registrations: Sequence[Registration]) -> dict[int, Organisation]:
    ids = {registration.organisation_id for registration in registrations} - {None}
    wanted = sa.select(Organisation).where(Organisation.id.in_(ids)).options(selectinload(Organisation.memberships))
    return {one.id: one for one in db.session.scalars(wanted)}


def _namings(registrations: Sequence[Registration]) -> dict[int, list[OrganisationPerson]]:
    ids = {one.person_id for one in registrations if one.reason.get("via") == "named"}
    by_person: dict[int, list[OrganisationPerson]] = {}
    for naming in db.session.scalars(sa.select(OrganisationPerson).where(OrganisationPerson.person_id.in_(ids))):
        by_person.setdefault(naming.person_id, []).append(naming)
    return by_person


def _seen(found: Sequence[tuple[Registration, Lapse]]) -> dict[tuple[int, str], SeenLapse]:
    ids = [registration.id for registration, _lapse in found]
    rows = db.session.scalars(sa.select(SeenLapse).where(SeenLapse.registration_id.in_(ids)))
    return {(row.registration_id, row.ground): row for row in rows}


def _subject(registration: Registration, lapse: Lapse) -> tuple[str, int | None]:
    """What was changed when this became known."""
    if lapse.kind == LapseKind.MEMBERSHIP:
        return "organisation", registration.organisation_id
    return "person", registration.person_id


def _known_since(found: Sequence[tuple[Registration, Lapse]]) -> dict[tuple[str, int | None], datetime]:
    """The last change in the log that could have ended it, by subject."""
    subjects = {_subject(*one) for one in found}
    entries = sa.select(AuditEntry.subject, AuditEntry.subject_id, AuditEntry.at, AuditEntry.facts).where(
        AuditEntry.act.in_(_CHANGES),
        AuditEntry.subject.in_({subject for subject, _id in subjects}),
        AuditEntry.subject_id.in_({key for _subject, key in subjects}),
    )
    latest: dict[tuple[str, int | None], datetime] = {}
    for entry in db.session.execute(entries.order_by(AuditEntry.id)):
        if entry.subject == "person" or "periods" in entry.facts.get("changed", ["periods"]):
            latest[entry.subject, entry.subject_id] = entry.at
    return latest
