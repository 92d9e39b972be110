"""What do we no longer need to know? The nightly sweep that empties personal data whose term is over."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventapp.domain.logbook import TYPED
from eventapp.domain.registrations import LIVE
from eventapp.domain.retention import TERMS
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    CalendarFeed,
    CircleMember,
    DeadAddress,
    Event,
    ExternalIdentity,
    HandOver,
    IdempotentAnswer,
    Invitation,
    Job,
    JobFile,
    JobLine,
    LinkDismissal,
    MailboxMessage,
    MailState,
    OneTimeLink,
    Order,
    OrganisationContact,
    OrganisationDomain,
    OrganisationPerson,
    OutboxMail,
    PendingDetails,
    Person,
    PersonAddress,
    PersonNote,
    PersonStatus,
    Registration,
    RegistrationLabel,
    SavedView,
    StaffMember,
    SweepReport,
    UserSession,
)
from eventapp.services import (
    forgetting_answers,
    forgetting_bank_details,
    forgetting_circles,
    forgetting_evaluations,
    forgetting_invoices,
    forgetting_mailings,
    forgetting_presence,
    forgetting_proposals,
    forgetting_staff,
    looking,
)
from eventapp.services.changing_rows import delete_rows, update_rows
from eventapp.transaction import transaction

# What a person looks like once forgotten; the addresses are rows of their own and go.
EMPTY_PERSON: dict[str, str | None] = {
    "given_name": "",
    "infix": "",
    "family_name": "",
    "sort_key": "",
    "function_group": None,
}
# The same for a mail, of which purpose, kind and times stay.
EMPTY_MAIL: dict[str, Any] = {
    "to_address": "",
    "to_name": "",
    "subject": "",
    "text": "",
    "html": "",
    "attachments": [],
    "last_error": "",
    "to_domain": None,
}


@dataclass(frozen=True)
class Swept:
    """How many of each were emptied or removed."""

    registrations: int
    invitations: int
    hand_overs: int
    orders: int
    people: int
    visitors: int
    mails: int
    mailbox: int
    sessions: int
    links: int
    identities: int
    audit: int
    looks: int
    answers: int
    job_files: int
    jobs: int
    care: int
    replies: int
    photos: int
    sharing: int
    badges: int
    bank_details: int
    invoices: int
    circles: int
    corrections: int
    certificates: int
    evaluations: int
    mailings: int
    proposals: int
    notes: int
    saved_views: int
    staff: int

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
                invitations=_invitations(now),
                hand_overs=_hand_overs(now),
                orders=_orders(),
                circles=forgetting_circles.circles(now=now),
                people=_people(now),
                visitors=_visitors(now),
                mails=_mails(now),
                mailbox=delete_rows(MailboxMessage, MailboxMessage.received_at < TERMS["mailbox"].before(now)),
                sessions=delete_rows(UserSession, UserSession.expires_at < TERMS["sessions"].before(now)),
                links=delete_rows(OneTimeLink, OneTimeLink.expires_at < TERMS["links"].before(now)),
                identities=delete_rows(
                    ExternalIdentity, ExternalIdentity.last_seen_at < TERMS["identities"].before(now)
                ),
                audit=_audit(now),
                looks=looking.forget(now=now),
                answers=delete_rows(IdempotentAnswer, IdempotentAnswer.created_at < TERMS["answers"].before(now)),
                job_files=_job_files(now),
                jobs=delete_rows(Job, _job_ended() < TERMS["jobs"].before(now)),
                care=forgetting_answers.care(now=now),
                replies=forgetting_answers.replies(now=now),
                photos=forgetting_answers.photos(),
                sharing=forgetting_answers.sharing(),
                badges=forgetting_answers.badges(),
                bank_details=forgetting_bank_details.bank_details(now=now),
                invoices=forgetting_invoices.empty_old(now=now),
                corrections=forgetting_presence.corrections(now=now),
                certificates=forgetting_presence.certificates(now=now),
                evaluations=forgetting_evaluations.evaluations(now=now),
                mailings=forgetting_mailings.mailings(now=now),
                proposals=forgetting_proposals.proposals(now=now),
                notes=delete_rows(PersonNote, PersonNote.written_at < TERMS["notes"].before(now)),
                saved_views=_saved_views(now),
                staff=forgetting_staff.staff(now=now),
            )
            if dry_run:
                raise _DryRun
            _keep_report(swept, now)
    except _DryRun:
        pass
    assert swept is not None
    return swept


def _keep_report(swept: Swept, now: datetime) -> None:
    """What went, as numbers; a night in which nothing went is not worth a row."""
    if swept.total:
        counts = {name: count for name, count in asdict(swept).items() if count}
        db.session.add(SweepReport(swept_at=now, counts=counts))


def _registrations(now: datetime) -> int:
    """Organisation, function group, category and price stay for the yearly account; what a person typed goes."""
    ended = sa.select(Event.id).where(Event.ends_at < TERMS["registrations"].before(now))
    ended_for_withdrawn = sa.select(Event.id).where(Event.ends_at < TERMS["withdrawn"].before(now))
    too_old = sa.or_(
        Registration.event_id.in_(ended),
        sa.and_(Registration.state.not_in(LIVE), Registration.event_id.in_(ended_for_withdrawn)),
    )
    kept = sa.and_(too_old, Registration.address != "")
    return empty_registrations(kept)


def empty_registrations(kept: sa.ColumnElement[bool]) -> int:
    """Within a transaction: these lose who it was; answers how many."""
    _namers(kept)
    _came_from(kept)
    delete_rows(RegistrationLabel, RegistrationLabel.registration_id.in_(sa.select(Registration.id).where(kept)))
    return update_rows(
        Registration,
        kept,
        address="",
        mail_domain="",
        organisation_name="",
        function="",
        claimed_organisation="",
    )


def _invitations(now: datetime) -> int:
    """One that became a registration is kept as long as that; how many were invited stays for the yearly account."""
    ended = sa.select(Event.id).where(Event.ends_at < TERMS["invitations"].before(now))
    kept = sa.exists().where(Registration.id == Invitation.registration_id, Registration.address != "")
    old = sa.and_(Invitation.event_id.in_(ended), Invitation.address != "", ~kept)
    name = {"given_name": "", "infix": "", "family_name": "", "person_id": None}
    return update_rows(Invitation, old, address="", message="", **name)


def _hand_overs(now: datetime) -> int:
    """Whom somebody asked to come instead: as long as who was invited; whoever came is a registration of their own."""
    ended = sa.select(Event.id).where(Event.ends_at < TERMS["invitations"].before(now))
    of_old = HandOver.registration_id.in_(sa.select(Registration.id).where(Registration.event_id.in_(ended)))
    old = sa.and_(of_old, HandOver.address != "")
    return update_rows(HandOver, old, address="", given_name="", infix="", family_name="")


def _namers(where: sa.ColumnElement[bool]) -> None:
    """The reason stays, but not the name in it: of the contact person, or of whose guest somebody was."""
    for via, fact in (("named", "detail"), ("guest", "guest_of")):
        named = sa.and_(where, Registration.reason["via"].as_string() == via)
        for row in db.session.execute(sa.select(Registration.id, Registration.reason).where(named)).all():
            update_rows(Registration, Registration.id == row.id, reason={**row.reason, fact: ""})


def _came_from(where: sa.ColumnElement[bool]) -> None:
    """To which organisation the mail domain belongs stays for the yearly account, where nothing else says it."""
    of_domain = sa.select(OrganisationDomain.organisation_id).where(
        OrganisationDomain.domain == Registration.mail_domain
    )
    unsaid = sa.and_(where, Registration.organisation_id.is_(None), Registration.mail_domain != "")
    update_rows(Registration, unsaid, organisation_id=of_domain.scalar_subquery())


def _orders() -> int:
    """An order is emptied with the last of its registrations."""
    known = sa.exists().where(Registration.order_id == Order.id, Registration.address != "")
    return update_rows(Order, sa.and_(Order.address != "", ~known), address="", visitor_key="", invoice_buyer={})


def _people(now: datetime) -> int:
    """Who has nothing left that is kept loses all of it.

    That is: no registration, booking, status, naming, circle or organisation.
    """
    longest = TERMS["registrations"].before(now)
    attends = sa.exists().where(Registration.person_id == Person.id, Registration.address != "")
    booked = sa.exists().where(Order.booker_id == Person.id, Order.address != "")
    still = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= local_date(longest))
    has_status = sa.exists().where(PersonStatus.person_id == Person.id, still)
    is_named = sa.exists().where(
        OrganisationPerson.person_id == Person.id, OrganisationPerson.ends_on >= local_date(longest)
    )
    acts = sa.or_(OrganisationContact.ends_on.is_(None), OrganisationContact.ends_on >= local_date(longest))
    is_contact = sa.exists().where(OrganisationContact.person_id == Person.id, acts)
    in_circle = sa.exists().where(CircleMember.person_id == Person.id, CircleMember.address != "")
    had_registration = sa.exists().where(Registration.person_id == Person.id)
    idle = sa.or_(had_registration, Person.created_at < longest)
    nothing_newer = sa.and_(
        Person.erased_at.is_(None), idle, ~attends, ~booked, ~has_status, ~is_named, ~is_contact, ~in_circle
    )
    ids = list(db.session.scalars(sa.select(Person.id).where(nothing_newer)))
    forget_people(ids, now=now)
    return len(ids)


def forget_people(ids: list[int], *, now: datetime) -> None:
    """Within a transaction: these lose their name, and all that is known of them and nobody else."""
    for some in _portions(ids):
        _out_of_the_log(some)
        delete_rows(PersonAddress, PersonAddress.person_id.in_(some))
        delete_rows(PersonStatus, PersonStatus.person_id.in_(some))
        delete_rows(OrganisationPerson, OrganisationPerson.person_id.in_(some))
        delete_rows(OrganisationContact, OrganisationContact.person_id.in_(some))
        delete_rows(LinkDismissal, LinkDismissal.person_id.in_(some))
        forgetting_proposals.of_people(some)
        delete_rows(PersonNote, PersonNote.person_id.in_(some))
        update_rows(Person, Person.id.in_(some), **EMPTY_PERSON, erased_at=now)
    _calendar_links()
    _dead_addresses()


def _out_of_the_log(person_ids: list[int]) -> None:
    """Under the id or under an address, unless that is also of somebody who stays."""
    other = aliased(PersonAddress)
    shared = sa.exists().where(other.address == PersonAddress.address, other.person_id.not_in(person_ids))
    own = sa.select(PersonAddress.address).where(PersonAddress.person_id.in_(person_ids), ~shared)
    theirs = sa.or_(AuditEntry.actor_id.in_(person_ids), AuditEntry.actor_name.in_(own))
    update_rows(AuditEntry, sa.and_(AuditEntry.actor_kind == "person", theirs), actor_name="")


def _calendar_links() -> None:
    """The link to a calendar goes with the last person at its address; staff keep theirs."""
    known = sa.exists().where(PersonAddress.address == CalendarFeed.address)
    staff = sa.exists().where(StaffMember.address == CalendarFeed.address)
    delete_rows(CalendarFeed, ~known & ~staff)


def _dead_addresses() -> None:
    """That an address does not work is kept while it is somebody's, or stands on a mail."""
    known = sa.exists().where(PersonAddress.address == DeadAddress.address)
    mailed = sa.exists().where(OutboxMail.to_address == DeadAddress.address)
    delete_rows(DeadAddress, ~known & ~mailed)


