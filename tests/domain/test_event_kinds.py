"""What each kind of gathering fills in, and that only what nobody can guess is left."""

from dataclasses import replace
from datetime import date

import pytest

from eventapp.domain.event_kinds import default_lines, standing, template_of
from eventapp.domain.events import EventForm, EventKind, RegistrationMode, Visibility, missing_for_publishing
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.times import AMSTERDAM

ACROSS_THE_CLOCK_CHANGE = date(2027, 3, 27)
PLACE, LINK = ["city"], ["external_url"]


def missing(kind: EventKind, **filled: object) -> list[str]:
    details = template_of(kind).details(kind, "Titel", ACROSS_THE_CLOCK_CHANGE)
    details = replace(details, **filled)
    return missing_for_publishing(
        title=details.title,
        starts_at=details.starts_at,
        form=details.form,
        city=details.city,
        mode=details.registration,
        external_url=details.external_url,
        prices=list(standing(details.prices)),
    )


@pytest.mark.parametrize("kind", EventKind)
def test_a_kind_leaves_open_only_what_nobody_can_guess(kind):
    template = template_of(kind)
    expected = [] if template.form == EventForm.ONLINE else PLACE
    expected = expected + (LINK if template.registration == RegistrationMode.ELDERS else [])

    assert missing(kind) == expected
    assert missing(kind, city="Utrecht", external_url="https://elders.example/x") == []


@pytest.mark.parametrize("kind", EventKind)
def test_a_kind_lasts_as_long_by_dutch_clocks_whatever_the_clock_does(kind):
    template = template_of(kind)

    details = template.details(kind, "Titel", ACROSS_THE_CLOCK_CHANGE)

    starts, ends = (moment.astimezone(AMSTERDAM) for moment in (details.starts_at, details.ends_at))
    assert (starts.time(), ends.time()) == (template.begins, template.ends)
    assert (ends.date() - starts.date()).days == template.days - 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (EventKind.THEMADAG, {"lid": "gratis", "ambassadeur": "gratis", "niet-lid": "niet"}),
        (EventKind.WEBINAR, {"lid": "gratis", "ambassadeur": "gratis", "niet-lid": "gratis"}),
        (EventKind.REGIONALE_ACTIVITEIT, {"lid": "gratis", "ambassadeur": "gratis", "niet-lid": "gratis"}),
        (EventKind.OVERLEG, {"lid": "uitnodiging", "ambassadeur": "uitnodiging", "niet-lid": "uitnodiging"}),
        (EventKind.MASTERCLASS, {"lid": "prijs", "ambassadeur": "uitnodiging", "niet-lid": "prijs"}),
    ],
)
def test_who_comes_in_by_kind(kind, said):
    lines = {line.category: line.admission.value for line in template_of(kind).prices if not line.kinds}

    assert {name: lines[Category(name)] for name in said} == said


def test_what_is_closed_is_by_invitation_and_shown_nowhere():
    closed = [kind for kind in EventKind if template_of(kind).visibility == Visibility.BESLOTEN]

    assert closed == [
        EventKind.OVERLEG,
        EventKind.KOPGROEP,
        EventKind.PLATFORM,
        EventKind.ADVIESRAAD,
        EventKind.KENNISTAFEL,
    ]
    for kind in closed:
        assert {line.admission for line in template_of(kind).prices} == {Admission.UITNODIGING}


@pytest.mark.parametrize("kind", [EventKind.REGIONALE_ACTIVITEIT, EventKind.PARTNERACTIVITEIT, EventKind.EXTERN])
def test_what_others_give_never_goes_on_an_invoice_of_ours(kind):
    assert not template_of(kind).invoice_allowed


@pytest.mark.parametrize("kind", EventKind)
def test_lines_that_stand_as_they_are_ask_no_price_without_amount(kind):
    assert all(line.price_cents or line.admission != Admission.PRIJS for line in default_lines(kind))
