"""A new event begins with what its kind usually is, or like an earlier one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.care import Block
from eventapp.domain.events import EventKind, EventState
from eventapp.models import Event, EventBlock, Question
from tests.factories import NOW, make_breakout, make_event, make_registration, make_round
from tests.web.office import form_on, made, rows, signed_in, words

NEW = "/beheer/evenementen/nieuw"


@pytest.fixture
def office(make_app):
    """A signed-in browser of the secretariat."""
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def test_each_kind_says_in_one_sentence_what_it_fills_in(office):
    said = words(office.get(NEW))

    assert "Themadag Fysiek, 09.30-16.30 uur; gratis voor leden en ambassadeurs; vraagt naar dieetwensen" in said
    assert said.count("uur;") + said.count("dagen;") == len(EventKind)


def test_kind_and_day_leave_title_and_place_and_then_it_is_published(office):
    path = f"{NEW}?soort=alv&dag=2027-11-25"

    answer = office.post(path, data=form_on(office, path) | {"title": "ALV najaar", "city": "Utrecht"})
    office.post(f"{answer.location}/publicatie")

    found = rows(office.application, sa.select(Event.state, Event.starts_at, Event.waiting_list))
    assert [(state, at.isoformat(), line) for state, at, line in found] == [
        (EventState.PUBLISHED, "2027-11-25T13:00:00+00:00", True)
    ]
    assert rows(office.application, sa.select(EventBlock.code)) == [(Block.ACCESS,)]
    assert rows(office.application, sa.select(Question.label, Question.required)) == [
        ("Stemt u namens uw organisatie?", True)
    ]


def test_a_price_that_nobody_can_guess_is_asked(office):
    path = f"{NEW}?soort=masterclass&dag=2027-05-20"

    answer = office.post(path, data=form_on(office, path) | {"title": "Leiderschap", "city": "Doorn"})

    assert answer.status_code == 422
    assert words(answer).count("Vul het bedrag in") == 4
    assert rows(office.application, sa.select(Event.id)) == []


def test_an_earlier_event_is_found_by_its_title_and_copied_to_another_day(office):
    def lived():
        event = make_event(title="Themadag: één plan", slug="dag", starts_at=NOW - timedelta(days=40))
        make_breakout(make_round(event), speakers="Fatma Yıldız")
        make_registration(event)

    made(office.application, lived)
    found = office.get("/beheer/evenementen/kopie?zoek=EEN plan")
    path = "/beheer/evenementen/dag/kopie"

    page, filled = office.get(path), form_on(office, path)
    answer = office.post(path, data=filled | {"title": "Themadag 2028", "day": "2027-11-03"})

    assert f'href="{path}"' in found.text
    assert "1 ronde, 1 deelsessie: Bouwen voor later." in words(page) and "Dit gaat nooit mee" in words(page)
    assert filled["parts"] == ["programme"]
    assert answer.location == "/beheer/evenementen/themadag-2028"
    assert "Niets gevonden" in words(office.get("/beheer/evenementen/kopie?zoek=fusie"))
    assert office.post(path, data=filled | {"title": "", "day": ""}).status_code == 422
    assert rows(office.application, sa.select(Event.slug, Event.state).order_by(Event.id)) == [
        ("dag", EventState.PUBLISHED),
        ("themadag-2028", EventState.DRAFT),
    ]
