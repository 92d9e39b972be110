"""Does every member have a place at every coming meeting? Compared and made so, from what the rows say.

Joining, leaving, answering, publishing a meeting and moving one change a row each; this follows, at once and, for what
broke off, by the worker. Each place is a registration like any other, in a transaction of its own.
"""

from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.circles import Given, MemberRole, belongs, gets_place, gives_back
from eventapp.domain.errors import AlreadyCancelled, EventFull, NotAdmitted, OrganisationFull, TooLateToCancel
from eventapp.domain.events import EventForm, EventState, RegistrationMode
from eventapp.domain.pricing import Category, Entitlement, Proof, decide
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Circle, CircleMember, Event, Registration
from eventapp.queries.circles import SOURCE, given_in, given_of
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.services import cancelling, confirming, on_behalf, registering
from eventapp.services.locks import keep_event
from eventapp.services.one_by_one import one_by_one
from eventapp.services.quoting import day_that_counts
from eventapp.transaction import transaction


def follow_everywhere(*, now: datetime) -> int:
    """The same for every circle with a meeting ahead; the worker does so every minute."""
    ahead = sa.select(Event.circle_id).where(Event.circle_id.is_not(None), *_ahead(now)).distinct()
    ids = [circle_id for circle_id in db.session.scalars(ahead) if circle_id is not None]
    db.session.rollback()
    return one_by_one("following of circle", sorted(ids), partial(follow, now=now))


def follow(circle_id: int, *, now: datetime) -> int:
    """Give members the places that are theirs and take back those of who left or said to stay away.

    Answers how many changed. Full meetings put members in line; whom a meeting does not admit or would ask money,
    gets no place by itself.
    """
    back = _to_give_back(circle_id, now=now)
    missing = _missing(circle_id, now=now)
    db.session.rollback()
    changed = one_by_one("withdrawing of registration", back, partial(_withdraw, now=now))
    for member_id, event_id in missing:
        changed += _enrol_if_possible(member_id, event_id, now=now)
    return changed


def _ahead(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Event.state == EventState.PUBLISHED,
        Event.registration == RegistrationMode.HIER,
        Event.starts_at > now,
    )


def _meetings(circle_id: int, now: datetime) -> list[Event]:
    found = sa.select(Event).where(Event.circle_id == circle_id, *_ahead(now)).order_by(Event.starts_at, Event.id)
    return list(db.session.scalars(found))


def _members(circle_id: int) -> list[CircleMember]:
    return list(
        db.session.scalars(sa.select(CircleMember).where(CircleMember.circle_id == circle_id).order_by(CircleMember.id))
    )


def _missing(circle_id: int, *, now: datetime) -> list[tuple[int, int]]:
    """Members and coming meetings at which they have no place and should."""
    members, given = _members(circle_id), given_in(circle_id)
    found = []
    for event in _meetings(circle_id, now):
        day, (ended, live) = local_date(event.starts_at), _registrations(event.id)
        for member in members:
            inside = belongs(member.joined_on, member.left_on, day)
            said = given.get((member.id, event.id))
            if inside and member.person_id not in live and _gets_place(member, event, said, ended):
                found.append((member.id, event.id))
    return found


def _gets_place(member: CircleMember, event: Event, said: Given | None, ended: dict[int, datetime]) -> bool:
    since, ended_at = member.created_at, ended.get(member.person_id)
    return gets_place(said, member_since=since, moved_at=event.moved_at, ended_at=ended_at)


def _registrations(event_id: int, person_id: int | None = None) -> tuple[dict[int, datetime], set[int]]:
    """Of everybody who was registered, or of one: when the last registration ended, and who has one now."""
    columns = (Registration.person_id, Registration.state, Registration.cancelled_at, Registration.created_at)
    rows = sa.select(*columns).where(Registration.event_id == event_id)
    if person_id is not None:
        rows = rows.where(Registration.person_id == person_id)
    ended: dict[int, datetime] = {}
    live = set()
    for person_id, state, cancelled_at, created_at in db.session.execute(rows):
        if state in LIVE:
            live.add(person_id)
        else:
            at = cancelled_at or created_at
            ended[person_id] = max(at, ended.get(person_id, at))
    return ended, live


def _to_give_back(circle_id: int, *, now: datetime) -> list[int]:
    """Registrations that rest on the circle, of who is in it no more on that day or said to stay away."""
    members, given = _members(circle_id), given_in(circle_id)
    held = (
        sa.select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.circle_id == circle_id, *_ahead(now), Registration.state.in_(LIVE))
        .options(joinedload(Registration.event))
    )
    return [one.id for one in db.session.scalars(held) if _goes_back(one, members, given)]


