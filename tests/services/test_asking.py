"""The office edits the questions of an event."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.care import Block, Care, Diet
from eventapp.domain.errors import (
    ChangedMeanwhile,
    EventOver,
    NotFound,
    OptionInUse,
    QuestionNeeded,
    QuestionOutOfOrder,
)
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Condition, QuestionKind
from eventapp.extensions import db
from eventapp.models import CareAnswer, PhotoChoice, Question
from eventapp.queries.questions import answers_of, blocks_of, rules_of
from eventapp.services import asking
from eventapp.services.asking import QuestionDetails
from tests.asking import NEEDS, answer, ask, ask_standard, follow, labels
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.reading import acts

WHO = {"by": OFFICE, "now": NOW}


def test_question_is_asked_changed_moved_and_removed(app: Flask) -> None:
    event_id = make_event().id
    travel = ask(event_id)
    plate = ask(event_id, "Kenteken", QuestionKind.TEXT, options=(), condition=follow(travel, "Auto"))
    for_members = QuestionDetails("Borrelt u mee?", 14, condition=Condition(frozenset({Category.LID})))
    drinks = asking.add_question(event_id, QuestionKind.YES_NO, for_members, **WHO)

    asking.change_question(drinks, replace(for_members, label="Blijft u borrelen?", required=True), version=1, **WHO)
    asking.move_question(drinks, up=True, **WHO)
    asking.move_question(drinks, up=True, **WHO)
    asking.move_question(drinks, up=True, **WHO)
    asked = labels(event_id)
    with pytest.raises(QuestionOutOfOrder):
        asking.move_question(plate, up=True, **WHO)
    with pytest.raises(QuestionNeeded):
        asking.remove_question(travel, **WHO)
    with pytest.raises(ChangedMeanwhile):
        asking.change_question(drinks, for_members, version=1, **WHO)
    asking.remove_question(plate, **WHO)

    assert asked == ["Blijft u borrelen?", "Hoe komt u?", "Kenteken"]
    assert [(rule.kind, rule.required, rule.condition) for rule in rules_of(event_id)] == [
        (QuestionKind.YES_NO, True, Condition(frozenset({Category.LID}))),
        (QuestionKind.CHOICE, False, Condition()),
    ]
    assert acts()[-2:] == ["questions_moved", "question_removed"]


def test_question_with_answers_is_closed_keeps_them_and_can_be_asked_again(app: Flask) -> None:
    registration = make_registration(make_event())
    event_id = registration.event_id
    travel, other = ask(event_id), ask(event_id, "Iets anders?", QuestionKind.TEXT)
    answer(registration, {travel: "Bus"})

    gone = asking.remove_question(travel, **WHO)
    closed = labels(event_id)
    answer(registration, {travel: "Trein", other: "Nee"})
    kept = answers_of(registration.id)
    asking.reopen_question(travel, **WHO)

    assert (gone, closed, kept) == (False, ["(Hoe komt u?)", "Iets anders?"], {travel: "Bus", other: "Nee"})
    assert labels(event_id) == ["Hoe komt u?", "Iets anders?"]


def test_option_stays_once_it_was_chosen_or_another_question_depends_on_it(app: Flask) -> None:
    registration = make_registration(make_event())
    travel = ask(registration.event_id)
    ask(registration.event_id, "Kenteken", QuestionKind.TEXT, condition=follow(travel, "Auto"))
    answer(registration, {travel: "Bus"})
    details = QuestionDetails("Hoe komt u?", 30)

    for options, in_use in (("Trein", "Auto"), "Bus"), (("Trein", "Bus"), "Auto"):
        with pytest.raises(OptionInUse) as refused:
            asking.change_question(travel, replace(details, options=options), version=1, **WHO)
        assert refused.value.facts == {"option": in_use}
    asking.change_question(travel, replace(details, options=("Bus", "Auto", "Fiets")), version=1, **WHO)

    assert rules_of(registration.event_id)[0].options == ("Bus", "Auto", "Fiets")


def test_nothing_depends_on_what_has_no_list_of_answers_or_comes_later(app: Flask) -> None:
    event_id = make_event().id
    open_one, travel = ask(event_id, "Opmerking", QuestionKind.TEXT, options=()), ask(event_id)

    with pytest.raises(QuestionOutOfOrder):
        ask(event_id, condition=follow(open_one, "x"))
    with pytest.raises(QuestionOutOfOrder):
        asking.change_question(
            open_one, QuestionDetails("Opmerking", 30, condition=follow(travel, "Bus")), version=1, **WHO
        )
    with pytest.raises(QuestionOutOfOrder):
        ask(make_event().id, condition=follow(travel, "Bus"))
    assert len(labels(event_id)) == 2


def test_standard_question_that_is_asked_no_more_takes_its_answers_along(app: Flask) -> None:
    event = make_event()
    both, hungry = make_registration(event), make_registration(event)
    event_id, both_id = event.id, both.id
    ask_standard(event)
    answer(both, care=NEEDS, photo=False)
    answer(hungry, care=Care(diets=frozenset({Diet.VEGANISTISCH})), photo=True)

    asking.choose_blocks(event_id, frozenset({Block.ACCESS}), **WHO)

    (row,) = db.session.scalars(sa.select(CareAnswer))
    assert (row.registration_id, row.care.diets, row.diet_other) == (both_id, frozenset(), "")
    assert row.care.access == NEEDS.access
    assert db.session.scalars(sa.select(PhotoChoice)).all() == []
    assert blocks_of(event_id) == {Block.ACCESS}


def test_nothing_is_asked_any_more_when_the_event_is_over(app: Flask) -> None:
    event = make_event()
    travel = ask(event.id)
    later = {"by": OFFICE, "now": NOW + timedelta(days=60)}

    for refused in (
        lambda: asking.add_question(event.id, QuestionKind.TEXT, QuestionDetails("Nog iets?", 30), **later),
        lambda: asking.remove_question(travel, **later),
        lambda: asking.choose_blocks(event.id, frozenset(Block), **later),
    ):
        with pytest.raises(EventOver):
            refused()
    with pytest.raises(NotFound):
        asking.remove_question(travel + 99, **WHO)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 1
