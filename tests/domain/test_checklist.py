"""What is missing before publishing, and what would be wise to look at."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp import wording
from eventapp.domain.cancellation import Term
from eventapp.domain.checklist import ABOUT, Advice, checklist
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, EventKind, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.pricing import Admission, Category, PriceLine

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
# From 13.00 to 15.00 on Dutch clocks: nobody has lunch there.
AFTERNOON = datetime(2027, 3, 11, 12, tzinfo=UTC)
MEMBERS = PriceLine(Category.LID, Admission.GRATIS)
PAID = PriceLine(Category.NIET_LID, Admission.PRIJS, 9500)
WHOLE = EventDetails(
    title="Inspiratie",
    kind=EventKind.INSPIRATIEBIJEENKOMST,
    form=EventForm.FYSIEK,
    starts_at=AFTERNOON,
    ends_at=AFTERNOON + timedelta(hours=2),
    city="Utrecht",
    route="Tegenover het station.",
    summary="Kort",
    description="Lang",
    contact="Het secretariaat",
    capacity=40,
    target_groups=frozenset({TargetGroup.RVT}),
    prices=frozenset({MEMBERS, PAID}),
    cancellation_terms=(Term(14, 100),),
)
ELSEWHERE = {"registration": RegistrationMode.ELDERS, "external_url": "https://elders.example", "prices": frozenset()}
LUNCH = {"starts_at": AFTERNOON - timedelta(hours=2), "ends_at": AFTERNOON + timedelta(hours=2)}


@pytest.mark.parametrize(
    ("changes", "missing", "advice"),
    [
        ({}, [], []),
        ({"city": "", "prices": frozenset()}, ["city", "prices"], []),
        ({"starts_at": NOW - timedelta(days=1)}, [], [Advice.IN_THE_PAST, Advice.NO_DIETS]),
        ({"summary": "", "description": ""}, [], [Advice.NO_SUMMARY, Advice.NO_DESCRIPTION]),
        ({"contact": ""}, [], [Advice.NO_CONTACT]),
        ({"route": ""}, [], [Advice.NO_ROUTE]),
        ({"form": EventForm.ONLINE, "city": "", "route": ""}, [], [Advice.NO_LINK]),
        ({"form": EventForm.HYBRIDE, "route": ""}, [], [Advice.NO_ROUTE, Advice.NO_LINK]),
        ({"target_groups": frozenset()}, [], [Advice.NO_TARGET_GROUPS]),
        ({"target_groups": frozenset(), "visibility": Visibility.BESLOTEN}, [], []),
        ({"prices": frozenset({PAID})}, [], [Advice.MEMBERS_KEPT_OUT]),
        ({"prices": frozenset({MEMBERS})}, [], [Advice.OUTSIDERS_KEPT_OUT]),
        ({"prices": frozenset({MEMBERS}), "visibility": Visibility.LEDEN}, [], []),
        ({"capacity": None}, [], [Advice.NO_LIMIT]),
        ({"opens_at": AFTERNOON}, [], [Advice.OPENS_TOO_LATE]),
        ({"closes_at": AFTERNOON + timedelta(minutes=1)}, [], [Advice.CLOSES_TOO_LATE]),
        ({"closes_at": AFTERNOON}, [], []),
        ({"closes_at": NOW}, [], [Advice.CLOSED_ALREADY]),
        ({"cancellation_terms": ()}, [], [Advice.NO_TERMS]),
        ({"cancellation_terms": (), "prices": frozenset({MEMBERS}), "visibility": Visibility.LEDEN}, [], []),
        (LUNCH, [], [Advice.NO_DIETS]),
        (LUNCH | {"form": EventForm.ONLINE, "online_url": "https://video.example"}, [], []),
        ({"ends_at": AFTERNOON + timedelta(days=1)}, [], [Advice.NO_DIETS]),
        # Where one registers elsewhere, nobody here asks about places, prices and diets.
        (LUNCH | ELSEWHERE | {"capacity": None, "cancellation_terms": ()}, [], []),
    ],
)
def test_what_is_missing_blocks_and_what_is_wise_is_advised(changes, missing, advice):
    found = checklist(replace(WHOLE, **changes), asks_diets=False, now=NOW)

    assert (found.missing, found.advice) == (missing, advice)


def test_lunch_where_diets_are_asked_needs_no_advice():
    assert checklist(replace(WHOLE, **LUNCH), asks_diets=True, now=NOW).advice == []


def test_every_advice_has_words_and_leads_to_a_detail_or_the_questions():
    assert list(wording.CHECK_ADVICE) == list(Advice)
    assert set(Advice) - set(ABOUT) == {Advice.NO_DIETS}
    assert set(ABOUT.values()) <= {item.name for item in fields(EventDetails)}
