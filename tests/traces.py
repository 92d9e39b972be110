"""Somebody with a trace of themselves wherever this house keeps something: for tests of who may see it and how it goes.

What is personal holds the same mark, so that one search finds any of it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Role
from eventapp.domain.care import CARE_CONSENT, PHOTO_TEXT, Block
from eventapp.domain.circles import MeetingAnswer
from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.invoices import Buyer
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.looks import Looked, PeopleList
from eventapp.domain.mailings import Stream
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.domain.proposals import WhoPays
from eventapp.domain.questions import QuestionKind
from eventapp.domain.registrations import State
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import (
    Answer,
    BankRefund,
    CalendarFeed,
    CareAnswer,
    Choice,
    DeadAddress,
    Evaluation,
    EventBlock,
    EventProposal,
    ExternalIdentity,
    HandOver,
    IdempotentAnswer,
    Invitation,
    Job,
    JobFile,
    JobLine,
    MailboxMessage,
    MailPreference,
    Organisation,
    Person,
    PersonStatus,
    PhotoChoice,
    PresenceCorrection,
    ProposalRemark,
    Question,
    RegistrationLabel,
    RevenueRuleRow,
    SavedView,
    StaffMember,
    UserSession,
    WaitingEntry,
)
from eventapp.queries.audiences import Whom
from eventapp.services import (
    calendar_links,
    certifying,
    contacts,
    correcting,
    knowing,
    looking,
    one_time,
    person_notes,
    proof_links,
    signing_in,
    thanking,
)
from eventapp.services.audit import note
from eventapp.services.knowing import Somebody
from eventapp.services.mailing import Message
from eventapp.transaction import transaction
from tests.circling import added, asks, make_circle, make_meeting
from tests.circling import says as answers
from tests.evaluating import came, fix, says
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
    make_token,
)
from tests.invoicing import get, issued, make_ready
from tests.mailing import send_now
from tests.reading import all_mails, last_mail

OFFICE = Actor("staff", "Kees Kantoor", 1, frozenset({Role.SECRETARIAAT}))
GIVEN = "Quirijn"


@dataclass
class Traces:
    """Whose they are, the secrets that open their pages by kind, and the ids of rows of theirs by kind."""

    mark: str
    address: str
    secrets: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)


def leave_traces(mark: str) -> Traces:
    """Everything that somebody called Quirijn <Mark> can leave behind, most of it coming, some of it past."""
    domain = f"werk-{len(mark)}.example"
    left = Traces(mark, f"quirijn.{mark}@{domain}")
    organisation = make_organisation(f"Stichting {len(mark)}", domains=(domain,))
    person = make_person(GIVEN, "", mark.title(), address=left.address, proven=True)
    left.ids |= {"organisation": organisation.id, "person": person.id}
    _coming(left, person, organisation)
    _invoiced(left, person)
    _asked_over(left, person)
    _circle(left)
    _was_there(left, person)
    _of_the_organisation(left, organisation, person)
    _office(left, person)
    _proposed(left, person)
    _mail_and_sessions(left)
    return left


def _coming(left: Traces, person: Person, organisation: Organisation) -> None:
    event = make_event(title="Themadag", form=EventForm.HYBRIDE, online_url="https://meet.example/x")
    common = {"organisation_id": organisation.id, "organisation_name": organisation.name}
    coming = make_registration(event, person, function=f"{left.mark}ist", **common)
    coming.reason = {"category": "lid", "via": "guest", "guest_of": f"De {left.mark}"}
    left.secrets |= {"order": coming.order.token, "pay": coming.order.pay_token, "ticket": coming.ticket.token}
    left.secrets["code"] = coming.ticket.code
    left.ids |= {"registration": coming.id, "event": event.id}
    left.slugs["event"] = event.slug
    db.session.add(EventBlock(event_id=event.id, code=Block.DIET))
    consent = {"consent_text": CARE_CONSENT, "consented_at": NOW, "answered_at": NOW}
    db.session.add(CareAnswer(registration_id=coming.id, diets="", diet_other=f"geen {left.mark}", **consent))
    db.session.add(PhotoChoice(registration_id=coming.id, agreed=False, text_version=PHOTO_TEXT, answered_at=NOW))
    question = Question(event_id=event.id, position=1, kind=QuestionKind.TEXT, label="Waarom?", keep_days=30)
    db.session.add(question)
    db.session.flush()
    said = {"value": [f"Om de {left.mark}"], "answered_at": NOW}
    db.session.add(Answer(registration_id=coming.id, question_id=question.id, **said))
    db.session.add(RegistrationLabel(registration_id=coming.id, label=f"vip {left.mark}"))
    held = make_round(event)
    breakout = make_breakout(held, speakers=f"{GIVEN} {left.mark.title()} en Fatma Yıldız")
    speaks = {"round_id": held.id, "breakout_id": breakout.id, "speaks": True, "chosen_at": NOW}
    db.session.add(Choice(registration_id=coming.id, **speaks))
    waits = make_registration(make_event(title="Vol"), person, state=State.WAITLISTED, **common)
    entry = WaitingEntry(registration=waits, capacity=waits.event.capacities[0], token=new_token(), joined_at=NOW)
    db.session.add(entry)
    db.session.commit()
    left.secrets["waiting"] = entry.token
    proof = one_time.make(
        proof_links.PURPOSE, subject_id=coming.order_id, address=left.address, expires_at=_later(), now=NOW
    )
    change = one_time.make(
        correcting.CHANGE_PURPOSE, subject_id=coming.id, address=left.address, expires_at=_later(), now=NOW
    )
    db.session.commit()
    left.secrets |= {"proof": proof, "change": change}


def _later():
    return NOW + timedelta(days=7)


def _invoiced(left: Traces, person: Person) -> None:
    if not db.session.query(RevenueRuleRow).count():
        make_ready()
    event = make_event(title="Masterclass", prices={Category.NIET_LID: 14500})
    paid = make_registration(event, person, category=Category.NIET_LID, price_cents=14500)
    buyer = Buyer(
        legal_name=f"Stichting {left.mark}",
        attention=f"{GIVEN} {left.mark}",
        street=f"{left.mark}straat",
        house_number="12",
        postcode="2803 PA",
        city="Gouda",
        kvk="00000001",
        address=f"facturen@{left.mark}.example",
    )
    invoice = get(issued(paid.order, buyer))
    left.secrets |= {"invoice": invoice.token, "paid order": paid.order.token}
    left.ids |= {"paid registration": paid.id, "invoice": invoice.id}
    account = {"iban": "NL91ABNA0417164300", "holder": f"Q. {left.mark}", "since": NOW}
    db.session.add(BankRefund(order_id=paid.order_id, invoice_id=invoice.id, amount_cents=500, **account))
    db.session.commit()


def _asked_over(left: Traces, person: Person) -> None:
    """Somebody else's place was offered to them, they offered theirs, and they are invited elsewhere."""
    name = {"given_name": GIVEN, "infix": "", "family_name": left.mark.title()}
    others = make_registration(make_event(title="Van een ander"))
    given = make_registration(make_event(title="Weggegeven"), person)
    offers = [(others, left.address, name), (given, "bram@elders.example", name | {"given_name": "Bram"})]
    for registration, address, who in offers:
        offer = HandOver(registration=registration, token=new_token(), address=address, created_at=NOW, **who)
        offer.state = HandOverState.OFFERED
        db.session.add(offer)
    db.session.flush()
    left.secrets["hand over"] = db.session.query(HandOver).filter_by(address=left.address).one().token
    left.ids["given registration"] = given.id
    tokens = {"token": new_token(), "answer_token": new_token()}
    message = f"Dag {left.mark}, komt u ook?"
    invited = Invitation(event=make_event(), address=left.address, sent_at=NOW, message=message, **name, **tokens)
    db.session.add(invited)
    db.session.commit()
    left.secrets |= {"invitation": invited.token, "answer": invited.answer_token}


