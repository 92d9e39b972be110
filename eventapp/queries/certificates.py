"""Which certificates of attendance were given, who may have one, and does one still hold?"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.certificates import Verdict, verdict
from eventapp.domain.presence import WAS_THERE
from eventapp.extensions import db
from eventapp.models import (
    Certificate,
    CertificateMeeting,
    CertificateTerms,
    Event,
    FixedPresence,
    Person,
    Registration,
)


class Entitled(NamedTuple):
    """Somebody who was there, with the certificate they got last, if they did."""

    registration: Registration
    certificate: Certificate | None


def event_scope(event_id: int) -> str:
    """The scope of certificates of one event."""
    return f"event-{event_id}"


def circle_scope(circle_id: int) -> str:
    """The scope of certificates over a whole circle."""
    return f"circle-{circle_id}"


def terms_of(event_id: int) -> CertificateTerms:
    """What the office says of the event; an empty row, that is not kept, when it said nothing."""
    empty = CertificateTerms(event_id=event_id, minutes=None, goals="", register_name="", register_number="", points="")
    return db.session.get(CertificateTerms, event_id) or empty


def there_among(registration_ids: Collection[int]) -> set[int]:
    """Of which of these it is fixed that the person was there, and who was not erased."""
    there = sa.select(Registration.id).join(FixedPresence, FixedPresence.registration_id == Registration.id)
    there = there.where(FixedPresence.status.in_(WAS_THERE), Registration.address != "")
    return set(db.session.scalars(there.where(Registration.id.in_(registration_ids)))) if registration_ids else set()


def latest(person_id: int, scope: str) -> Certificate | None:
    """The certificate that somebody got last of this, revoked or not."""
    return db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.person_id == person_id, Certificate.scope == scope)
        .order_by(Certificate.id.desc())
        .limit(1)
    )


def certificate_by_code(code: str) -> Certificate | None:
    return db.session.scalar(sa.select(Certificate).where(Certificate.code == code))


def verdict_on(certificate: Certificate) -> Verdict:
    """Whether it holds today."""
    statuses = db.session.scalars(
        sa.select(FixedPresence.status)
        .select_from(CertificateMeeting)
        .outerjoin(FixedPresence, FixedPresence.registration_id == CertificateMeeting.registration_id)
        .where(CertificateMeeting.certificate_id == certificate.id)
    ).all()
    return verdict(
        revoked=certificate.revoked_at is not None,
        forgotten=not (certificate.given_name or certificate.family_name),
        meetings=len(statuses),
        presences=statuses,
    )


def entitled(event: Event) -> Sequence[Entitled]:
    """Everybody of whom it is fixed that they were there, by name; erased people are left out."""
    there = (
        sa.select(Registration)
        .join(FixedPresence, FixedPresence.registration_id == Registration.id)
        .join(Registration.person)
        .where(Registration.event_id == event.id, FixedPresence.status.in_(WAS_THERE), Registration.address != "")
        .options(joinedload(Registration.person), selectinload(Registration.tickets))
        .order_by(Person.sort_key, Registration.id)
    )
    given = sa.select(Certificate).where(Certificate.scope == event_scope(event.id)).order_by(Certificate.id)
    last = {one.person_id: one for one in db.session.scalars(given)}
    return [Entitled(one, last.get(one.person_id)) for one in db.session.scalars(there)]
