"""Certificates over a series: how many of the meetings of a circle somebody was at, while they belonged to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.certificates import contact_minutes
from eventapp.domain.circles import MemberRole
from eventapp.domain.errors import CertificateRevoked, NotFound, PresenceNotFixed, WasNotThere
from eventapp.domain.jobs import JobKind
from eventapp.domain.presence import WAS_THERE
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Certificate, Circle, CircleMember, Event, FixedPresence, Registration
from eventapp.queries.association import load_association
from eventapp.queries.certificates import circle_scope, latest, terms_of
from eventapp.queries.circle_facts import CircleFacts, circle_facts
from eventapp.queries.circles import meetings_of
from eventapp.services import certifying, jobs
from eventapp.services.carrying_out import Work
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


class Attended(NamedTuple):
    """The meetings that count for somebody, and of those where they were, with the registration of each."""

    counting: Sequence[Event]
    there: Sequence[tuple[Event, int]]


def attended(circle_id: int, person_id: int) -> Attended:
    """The meetings with fixed presence while this person was a member of the circle."""
    facts = circle_facts(circle_id)
    fixed = [event for event in meetings_of(circle_id) if event.presence_fixed_at]
    counting = [event for event in fixed if facts and _counts(facts, event, person_id)]
    there = sa.select(FixedPresence.event_id, FixedPresence.registration_id).join(
        Registration, Registration.id == FixedPresence.registration_id
    )
    there = there.where(Registration.person_id == person_id, FixedPresence.status.in_(WAS_THERE))
    ids = {row.event_id: row.registration_id for row in db.session.execute(there)}
    return Attended(counting, [(event, ids[event.id]) for event in counting if event.id in ids])


def _counts(facts: CircleFacts, event: Event, person_id: int) -> bool:
    found = facts.at(event).get(person_id)
    return found is not None and found.role == MemberRole.LID


def issue_series(circle_id: int, person_id: int, *, by: Actor, now: datetime, anew: bool = False) -> Certificate:
    """The certificate of this member over the circle as it is fixed now: the last one if it still reads the same.

    Refuses with NotFound (no member, or erased), PresenceNotFixed, WasNotThere and CertificateRevoked unless `anew`.
    """
    with transaction():
        circle, member = db.session.get(Circle, circle_id), _membership(circle_id, person_id)
        if circle is None or member is None or member.person.erased_at:
            raise NotFound()
        found = attended(circle_id, person_id)
        if not found.counting:
            raise PresenceNotFixed()
        if not found.there:
            raise WasNotThere()
        # Of two who ask at once the second finds the certificate of the first.
        lock_event(found.counting[0].id)
        found = attended(circle_id, person_id)
        ids = [registration_id for _, registration_id in found.there]
        facts = _facts(circle, found)
        return certifying.give(member.person, circle_scope(circle_id), facts, ids, by=by, now=now, anew=anew)


def _facts(circle: Circle, found: Attended) -> dict[str, Any]:
    """What stands on it, in words."""
    events = [event for event, _ in found.there]
    minutes = [contact_minutes(one.starts_at, one.ends_at, terms_of(one.id).minutes) for one in events]
    total = len(found.counting)
    return {
        "kind": wording.KINDS[circle.kind],
        "title": " ".join(filter(None, (circle.name, circle.season))),
        "when": formatting.days_range(found.counting[0].starts_at, found.counting[-1].starts_at),
        "place": "",
        "attended": wording.attended_of(len(events), total),
        "hours": formatting.hours(sum(minutes)) if all(minutes) else "",
        "meetings": [formatting.day_month(one.starts_at) for one in events],
        "goals": "",
        "register": [],
        "issuer": load_association().name,
    }


def _membership(circle_id: int, person_id: int) -> CircleMember | None:
    """The membership that somebody had last; its address is where mail goes."""
    own = sa.select(CircleMember).where(CircleMember.circle_id == circle_id, CircleMember.person_id == person_id)
    return db.session.scalar(own.order_by(CircleMember.id.desc()).limit(1))


def ask_all(circle_id: int, *, by: Actor, now: datetime) -> int:
    """Have a worker mail every member theirs; answers the id of the job. Refuses with PresenceNotFixed."""
    with transaction():
        if not any(event.presence_fixed_at for event in meetings_of(circle_id)):
            raise PresenceNotFixed()
        people = sa.select(CircleMember.person_id).where(CircleMember.circle_id == circle_id).distinct()
        ids = list(db.session.scalars(people.order_by(CircleMember.person_id)))
        return jobs.enqueue(JobKind.SERIES_CERTIFICATES, {"circle": circle_id, "people": ids}, by=by, now=now)


def run(work: Work) -> None:
    """The job: some people at a time; who was at none of the meetings gets nothing."""
    circle_id, ids = int(work.parameters["circle"]), work.parameters["people"]
    while work.done < len(ids):
        with work.batch():
            some = ids[work.done : work.done + certifying.BATCH]
            for person_id in some:
                _mail_if_due(circle_id, person_id, work)
            work.step(work.done + len(some), total=len(ids))


def _mail_if_due(circle_id: int, person_id: int, work: Work) -> None:
    """Nothing was written yet when one of these refuses."""
    try:
        given = issue_series(circle_id, person_id, by=work.by, now=work.clock())
    except (NotFound, PresenceNotFixed, WasNotThere, CertificateRevoked):
        return
    member = _membership(circle_id, person_id)
    if member is None or not member.address:
        return
    name = formatting.full_name(given.given_name, given.infix, given.family_name)
    write(
        "certificate",
        Recipient(member.address, name),
        purpose=f"certificate-{given.id}",
        now=work.clock(),
        attachments=[{"draw": "certificate", "certificate_id": given.id}],
        certificate=given,
    )


def latest_of_series(circle_id: int, person_id: int) -> Certificate | None:
    """The one that somebody got last over this circle."""
    return latest(person_id, circle_scope(circle_id))