def _circle(left: Traces) -> None:
    circle = make_circle(slug=f"kring-{left.ids['person']}")
    meeting = make_meeting(circle)
    who = Somebody(left.address, GIVEN, "", left.mark.title())
    left.secrets["member"] = added(circle, who)
    answers(left.secrets["member"], meeting, MeetingAnswer.VERHINDERD, reason=f"Naar de {left.mark}")
    left.secrets["joining"] = asks(make_circle(slug=f"andere-{left.ids['person']}"), who)
    left.slugs["meeting"] = meeting.slug


def _was_there(left: Traces, person: Person) -> None:
    event = make_event(title="Vorige keer", starts_at=NOW - timedelta(days=1))
    registrations = [make_registration(event, person)] + [make_registration(event) for _ in range(5)]
    for registration in registrations:
        came(registration)
    mine, event_id = registrations[0], event.id
    left.secrets["past ticket"], left.ids["past registration"] = mine.ticket.token, mine.id
    changed = {"to_status": PresenceStatus.AANWEZIG, "reason": f"{left.mark} kwam later", "at": NOW, "by_name": "Kees"}
    db.session.add(PresenceCorrection(event_id=event_id, registration_id=mine.id, **changed))
    db.session.commit()
    fix(event_id)
    left.secrets["certificate"] = certifying.issue(left.ids["past registration"], by=OFFICE, now=NOW).code
    thanking.thank_due(now=NOW)
    mail = last_mail_to(left.address, "thanks")
    left.secrets["evaluation"] = mail.text.split("/evaluatie/")[1].split()[0]


def last_mail_to(address: str, kind: str):
    return [mail for mail in all_mails() if (mail.kind, mail.to_address) == (kind, address)][-1]


