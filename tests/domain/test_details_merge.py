"""Two people changed the same event: what goes together by itself, and of what somebody has to choose."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.cancellation import Term
from eventapp.domain.details_merge import TOGETHER, merge, topics, with_topics
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.plain_details import from_plain, to_plain, values_from_plain
from eventapp.domain.pricing import Admission, Category, PriceLine

TEN = datetime(2027, 3, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FREE = frozenset({PriceLine(Category.LID, Admission.GRATIS)})
BASE = EventDetails(
    title="Kenniskring HR",
    kind=EventKind.KENNISKRING,
    form=EventForm.FYSIEK,
    starts_at=TEN,
    ends_at=TEN + 2 * HOUR,
    city="Utrecht",
    street="Plein 1",
    capacity=20,
    prices=FREE,
)
TIMES = ("starts_at", "ends_at")
PLACE = ("venue", "street", "postcode", "city")
PRICES = ("prices", "free_per_organisation", "beyond_free", "beyond_free_cents")


@pytest.mark.parametrize(
    ("theirs", "mine", "merged", "conflicts"),
    [
        ({}, {}, {}, ()),
        ({}, {"title": "A"}, {"title": "A"}, ()),
        ({"title": "A"}, {}, {"title": "A"}, ()),
        ({"title": "A"}, {"title": "A"}, {"title": "A"}, ()),
        ({"title": "A"}, {"title": "B"}, {"title": "B"}, (("title",),)),
        ({"title": "A"}, {"capacity": 5}, {"title": "A", "capacity": 5}, ()),
        ({"title": "A", "capacity": 5}, {"title": "B", "capacity": 5}, {"title": "B", "capacity": 5}, (("title",),)),
        # Half of one and half of the other would be before its beginning, or at an address that does not exist.
        ({"starts_at": TEN + HOUR}, {"ends_at": TEN + HOUR}, {"ends_at": TEN + HOUR}, (TIMES,)),
        ({"city": "Assen"}, {"street": "Weg 2"}, {"street": "Weg 2"}, (PLACE,)),
        ({"city": "Assen"}, {"route": "Links"}, {"city": "Assen", "route": "Links"}, ()),
        ({"prices": frozenset()}, {"free_per_organisation": 2}, {"free_per_organisation": 2}, (PRICES,)),
        (
            {"registration": RegistrationMode.ELDERS, "external_url": "https://a.example"},
            {"capacity": None},
            {"registration": RegistrationMode.ELDERS, "external_url": "https://a.example", "capacity": None},
            (),
        ),
        # Emptied on one side, changed on the other.
        ({"capacity": None}, {"capacity": 5}, {"capacity": 5}, (("capacity",),)),
        ({"title": "A"}, {"title": BASE.title, "contact": "X"}, {"title": "A", "contact": "X"}, ()),
    ],
)
def test_what_one_changed_stands_and_what_both_changed_is_chosen(theirs, mine, merged, conflicts):
    result = merge(BASE, replace(BASE, **theirs), replace(BASE, **mine))

    assert (result.details, result.conflicts) == (replace(BASE, **merged), conflicts)


def test_nothing_is_lost_whoever_of_both_comes_first():
    one, other = replace(BASE, title="A", city="Assen"), replace(BASE, capacity=3, contact="X")

    assert merge(BASE, one, other) == merge(BASE, other, one)


def test_choosing_takes_the_whole_topic():
    theirs, mine = replace(BASE, city="Assen", street="Weg 2"), replace(BASE, city="Zwolle", title="B")

    chosen = with_topics(merge(BASE, theirs, mine).details, theirs, (PLACE,))

    assert chosen == replace(theirs, title="B")


def test_every_detail_belongs_to_one_topic():
    names = [name for topic in topics() for name in topic]

    assert sorted(names) == sorted(item.name for item in fields(EventDetails))
    assert set(TOGETHER) <= set(topics())


FULL = replace(
    BASE,
    opens_at=TEN - 9 * HOUR,
    target_groups=frozenset({TargetGroup.RVT, TargetGroup.BESTUURDER}),
    fields=frozenset({Field.HR}),
    prices=frozenset(
        {
            PriceLine(Category.LID, Admission.GRATIS),
            PriceLine(Category.NIET_LID, Admission.PRIJS, 9500, frozenset({OrganisationKind.GEMEENTE})),
        }
    ),
    cancellation_terms=(Term(14, 100), Term(0, 50)),
    free_per_organisation=3,
)


@pytest.mark.parametrize("details", [BASE, FULL])
def test_details_are_kept_as_json_and_read_back(details):
    kept = json.loads(json.dumps(to_plain(details)))

    assert from_plain(kept) == details


def test_what_was_kept_before_a_detail_existed_is_read_with_its_usual_value():
    kept = {**to_plain(FULL), "unheard_of": 1}
    del kept["confirm_on_invoice"]

    assert from_plain(kept) == FULL


@pytest.mark.parametrize(
    "wrong", [{"kind": "feest"}, {"starts_at": "morgen"}, {"prices": [["lid"]]}, {"capacity": "x"}]
)
def test_what_is_no_detail_is_refused(wrong):
    with pytest.raises((ValueError, TypeError, KeyError)):
        values_from_plain(wrong)
