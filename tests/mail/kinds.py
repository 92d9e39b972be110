"""Every kind of mail with real rows, written by the functions that the use cases call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.care import Block
from eventapp.domain.circles import JoinPolicy
from eventapp.domain.erasing import Kept
from eventapp.domain.event_details import Told
from eventapp.domain.events import EventForm, EventKind, EventState, Field
from eventapp.domain.mailings import Stream
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.proposals import Proposal, WhoPays
from eventapp.domain.registrations import Review, State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import (
    BankRefund,
    Choice,
    Event,
    EventBlock,
    HandOver,
    Invitation,
    OutboxMail,
    PaymentAttempt,
    Presence,
    Refund,
    Registration,
    WaitingEntry,
)
from eventapp.queries.audiences import Whom
from eventapp.queries.circles import members_of, requests_of
from eventapp.services import (
    certifying,
    choosing_again,
    circle_joining,
    circle_members,
    crediting,
    fixing,
    inviting,
    invoice_papers,
    mails,
    matching,
    organising,
    paying_back,
    proposing,
    queueing,
    reminding,
    thanking,
)
from eventapp.services.mailing import Message
from eventapp.services.organising import details_of
from eventapp.transaction import transaction
from tests.booking import make_ambassador
from tests.circling import MARIEKE, added, asks, make_circle, make_meeting
from tests.evaluating import came, fix
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)
from tests.invoicing import BUYER, TREASURER, issued, make_order, make_ready
from tests.mailing import send_now

TITLE = "Themadag 2027: samen & sterk"
NAME = "Marieke van der Meulen"
BREAKOUT = "Bouwen & verbouwen"
BRAM = "bram@zonnevlinder.example"
_numbers = count(1)
HELD_UNTIL = NOW + timedelta(days=3)
AWAITING_PROOF = {"state": State.AWAITING_CONFIRMATION, "expires_at": HELD_UNTIL}
AWAITING_PAYMENT = {
    "state": State.AWAITING_PAYMENT,
    "expires_at": HELD_UNTIL,
    "category": Category.NIET_LID,
    "price_cents": 9500,
    "organisation_name": "",
}
CANCELLED = {"state": State.CANCELLED, "confirmed_at": NOW}
CLAIMED = {"claimed_organisation": "Stichting De Klimop"}


def themadag(**more: object) -> Event:
    route = "Vanaf station Utrecht Centraal tien minuten lopen. Parkeren kan in de garage eronder."
    return make_event(**({"title": TITLE, "route": route} | more))


def somebody(event: Event | None = None, *, address: str = "", **more: object) -> Registration:
    confirmed_at = more.pop("confirmed_at", None)
    address = address or f"team{next(_numbers)}@zonnevlinder.example"
    person = make_person("Marieke", "van der", "Meulen", address=address)
    registration = make_registration(event or themadag(), person, **more)
    registration.confirmed_at = registration.confirmed_at or confirmed_at
    db.session.commit()
    return registration


def group() -> Registration:
    """Somebody in an order with a colleague."""
    registration = somebody()
    other = make_registration(registration.event, make_person("Bram", "", "Bakker"))
    other.order = registration.order
    db.session.commit()
    return registration


def group_to_booker(kind: str, *, pays: bool = False, **words: object) -> Callable[[], None]:
    """A mail to whoever booked several people, one of whom has to confirm by a link of their own."""

    def written() -> None:
        changes = AWAITING_PAYMENT if pays else AWAITING_PROOF
        registration = somebody(**changes)
        bram = make_person("Bram", "", "Bakker", address=f"bram{next(_numbers)}@elders.example")
        other = make_registration(registration.event, bram, **changes)
        other.order = registration.order
        db.session.commit()
        people = [registration, other]
        mails.to_payer(kind, registration.order, now=NOW, key="test", people=people, **words)

    return written


def colleague(**more: object) -> Registration:
    """Somebody whom another registered along."""
    registration = somebody(**more)
    bram = make_person("Bram", "", "Bakker", address=f"bram{next(_numbers)}@elders.example")
    registration.order.booker, registration.order.address = bram, bram.address
    registration.order.proven_at = NOW
    db.session.commit()
    return registration


def proof_of_colleague() -> None:
    words = {"token": new_token(), "holds_place": True, "until": HELD_UNTIL}
    mails.about("confirm_address", colleague(**AWAITING_PROOF, price_cents=4500), now=NOW, **words)


def purpose() -> str:
    return f"test-{next(_numbers)}"


def attempt_of(registration: Registration, outcome: Outcome) -> PaymentAttempt:
    attempt = PaymentAttempt(
        order=registration.order,
        token=new_token(),
        idempotency_key=new_token(),
        amount_cents=9500,
        status=AttemptStatus.PAID,
        outcome=outcome,
        mode="test",
        created_at=NOW,
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt


def about(kind: str, **more: object) -> Callable[[], None]:
    """A mail about one registration; `words` are those of the mail, the rest describes the registration."""
    words = more.pop("words", {})
    event = more.pop("event", {})

    def written() -> None:
        mails.about(kind, somebody(themadag(**event), **more), now=NOW, **words)

    return written


def proof(kind: str, *, held: bool = True, **more: object) -> Callable[[], None]:
    def written() -> None:
        registration = somebody(**AWAITING_PROOF | more)
        mails.about(kind, registration, now=NOW, token=new_token(), holds_place=held, until=HELD_UNTIL)

    return written


def by_bank(step: str) -> Callable[[], None]:
    """A mail about money that goes back by bank: too much came in on an invoice."""

    def written() -> None:
        make_ready()
        order_id = (order := make_order(event=themadag())).id
        matching.match(issued(order), 19500, received_on=NOW.date(), by=TREASURER, now=NOW)
        if step != "asked":
            paying_back.give_details(order_id, "NL20 INGB 0001 2345 67", "PO Veenrand", by=TREASURER, now=NOW)
        if step == "paid":
            row_id = db.session.scalars(sa.select(sa.func.max(BankRefund.id))).one()
            paying_back.mark_done(row_id, NOW.date(), by=TREASURER, now=NOW)

    return written


def money_back(outcome: Outcome, **event: object) -> Callable[[], None]:
    def written() -> None:
        state = State.CONFIRMED if outcome == Outcome.PAID_TWICE else State.CANCELLED
        attempt = attempt_of(somebody(themadag(**event), price_cents=9500, state=state), outcome)
        mails.to_payer("money_back", attempt.order, now=NOW, key="1", outcome=outcome.value, attempt=attempt)

    return written


def money_back_by_hand() -> None:
    attempt = attempt_of(somebody(price_cents=9500, state=State.CONFIRMED), Outcome.CONFIRMED)
    words = {"outcome": "by_hand", "attempt": attempt, "back_cents": 2500, "why": "de lunch verviel"}
    mails.to_payer("money_back", attempt.order, now=NOW, key="refund-1", **words)


def office(what: str, outcome: Outcome | None = None, **changes: object) -> Callable[[], None]:
    def written() -> None:
        registration = somebody(**AWAITING_PROOF | {"review": Review.PENDING} | CLAIMED)
        words: dict[str, object] = {}
        if outcome:
            words["attempt"] = attempt = attempt_of(registration, outcome)
            for name, value in changes.items():
                setattr(attempt, name, value)
            db.session.commit()
        mails.to_office(what, key="1", now=NOW, registration=registration, **words)

    return written


def refund_failed() -> None:
    attempt = attempt_of(somebody(state=State.CANCELLED), Outcome.CONFIRMED)
    refund = Refund(
        attempt=attempt,
        amount_cents=4750,
        reason="cancelled",
        state=RefundState.FAILED,
        idempotency_key=new_token(),
        created_at=NOW,
    )
    db.session.add(refund)
    db.session.commit()
    mails.to_office("refund_failed", key="1", now=NOW, registration=attempt.order.registrations[0], refund=refund)


def pay() -> None:
    registration = somebody(**AWAITING_PAYMENT)
    mails.to_payer("pay", registration.order, now=NOW, key="first", until=registration.expires_at)


def on_invoice(**event: object) -> Callable[[], None]:
    """An invoice was chosen: the place is sure at once, or waits for it."""

    def written() -> None:
        make_ready()
        found = themadag(**event)
        sure = found.confirm_on_invoice
        changes = AWAITING_PAYMENT | {"expires_at": None, "state": State.CONFIRMED if sure else State.AWAITING_PAYMENT}
        registration = somebody(found, **changes)
        registration.order.on_invoice_at, registration.order.invoice_buyer = NOW, vars(BUYER)
        db.session.commit()
        mails.asks_money(registration, now=NOW, key="first")

    return written


def confirmed(**event: object) -> Callable[[], None]:
    return lambda: mails.confirmed(somebody(themadag(**event)), now=NOW)


def invitation(kind: str, *, name: bool = True, **more: object) -> Callable[[], None]:
    """A mail about an invitation, as `inviting` writes it."""

    def written() -> None:
        names = {"given_name": "Marieke", "infix": "van der", "family_name": "Meulen"} if name else {}
        tokens = {"token": new_token(), "answer_token": new_token()}
        address = f"team{next(_numbers)}@zonnevlinder.example"
        found = Invitation(event=themadag(), address=address, sent_at=NOW, **names, **tokens, **more)
        db.session.add(found)
        db.session.commit()
        inviting.mail(kind, found, key="1", now=NOW)

    return written


def confirmed_on_invitation() -> None:
    registration = somebody(source="invitation")
    tokens = {"token": new_token(), "answer_token": new_token()}
    address = registration.address
    found = Invitation(event=registration.event, address=address, sent_at=NOW, registration=registration, **tokens)
    db.session.add(found)
    db.session.commit()
    mails.confirmed(registration, now=NOW)


def my_link(*others: str) -> Callable[[], None]:
    def written() -> None:
        found = [somebody()]
        for name in others:
            person = make_person(name, "", "Bakker", address=found[0].address)
            found.append(make_registration(found[0].event, person, **AWAITING_PAYMENT))
        write(
            "my_link",
            mails.to_person(found[0]),
            purpose=purpose(),
            now=NOW,
            event=found[0].event,
            registrations=found,
        )

    return written


def no_link() -> None:
    write("my_link_unknown", Recipient("nieuw@gratismail.example"), purpose=purpose(), now=NOW, event=themadag())


def cancelled(kind: str, words: dict[str, object], **more: object) -> Callable[[], None]:
    return lambda: mails.calendar_cancel(kind, somebody(**CANCELLED | more), now=NOW, **words)


def event_called_off() -> None:
    registration = somebody(themadag(state=EventState.CANCELLED), **CANCELLED | {"price_cents": 9500})
    reason = "De spreker is ziek. Wij zoeken een nieuwe datum."
    mails.calendar_cancel("event_cancelled", registration, now=NOW, paid_cents=9500, reason=reason)


def difference_back() -> None:
    registration = somebody(price_cents=9500)
    words = {"amount_cents": 9500, "organisation": "Stichting De Klimop", "person": registration.person}
    mails.to_payer("difference_back", registration.order, now=NOW, key="1", **words)


def change_address() -> None:
    registration = somebody()
    to = Recipient("m.vandermeulen@zonnevlinder.example", NAME, registration)
    write("change_address", to, purpose=purpose(), now=NOW, token=new_token(), event=registration.event)


def address_changing() -> None:
    registration, new = somebody(), "m.vandermeulen@zonnevlinder.example"
    to = mails.to_person(registration)
    write("address_changing", to, purpose=purpose(), now=NOW, new_address=new, event=registration.event)


def event_changed(*, moved: bool = False, waits: State | None = None) -> None:
    registration = somebody(themadag(venue="De Nieuwe Zaal"))
    before = details_of(make_event())
    words = {
        "moved": moved,
        "event": registration.event,
        "before": before,
        "told": [Told.TIME, Told.PLACE],
        "ticket": None if waits else registration.ticket,
        "waits": waits or "",
        "order": registration.order,
    }
    write("event_changed", mails.to_person(registration), purpose=purpose(), now=NOW, **words)


def handing_over(kind: str) -> Callable[[], None]:
    """A mail about a place that goes to somebody else, as `handing_over` writes it."""

    def written() -> None:
        registration = somebody()
        names = {"given_name": "Bram", "infix": "", "family_name": "Bakker"}
        offered = HandOver(registration=registration, token=new_token(), address=BRAM, created_at=NOW, **names)
        db.session.add(offered)
        db.session.commit()
        if kind == "hand_over":
            mails.hand_over(offered, now=NOW)
        elif kind == "handed_over":
            newcomer = make_person("Bram", "", "Bakker", address=f"{next(_numbers)}-{BRAM}")
            mails.calendar_cancel(kind, registration, now=NOW, newcomer=newcomer)
        else:
            mails.about(kind, registration, now=NOW, key="1", hand_over=offered)

    return written


def in_line(kind: str, *, of_breakout: bool = False, **words: object) -> Callable[[], None]:
    """A mail about a place in a line: that of the event, or that of a breakout."""

    def written() -> None:
        event = themadag(form=EventForm.HYBRIDE)
        breakout = make_breakout(make_round(event), title=BREAKOUT) if of_breakout else None
        registration = somebody(event, state=State.CONFIRMED if of_breakout else State.WAITLISTED)
        capacity = breakout.capacity if breakout else event.capacities[0]
        entry = WaitingEntry(registration=registration, capacity=capacity, token=new_token(), joined_at=NOW)
        entry.breakout = breakout
        db.session.add(entry)
        db.session.commit()
        title = BREAKOUT if of_breakout else ""
        mails.about(kind, registration, now=NOW, key="1", entry=entry, breakout=title, **words)

    return written


def programme_changed() -> None:
    registration = somebody()
    one = make_round(registration.event)
    breakout = make_breakout(one, title=BREAKOUT, room="Zaal 2")
    db.session.add(Choice(registration_id=registration.id, round_id=one.id, breakout_id=breakout.id, chosen_at=NOW))
    db.session.commit()
    mails.programme_changed(registration, now=NOW)


def to_choose(kind: str) -> Callable[[], None]:
    """A round in which this person chose nothing yet."""

    def written() -> None:
        registration = somebody()
        one = make_round(registration.event)
        mails.about(kind, registration, now=NOW, ticket=registration.ticket, rounds=[one])

    return written


def nothing_chosen() -> None:
    registration = somebody()
    make_breakout(make_round(registration.event), title=BREAKOUT)
    mails.confirmed(registration, now=NOW)


def attends_changed(attends: EventForm) -> Callable[[], None]:
    hybrid = {"form": EventForm.HYBRIDE, "online_url": "https://meet.example/geheim"}
    return lambda: mails.attends_changed(somebody(themadag(**hybrid), attends=attends), now=NOW)


def invoice(kind: str, *, credit: bool = False) -> Callable[[], None]:
    """A mail with an invoice, as the worker writes it."""

    def written() -> None:
        make_ready()
        number = issued(make_order(event=themadag()))
        invoice_papers.draw_due(now=NOW)
        if credit:
            crediting.credit(number, reason="Verhinderd", by=TREASURER, now=NOW)
            invoice_papers.draw_due(now=NOW)
        if kind == "invoice_reminder":
            invoice_papers.remind_due(now=NOW + timedelta(days=30))

    return written


def sign_in(kind: str, **words: object) -> Callable[[], None]:
    return lambda: write(kind, Recipient("kantoor@kindcentra.example"), purpose=purpose(), now=NOW, **words)


def reminded(*, before: timedelta, **event: object) -> Callable[[], None]:
    """A reminder as the worker writes it, so long before the event."""

    def written() -> None:
        registration = somebody(themadag(**event))
        reminding.remind_due(now=registration.event.starts_at - before)

    return written


def thanks(*, there: int) -> Callable[[], None]:
    """Thanks to so many people who were there, as the worker writes it."""

    def written() -> None:
        event = themadag(starts_at=NOW - timedelta(days=1))
        event_id = event.id
        for _ in range(there - 1):
            came(make_registration(event))
        came(somebody(event))
        fix(event_id)
        thanking.thank_due(now=NOW)

    return written


def confirmed_with_questions() -> None:
    registration = somebody()
    db.session.add(EventBlock(event_id=registration.event_id, code=Block.DIET))
    mails.confirmed(registration, now=NOW)


def not_admitted() -> None:
    mails.not_admitted(themadag(), "team@zonnevlinder.example", make_person(), now=NOW)


OFFICE_SUBJECT = f": {TITLE}"


def choose_again(*, moved: bool = False, **words: bool) -> Callable[[], None]:
    """A breakout that does not take place, or is somewhere else, to somebody who chose it, waited for it or speaks."""

    def written() -> None:
        registration = somebody()
        found = make_breakout(make_round(registration.event), title="Bouwen & bewaren")
        if words.get("waited"):
            queueing.join(registration, found.capacity.id, now=NOW, breakout_id=found.id)
        else:
            speaks = words.get("presents", False)
            choice = {"round_id": found.in_rounds[0].round_id, "breakout_id": found.id, "speaks": speaks}
            db.session.add(Choice(registration_id=registration.id, chosen_at=NOW, **choice))
        found.cancelled_at = None if moved else NOW
        db.session.commit()
        with transaction():
            choosing_again.let_go(found, by=OFFICE, now=NOW)

    return written


def circle(kind: str, *, policy: JoinPolicy = JoinPolicy.DIRECT, meetings: int = 2) -> Callable[[], None]:
    """A mail of a circle by living through it; each in a circle of its own."""

    def written() -> None:
        number = next(_numbers)
        found = make_circle(slug=f"kring-{number}", policy=policy, name=TITLE)
        for turn in range(meetings):
            make_meeting(found, days=30 + turn)
        who = replace(MARIEKE, address=f"marieke{number}@zonnevlinder.example")
        token = asks(found, who)
        if kind == "circle_confirm":
            return
        outcome = circle_joining.prove(token, now=NOW)
        if kind == "circle_declined":
            circle_joining.decide_request(requests_of(found.id)[0].id, found.id, accepted=False, by=OFFICE, now=NOW)
        if kind in ("circle_joined", "circle_left", "confirmed"):
            added(found, replace(who, family_name="Ander")) if not outcome.member_token else None
        if kind == "circle_left":
            leaver = members_of(found.id)[0]
            circle_members.end(leaver.id, NOW.date(), by=OFFICE, now=NOW)
        keep_last(kind)

    return written


def proposal(what: str) -> Callable[[], None]:
    """A mail about what an ambassador proposes, by living through it."""

    def written() -> None:
        number = next(_numbers)
        address = f"marieke{number}@zonnevlinder.example"
        person_id = make_ambassador(address).id
        wanted = Proposal(
            TITLE,
            EventKind.REGIONALE_ACTIVITEIT,
            EventForm.ONLINE,
            NOW + timedelta(days=60),
            NOW + timedelta(days=60, hours=2),
            "",
            "Directeuren",
            "Over de doorgaande lijn.",
            WhoPays.NOBODY,
        )
        key, by = proposing.propose(address, person_id, wanted, now=NOW), Actor("person", address, person_id)
        if what == "asked":
            proposing.ask(key, "Kan het ook later?", by=OFFICE, now=NOW)
        elif what == "answered":
            proposing.answer(key, "Ja, een week later.", by=by, now=NOW)
        elif what == "withdrawn":
            proposing.withdraw(key, by=by, now=NOW)
        elif what == "declined":
            proposing.decline(key, "Er is dan al een themadag.", by=OFFICE, now=NOW)
        elif what in ("taken", "published"):
            slug = proposing.take_over(key, by=OFFICE, now=NOW)
            if what == "published":
                event_id = db.session.scalars(sa.select(Event.id).where(Event.slug == slug)).one()
                organising.publish_event(event_id, by=OFFICE, now=NOW)
        if what == "received":
            keep_last("proposal")

    return written


def keep_last(kind: str) -> None:
    """The outbox ends with the newest mail of this kind: places given and taken back write more."""
    newest = db.session.scalars(sa.select(OutboxMail.id).where(OutboxMail.kind == kind).order_by(OutboxMail.id)).all()[
        -1
    ]
    db.session.execute(sa.delete(OutboxMail).where(OutboxMail.id > newest))
    db.session.commit()


def certificate() -> None:
    """Somebody was there yesterday, as the office fixed."""
    registration = somebody(themadag(starts_at=NOW - timedelta(days=1)))
    event_id = registration.event_id
    db.session.add(Presence(registration_id=registration.id, event_id=event_id, first_in_at=NOW - timedelta(days=1)))
    db.session.commit()
    fixing.fix(event_id, seen=fixing.seen_now(registration.event, now=NOW), by=OFFICE, now=NOW)
    certifying.mail(registration.id, by=OFFICE, now=NOW)


def announced(*, about: bool = True) -> Callable[[], None]:
    def write_it() -> None:
        domain = f"lid{next(_numbers)}.example"
        make_organisation("Zonnevlinder & Co", domains=(domain,))
        make_person("Marieke", "van der", "Meulen", address=f"marieke@{domain}", proven=True)
        event = themadag() if about else None
        whom = Whom(Stream.ANNOUNCEMENT, event_id=event.id if event else None, topic=Field.HR)
        send_now(Message(whom, f"Aankondiging: {TITLE}", "Beste {voornaam},\n\nKomt u ook namens {organisatie}?"))

    return write_it


def group_message(**more: object) -> Callable[[], None]:
    def write_it() -> None:
        event = somebody(**more).event
        text = "Beste {voornaam},\n\nNeem *uw jas* mee op {datum}."
        send_now(Message(Whom(Stream.EVENT, event_id=event.id), "Nog een paar dingen voor {voornaam}", text))

    return write_it


def circle_message() -> None:
    circle = make_circle(slug=f"kring-{next(_numbers)}", name=TITLE)
    added(circle, MARIEKE)
    whom = Whom(Stream.CIRCLE, circle_id=circle.id)
    send_now(Message(whom, "{kring}: de volgende keer", "Beste {voornaam},\n\nTot dan."))


CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "confirm_address": (f"Bevestig de aanmelding van {NAME}: {TITLE}", proof("confirm_address")),
    "confirm_address, not held": (f"Bevestig de aanmelding van {NAME}: {TITLE}", proof("confirm_address", held=False)),
    "confirm_address, claim": (
        f"Bevestig de aanmelding van {NAME}: {TITLE}",
        proof("confirm_address", review=Review.PENDING, **CLAIMED),
    ),
    "confirm_address, own price": (
        f"Bevestig de aanmelding van {NAME}: {TITLE}",
        proof("confirm_address", price_cents=4500),
    ),
    "confirm_address, of a colleague": (f"Bevestig de aanmelding van {NAME}: {TITLE}", proof_of_colleague),
    "confirm_group": (
        f"Bevestig de aanmelding van {NAME}, Bram Bakker: {TITLE}",
        group_to_booker("confirm_group", token="abc", holds_place=True, until=HELD_UNTIL, reminder=False),
    ),
    "confirm_group, reminder": (
        f"Nog te bevestigen, aanmelding van {NAME}, Bram Bakker: {TITLE}",
        group_to_booker("confirm_group", token="abc", holds_place=False, until=HELD_UNTIL, reminder=True),
    ),
    "group_booked": (f"Aanmelding van {NAME}, Bram Bakker: {TITLE}", group_to_booker("group_booked")),
    "payment_lapsed, in a group": (
        f"Plaats vrijgegeven voor {NAME}, Bram Bakker: {TITLE}",
        group_to_booker("payment_lapsed", pays=True),
    ),
    "confirmed, by somebody else": (
        f"Ticket voor {NAME}: {TITLE}",
        lambda: mails.confirmed(colleague(), now=NOW),
    ),
    "disputed": (
        f"Aanmelding van {NAME} klopt niet: {TITLE}",
        lambda: mails.to_booker_about("disputed", colleague(), now=NOW, paid=False),
    ),
    "office_notice, disputed": (
        f"{NAME} zegt dat de aanmelding niet klopt{OFFICE_SUBJECT}",
        office("disputed"),
    ),
    "confirm_reminder": (f"Nog te bevestigen, aanmelding van {NAME}: {TITLE}", proof("confirm_reminder")),
    "hold_lapsed": (f"Plaats vrijgegeven voor {NAME}: {TITLE}", about("hold_lapsed", state=State.EXPIRED)),
    "hold_lapsed, too late": (
        f"Plaats vrijgegeven voor {NAME}: {TITLE}",
        about("hold_lapsed", state=State.EXPIRED, event={"closes_at": NOW}),
    ),
    "payment_lapsed": (
        f"Plaats vrijgegeven voor {NAME}: {TITLE}",
        about("payment_lapsed", **AWAITING_PAYMENT | {"state": State.EXPIRED}),
    ),
    "already_registered, confirmed": (f"Aanmelding van {NAME}: {TITLE}", about("already_registered")),
    "already_registered, to pay": (f"Aanmelding van {NAME}: {TITLE}", about("already_registered", **AWAITING_PAYMENT)),
    "already_registered, to prove": (f"Aanmelding van {NAME}: {TITLE}", about("already_registered", **AWAITING_PROOF)),
    "already_registered, at the office": (
        f"Aanmelding van {NAME}: {TITLE}",
        about("already_registered", **AWAITING_PROOF, proven_at=NOW, review=Review.PENDING),
    ),
    "already_registered, in a group": (
        f"Aanmelding van {NAME}: {TITLE}",
        lambda: mails.about("already_registered", group(), now=NOW),
    ),
    "my_link, one": (f"Uw link voor {TITLE}", my_link()),
    "my_link_unknown": (f"Uw link voor {TITLE}", no_link),
    "my_link, three": (f"Uw link voor {TITLE}", my_link("Bram", "Lotte")),
    "pay": (f"Nog te betalen voor {NAME}: {TITLE}", pay),
    "on_invoice": (f"Op factuur voor {NAME}: {TITLE}", on_invoice()),
    "on_invoice, once it is paid": (f"Op factuur voor {NAME}: {TITLE}", on_invoice(confirm_on_invoice=False)),
    "confirmed": (f"Ticket voor {NAME}: {TITLE}", confirmed()),
    "confirmed, in a group": (f"Ticket voor {NAME}: {TITLE}", lambda: mails.confirmed(group(), now=NOW)),
    "confirmed, with questions": (f"Ticket voor {NAME}: {TITLE}", confirmed_with_questions),
    "confirmed, online": (f"Ticket voor {NAME}: {TITLE}", confirmed(form=EventForm.ONLINE)),
    "confirmed, on invitation": (f"Ticket voor {NAME}: {TITLE}", confirmed_on_invitation),
    "invitation": (f"Uitnodiging voor {NAME}: {TITLE}", invitation("invitation", message="Fijn als u komt.")),
    "invitation, to pay": (
        f"Uitnodiging voor {TITLE}",
        invitation("invitation", name=False, price_cents=2500),
    ),
    "invitation_reminder": (
        f"Herinnering, uitnodiging voor {NAME}: {TITLE}",
        invitation("invitation_reminder"),
    ),
    "invitation_declined": (
        f"U komt niet, uitnodiging voor {NAME}: {TITLE}",
        invitation("invitation_declined"),
    ),
    "invitation_elsewhere": (
        f"U was al aangemeld, uitnodiging voor {NAME}: {TITLE}",
        invitation("invitation_elsewhere"),
    ),
    "confirmed, no member": (
        f"Ticket voor {NAME}: {TITLE}",
        lambda: mails.confirmed(somebody(category=Category.NIET_LID, price_cents=9500), now=NOW),
    ),
    "reminder": (
        f"Over een week, op woensdag 10 februari 2027: {TITLE}",
        reminded(before=timedelta(days=7)),
    ),
    "reminder, online": (
        f"Morgen, woensdag 10 februari 2027: {TITLE}",
        reminded(before=timedelta(days=1), form=EventForm.ONLINE),
    ),
    "join_soon": (
        f"Om 10.00 uur: {TITLE}",
        reminded(before=timedelta(hours=1), form=EventForm.ONLINE),
    ),
    "thanks": (f"Bedankt dat u erbij was: {TITLE}", thanks(there=5)),
    "thanks, nothing asked": (f"Bedankt dat u erbij was: {TITLE}", thanks(there=1)),
    "circle_confirm": (f"Bevestig: lid worden van {TITLE}", circle("circle_confirm")),
    "circle_confirm, to be approved": (
        f"Bevestig: lid worden van {TITLE}",
        circle("circle_confirm", policy=JoinPolicy.APPROVAL),
    ),
    "circle_request": (
        f"{NAME} wil lid worden van {TITLE}",
        circle("circle_request", policy=JoinPolicy.APPROVAL),
    ),
    "circle_declined": (
        f"Uw aanvraag voor {TITLE}",
        circle("circle_declined", policy=JoinPolicy.APPROVAL),
    ),
    "circle_joined": (f"U bent lid van {TITLE}", circle("circle_joined")),
    "circle_joined, nothing planned": (f"U bent lid van {TITLE}", circle("circle_joined", meetings=0)),
    "circle_left": (f"Afscheid van {TITLE}", circle("circle_left")),
    "confirmed, for a meeting of a circle": (
        f"Ticket voor Marieke van der Ander: {TITLE}: bijeenkomst",
        circle("confirmed"),
    ),
    "proposal, received": (f"Wij hebben uw voorstel: {TITLE}", proposal("received")),
    "proposal, asked": (f"Een vraag over uw voorstel: {TITLE}", proposal("asked")),
    "proposal, taken": (f"Uw voorstel is overgenomen: {TITLE}", proposal("taken")),
    "proposal, published": (f"Uw bijeenkomst staat in de agenda: {TITLE}", proposal("published")),
    "proposal, declined": (f"Uw voorstel is niet overgenomen: {TITLE}", proposal("declined")),
    "proposal_notice, new": (f"Marieke van der Meulen stelt een bijeenkomst voor: {TITLE}", proposal("new")),
    "proposal_notice, answered": (
        f"Marieke van der Meulen antwoordt over een voorstel: {TITLE}",
        proposal("answered"),
    ),
    "proposal_notice, withdrawn": (
        f"Marieke van der Meulen trok een voorstel in: {TITLE}",
        proposal("withdrawn"),
    ),
    "difference_back": (f"Terugbetaling voor {NAME}: {TITLE}", difference_back),
    "not_admitted": (f"Aanmelding van {NAME}: {TITLE}", not_admitted),
    "claim_refused, to pay": (
        f"Aanmelding van {NAME}: {TITLE}",
        about("claim_refused", **AWAITING_PAYMENT | CLAIMED, words={"until": HELD_UNTIL}),
    ),
    "claim_refused, not for you": (
        f"Aanmelding van {NAME}: {TITLE}",
        about("claim_refused", state=State.CANCELLED, **CLAIMED),
    ),
    "registration_cancelled": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled("registration_cancelled", {"paid_cents": 0}),
    ),
    "registration_cancelled, paid": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled("registration_cancelled", {"paid_cents": 9500}, price_cents=9500),
    ),
    "registration_cancelled, by a contact person": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled("registration_cancelled", {"paid_cents": 0, "done_by": "Corrie Postma"}),
    ),
    "registration_cancelled, half back": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled("registration_cancelled", {"paid_cents": 9500, "back_cents": 4750}, price_cents=9500),
    ),
    "registration_cancelled, paid by bank": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled(
            "registration_cancelled",
            {"paid_cents": 0, "on_invoice": True, "by_bank_cents": 4750, "stays_cents": 4750},
            price_cents=9500,
        ),
    ),
    "registration_cancelled, on an unpaid invoice": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled(
            "registration_cancelled",
            {"paid_cents": 0, "on_invoice": True, "by_bank_cents": 0, "stays_cents": 0},
            price_cents=9500,
        ),
    ),
    "registration_cancelled, by the office": (
        f"Afmelding van {NAME}: {TITLE}",
        cancelled(
            "registration_cancelled",
            {"paid_cents": 0, "by_office": True, "by_terms_cents": 4750},
            price_cents=9500,
        ),
    ),
    "office_notice, withdrawn": (
        f"{NAME} meldde zich af van een plaats met een prijs{OFFICE_SUBJECT}",
        lambda: mails.to_office(
            "withdrawn", key="1", now=NOW, registration=somebody(price_cents=9500), by_terms_cents=4750
        ),
    ),
    "event_cancelled": (f"Gaat niet door voor {NAME}: {TITLE}", event_called_off),
    "money_back, twice": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_TWICE)),
    "money_back, full": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_WITHOUT_PLACE)),
    "money_back, cancelled": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_AFTER_CANCEL)),
    "money_back, event off": (
        f"Terugbetaling voor {NAME}: {TITLE}",
        money_back(Outcome.PAID_AFTER_CANCEL, state=EventState.CANCELLED),
    ),
    "event_cancelled, paid by bank": (
        f"Gaat niet door voor {NAME}: {TITLE}",
        cancelled("event_cancelled", {"paid_cents": 0, "on_invoice": True, "by_bank": True}, price_cents=9500),
    ),
    "bank_refund, asked": (f"U krijgt €\xa050 terug: {TITLE}", by_bank("asked")),
    "bank_refund, given": (f"Wij betalen €\xa050 terug op NL…4567: {TITLE}", by_bank("given")),
    "bank_refund, paid": (f"€\xa050 is aan u overgemaakt: {TITLE}", by_bank("paid")),
    "change_address": (f"Bevestig dit adres voor {NAME}: {TITLE}", change_address),
    "address_changing": (f"Ander e-mailadres gevraagd voor {NAME}: {TITLE}", address_changing),
    "office_notice, claim": (f"Lidmaatschap nakijken voor {NAME}{OFFICE_SUBJECT}", office("claim")),
    "office_notice, payment_key": (
        "Online betalen werkt niet",
        office("payment_key"),
    ),
    "office_notice, payment_refused": (
        f"Mollie wilde een betaling niet beginnen{OFFICE_SUBJECT}",
        office("payment_refused"),
    ),
    "office_notice, payment_differs": (
        f"Een betaling klopt niet met wat wij vroegen{OFFICE_SUBJECT}",
        office("payment_differs"),
    ),
    "office_notice, money_back": (
        f"Een betaling gaat vanzelf terug{OFFICE_SUBJECT}",
        office("money_back", Outcome.PAID_TWICE),
    ),
    "money_back, by hand": (f"Terugbetaling voor {NAME}: {TITLE}", money_back_by_hand),
    "office_notice, payment_forgotten": (
        f"Mollie kent een betaling niet meer{OFFICE_SUBJECT}",
        office("payment_forgotten", Outcome.FORGOTTEN),
    ),
    "office_notice, refund_key": ("Terugbetalen lukt nu niet", office("refund_key")),
    "office_notice, refund_failed": (f"Een terugbetaling is mislukt{OFFICE_SUBJECT}", refund_failed),
    "office_notice, money_moved": (
        f"Er is geld teruggegaan buiten dit systeem om{OFFICE_SUBJECT}",
        office("money_moved", Outcome.CONFIRMED, charged_back_cents=9500),
    ),
    "event_changed": (f"Gewijzigd: {TITLE}", event_changed),
    "event_changed, to another day": (f"Gewijzigd: {TITLE}", partial(event_changed, moved=True)),
    "event_changed, to who waits": (f"Gewijzigd: {TITLE}", partial(event_changed, waits=State.WAITLISTED)),
    "attends_changed": (f"U komt naar de locatie: {TITLE}", attends_changed(EventForm.FYSIEK)),
    "attends_changed, online": (f"U doet online mee: {TITLE}", attends_changed(EventForm.ONLINE)),
    "hand_over": (f"Komt u in plaats van {NAME}? {TITLE}", handing_over("hand_over")),
    "handed_over": (f"Uw plaats is overgedragen: {TITLE}", handing_over("handed_over")),
    "hand_over_declined": (f"Uw plaats is niet overgenomen: {TITLE}", handing_over("hand_over_declined")),
    "waitlisted": (f"{NAME} staat op de wachtlijst: {TITLE}", in_line("waitlisted", position=3)),
    "place_offered": (f"Er is een plaats vrij voor {NAME}: {TITLE}", in_line("place_offered", until=HELD_UNTIL)),
    "place_offered, in a breakout": (
        f"Er is een plaats vrij voor {NAME}: {BREAKOUT}",
        in_line("place_offered", of_breakout=True, until=HELD_UNTIL),
    ),
    "offer_lapsed": (f"De aangeboden plaats is doorgegeven: {TITLE}", in_line("offer_lapsed")),
    "offer_lapsed, in a breakout": (
        f"De aangeboden plaats is doorgegeven: {BREAKOUT}",
        in_line("offer_lapsed", of_breakout=True),
    ),
    "programme_changed": (f"Uw programma is gewijzigd: {TITLE}", programme_changed),
    "programme_open": (f"Het programma is open, {NAME} kan kiezen: {TITLE}", to_choose("programme_open")),
    "programme_reminder": (f"{NAME} koos nog geen deelsessies: {TITLE}", to_choose("programme_reminder")),
    "confirmed, still to choose": (f"Ticket voor {NAME}: {TITLE}", nothing_chosen),
    "confirm_address, waits": (
        f"Bevestig de aanmelding van {NAME}: {TITLE}",
        proof("confirm_address", held=False, wants_waiting=True),
    ),
    "choose_again, off": (f"De deelsessie “Bouwen & bewaren” gaat niet door: {TITLE}", choose_again()),
    "choose_again, moved": (f"De deelsessie “Bouwen & bewaren” is verplaatst: {TITLE}", choose_again(moved=True)),
    "choose_again, waited": (f"De deelsessie “Bouwen & bewaren” gaat niet door: {TITLE}", choose_again(waited=True)),
    "choose_again, presents": (
        f"De deelsessie “Bouwen & bewaren” is verplaatst: {TITLE}",
        choose_again(moved=True, presents=True),
    ),
    "invoice": (f"Factuur VNK{NOW.year}-0001, ordernummer PO-4500123", invoice("invoice")),
    "invoice, credit": (
        f"Creditfactuur VNK{NOW.year}-0002, ordernummer PO-4500123",
        invoice("invoice", credit=True),
    ),
    "invoice_reminder": (
        f"Herinnering: Factuur VNK{NOW.year}-0001, ordernummer PO-4500123",
        invoice("invoice_reminder"),
    ),
    "certificate": (f"Bewijs van deelname voor {NAME}: {TITLE}", certificate),
    "announcement": (f"Aankondiging: {TITLE}", announced()),
    "announcement, about nothing": (f"Aankondiging: {TITLE}", announced(about=False)),
    "group_message": ("Nog een paar dingen voor Marieke", group_message()),
    "group_message, in line": ("Nog een paar dingen voor Marieke", group_message(state=State.WAITLISTED)),
    "group_message, to a circle": (f"{TITLE}: de volgende keer", circle_message),
    "sign_in": (
        "Inloggen bij Netwerk Kindcentra",
        sign_in("sign_in", member=False, token="abc", code="12345678", next_path="/beheer", until=NOW),
    ),
    "sign_in, member": (
        "Inloggen om uw aanmeldingen te zien",
        sign_in("sign_in", member=True, token="abc", code="12345678", next_path="", until=NOW),
    ),
    "erased": ("Uw gegevens zijn gewist", sign_in("erased", kept=Kept(2, 2034))),
    "erased, without invoices": ("Uw gegevens zijn gewist", sign_in("erased", kept=Kept())),
    "sign_in_unknown": ("Inloggen bij Netwerk Kindcentra", sign_in("sign_in_unknown")),
}


def written(case: str) -> OutboxMail:
    """The mail of this case, as it stands in the outbox; cases may follow each other."""
    CASES[case][1]()
    db.session.commit()
    return db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
