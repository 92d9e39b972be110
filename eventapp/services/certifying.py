"""Giving certificates of attendance, taking one back, and what is printed on those of an event.

What was given is never drawn from today's rows: it reads as it did then, under its own code.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.certificates import contact_minutes, new_code
from eventapp.domain.errors import CertificateRevoked, NotFound, PresenceNotFixed, WasNotThere
from eventapp.domain.jobs import JobKind
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.mail.papers import attends_online, place
from eventapp.models import Certificate, CertificateMeeting, CertificateTerms, Event, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.certificates import entitled, event_scope, latest, terms_of, there_among
from eventapp.services import jobs, mails
from eventapp.services.audit import note
from eventapp.services.carrying_out import Work
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction

BATCH = 25


@dataclass(frozen=True)
class Terms:
    """What the office says on the certificates of an event; `minutes` None is from begin to end."""

    minutes: int | None
    goals: str
    register_name: str
    register_number: str
    points: str


def set_terms(event_id: int, terms: Terms, *, by: Actor, now: datetime) -> None:
    """For certificates from now on; those that were given stay as they are. Refuses with NotFound."""
    with transaction() as session:
        lock_event(event_id)
        row = session.get(CertificateTerms, event_id) or CertificateTerms(event_id=event_id)
        for name, value in vars(terms).items():
            setattr(row, name, value)
        session.add(row)
        note("certificate_terms_changed", "event", event_id, by=by, now=now, event_id=event_id)


def issue(registration_id: int, *, by: Actor, now: datetime, anew: bool = False) -> Certificate:
    """The certificate of this person: the one they have when it still reads the same, else a new one.

    Refuses with NotFound (also for who was erased), PresenceNotFixed, WasNotThere, and CertificateRevoked unless it is
    given `anew`, as only the office does.
    """
    with transaction():
        registration = db.session.get(Registration, registration_id)
        if registration is None or not registration.address:
            raise NotFound()
        event = lock_event(registration.event_id)
        if event.presence_fixed_at is None:
            raise PresenceNotFixed()
        if not there_among([registration_id]):
            raise WasNotThere()
        facts = _facts(registration, event)
        return give(registration.person, event_scope(event.id), facts, [registration_id], by=by, now=now, anew=anew)


def give(
    person: Person,
    scope: str,
    facts: dict[str, Any],
    registration_ids: list[int],
    *,
    by: Actor,
    now: datetime,
    anew: bool = False,
) -> Certificate:
    """Within a transaction that keeps others from doing the same: the last one if it says this, else a new one."""
    last = latest(person.id, scope)
    if last and last.revoked_at and not anew:
        raise CertificateRevoked()
    name = {"given_name": person.given_name, "infix": person.infix, "family_name": person.family_name}
    if last and not last.revoked_at and last.facts == facts and all(getattr(last, k) == v for k, v in name.items()):
        return last
    given = Certificate(code=new_code(), person_id=person.id, scope=scope, facts=facts, issued_at=now, **name)
    given.meetings = [CertificateMeeting(registration_id=one) for one in registration_ids]
    db.session.add(given)
    db.session.flush()
    note("certificate_issued", "person", person.id, by=by, now=now, certificate=given.id)
    return given


def revoke(certificate_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """It holds no longer, and its page says so; twice is once. Refuses with NotFound."""
    with transaction():
        given = db.session.get(Certificate, certificate_id)
        if given is None:
            raise NotFound()
        if given.revoked_at is None:
            given.revoked_at, given.revoked_by, given.revoke_reason = now, by.name, reason
            note("certificate_revoked", "person", given.person_id, by=by, now=now, certificate=given.id)


def _facts(registration: Registration, event: Event) -> dict[str, Any]:
    """What stands on it, in words: the same event always reads the same."""
    terms = terms_of(event.id)
    minutes = contact_minutes(event.starts_at, event.ends_at, terms.minutes)
    return {
        "kind": wording.KINDS[event.kind],
        "title": event.title,
        "when": formatting.when(event.starts_at, event.ends_at),
        "place": "online" if attends_online(registration) else place(event),
        "hours": formatting.hours(minutes) if minutes else "",
        "goals": terms.goals,
        "register": register_words(terms),
        "issuer": load_association().name,
    }


def register_words(terms: CertificateTerms) -> list[list[str]]:
    """The register with number and points, as rows of a label and a value; only what the office filled in."""
    rows = [["Register", terms.register_name], ["Nummer", terms.register_number], ["Punten", terms.points]]
    return [row for row in rows if row[1]]


def mail(registration_id: int, *, by: Actor, now: datetime, again: str = "") -> bool:
    """Send somebody their certificate, once for each; `again` makes a repeat a purpose of its own.

    Answers whether a mail was written. Refuses as `issue`.
    """
    with transaction():
        given = issue(registration_id, by=by, now=now)
        registration = db.session.get_one(Registration, registration_id)
        return _write(given, registration, now=now, again=again)


def _write(given: Certificate, registration: Registration, *, now: datetime, again: str) -> bool:
    name = formatting.full_name(given.given_name, given.infix, given.family_name)
    return write(
        "certificate",
        Recipient(mails.to_person(registration).address, name, registration),
        purpose=f"certificate-{given.id}{again}",
        now=now,
        attachments=[{"draw": "certificate", "certificate_id": given.id}],
        event=registration.event,
        certificate=given,
    )


def ask_all(event_id: int, *, by: Actor, now: datetime) -> int:
    """Have a worker mail everybody who was there their certificate; answers the id of the job.

    Who got theirs already gets no second mail. Refuses with NotFound and PresenceNotFixed.
    """
    with transaction():
        event = lock_event(event_id)
        if event.presence_fixed_at is None:
            raise PresenceNotFixed()
        ids = [one.registration.id for one in entitled(event) if not (one.certificate and one.certificate.revoked_at)]
        return jobs.enqueue(JobKind.CERTIFICATES, {"event_id": event_id, "registrations": ids}, by=by, now=now)


def run(work: Work) -> None:
    """The job: some people at a time; who was corrected or erased meanwhile is left out."""
    ids = work.parameters["registrations"]
    while work.done < len(ids):
        with work.batch():
            some = ids[work.done : work.done + BATCH]
            for registration_id in some:
                _mail_if_due(registration_id, work)
            work.step(work.done + len(some), total=len(ids))


def _mail_if_due(registration_id: int, work: Work) -> None:
    """Nothing was written yet when one of these refuses."""
    try:
        mail(registration_id, by=work.by, now=work.clock())
    except (NotFound, PresenceNotFixed, WasNotThere, CertificateRevoked):
        return