def _of_the_organisation(left: Traces, organisation: Organisation, person: Person) -> None:
    who = Somebody(left.address, GIVEN, "", left.mark.title())
    done = {"by": OFFICE, "now": NOW}
    contacts.add_contact(organisation.id, who, first=date(2027, 1, 1), receives_invoices=True, **done)
    looked = Looked(PeopleList.ORGANISATION, 3, as_file=False, organisation_id=organisation.id)
    looking.keep(looked, by=Actor("person", GIVEN, person.id), now=NOW)
    knowing.name_person(organisation.id, person.id, until=date(2027, 12, 31), **done)
    db.session.add(PersonStatus(person_id=person.id, category=Category.AMBASSADEUR, starts_on=date(2024, 1, 1)))
    db.session.commit()


def _proposed(left: Traces, person: Person) -> None:
    proposal = EventProposal(
        person_id=person.id,
        address=left.address,
        title=f"Werkbezoek bij {left.mark}",
        kind=EventKind.WERKBEZOEK,
        form=EventForm.FYSIEK,
        starts_at=NOW + timedelta(days=60),
        ends_at=NOW + timedelta(days=60, hours=2),
        place=f"Kindcentrum {left.mark}",
        for_whom=f"Buren van {left.mark}",
        text=f"Vraag naar {left.mark}.",
        pays=WhoPays.NOBODY,
        created_at=NOW,
        remarks=[ProposalRemark(text=f"Dag {left.mark}", written_at=NOW)],
    )
    db.session.add(proposal)
    db.session.commit()
    left.ids["proposal"] = proposal.id


def _office(left: Traces, person: Person) -> None:
    staff = db.session.scalar(sa.select(StaffMember).limit(1))
    if staff is None:
        staff = StaffMember(address="kantoor@kindcentra.example", name="Kees Kantoor", role=Role.BEHEERDER)
        staff.created_at = NOW
        db.session.add(staff)
        db.session.commit()
    person_notes.write(person.id, f"Belt graag: de {left.mark}", by=OFFICE, now=NOW)
    view = {"name": f"Van {left.mark}", "query": f"zoek={GIVEN}+{left.mark}", "created_at": NOW}
    db.session.add(SavedView(staff_id=staff.id, **view))
    job = Job(kind=JobKind.IMPORT_PREVIEW, state=JobState.DONE, actor_kind="staff", actor_name="Kees", created_at=NOW)
    job.finished_at = NOW
    db.session.add(job)
    db.session.flush()
    content = f"voornaam;achternaam;e-mail\n{GIVEN};{left.mark};{left.address}\n".encode()
    file = {"role": "input", "name": "mensen.csv", "content_type": "text/csv", "content": content}
    db.session.add(JobFile(job_id=job.id, **file))
    db.session.add(JobLine(job_id=job.id, line=2, outcome="new", facts={"title": f"{GIVEN} {left.mark.title()}"}))
    token, _ = make_token()
    body = {"request_digest": "d", "status": 201, "body": f'{{"name": "{left.mark}"}}', "created_at": NOW}
    db.session.add(IdempotentAnswer(token_id=token.id, key=f"k-{left.mark}", **body))
    db.session.commit()
    with transaction():
        about = {"event_id": left.ids["event"], "why": f"De {left.mark} belde"}
        note("added_by_hand", "registration", left.ids["registration"], by=OFFICE, now=NOW, **about)
        own = Actor("person", left.address, person.id)
        note("signed_in", "session", 1, by=own, now=NOW)


def _mail_and_sessions(left: Traces) -> None:
    message = Message(Whom(Stream.EVENT, event_id=left.ids["event"]), "Bericht", "Tot dan!")
    send_now(message)
    calendar_links.make(left.address, by=Actor("person", left.address), now=NOW)
    left.secrets["calendar"] = db.session.query(CalendarFeed).filter_by(address=left.address).one().token
    wishes = MailPreference(address_digest=digest(left.address), token=new_token(), off="", used_at=NOW)
    db.session.merge(wishes)
    db.session.add(DeadAddress(address=left.address, since=NOW, reason="550", noted_by=""))
    account = {"issuer": "https://login.example", "subject": f"s-{left.mark}", "address": left.address}
    db.session.add(ExternalIdentity(created_at=NOW, last_seen_at=NOW, **account))
    expires = {"created_at": NOW, "expires_at": _later()}
    db.session.add(UserSession(token_digest=digest(f"old {left.mark}"), address=left.address, **expires))
    letter = {"to_address": left.address, "subject": f"Dag {left.mark}", "message": f"Dag {left.mark}".encode()}
    db.session.add(MailboxMessage(received_at=NOW, **letter))
    db.session.commit()
    left.secrets["wishes"] = db.session.get_one(MailPreference, digest(left.address)).token
    signing_in.request_link(left.address, visitor_key=f"v {left.mark}", now=NOW)
    left.secrets["sign in"] = last_mail("sign_in").text.split("/inloggen/")[1].split()[0].split("?")[0]


def answered_evaluation(left: Traces) -> None:
    """A remark with their name under it; uses up the link."""
    db.session.execute(sa.update(Evaluation).values(named=True))
    db.session.commit()
    says(left.secrets["evaluation"], remark=f"Mooi, die {left.mark}", named=True)
