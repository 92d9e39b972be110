"""Somebody asks to join a circle: the mailbox is proven first, and where the circle says so a coordinator decides."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.circles import JoinPolicy, RequestState
from eventapp.domain.errors import AlreadyMember, CircleClosed, NotAdmitted, NotFound, TooManyRequests
from eventapp.domain.event_kinds import default_lines
from eventapp.domain.events import TargetGroup
from eventapp.domain.limits import LIMITS, Limit
from eventapp.domain.pricing import decide
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Circle, CircleMember, CircleRequest
from eventapp.queries.association import load_association
from eventapp.queries.circles import open_membership, running
from eventapp.queries.membership import organisation_of, proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.services import circle_meetings, one_time, people
from eventapp.services.audit import note
from eventapp.services.circle_members import Newcomer, join, lock_circle
from eventapp.services.knowing import Somebody
from eventapp.transaction import transaction

PURPOSE = "circle"
LINK_LIVES = timedelta(days=7)


class Outcome(NamedTuple):
    """What pressing the button led to: `member_token` opens their page of the circle, '' while somebody decides."""

    circle_name: str
    member_token: str


def ask(
    circle_id: int,
    who: Somebody,
    *,
    function_group: TargetGroup | None,
    message: str,
    visitor_key: str,
    now: datetime,
) -> None:
    """Mail a link that proves the address; nothing else happens, whoever it is.

    Refuses with NotFound, CircleClosed (over, or nobody joins by themselves) or TooManyRequests.
    """
    with transaction():
        circle = db.session.get(Circle, circle_id)
        if circle is None:
            raise NotFound()
        if circle.ended_at is not None or circle.join_policy == JoinPolicy.CLOSED:
            raise CircleClosed()
        _check_not_too_many(who.address, visitor_key, now)
        request = CircleRequest(
            circle=circle,
            given_name=who.given_name,
            infix=who.infix,
            family_name=who.family_name,
            address=who.address,
            function_group=function_group,
            message=message,
            visitor_key=visitor_key,
            created_at=now,
        )
        db.session.add(request)
        db.session.flush()
        until = now + LINK_LIVES
        token = one_time.make(PURPOSE, subject_id=request.id, address=who.address, expires_at=until, now=now)
        write(
            "circle_confirm",
            _recipient(request),
            purpose=f"circle_confirm-{request.id}",
            now=now,
            circle=circle,
            token=token,
            until=until,
        )


def _check_not_too_many(address: str, visitor_key: str, now: datetime) -> None:
    if _beyond(LIMITS["joining_to_mailbox"], CircleRequest.address == address, now):
        raise TooManyRequests()
    if visitor_key and _beyond(LIMITS["joining_by_visitor"], CircleRequest.visitor_key == visitor_key, now):
        raise TooManyRequests()


def _beyond(limit: Limit, whose: sa.ColumnElement[bool], now: datetime) -> bool:
    asked = sa.select(sa.func.count(CircleRequest.id)).where(CircleRequest.created_at > now - limit.over, whose)
    return (db.session.scalar(asked) or 0) >= limit.most


def linked(token: str, *, now: datetime) -> tuple[CircleRequest, bool]:
    """The request behind a link, and whether the link was used. Changes nothing. Refuses as a link does."""
    link = one_time.look(token, PURPOSE, now=now, used_is_fine=True)
    return db.session.get_one(CircleRequest, link.subject_id), link.used_at is not None


def prove(token: str, *, now: datetime) -> Outcome:
    """The link was followed and the button pressed: into the circle, or before its coordinator.

    Whose address proves no membership waits for the coordinator as well. Who is in the circle already is led to their
    page. Refuses with UnknownLink, UsedLink, ExpiredLink or CircleClosed.
    """
    with transaction():
        link = one_time.look(token, PURPOSE, now=now)
        request = db.session.get_one(CircleRequest, link.subject_id)
        circle = lock_circle(request.circle_id)
        one_time.use(token, PURPOSE, now=now)
        request.proven_at = now
        person = people.find_or_add(request.address, request.given_name, request.infix, request.family_name, now=now)
        people.mark_proven(person, request.address, now=now)
        by = Actor("person", request.address, person.id)
        member = open_membership(circle.id, person.id, local_date(now))
        if member is None and circle.join_policy == JoinPolicy.DIRECT and is_admitted(circle, request, now=now):
            member = _join(circle, request, by_hand=False, by=by, now=now)
        if member is None:
            _wait(circle, request, by=by, now=now)
        else:
            request.state, request.decided_at = RequestState.JOINED, now
        outcome, circle_id = Outcome(circle.name, member.token if member else ""), circle.id
    if outcome.member_token:
        circle_meetings.follow(circle_id, now=now)
    return outcome


def is_admitted(circle: Circle, request: CircleRequest, *, now: datetime) -> bool:
    """Whether what the proven address stands for lets somebody into a circle of this kind, today."""
    on = local_date(now)
    proofs = proofs_by_domain(request.address, on=on)
    person = people.find(request.address, request.given_name, request.infix, request.family_name)
    if person is not None:
        proofs = [*proofs, *proofs_by_naming(person.id, on=on), *proofs_by_status(person.id, on=on)]
    try:
        return decide(default_lines(circle.kind), proofs).price_cents == 0
    except NotAdmitted:
        return False


def decide_request(request_id: int, circle_id: int, *, accepted: bool, by: Actor, now: datetime) -> None:
    """The coordinator says yes or no; once decided it stays. Refuses with NotFound or CircleClosed."""
    with transaction():
        circle = lock_circle(circle_id)
        request = db.session.get(CircleRequest, request_id, populate_existing=True)
        if request is None or request.circle_id != circle_id or request.state != RequestState.AWAITING_APPROVAL:
            raise NotFound()
        request.decided_at, request.decided_by = now, by.name
        if accepted:
            request.state = RequestState.JOINED
            try:
                _join(circle, request, by_hand=not is_admitted(circle, request, now=now), by=by, now=now)
            except AlreadyMember:
                # The office added them meanwhile.
                return
        else:
            request.state = RequestState.DECLINED
            purpose = f"circle_declined-{request.id}"
            write("circle_declined", _recipient(request), purpose=purpose, now=now, circle=circle)
            note("circle_declined", "circle", circle.id, by=by, now=now, request_id=request.id)
    circle_meetings.follow(circle_id, now=now)


def _join(circle: Circle, request: CircleRequest, *, by_hand: bool, by: Actor, now: datetime) -> CircleMember:
    organisation = organisation_of(request.address)
    who = Somebody(request.address, request.given_name, request.infix, request.family_name)
    organisation_id = request.organisation_id or (organisation.id if organisation else None)
    newcomer = Newcomer(who, organisation_id=organisation_id, function_group=request.function_group, by_hand=by_hand)
    return join(circle, newcomer, first=local_date(now), by=by, now=now)


def _wait(circle: Circle, request: CircleRequest, *, by: Actor, now: datetime) -> None:
    if circle.ended_at is not None:
        raise CircleClosed()
    request.state = RequestState.AWAITING_APPROVAL
    note("circle_asked", "circle", circle.id, by=by, now=now, request_id=request.id)
    to = [row.staff for row in running(circle, local_date(now))]
    for address, name in [(one.address, one.name) for one in to] or [(load_association().email, "Secretariaat")]:
        write(
            "circle_request",
            Recipient(address, name),
            purpose=f"circle_request-{request.id}-{address}",
            now=now,
            circle=circle,
            request=request,
            asker=_name(request),
        )


def _name(request: CircleRequest) -> str:
    return formatting.full_name(request.given_name, request.infix, request.family_name)


def _recipient(request: CircleRequest) -> Recipient:
    return Recipient(request.address, _name(request))
