"""How do the rounds of a day become fields of a form, and what was picked become choices?

A form that asks them is a subclass of `ChoosingForm`, made with `with_rounds`. templates/shared/programme.html draws
it: a fieldset of radio buttons per round, on which the words about places come in ready.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice

from eventapp import formatting, wording
from eventapp.domain.errors import BreakoutFull, ChoiceRefused
from eventapp.domain.places import Places
from eventapp.domain.programme import Problem, problems, spread
from eventapp.models import Choice
from eventapp.queries.rounds import BreakoutOffer, RoundOffer, facts_in, rounds_of
from eventapp.web.forms import DutchForm
from eventapp.web.own_numbers import own_number
from eventapp.web.presenting import FEW_PLACES

# What the radio button of "nothing in this round" sends.
NOTHING = "geen"


class Card(NamedTuple):
    """One breakout on the page. `mine`: it is the choice that stands; `shut` says in words why it cannot be picked."""

    offer: BreakoutOffer
    details: str
    places: str
    also_in: str
    shut: str
    mine: bool


class RoundOnPage(NamedTuple):
    """One round on the page: its field, its cards, and what one picked so far in words."""

    offer: RoundOffer
    field: Field
    time: str
    cards: tuple[Card, ...]
    picked: str

    @property
    def full(self) -> bool:
        """Whether nothing in it can be picked any more."""
        return all(card.shut for card in self.cards)


class SessionRow(NamedTuple):
    """One breakout as the page of the event shows it, every word ready."""

    title: str
    who: str
    where: str
    places: str


class RoundRow(NamedTuple):
    """One round as the page of the event shows it."""

    time: str
    title: str
    sessions: tuple[SessionRow, ...]


def programme_rows(event_id: int) -> list[RoundRow]:
    """The programme of an event for everybody, in the order of the day; places as words, so that it seldom changes."""
    return [
        RoundRow(
            formatting.time_range(one.starts_at, one.ends_at),
            one.title,
            tuple(
                SessionRow(
                    offer.title,
                    offer.speakers,
                    offer.room,
                    "gaat niet door" if offer.facts.cancelled else places_words(offer.places),
                )
                for offer in one.breakouts
            ),
        )
        for one in rounds_of(event_id)
    ]


class ChoosingForm(DutchForm):
    """A form with the rounds of an event in it; make one with `with_rounds`."""

    rounds: Sequence[RoundOffer] = ()
    # What stands already for this person, by round; a breakout of one's own is never too full.
    standing: Mapping[int, int | None] = {}

    def round_rows(self) -> list[RoundOnPage]:
        """The rounds in the order of the day."""
        return [self._row(one) for one in self.rounds]

    def _row(self, one: RoundOffer) -> RoundOnPage:
        field = self[name_of(one.id)]
        cards = tuple(self._card(one, offer) for offer in one.breakouts)
        picked = next((card.offer.title for card in cards if str(card.offer.id) == field.data), "")
        nothing = wording.NO_BREAKOUT.lower() if field.data == NOTHING else ""
        return RoundOnPage(one, field, formatting.time_range(one.starts_at, one.ends_at), cards, picked or nothing)

    def _card(self, one: RoundOffer, offer: BreakoutOffer) -> Card:
        mine = self.standing.get(one.id) == offer.id
        others = [other.title for other in self.rounds if other.id in offer.facts.rounds - {one.id}]
        return Card(
            offer=offer,
            details=" · ".join(filter(None, (offer.speakers, offer.room))),
            places=wording.OWN_PLACE if mine and offer.places.full else places_words(offer.places),
            also_in=f"Duurt ook {formatting.listed(others)}" if others else "",
            shut="" if mine or offer.free else "Gaat niet door" if offer.facts.cancelled else "Vol",
            mine=mine,
        )

    def chosen(self) -> dict[int, int | None]:
        """What was picked, per round: a breakout, or None for none; a round that was left open is absent."""
        return {one.id: _picked(self[name_of(one.id)].data) for one in self.rounds if self[name_of(one.id)].data}

    def check_choices(self, *, people: int = 1) -> bool:
        """Whether this can be chosen as it stands, with a place for so many; writes what is wrong beside each round."""
        breakouts = facts_in(self.rounds)
        chosen = spread(breakouts, self.chosen())
        facts = [replace(one.facts, optional=one.may_be_empty) for one in self.rounds]
        self.mark(problems(facts, breakouts, chosen))
        for one in self.rounds:
            offer = next((offer for offer in one.breakouts if offer.id == chosen.get(one.id)), None)
            if offer and not offer.facts.cancelled and self.standing.get(one.id) != offer.id:
                self._check_full(one, offer, people)
        return not any(self[name_of(one.id)].errors for one in self.rounds)

    def _check_full(self, one: RoundOffer, offer: BreakoutOffer, people: int) -> None:
        left = offer.places.left
        if left is not None and left < people:
            word = wording.FILLED_FOR_ALL if left else wording.FILLED_MEANWHILE
            self[name_of(one.id)].errors = [word]

    def mark(self, found: Mapping[int, Problem]) -> None:
        """Write what is wrong beside each round."""
        for one in self.rounds:
            if one.id in found:
                self[name_of(one.id)].errors = [wording.CHOICE_PROBLEMS[found[one.id]]]

    def refuse_choice(self, refusal: BreakoutFull | ChoiceRefused) -> None:
        """What filled or changed between looking and sending, beside its round; everything else stays filled in."""
        if isinstance(refusal, ChoiceRefused):
            self.mark(refusal.facts["problems"])
            return
        for one in self.rounds:
            field = self[name_of(one.id)]
            if field.data == str(refusal.facts["breakout_id"]):
                field.errors = [wording.FILLED_MEANWHILE]

    def carried_choices(self) -> list[tuple[str, str]]:
        """Names and values of all of it, for a page in between that shows no fields."""
        fields = (self[name_of(one.id)] for one in self.rounds)
        return [(field.name, field.data) for field in fields if field.data]


def with_rounds(base: type[Any], rounds: Iterable[RoundOffer]) -> type[Any]:
    """This class of form with a field for every round."""
    offered = tuple(rounds)
    fields = {name_of(one.id): _field(one) for one in offered}
    return type(base.__name__, (base,), {**fields, "rounds": offered})


def name_of(round_id: int) -> str:
    """The name of the field of a round."""
    return f"ronde-{round_id}"


def data_of(choices: Mapping[int, Choice]) -> dict[str, str]:
    """What the fields show of choices made before."""
    return {
        name_of(round_id): NOTHING if row.breakout_id is None else str(row.breakout_id)
        for round_id, row in choices.items()
    }


def places_words(places: Places) -> str:
    """Places as words, only where they help: "nog 3 plaatsen", "vol, wachtlijst", "vol, 4 wachten"."""
    left = places.left
    if left is None or left > FEW_PLACES:
        return ""
    if left:
        return f"nog {formatting.count_nl(left, 'plaats', 'plaatsen')}"
    return f"vol, {formatting.count_nl(places.waiting, 'wacht', 'wachten')}" if places.waiting else "vol, wachtlijst"


def _field(one: RoundOffer) -> Any:
    options = [SelectChoice(str(offer.id), offer.title) for offer in one.breakouts]
    return RadioField(one.title, choices=[*options, SelectChoice(NOTHING, wording.NO_BREAKOUT)], validate_choice=False)


def _picked(data: str) -> int | None:
    """The breakout of a radio button; what is no number of ours is nobody's breakout."""
    if data == NOTHING:
        return None
    return own_number(data) or 0
