"""All that we know of the people at one mailbox, as plain data: what somebody asks for who wants to see or take it.

Secrets that open pages are left out, and so is what belongs to others: who merely reads the same mailbox is one of the
people at it.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import (
    Answer,
    AuditEntry,
    Breakout,
    CareAnswer,
    Certificate,
    CertificateMeeting,
    Choice,
    CircleAnswer,
    CircleMember,
    Event,
    EventProposal,
    FixedPresence,
    HandOver,
    Invitation,
    Invoice,
    ListLook,
    MailingRecipient,
    MailPreference,
    Order,
    OrganisationContact,
    OrganisationPerson,
    OutboxMail,
    PartnerConsent,
    Person,
    PersonNote,
    PersonStatus,
    PhotoChoice,
    PresenceCorrection,
    Registration,
    RegistrationLabel,
    Round,
    Scan,
    WaitingEntry,
)
from eventapp.queries import member
from eventapp.wording.privacy import DATA_AT_THE_OFFICE

# What opens a page or a door is no knowledge about somebody; what a mail looked like repeats its text.
_LEFT_OUT = frozenset(
    {"token", "pay_token", "answer_token", "code", "code_digest", "token_digest", "visitor_key", "submission_key"}
    | {"html", "attachments", "claimed_until", "name_key", "sort_key", "message_id", "purpose", "address_digest"}
    | {"hour_key"}
)


def own_data(address: str) -> dict[str, Any]:
    """Of each person at the address what stands under them at it; names of tables are the keys.

    What a person has at other addresses stays there, as these are other mailboxes. What hangs on the person alone is
    shown where nobody else can read it, at the address proven last; anywhere else the office hands it over.
    """
    people = member.people_at(address)
    return {
        "adres": address,
        "mensen": [_person(one, address, alone=len(people) == 1) for one in people],
        "voorkeuren": _rows(MailPreference, MailPreference.address_digest == digest(address)),
        "uitnodigingen": _rows(Invitation, Invitation.address == address),
        "overdrachten": _rows(HandOver, HandOver.address == address),
        "mails": _rows(OutboxMail, OutboxMail.to_address == address),
    }


def _person(person: Person, address: str, *, alone: bool) -> dict[str, Any]:
    mine = sa.and_(Registration.person_id == person.id, Registration.address == address)
    ids = sa.select(Registration.id).where(mine).scalar_subquery()
    orders = sa.select(Order.id).where(Order.booker_id == person.id, Order.address == address).scalar_subquery()
    circles = sa.and_(CircleMember.person_id == person.id, CircleMember.address == address)
    members = sa.select(CircleMember.id).where(circles).scalar_subquery()
    rests = sa.select(CertificateMeeting.certificate_id).where(CertificateMeeting.registration_id.in_(ids))
    known = {
        "contactpersoon": (
            OrganisationContact,
            sa.and_(OrganisationContact.person_id == person.id, OrganisationContact.address == address),
        ),
        "aanmeldingen": (Registration, mine),
        "wachtlijsten": (WaitingEntry, WaitingEntry.registration_id.in_(ids)),
        "labels": (RegistrationLabel, RegistrationLabel.registration_id.in_(ids)),
        "antwoorden": (Answer, Answer.registration_id.in_(ids)),
        "wensen": (CareAnswer, CareAnswer.registration_id.in_(ids)),
        "foto": (PhotoChoice, PhotoChoice.registration_id.in_(ids)),
        "partner": (PartnerConsent, PartnerConsent.registration_id.in_(ids)),
        "voorstellen": (
            EventProposal,
            sa.and_(EventProposal.person_id == person.id, EventProposal.address == address),
        ),
        "scans": (Scan, Scan.registration_id.in_(ids)),
        "presentie": (FixedPresence, FixedPresence.registration_id.in_(ids)),
        "correcties": (PresenceCorrection, PresenceCorrection.registration_id.in_(ids)),
        "bewijzen": (Certificate, sa.and_(Certificate.person_id == person.id, Certificate.id.in_(rests))),
        "kringen": (CircleMember, circles),
        "kringantwoorden": (CircleAnswer, CircleAnswer.member_id.in_(members)),
        "bestellingen": (Order, Order.id.in_(orders)),
        "facturen": (Invoice, Invoice.order_id.in_(orders)),
        "berichten": (
            MailingRecipient,
            sa.and_(MailingRecipient.person_id == person.id, MailingRecipient.address == address),
        ),
        "logboek": (AuditEntry, sa.and_(AuditEntry.subject == "registration", AuditEntry.subject_id.in_(ids))),
    }
    elsewhere = not (alone and _proven_last(person, address))
    if not elsewhere:
        known |= {
            "statussen": (PersonStatus, PersonStatus.person_id == person.id),
            "opgegeven": (OrganisationPerson, OrganisationPerson.person_id == person.id),
            "notities": (PersonNote, PersonNote.person_id == person.id),
            "lijsten": (ListLook, ListLook.person_id == person.id),
        }
    name = {"voornaam": person.given_name, "tussenvoegsel": person.infix, "achternaam": person.family_name}
    found = {what: _rows(model, where) for what, (model, where) in known.items()}
    found |= {"bijeenkomsten": _events(ids), "deelsessies": _breakouts(ids), "toestemmingen": _consents(ids)}
    return {**name, "functiegroep": person.function_group, "bekend_sinds": _plain(person.created_at), **found} | (
        {"bij_het_kantoor": DATA_AT_THE_OFFICE} if elsewhere else {}
    )


def _events(ids: sa.ScalarSelect[Any]) -> list[dict[str, Any]]:
    """What the numbers of events in the other lists stand for."""
    going = sa.select(Registration.event_id).where(Registration.id.in_(ids))
    events = sa.select(Event.id, Event.title, Event.starts_at).where(Event.id.in_(going)).order_by(Event.id)
    return [{"event_id": id_, "titel": title, "begin": _plain(at)} for id_, title, at in db.session.execute(events)]


def _breakouts(ids: sa.ScalarSelect[Any]) -> list[dict[str, Any]]:
    """What was chosen in each round; no title where that was nothing."""
    chosen = sa.select(Choice.registration_id, Round.title, Breakout.title, Choice.chosen_at).join(
        Round, Round.id == Choice.round_id
    )
    mine = chosen.outerjoin(Breakout, Breakout.id == Choice.breakout_id).where(Choice.registration_id.in_(ids))
    return [
        {"registration_id": id_, "ronde": title, "deelsessie": breakout, "gekozen": _plain(at)}
        for id_, title, breakout, at in db.session.execute(mine.order_by(Choice.registration_id, Choice.round_id))
    ]


def _consents(ids: sa.ScalarSelect[Any]) -> list[dict[str, Any]]:
    """What they said yes or no to, in the words that stood there then."""
    care = db.session.scalars(sa.select(CareAnswer).where(CareAnswer.registration_id.in_(ids)))
    photos = db.session.scalars(sa.select(PhotoChoice).where(PhotoChoice.registration_id.in_(ids)))
    shared = db.session.scalars(sa.select(PartnerConsent).where(PartnerConsent.registration_id.in_(ids)))
    return [
        *(
            _consent(one.registration_id, wording.CARE_CONSENTS[one.consent_text], True, one.consented_at)
            for one in care
            if one.consent_text
        ),
        *(
            _consent(one.registration_id, wording.PHOTO_TEXTS[one.text_version], one.agreed, one.answered_at)
            for one in photos
        ),
        *(
            _consent(
                one.registration_id,
                wording.partner_consent(one.text_version, one.organisation.name),
                one.stands,
                one.withdrawn_at or one.agreed_at,
            )
            for one in shared
        ),
    ]


def _consent(registration_id: int, text: str, agreed: bool, at: datetime | None) -> dict[str, Any]:
    return {"registration_id": registration_id, "tekst": text, "akkoord": agreed, "sinds": _plain(at)}


def _proven_last(person: Person, address: str) -> bool:
    """Whether no other mailbox of this person was proven as late as this one: an older one may be of a former job."""
    proven = {one.address: one.proven_at for one in person.addresses if one.proven_at}
    return address in proven and all(at < proven[address] for other, at in proven.items() if other != address)


def _rows(model: Any, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in model.__table__.columns if column.name not in _LEFT_OUT]
    order = list(model.__table__.primary_key.columns)
    found = db.session.execute(sa.select(*columns).where(where).order_by(*order)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
