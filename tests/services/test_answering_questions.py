"""Somebody answers, changes an answer, needs something, and is forgotten in time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from eventapp.domain.care import CARE_CONSENT, PHOTO_TEXT, Block, Care, Diet
from eventapp.domain.errors import AlreadyCancelled, BadAnswer, ConsentNeeded, TooLateToAnswer
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Condition, QuestionKind
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Answer, AuditEntry, CareAnswer, PhotoChoice, Registration
from eventapp.queries.catering import catering_for
from eventapp.queries.questions import answers_of, asks_something, care_of, has_open_questions, still_to_answer
from eventapp.services import answering_questions, cancelling, forgetting
from eventapp.services.answering_questions import Filled
from tests.asking import NEEDS, answer, ask, ask_standard, follow
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.reading import acts


def test_changed_answer_drops_what_depended_on_it(app: Flask) -> None:
    registration = make_registration(make_event())
    travel = ask(registration.event_id)
    plate = ask(registration.event_id, "Kenteken", QuestionKind.TEXT, condition=follow(travel, "Auto"))
    seats = ask(registration.event_id, "Plaatsen in de auto", QuestionKind.NUMBER, condition=follow(travel, "Auto"))
    themes = ask(registration.event_id, "Thema's", QuestionKind.MULTIPLE, options=("HR", "ICT"))
    stays = ask(registration.event_id, "Borrelt u mee?", QuestionKind.YES_NO)
    answer(registration, {travel: "Auto", plate: "AB-12-CD", seats: 2, themes: ["HR"], stays: False})
    first = answers_of(registration.id)

    answer(registration, {travel: "Bus", themes: None})

    assert first == {travel: "Auto", plate: "AB-12-CD", seats: 2, themes: ["HR"], stays: False}
    assert answers_of(registration.id) == {travel: "Bus", stays: False}


def test_only_answers_to_what_is_asked_are_kept(app: Flask) -> None:
    registration = make_registration(make_event(), category=Category.LID)
    outsiders = Condition(categories=frozenset({Category.NIET_LID}))
    for_outsiders = ask(registration.event_id, condition=outsiders)
    elsewhere = ask(make_event().id)

    answer(registration, {for_outsiders: "Bus", elsewhere: "Bus", 4711: "Bus"})

    assert answers_of(registration.id) == {}


def test_what_is_no_answer_to_the_question_is_refused(app: Flask) -> None:
    registration = make_registration(make_event())
    travel = ask(registration.event_id)

    for value in ("Fiets", True, ["Bus"], 3):
        with pytest.raises(BadAnswer):
            answer(registration, {travel: value})

    assert answers_of(registration.id) == {}


def test_needs_are_kept_with_consent_only_and_the_database_agrees(app: Flask) -> None:
    registration = make_registration(make_event())
    registration_id = registration.id
    ask_standard(registration.event)

    with pytest.raises(ConsentNeeded):
        answer(registration, care=NEEDS, consent=False)
    refused = care_of(registration_id)
    answer(registration, care=Care(), consent=False)
    nothing = care_of(registration_id)
    without = (nothing.care, nothing.consented_at)
    answer(registration, care=NEEDS)
    row = care_of(registration_id)

    assert (refused, without) == (None, (Care(), None))
    assert (row.care, row.consent_text, row.consented_at) == (NEEDS, CARE_CONSENT, NOW)
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(CareAnswer).values(consented_at=None, consent_text=""))
    db.session.rollback()
    answering_questions.withdraw_care(registration_id, by=OFFICE, now=NOW)
    answering_questions.withdraw_care(registration_id, by=OFFICE, now=NOW)
    assert care_of(registration_id) is None


def test_a_yes_to_photos_is_taken_back_after_the_day_too(app: Flask) -> None:
    registration = make_registration(make_event())
    ask_standard(registration.event)
    registration_id = registration.id
    answer(registration, photo=True)
    later = NOW + timedelta(days=90)

    for _ in range(2):
        answering_questions.withdraw_photo(registration_id, by=OFFICE, now=later)

    choice = db.session.get_one(PhotoChoice, registration_id)
    assert (choice.agreed, choice.answered_at, choice.text_version) == (False, later, PHOTO_TEXT)
    assert acts().count("photo_withdrawn") == 1


def test_who_comes_online_is_not_asked_about_lunch_and_photos(app: Flask) -> None:
    registration = make_registration(make_event(form=EventForm.HYBRIDE), attends=EventForm.ONLINE)
    ask_standard(registration.event)

    answer(registration, care=NEEDS, photo=True)

    assert care_of(registration.id).care == Care(access=NEEDS.access, access_other=NEEDS.access_other)
    assert db.session.scalars(sa.select(PhotoChoice)).all() == []


def test_answers_are_fixed_from_the_start_and_after_withdrawing(app: Flask) -> None:
    registration, gone = make_registration(make_event()), make_registration(make_event(), state=State.CANCELLED)
    travel = ask(registration.event_id)
    at_the_start = registration.event.starts_at
    in_time = at_the_start - timedelta(seconds=1)

    answering_questions.save_answers(registration.id, Filled({travel: "Bus"}), by=OFFICE, now=in_time)
    with pytest.raises(TooLateToAnswer):
        answering_questions.save_answers(registration.id, Filled({travel: "Auto"}), by=OFFICE, now=at_the_start)
    with pytest.raises(AlreadyCancelled):
        answering_questions.save_answers(gone.id, Filled({}), by=OFFICE, now=NOW)

    assert answers_of(registration.id) == {travel: "Bus"}


def test_who_still_has_to_answer_is_known(app: Flask) -> None:
    event = make_event()
    ready = make_registration(event, make_person("Anna", "", "Aalbers"))
    late = make_registration(event, make_person("Bram", "", "Bakker"))
    make_registration(event, make_person("Cas", "", "Cornelissen"), state=State.CANCELLED)
    asks_nothing = asks_something(ready)
    travel = ask(event.id, required=True)
    plate = ask(event.id, "Kenteken", QuestionKind.TEXT, condition=follow(travel, "Auto"), required=True)
    ask(event.id, "Opmerking", QuestionKind.TEXT)
    answer(ready, {travel: "Bus"})
    answer(late, {travel: "Auto"})

    (found,) = still_to_answer(event.id)

    assert (found.registration.person.given_name, found.missing) == ("Bram", ("Kenteken",))
    answer(late, {plate: "AB-12-CD"})
    assert still_to_answer(event.id) == []
    assert (asks_nothing, asks_something(ready), has_open_questions(ready)) == (False, True, True)


def test_catering_counts_combinations_without_names(app: Flask) -> None:
    event = make_event(form=EventForm.HYBRIDE)
    ask_standard(event, Block.DIET, Block.ACCESS)
    for care in (
        Care(diets=frozenset({Diet.HALAL, Diet.GLUTENVRIJ})),
        Care(diets=frozenset({Diet.HALAL, Diet.GLUTENVRIJ}), diet_other="zonder ui"),
        Care(diets=frozenset({Diet.HALAL})),
        Care(),
        NEEDS,
    ):
        answer(make_registration(event), care=care)
    answer(make_registration(event, attends=EventForm.ONLINE), care=Care(access=NEEDS.access))
    withdrawn = make_registration(event)
    answer(withdrawn, care=NEEDS)
    cancelling.cancel_registration(withdrawn.id, by=OFFICE, now=NOW, back_cents=0)
    make_registration(event)

    found = catering_for(event.id)

    assert (found.eating, found.answered, found.not_answered) == (6, 5, 1)
    assert {diet: n for diet, n in found.diets.items() if n} == {Diet.HALAL: 4, Diet.GLUTENVRIJ: 2}
    assert found.combinations == [
        (frozenset({Diet.GLUTENVRIJ, Diet.HALAL}), 2),
        (frozenset({Diet.HALAL}), 2),
    ]
    assert found.diet_remarks == [NEEDS.diet_other, "zonder ui"]
    assert sorted(found.access.values()) == [0, 0, 2]


def test_special_answers_go_after_two_weeks_and_others_after_their_own_term(app: Flask) -> None:
    event = make_event()
    registration = make_registration(event)
    short, long = ask(event.id, keep_days=30), ask(event.id, "Nog iets?", QuestionKind.TEXT, keep_days=365)
    ask_standard(event)
    answer(registration, {short: "Bus", long: "Nee"}, care=NEEDS, photo=True)
    ended = event.ends_at

    left = {}
    for days in (13, 14, 29, 30, 364, 365, 800):
        swept = forgetting.sweep(now=ended + timedelta(days=days))
        left[days] = (swept.care, swept.replies, swept.photos)

    assert left == {
        13: (0, 0, 0),
        14: (1, 0, 0),
        29: (0, 0, 0),
        30: (0, 1, 0),
        364: (0, 0, 0),
        365: (0, 1, 0),
        800: (0, 0, 1),
    }


def test_who_withdrew_needs_nothing_any_more(app: Flask) -> None:
    event = make_event()
    stays, goes = make_registration(event), make_registration(event)
    stays_id = stays.id
    travel = ask(event.id)
    ask_standard(event)
    answer(stays, {travel: "Bus"}, care=NEEDS)
    answer(goes, {travel: "Bus"}, care=NEEDS)
    cancelling.cancel_registration(goes.id, by=OFFICE, now=NOW, back_cents=0)

    forgetting.sweep(now=NOW)

    assert list(db.session.scalars(sa.select(CareAnswer.registration_id))) == [stays_id]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 2


def test_log_says_that_somebody_answered_and_not_what(app: Flask) -> None:
    registration = make_registration(make_event())
    travel = ask(registration.event_id)
    ask_standard(registration.event)

    answer(registration, {travel: "Bus"}, care=NEEDS, photo=False)
    answering_questions.note_care_seen(registration.id, by=OFFICE, now=NOW)

    rows = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == "registration")).all()
    assert [(row.act, row.facts) for row in rows] == [("answered", {}), ("care_seen", {})]
