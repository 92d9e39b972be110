"""Every kind of mail with real rows, written by the functions that the use cases call."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import sqlalchemy as sa

from eventapp.domain.event_details import Told
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Event, OutboxMail, PaymentAttempt, Refund, Registration
from eventapp.services import mails
from eventapp.services.organising import details_of
from tests.factories import NOW, make_event, make_person, make_registration

TITLE = "Themadag 2027: samen & sterk"
NAME = "Marieke van der Meulen"
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


def money_back(outcome: Outcome, **event: object) -> Callable[[], None]:
    def written() -> None:
        state = State.CONFIRMED if outcome == Outcome.PAID_TWICE else State.CANCELLED
        attempt = attempt_of(somebody(themadag(**event), price_cents=9500, state=state), outcome)
        mails.to_payer("money_back", attempt.order, now=NOW, key="1", outcome=outcome.value, attempt=attempt)

    return written


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


def confirmed(**event: object) -> Callable[[], None]:
    return lambda: mails.confirmed(somebody(themadag(**event)), now=NOW)


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


def cancelled(kind: str, words: dict[str, object], **more: object) -> Callable[[], None]:
    return lambda: mails.calendar_cancel(kind, somebody(**CANCELLED | more), now=NOW, **words)


def event_called_off() -> None:
    registration = somebody(themadag(state=EventState.CANCELLED), **CANCELLED | {"price_cents": 9500})
    reason = "De spreker is ziek. Wij zoeken een nieuwe datum."
    mails.calendar_cancel("event_cancelled", registration, now=NOW, paid_cents=9500, reason=reason)


def change_address() -> None:
    registration = somebody()
    to = Recipient("m.vandermeulen@zonnevlinder.example", NAME, registration)
    write("change_address", to, purpose=purpose(), now=NOW, token=new_token(), event=registration.event)


def address_changing() -> None:
    registration, new = somebody(), "m.vandermeulen@zonnevlinder.example"
    to = mails.to_person(registration)
    write("address_changing", to, purpose=purpose(), now=NOW, new_address=new, event=registration.event)


def event_changed() -> None:
    registration = somebody(themadag(venue="De Nieuwe Zaal"))
    before = details_of(make_event())
    words = {
        "event": registration.event,
        "before": before,
        "told": [Told.TIME, Told.PLACE],
        "ticket": registration.ticket,
    }
    write("event_changed", mails.to_person(registration), purpose=purpose(), now=NOW, **words)


def sign_in(kind: str, **words: object) -> Callable[[], None]:
    return lambda: write(kind, Recipient("kantoor@kindcentra.example"), purpose=purpose(), now=NOW, **words)


def not_admitted() -> None:
    mails.not_admitted(themadag(), "team@zonnevlinder.example", make_person(), now=NOW)


OFFICE_SUBJECT = f": {TITLE}"
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
    "my_link, three": (f"Uw link voor {TITLE}", my_link("Bram", "Lotte")),
    "pay": (f"Nog te betalen voor {NAME}: {TITLE}", pay),
    "confirmed": (f"Ticket voor {NAME}: {TITLE}", confirmed()),
    "confirmed, in a group": (f"Ticket voor {NAME}: {TITLE}", lambda: mails.confirmed(group(), now=NOW)),
    "confirmed, online": (f"Ticket voor {NAME}: {TITLE}", confirmed(form=EventForm.ONLINE)),
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
    "event_cancelled": (f"Gaat niet door voor {NAME}: {TITLE}", event_called_off),
    "money_back, twice": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_TWICE)),
    "money_back, full": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_WITHOUT_PLACE)),
    "money_back, cancelled": (f"Terugbetaling voor {NAME}: {TITLE}", money_back(Outcome.PAID_AFTER_CANCEL)),
    "money_back, event off": (
        f"Terugbetaling voor {NAME}: {TITLE}",
        money_back(Outcome.PAID_AFTER_CANCEL, state=EventState.CANCELLED),
    ),
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
    "office_notice, refund_failed": (f"Een terugbetaling is mislukt{OFFICE_SUBJECT}", refund_failed),
    "office_notice, money_moved": (
        f"Er is geld teruggegaan buiten dit systeem om{OFFICE_SUBJECT}",
        office("money_moved", Outcome.CONFIRMED, charged_back_cents=9500),
    ),
    "event_changed": (f"Gewijzigd: {TITLE}", event_changed),
    "sign_in": (
        "Inloggen bij Netwerk Kindcentra",
        sign_in("sign_in", member=False, token="abc", next_path="/beheer", until=NOW),
    ),
    "sign_in, member": (
        "Inloggen om uw aanmeldingen te zien",
        sign_in("sign_in", member=True, token="abc", next_path="", until=NOW),
    ),
    "sign_in_unknown": ("Inloggen bij Netwerk Kindcentra", sign_in("sign_in_unknown")),
}


def written(case: str) -> OutboxMail:
    """The mail of this case, as it stands in the outbox; cases may follow each other."""
    CASES[case][1]()
    db.session.commit()
    return db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