def _goes_back(registration: Registration, members: list[CircleMember], given: dict[tuple[int, int], Given]) -> bool:
    event, day = registration.event, local_date(registration.event.starts_at)
    own = [member for member in members if member.person_id == registration.person_id]
    inside = [member for member in own if belongs(member.joined_on, member.left_on, day)]
    if not inside:
        return registration.source == SOURCE
    return any(
        gives_back(given.get((one.id, event.id)), registered_at=registration.created_at, moved_at=event.moved_at)
        for one in inside
    )


def _withdraw(registration_id: int, *, now: datetime) -> int:
    registration = db.session.get_one(Registration, registration_id)
    by = Actor("person", registration.address, registration.person_id)
    try:
        cancelling.cancel_own(registration_id, by=by, now=now)
    except (AlreadyCancelled, TooLateToCancel):
        return 0
    return 1


def _enrol_if_possible(member_id: int, event_id: int, *, now: datetime) -> int:
    try:
        return int(_enrol(member_id, event_id, now=now))
    except (EventFull, OrganisationFull, NotAdmitted):
        # Without a waiting list, or no member on that day: looked at anew next time.
        return 0


def _enrol(member_id: int, event_id: int, *, now: datetime) -> bool:
    """One place, in one transaction. The circle is locked before the event, as by everybody who changes members."""
    with transaction():
        circle_id = db.session.get_one(CircleMember, member_id).circle_id
        write = sa.update(Circle).where(Circle.id == circle_id).values(version=Circle.version)
        db.session.execute(write.execution_options(synchronize_session=False))
        event = keep_event(event_id)
        member = db.session.get_one(CircleMember, member_id, populate_existing=True)
        ended, live = _registrations(event_id, member.person_id)
        inside = belongs(member.joined_on, member.left_on, local_date(event.starts_at))
        ready = event.state == EventState.PUBLISHED and event.starts_at > now and event.circle_id == circle_id
        if not (ready and inside) or member.person_id in live or member.person.erased_at is not None:
            return False
        if not _gets_place(member, event, given_of(member.id, event_id), ended):
            return False
        entitlement = entitle(member, event, now=now)
        if entitlement.price_cents:
            return False
        registration = _new(member, event, entitlement, now=now)
        confirming.settle_free_or_ask_payment(registration, by=SYSTEM, now=now)
        return True


def entitle(member: CircleMember, event: Event, *, now: datetime) -> Entitlement:
    """As what a member comes to a meeting: as what their address proves on that day, for the organisation they joined
    for. Whom the office let in comes free whatever it proves. Refuses with NotAdmitted.
    """
    by_hand = Proof(Category.NIET_LID, SOURCE)
    if member.role == MemberRole.WAARNEMEND:
        return Entitlement(Category.WAARNEMEND, 0, Proof(Category.WAARNEMEND, SOURCE))
    on = day_that_counts(event, booked_at=now)
    proofs = [
        *proofs_by_domain(member.address, on=on),
        *proofs_by_naming(member.person_id, on=on),
        *proofs_by_status(member.person_id, on=on),
    ]
    try:
        found = decide(event.price_lines, on_behalf.of(proofs, member.organisation_id))
    except NotAdmitted:
        if not member.by_hand:
            raise
        return Entitlement(Category.NIET_LID, 0, by_hand)
    if found.price_cents and member.by_hand:
        return Entitlement(found.category, 0, by_hand)
    return found


def _new(member: CircleMember, event: Event, entitlement: Entitlement, *, now: datetime) -> Registration:
    registration = registering.new_registration(event, member.person, member.address, now=now)
    registration.organisation_id = member.organisation_id
    registration.organisation_name = member.organisation_name
    registration.function_group = member.function_group
    online = event.form == EventForm.HYBRIDE and member.circle.form == EventForm.ONLINE
    registration.attends = EventForm.ONLINE if online else EventForm.FYSIEK
    registration.category, registration.price_cents = entitlement.category, entitlement.price_cents
    registration.reason = entitlement.reason()
    registration.source = SOURCE
    registration.state = State.AWAITING_CONFIRMATION
    registration.wants_waiting = True
    # The mailbox was proven when joining, or the office vouched for it.
    registration.proven_at = registration.order.proven_at = now
    db.session.flush()
    return registration
