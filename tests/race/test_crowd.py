"""Eight at once who do whatever can be done with places: nobody waits in a circle, and the books are right."""

from functools import partial
from random import Random

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, LIVE, State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import HandOver, Order, Registration, WaitingEntry
from eventapp.queries import health
from eventapp.services import attending, cancelling, choosing, dividing, handing_over, offering, queueing, resizing
from eventapp.services.registering import Booking, Colleague, register
from eventapp.services.registering_together import register_together
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_organisation, make_registration, make_round
from tests.race.test_changing_minds import trying
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race


class Crowd:
    """Whatever anybody can do with places at a hybrid day with pools and rounds, picked at random by one thread."""

    def __init__(self, app, event_id: int, rounds: list[int], breakouts: list[list[int]], seed: int) -> None:
        self.app, self.event_id, self.rounds, self.breakouts = app, event_id, rounds, breakouts
        self.seed, self.random = seed, Random(seed)

    def run(self, steps: int) -> str:
        acts = [self.choose] * 6 + [self.register] * 3 + [self.group] * 2 + [self.cancel, self.cancel_order] * 2
        acts += [self.wait] * 3 + [self.answer] * 4 + [self.attend] * 2 + [self.resize, self.pass_on, self.hand_over]
        for step in range(steps):
            with self.app.app_context():
                trying(partial(self.random.choice(acts), step))
        return "ended"

    def one(self, *states: State) -> int:
        ids = db.session.scalars(
            sa.select(Registration.id).where(Registration.event_id == self.event_id, Registration.state.in_(states))
        ).all()
        db.session.rollback()
        return self.random.choice(ids) if ids else 0

    def choose(self, step: int) -> None:
        picked = {
            n: self.random.choice([*of_round, None]) for n, of_round in zip(self.rounds, self.breakouts, strict=True)
        }
        choosing.choose(self.one(*HOLDING), picked, by=VISITOR, now=NOW)

    def details(self, step: int) -> dict[str, object]:
        name = f"{self.seed}-{step}"
        picked = {n: self.random.choice(of_round) for n, of_round in zip(self.rounds, self.breakouts, strict=True)}
        return {
            "event_id": self.event_id,
            "address": f"i{name}@lid{name}.example",
            "given_name": f"I{name}",
            "infix": "",
            "family_name": "Tester",
            "visitor_key": name,
            "choices": picked,
            "wants_waiting": True,
        }

    def register(self, step: int) -> None:
        register(Booking(**self.details(step)), by=VISITOR, now=NOW)

    def group(self, step: int) -> None:
        mine = self.details(step)
        colleagues = tuple(
            Colleague(f"C{n}", "", "Tester", f"c{n}-{mine['address']}", same_choices=bool(n)) for n in range(2)
        )
        register_together(Booking(**mine, colleagues=colleagues), by=VISITOR, now=NOW)

    def cancel(self, step: int) -> None:
        cancelling.cancel_own(self.one(*LIVE), by=VISITOR, now=NOW)

    def cancel_order(self, step: int) -> None:
        orders = db.session.scalars(sa.select(Order.id).where(Order.event_id == self.event_id)).all()
        cancelling.cancel_own_order(self.random.choice(orders), by=VISITOR, now=NOW)

    def wait(self, step: int) -> None:
        breakout_id = self.random.choice([one for of_round in self.breakouts for one in of_round])
        queueing.wait_for_breakout(self.one(*HOLDING), breakout_id, by=VISITOR, now=NOW)

    def answer(self, step: int) -> None:
        tokens = db.session.scalars(sa.select(WaitingEntry.token).where(WaitingEntry.state == EntryState.OFFERED)).all()
        if tokens:
            answer = self.random.choice([offering.accept, offering.accept, offering.decline])
            answer(self.random.choice(tokens), by=VISITOR, now=NOW)

    def attend(self, step: int) -> None:
        ways = [EventForm.FYSIEK, EventForm.ONLINE]
        attending.change(self.one(State.CONFIRMED), self.random.choice(ways), by=VISITOR, now=NOW)

    def resize(self, step: int) -> None:
        sizes = {EventForm.FYSIEK: self.random.randint(5, 25), EventForm.ONLINE: self.random.randint(2, 9)}
        if step % 2:
            dividing.divide_forms(self.event_id, sizes, by=OFFICE, now=NOW)
        else:
            with transaction():
                resizing.resize(self.event_id, self.random.randint(10, 30))

    def pass_on(self, step: int) -> None:
        offering.pass_on(self.event_id, now=NOW)

    def hand_over(self, step: int) -> None:
        giver = self.one(State.CONFIRMED)
        address = f"n{self.seed}-{step}@elders.example"
        handing_over.offer(giver, address, "Noor", "", "Tester", by=VISITOR, now=NOW)
        token = db.session.scalar(sa.select(HandOver.token).where(HandOver.address == address))
        handing_over.accept(token or "", "Noor", "", "Tester", now=NOW)


def test_a_crowd_that_does_everything_at_once_leaves_the_books_right(app):
    make_organisation()
    event = make_event(
        capacity=24,
        form=EventForm.HYBRIDE,
        prices={Category.NIET_LID: 0, Category.LID: 0},
        hand_over_to_anybody=True,
        waiting_list=True,
    )
    rounds = [make_round(event, f"Ronde {n}", hours=n, optional=True) for n in (1, 2)]
    # Where one round is filled from the front, the other is from the back: whoever swaps meets the others crosswise.
    breakouts = [[make_breakout(one, size=size).id for size in (2, 3, 4, 5)] for one in rounds]
    people = [make_registration(event).id for _ in range(10)]
    event_id, round_ids = event.id, [one.id for one in rounds]
    for one in people:
        choosing.choose(one, {round_ids[0]: None}, by=VISITOR, now=NOW)
    crowds = [Crowd(app, event_id, round_ids, breakouts, number) for number in range(8)]

    answers = in_threads(app, [lambda crowd=crowd: crowd.run(25) for crowd in crowds], threads=8)

    assert answers == {"ended": 8}
    assert health.miscounts() == []
