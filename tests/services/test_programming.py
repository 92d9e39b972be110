"""The office makes the programme, and what becomes of those who chose when it changes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import (
    BreakoutCancelled,
    BreakoutFull,
    NotFound,
    ProgrammeInUse,
    RegistrationClosed,
    RoundOutsideEvent,
    SpeaksElsewhere,
)
from eventapp.domain.events import EventState
from eventapp.domain.pricing import Category
from eventapp.domain.times import AMSTERDAM
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import Breakout, Capacity, Choice, Event, Registration, Round, WaitingEntry
from eventapp.queries import health
from eventapp.queries.breakouts import chosen_by, concerned_by, count_undecided, presenters_of, room_list
from eventapp.queries.choices import programme_of
from eventapp.services import choosing, organising, programming, queueing, speaking
from eventapp.services.programming import BreakoutDetails, RoundDetails
from eventapp.services.speaking import Speaker
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_registration, make_round
from tests.reading import acts, all_mails, kinds, last_mail, taken

WHO = {"by": OFFICE, "now": NOW}
BEA = Speaker("bea@bouwadvies.example", "Bea", "", "Bouwer", "Bouwadvies")


@pytest.fixture
def day(app):
    """Two rounds; in the first a breakout for two, which is what most happens to, and in each one for many."""
    event = make_event()
    first, second = make_round(event, "Ronde 1"), make_round(event, "Ronde 2", hours=2)
    small = make_breakout(first, title="Klein", size=2, room="Zaal 1")
    large, late = make_breakout(first, title="Groot"), make_breakout(second, title="Laat")
    return event.id, (first.id, second.id), (small.id, large.id, late.id)


def details(breakout_id: int, **changes: object) -> BreakoutDetails:
    found = db.session.get_one(Breakout, breakout_id)
    rounds = frozenset(row.round_id for row in found.in_rounds)
    plain = BreakoutDetails(found.title, rounds, size=found.capacity.size, room=found.room)
    return replace(plain, **changes)


def coming(event_id: int, chosen: dict[int, int | None]) -> int:
    """Somebody confirmed, who chose."""
    registration = make_registration(db.session.get_one(Event, event_id))
    choosing.choose(registration.id, chosen, by=VISITOR, now=NOW)
    return registration.id


def in_line(registration_id: int, breakout_id: int) -> int:
    with transaction():
        found = db.session.get_one(Breakout, breakout_id)
        registration = db.session.get_one(Registration, registration_id)
        return queueing.join(registration, found.capacity.id, now=NOW, breakout_id=breakout_id).id


def filling(breakout_id: int) -> tuple[int | None, int, int]:
    places = db.session.get_one(Breakout, breakout_id, populate_existing=True).capacity.places
    return places.size, places.taken, places.waiting


def titles(registration_id: int) -> list[str]:
    return [part.title for part in programme_of(registration_id)]


def test_office_makes_a_day_which_goes_along_to_another_date_at_the_same_clock_times(app):
    begin = datetime(2027, 3, 24, 9, 30, tzinfo=AMSTERDAM)
    event_id = make_event(starts_at=begin, ends_at=begin + timedelta(hours=7)).id
    round_id = programming.add_round(
        event_id, RoundDetails("Ronde 1", begin + timedelta(hours=2), begin + timedelta(hours=3)), **WHO
    )
    first = programming.add_breakout(event_id, BreakoutDetails("Nieuw", frozenset({round_id}), 20), **WHO)
    programming.add_list(
        event_id,
        [
            BreakoutDetails("nieuw", frozenset({round_id})),
            BreakoutDetails("Eén cao, kan dat?", frozenset({round_id}), room="Zaal 2"),
        ],
        **WHO,
    )
    event = db.session.get_one(Event, event_id)
    moved = replace(
        organising.details_of(event),
        starts_at=event.starts_at + timedelta(days=7, hours=-1),
        ends_at=event.ends_at + timedelta(days=7, hours=-1),
    )
    organising.change_event(event_id, moved, version=event.version, **WHO)

    breakouts = db.session.scalars(sa.select(Breakout).order_by(Breakout.id)).all()
    starts_at = db.session.get_one(Round, round_id).starts_at.astimezone(AMSTERDAM)
    assert f"{starts_at:%d-%m %H.%M}" == "31-03 11.30"
    assert [one.slug for one in breakouts] == ["nieuw-2", "nieuw-3", "een-cao-kan-dat"]
    assert [one.topic for one in breakouts] == ["nieuw-2", "nieuw-2", ""]
    assert filling(first) == (20, 0, 0)
    assert [room for room, _ in room_list(event_id)] == ["Zaal 2", ""]
    assert acts() == ["round_added", "breakout_added", "programme_pasted", "event_changed"]


def test_what_does_not_fit_is_refused_and_only_what_is_untouched_can_go(day):
    event_id, (first, second), (small, large, late) = day
    event = db.session.get_one(Event, event_id)
    early = RoundDetails("Te vroeg", event.starts_at - timedelta(minutes=1), event.ends_at)
    elsewhere = make_round(make_event()).id
    coming(event_id, {first: small, second: late})

    with pytest.raises(RoundOutsideEvent):
        programming.add_round(event_id, early, **WHO)
    with pytest.raises(NotFound):
        programming.change_breakout(large, details(large, rounds=frozenset({elsewhere})), **WHO)
    with pytest.raises(ProgrammeInUse):
        programming.remove_round(second, **WHO)
    with pytest.raises(ProgrammeInUse):
        programming.remove_breakout(small, **WHO)
    programming.remove_breakout(large, **WHO)

    assert db.session.get(Breakout, large) is None
    assert health.miscounts() == []


def test_who_chose_a_cancelled_breakout_is_told_and_chooses_again(day):
    event_id, (first, second), (small, large, late) = day
    chose = coming(event_id, {first: small, second: late})
    other = coming(event_id, {first: large, second: late})
    waits = coming(event_id, {first: large, second: late})
    in_line(waits, small)
    presents = speaking.add_speaker(small, BEA, **WHO)
    before = len(kinds())

    assert concerned_by(small) == 3
    told = programming.cancel_breakout(small, **WHO)

    assert told == 3
    assert kinds()[before:] == ["choose_again"] * 3
    assert [titles(one) for one in (chose, other, waits, presents)] == [
        ["Laat"],
        ["Groot", "Laat"],
        ["Groot", "Laat"],
        [],
    ]
    assert filling(small) == (0, 0, 0)
    assert db.session.scalars(sa.select(WaitingEntry.state)).all() == [EntryState.LEFT]
    assert count_undecided(event_id, now=NOW) == 1
    assert health.miscounts() == []
    with pytest.raises(BreakoutCancelled):
        programming.change_breakout(small, details(small), **WHO)


def test_choosing_again_leads_to_the_own_page_with_the_calendar_entry(day):
    event_id, (first, second), (small, _, late) = day
    registration = db.session.get_one(Registration, coming(event_id, {first: small, second: late}))
    ticket, sequence = registration.ticket.token, registration.calendar_sequence

    programming.cancel_breakout(small, **WHO)

    mail = last_mail("choose_again")
    assert f"/ticket/{ticket}/programma" in mail.text
    assert [spec["draw"] for spec in mail.attachments] == ["invitation"]
    assert db.session.get_one(Registration, registration.id).calendar_sequence == sequence + 1


def test_in_another_round_choices_end_and_who_presents_goes_along(day):
    event_id, (first, second), (small, _, late) = day
    chose = coming(event_id, {first: small, second: late})
    presents = speaking.add_speaker(small, BEA, **WHO)

    told = programming.change_breakout(small, details(small, rounds=frozenset({second})), **WHO)

    assert told == 2
    assert titles(chose) == ["Laat"]
    (part,) = programme_of(presents)
    assert (part.title, part.round_id, part.speaks, part.room) == ("Klein", second, True, "Zaal 1")
    assert filling(small) == (2, 0, 0)
    assert "U spreekt daar" in all_mails()[-1].text
    assert health.miscounts() == []


def test_smaller_puts_nobody_out_and_larger_calls_who_waits(day):
    event_id, (first, second), (small, large, late) = day
    for _ in range(2):
        coming(event_id, {first: small, second: late})
    waits = coming(event_id, {first: large, second: late})

    programming.change_breakout(small, details(small, size=1), **WHO)
    in_line(waits, small)

    assert filling(small) == (1, 2, 1)
    with pytest.raises(BreakoutFull):
        coming(event_id, {first: small, second: late})
    programming.change_breakout(small, details(small, size=3), **WHO)
    assert filling(small) == (3, 3, 0)
    assert kinds()[-1] == "place_offered"
    assert health.miscounts() == []


def test_another_time_leaves_every_choice_and_tells_who_is_in_it(day):
    event_id, (first, second), (small, _, late) = day
    chose = coming(event_id, {first: small, second: late})
    found = db.session.get_one(Round, first)
    later = RoundDetails("Ronde 1", found.starts_at + timedelta(minutes=10), found.ends_at + timedelta(minutes=10))

    told = programming.change_round(first, later, **WHO)
    again = programming.change_round(first, replace(later, title="Eerste ronde"), **WHO)

    assert (told, again) == (1, 0)
    assert titles(chose) == ["Klein", "Laat"]
    assert kinds().count("programme_changed") == 2


def test_a_speaker_has_a_ticket_takes_no_place_and_is_bound_for_that_round(day):
    event_id, _, (small, large, late) = day
    event = db.session.get_one(Event, event_id)

    presents = speaking.add_speaker(small, BEA, **WHO)

    registration = db.session.get_one(Registration, presents)
    assert (registration.category, registration.counts, registration.price_cents) == (Category.SPREKER, False, 0)
    assert registration.ticket is not None
    assert (taken(event), filling(small)) == (0, (2, 0, 0))
    assert [who.family_name for who in presenters_of(event_id)[small]] == ["Bouwer"]
    assert chosen_by([presents]) == {presents: ["Klein"]}
    assert kinds() == ["confirmed"]
    assert health.miscounts() == []
    with pytest.raises(SpeaksElsewhere):
        speaking.add_speaker(large, BEA, **WHO)
    assert speaking.add_speaker(late, replace(BEA, counts=True), **WHO) == presents
    assert titles(presents) == ["Klein", "Laat"]


def test_who_comes_already_and_presents_leaves_what_they_chose(day):
    event_id, (first, second), (_, _, late) = day
    whole = make_breakout(*db.session.scalars(sa.select(Round).order_by(Round.id)), title="Hele dag").id
    chose = coming(event_id, {first: whole, second: whole})
    who = db.session.get_one(Registration, chose)
    speaker = replace(BEA, address=who.address, given_name="Marieke", infix="van der", family_name="Meulen")

    assert speaking.add_speaker(late, speaker, **WHO) == chose
    assert titles(chose) == ["", "Laat"]
    assert filling(whole) == (20, 0, 0)
    speaking.remove_speaker(late, chose, **WHO)

    assert db.session.scalars(sa.select(Choice.round_id)).all() == [first]
    assert kinds()[-1] == "programme_changed"
    assert db.session.get_one(Registration, chose).counts
    assert health.miscounts() == []


def test_in_a_draft_nobody_gets_a_ticket_and_it_goes_with_its_programme(app):
    event = make_event(state=EventState.DRAFT)
    breakout = make_breakout(make_round(event))

    with pytest.raises(RegistrationClosed):
        speaking.add_speaker(breakout.id, BEA, **WHO)
    organising.delete_draft(event.id, **WHO)

    assert kinds() == []
    assert [db.session.scalars(sa.select(table)).all() for table in (Round, Breakout, Capacity)] == [[], [], []]
