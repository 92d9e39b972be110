"""The same act for many registrations, each in a transaction of its own, as a job that says what became of each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.bulk import AT_ONCE, Back, BulkAct, Done
from eventapp.domain.errors import DomainError, IllegalStep, NotFound, RegistrationClosed, WaitsForOffice
from eventapp.domain.events import Window
from eventapp.domain.jobs import JobKind
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Breakout, Registration, RegistrationLabel
from eventapp.services import cancelling, choosing, confirming, moving, withdrawal
from eventapp.services.audit import note
from eventapp.services.carrying_out import Work, run_here
from eventapp.services.jobs import enqueue
from eventapp.services.locks import lock_order_of

Facts = Mapping[str, Any]
Act = Callable[[int, Facts, Actor, datetime], bool]


def ask(
    act: BulkAct, registration_ids: Sequence[int], facts: Facts, *, by: Actor, clock: Callable[[], datetime]
) -> int:
    """Do it, now or, for many, by a worker within seconds; answers the id of the job that tells what became of each."""
    parameters = {"act": act.value, "ids": list(registration_ids), "facts": dict(facts)}
    if len(registration_ids) <= AT_ONCE:
        return run_here({JobKind.BULK: carry_out}, JobKind.BULK, parameters, by=by, clock=clock)
    return enqueue(JobKind.BULK, parameters, by=by, now=clock())


def carry_out(work: Work) -> None:
    """One after the other: whoever is refused stops nobody else, and where a worker died another goes on."""
    ids, facts = work.parameters["ids"], work.parameters["facts"]
    act = _ACTS[BulkAct(work.parameters["act"])]
    while work.done < len(ids):
        registration_id = ids[work.done]
        try:
            with work.batch():
                done = act(registration_id, facts, work.by, work.clock())
                _line(work, registration_id, Done.DONE if done else Done.SAME, len(ids))
        except DomainError as refusal:
            with work.batch():
                _line(work, registration_id, Done.REFUSED, len(ids), wording.refusal(refusal))


def _line(work: Work, registration_id: int, outcome: Done, total: int, why: str = "") -> None:
    facts = {"registration_id": registration_id} | ({"why": why} if why else {})
    work.add_lines([{"line": work.done + 1, "outcome": outcome.value, "facts": facts}])
    counts = work.result.get("bulk", {})
    bulk = {one.value: counts.get(one.value, 0) + (one == outcome) for one in Done}
    work.step(work.done + 1, total=total, bulk=bulk)


def _confirm(registration_id: int, _facts: Facts, by: Actor, now: datetime) -> bool:
    """Of who has still to prove the address: free is confirmed, a price is asked."""
    registration = lock_order_of(registration_id)
    if registration.state in (State.CONFIRMED, State.AWAITING_PAYMENT):
        return False
    if registration.state != State.AWAITING_CONFIRMATION:
        raise IllegalStep(state=registration.state.value, to=State.CONFIRMED.value)
    if registration.review == Review.PENDING:
        raise WaitsForOffice()
    window = registration.event.window(now)
    if window in (Window.CANCELLED, Window.PAST):
        raise RegistrationClosed(window=window.value)
    confirming.settle_free_or_ask_payment(registration, by=by, now=now)
    return True


def _cancel(registration_id: int, facts: Facts, by: Actor, now: datetime) -> bool:
    registration = lock_order_of(registration_id)
    if registration.state == State.CANCELLED:
        return False
    if registration.event.ends_at <= now:
        raise RegistrationClosed(window=Window.PAST.value)
    money = withdrawal.preview(registration, now=now)
    at_stake = registration.price_cents if money.on_invoice else money.paid_cents
    by_terms = money.by_terms_cents if money.on_invoice else money.back_cents
    back = {Back.BY_TERMS: by_terms, Back.ALL: at_stake, Back.NOTHING: 0}[Back(facts["back"])]
    kept = max(0, registration.price_cents - back) if money.on_invoice else 0
    cancelling.take_back(registration_id, by=by, now=now, back_cents=back, kept_cents=kept)
    return True


def _label(registration_id: int, facts: Facts, by: Actor, now: datetime) -> bool:
    registration = _known(registration_id)
    key = {"registration_id": registration_id, "label": facts["label"]}
    if db.session.get(RegistrationLabel, key):
        return False
    db.session.add(RegistrationLabel(**key))
    note(
        "label_put",
        "registration",
        registration_id,
        by=by,
        now=now,
        event_id=registration.event_id,
        label=facts["label"],
    )
    return True


def _unlabel(registration_id: int, facts: Facts, by: Actor, now: datetime) -> bool:
    registration = _known(registration_id)
    gone = sa.delete(RegistrationLabel).where(
        RegistrationLabel.registration_id == registration_id, RegistrationLabel.label == facts["label"]
    )
    if db.session.scalar(gone.returning(RegistrationLabel.label)) is None:
        return False
    note(
        "label_taken",
        "registration",
        registration_id,
        by=by,
        now=now,
        event_id=registration.event_id,
        label=facts["label"],
    )
    return True


def _known(registration_id: int) -> Registration:
    """Locked, so that two who label it at once stand in line; one that was emptied gets no words of ours any more."""
    registration = lock_order_of(registration_id)
    if not registration.address:
        raise NotFound()
    return registration


def _breakout(registration_id: int, facts: Facts, by: Actor, now: datetime) -> bool:
    """Into the rounds of this breakout; the others stay."""
    breakout = db.session.get(Breakout, facts["breakout_id"])
    registration = db.session.get(Registration, registration_id)
    if breakout is None or registration is None or breakout.event_id != registration.event_id:
        raise NotFound()
    rounds = {row.round_id: breakout.id for row in breakout.in_rounds}
    return choosing.choose(registration_id, rounds, by=by, now=now)


def _move(registration_id: int, facts: Facts, by: Actor, now: datetime) -> bool:
    moving.move(registration_id, facts["event_id"], by=by, now=now)
    return True


_ACTS: Mapping[BulkAct, Act] = {
    BulkAct.CONFIRM: _confirm,
    BulkAct.CANCEL: _cancel,
    BulkAct.LABEL: _label,
    BulkAct.UNLABEL: _unlabel,
    BulkAct.BREAKOUT: _breakout,
    BulkAct.MOVE: _move,
}