def _portions(ids: list[int], size: int = 500) -> list[list[int]]:
    """A database takes only so many values in one statement."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _visitors(now: datetime) -> int:
    """From where somebody booked only matters for the limits against flooding."""
    return update_rows(
        Order,
        sa.and_(Order.visitor_key != "", Order.created_at < TERMS["visitors"].before(now)),
        visitor_key="",
    )


def _mails(now: datetime) -> int:
    """What was sent, or given up, keeps its purpose, kind and times: it is still never sent twice."""
    done = OutboxMail.state.in_((MailState.SENT, MailState.FAILED))
    at = sa.func.coalesce(OutboxMail.sent_at, OutboxMail.created_at)
    # The last mail to who asked to be forgotten has done its work when it left.
    needless = sa.or_(at < TERMS["mails"].before(now), OutboxMail.kind == "erased")
    emptied = update_rows(OutboxMail, sa.and_(done, needless, OutboxMail.to_address != ""), **EMPTY_MAIL)
    _dead_addresses()
    return emptied


def _audit(now: datetime) -> int:
    """The act and its codes and numbers stay; who did it, and what anybody typed with it, go.

    Each by itself: a line that lost its actor earlier, or never had one, may still hold what was typed.
    """
    update_rows(PendingDetails, PendingDetails.changed_at < TERMS["audit"].before(now), changed_by="")
    old = AuditEntry.at < TERMS["audit"].before(now)
    typed = sa.or_(*(AuditEntry.facts[name].as_string().is_not(None) for name in sorted(TYPED)))
    rows = db.session.execute(sa.select(AuditEntry.id, AuditEntry.actor_name, AuditEntry.facts).where(old, typed)).all()
    for row in rows:
        kept = {name: value for name, value in row.facts.items() if name not in TYPED}
        update_rows(AuditEntry, AuditEntry.id == row.id, facts=kept)
    unnamed = sum(not row.actor_name for row in rows)
    return unnamed + update_rows(AuditEntry, sa.and_(old, AuditEntry.actor_name != ""), actor_name="")


def _job_files(now: datetime) -> int:
    """What went into long work, what came out, and its lines; how much it was stays with the job."""
    old = sa.select(Job.id).where(_job_ended() < TERMS["job_files"].before(now))
    delete_rows(JobLine, JobLine.job_id.in_(old))
    return delete_rows(JobFile, JobFile.job_id.in_(old))


def _saved_views(now: datetime) -> int:
    """Of the views that staff keep those that look for words: these are often a name."""
    words = sa.or_(SavedView.query.startswith("zoek="), SavedView.query.contains("&zoek="))
    return delete_rows(SavedView, sa.and_(words, SavedView.created_at < TERMS["saved_views"].before(now)))


def _job_ended() -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(Job.finished_at, Job.created_at)
