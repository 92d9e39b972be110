"""The day of the demo's themadag: three rounds of six breakouts, what people chose, who waits, and who presents."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.actors import Actor
from eventapp.domain.events import EventKind
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Event, PlaceHold, Registration, WaitingEntry
from eventapp.services import programming, speaking
from eventapp.services.programming import BreakoutDetails, RoundDetails
from eventapp.services.speaking import Speaker

_OFFICE = Actor("system", "Voorbeeldgegevens")
_CHOSE, _MOST_WAITING, _SEED = 0.86, 4, 31
_ROUNDS = (("11.15", "12.00"), ("13.30", "14.15"), ("14.45", "15.30"))


@dataclass(frozen=True)
class _Session:
    """One breakout of the demo; `draws` is how many more want it than an ordinary one."""

    title: str
    rounds: tuple[int, ...]
    size: int
    room: str
    speakers: str
    for_whom: str = ""
    description: str = ""
    draws: int = 2


_DASHBOARD = "Dashboard kindcentra in de klas"
_SESSIONS = (
    *(_Session(_DASHBOARD, (number,), 30, "Zaal 1", "Lucia Proefman", draws=2) for number in (1, 2, 3)),
    _Session("Doorgaande lijn 0-7", (1,), 40, "Zaal 2", "Marloes op den Schijn", "kwaliteitsmedewerkers"),
    _Session("Rekenen met één begroting", (1,), 30, "Zaal 3", "Cas Cijfer", "directeuren en bestuurders"),
    _Session("Eén cao, kan dat?", (1,), 24, "Zaal 4", "Hanna de Wijzer", draws=9),
    _Session("Het gesprek met de wethouder", (1,), 20, "Zaal 5", "Said Vermoed", "bestuurders", draws=8),
    _Session("Privacy en één kinddossier", (1,), 60, "Grote zaal", "Iris van der Sleutel"),
    _Session(
        "Bouwen voor later",
        (2, 3),
        40,
        "Zaal 2",
        "Bea Bouwer",
        description="U tekent in twee rondes een gebouw dat met het kindcentrum meegroeit.",
    ),
    _Session("Toezicht op twee werelden", (2,), 24, "Zaal 3", "Henri Testbeeld", "raden van toezicht"),
    _Session("Inclusie begint bij de baby", (2,), 30, "Zaal 4", "Gül Denkbeeld", draws=9),
    _Session("Ouders als bondgenoot", (2,), 50, "Grote zaal", "Thomas van Fictie"),
    _Session("Medezeggenschap samen", (2,), 36, "Zaal 5", "Rik Voorbeeld"),
    _Session("Zij-instroom en combibanen", (3,), 30, "Zaal 4", "Hanna de Wijzer", draws=9),
    _Session("Samen spelen, samen leren", (3,), 40, "Zaal 3", "Marloes op den Schijn", "medewerkers"),
    _Session("Eén rooster voor één team", (3,), 26, "Zaal 5", "Aafke Verzonnen", "directeuren"),
    _Session("Van visie naar vloer", (3,), 60, "Grote zaal", "Thomas van Fictie"),
)
_SPEAKERS = (
    ("Rekenen met één begroting", Speaker("cas.cijfer@cijfers-en-co.example", "Cas", "", "Cijfer", "Cijfers en Co")),
    ("Eén cao, kan dat?", Speaker("hanna.dewijzer@hr-wijzer.example", "Hanna", "de", "Wijzer", "HR Wijzer")),
    ("Zij-instroom en combibanen", Speaker("hanna.dewijzer@hr-wijzer.example", "Hanna", "de", "Wijzer", "HR Wijzer")),
    ("Bouwen voor later", Speaker("bea.bouwer@bouwadvies.example", "Bea", "", "Bouwer", "Bouwadvies")),
)


def make_day(events: Sequence[Event], calendar: DemoCalendar) -> None:
    """Within the transaction of the load, once everybody has registered."""
    event = next(event for event in events if event.kind == EventKind.THEMADAG)
    made_at = calendar.now - timedelta(days=60)
    who: dict[str, Any] = {"by": _OFFICE, "now": made_at}
    rounds = [
        programming.add_round(event.id, RoundDetails(f"Ronde {number}", *_times(calendar, times)), **who)
        for number, times in enumerate(_ROUNDS, start=1)
    ]
    programming.add_list(event.id, [_details(one, rounds) for one in _SESSIONS], **who)
    breakouts = db.session.scalars(
        sa.select(Breakout).where(Breakout.event_id == event.id).order_by(Breakout.position)
    ).all()
    for title, speaker in _SPEAKERS:
        (found,) = (one for one in breakouts if one.title == title)
        speaking.add_speaker(found.id, speaker, by=_OFFICE, now=calendar.now - timedelta(days=1))
    _Chooser(breakouts, rounds).choose_for(event, now=calendar.now)
    db.session.flush()
    db.session.expire_all()


def _times(calendar: DemoCalendar, times: tuple[str, str]) -> tuple[datetime, datetime]:
    return calendar.moment(4, 14, times[0]), calendar.moment(4, 14, times[1])


def _details(session: _Session, rounds: Sequence[int]) -> BreakoutDetails:
    return BreakoutDetails(
        title=session.title,
        rounds=frozenset(rounds[number - 1] for number in session.rounds),
        size=session.size,
        room=session.room,
        speakers=session.speakers,
        description=session.description,
        for_whom=session.for_whom,
    )


class _Chooser:
    """Fills the breakouts; the same random numbers choose the same ones."""

    def __init__(self, breakouts: Sequence[Breakout], rounds: Sequence[int]) -> None:
        self._rounds = rounds
        self._numbers = random.Random(_SEED)
        self._draws = {one.id: wanted.draws for one, wanted in zip(breakouts, _SESSIONS, strict=True)}
        self._facts = {one.id: one.facts() for one in breakouts}
        self._places = {one.id: one.capacity for one in breakouts}
        self._waiting: Counter[int] = Counter()

    def choose_for(self, event: Event, *, now: datetime) -> None:
        coming = sa.select(Registration).where(
            Registration.event_id == event.id, Registration.state == State.CONFIRMED, Registration.counts
        )
        for registration in db.session.scalars(coming.order_by(Registration.id)).all():
            if self._numbers.random() < _CHOSE:
                at = max(registration.confirmed_at or now, now - timedelta(days=50)) + timedelta(minutes=6)
                self._choose(registration, at=min(at, now))

    def _choose(self, registration: Registration, *, at: datetime) -> None:
        taken: dict[int, int] = {}
        for round_id in self._rounds:
            if round_id in taken:
                continue
            chosen = self._drawn(round_id, taken)
            if not self._left(chosen):
                self._wait_perhaps(registration, chosen, at=at)
                chosen = self._drawn(round_id, taken, free=True)
            taken.update(dict.fromkeys(self._facts[chosen].rounds, chosen))
        for round_id, chosen in taken.items():
            key = {"registration_id": registration.id, "round_id": round_id}
            db.session.add(Choice(**key, breakout_id=chosen, chosen_at=at))
        for chosen in set(taken.values()):
            self._places[chosen].taken += 1
            db.session.add(PlaceHold(registration_id=registration.id, capacity_id=self._places[chosen].id))

    def _drawn(self, round_id: int, taken: dict[int, int], *, free: bool = False) -> int:
        """One that fits with what was taken before; what goes on only for who has nothing in its rounds."""
        topics = {self._facts[one].topic for one in taken.values()} - {""}
        fitting = [
            one
            for one, facts in self._facts.items()
            if round_id in facts.rounds
            and facts.topic not in topics
            and not facts.rounds & taken.keys()
            and (not free or self._left(one))
        ]
        return self._numbers.choices(fitting, weights=[self._draws[one] for one in fitting])[0]

    def _left(self, breakout_id: int) -> bool:
        return (self._places[breakout_id].size or 0) > self._places[breakout_id].taken

    def _wait_perhaps(self, registration: Registration, breakout_id: int, *, at: datetime) -> None:
        """Some of those who find it full get in line for it, once, and take another as long as they wait."""
        if self._waiting[breakout_id] == _MOST_WAITING or self._numbers.random() > 0.5:
            return
        self._waiting[breakout_id] += 1
        self._places[breakout_id].waiting += 1
        db.session.add(
            WaitingEntry(
                registration_id=registration.id,
                capacity_id=self._places[breakout_id].id,
                breakout_id=breakout_id,
                state=EntryState.WAITING,
                token=new_token(),
                joined_at=at,
            )
        )
