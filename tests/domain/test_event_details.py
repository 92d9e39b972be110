"""What an event says of itself: which changes are told, and the address that a title gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.event_details import (
    EventDetails,
    Told,
    changed_names,
    concerning,
    slug_for,
    told_changes,
)
from eventapp.domain.events import EventForm, EventKind

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
BEFORE = EventDetails(
    title="Kenniskring HR",
    kind=EventKind.KENNISKRING,
    form=EventForm.ONLINE,
    starts_at=NOW + timedelta(days=10),
    ends_at=NOW + timedelta(days=10, hours=2),
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"title": "Kenniskring ICT", "capacity": 3, "route": "links"}, []),
        ({"starts_at": NOW + timedelta(days=9)}, [Told.TIME]),
        ({"ends_at": NOW + timedelta(days=10, hours=3)}, [Told.TIME]),
        ({"form": EventForm.FYSIEK, "city": "Assen"}, [Told.PLACE]),
        ({"online_url": "https://video.example/2", "form": EventForm.HYBRIDE}, [Told.PLACE, Told.ONLINE]),
        ({"online_url": "https://video.example/2", "venue": "Zaal 3"}, [Told.ONLINE]),
    ],
)
def test_time_place_and_link_are_told(changes, told):
    assert told_changes(BEFORE, replace(BEFORE, **changes), now=NOW) == told


def test_title_and_text_are_told_when_the_office_says_so():
    after = replace(BEFORE, title="Kenniskring ICT", description="Nieuw", ends_at=BEFORE.ends_at + timedelta(hours=1))

    assert told_changes(BEFORE, after, now=NOW) == [Told.TIME]
    assert told_changes(BEFORE, after, now=NOW, with_words=True) == [Told.TIME, Told.TITLE, Told.TEXT]


def test_a_link_that_nobody_has_is_no_news():
    on_site = replace(BEFORE, form=EventForm.FYSIEK, city="Assen")

    assert told_changes(on_site, replace(on_site, online_url="https://video.example/2"), now=NOW) == []


@pytest.mark.parametrize(
    ("was", "form", "attends", "told"),
    [
        (EventForm.HYBRIDE, EventForm.HYBRIDE, EventForm.FYSIEK, [Told.TIME, Told.PLACE]),
        (EventForm.HYBRIDE, EventForm.HYBRIDE, EventForm.ONLINE, [Told.TIME, Told.ONLINE]),
        (EventForm.FYSIEK, EventForm.HYBRIDE, EventForm.FYSIEK, [Told.TIME, Told.PLACE, Told.ONLINE]),
        (EventForm.HYBRIDE, EventForm.ONLINE, EventForm.FYSIEK, [Told.TIME, Told.PLACE, Told.ONLINE]),
    ],
)
def test_who_attends_one_way_hears_nothing_of_the_other(was, form, attends, told):
    assert concerning([Told.TIME, Told.PLACE, Told.ONLINE], attends, was=was, form=form) == told


def test_what_was_over_and_stays_over_is_not_told():
    later = NOW + timedelta(days=20)
    moved = replace(BEFORE, starts_at=BEFORE.starts_at + timedelta(hours=1))
    postponed = replace(BEFORE, ends_at=later + timedelta(hours=1))

    assert told_changes(BEFORE, moved, now=later) == []
    assert told_changes(BEFORE, postponed, now=later) == [Told.TIME]


def test_changed_names_come_in_the_order_of_the_form():
    after = replace(BEFORE, capacity=3, title="Anders", city="Assen")

    assert changed_names(BEFORE, after) == ["title", "city", "capacity"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Themadag 2027: Van samen naar één", "themadag-2027-van-samen-naar-een"),
        ("  Eén team, twee cao's!  ", "een-team-twee-cao-s"),
        ("Ĳsselkroon & co", "ijsselkroon-co"),
        ("日本", "bijeenkomst"),
        ("a" * 200, "a" * 76),
    ],
)
def test_title_gives_an_address(title, slug):
    assert slug_for(title) == slug
