"""Who was there is thanked once and asked; what they answer is counted and can be led back to nobody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import (
    BadAnswer,
    ChangedMeanwhile,
    EvaluationBegun,
    EvaluationNotOpen,
    EvaluationSeen,
    ExpiredLink,
    UnknownLink,
    UsedLink,
)
from eventapp.domain.evaluation import GRADE, RECOMMEND, REMARK, OwnKind, OwnQuestion, Plan
from eventapp.domain.presence import PresenceStatus as S
from eventapp.extensions import db
from eventapp.models import (
    Evaluation,
    EvaluationCount,
    EvaluationInvite,
    EvaluationText,
    Event,
    Registration,
)
from eventapp.queries.evaluation import Appreciation, TooFew, Written, appreciation, counts_of, evaluation_of, texts_of
from eventapp.services import evaluating, fixing, forgetting, thanking
from eventapp.services.fixing import Wish
from tests.evaluating import asked, came, fix, held, says, tokens
from tests.factories import NOW, OFFICE
from tests.reading import acts, mails

DONE = {"by": OFFICE, "now": NOW}
LATER = NOW + timedelta(days=15)


def thanked() -> list[str]:
    return [address for kind, address in mails() if kind == "thanks"]


def standing(event_id: int) -> Evaluation:
    db.session.expire_all()
    return evaluation_of(db.session.get_one(Event, event_id))


def addresses(event_id: int) -> list[str]:
    rows = sa.select(Registration.address).where(Registration.event_id == event_id).order_by(Registration.id)
    return list(db.session.scalars(rows))


def test_thanks_wait_for_presence_and_reach_only_who_was_there(app: Flask):
    event_id = held(there=6, away=2).id

    before = thanking.thank_due(now=NOW)
    fix(event_id)
    written = thanking.thank_due(now=NOW), thanking.thank_due(now=NOW)

    assert before == 0
    assert written == (6, 0)
    assert thanked() == addresses(event_id)[:6]
    assert len(set(tokens())) == 6
    assert (standing(event_id).asked, standing(event_id).answers) == (6, 0)


def test_presence_that_changes_thanks_nobody_twice_and_newcomers_once(app: Flask):
    event_id, _links = asked(there=6, away=1)
    first, last = (
        row.id
        for row in (db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()[i] for i in (0, 6))
    )

    fixing.unfix(event_id, reason="Telefoon kwam later", **DONE)
    while_open = thanking.thank_due(now=NOW)
    came(db.session.get_one(Registration, last))
    fix(event_id)
    once_fixed = thanking.thank_due(now=NOW)
    away = {first: Wish(S.AANWEZIG, S.AFWEZIG)}
    fixing.correct(event_id, away, reason="Was ziek", **DONE)
    back = {first: Wish(S.AFWEZIG, S.AANWEZIG)}
    fixing.correct(event_id, back, reason="Toch niet", **DONE)
    afterwards = thanking.thank_due(now=NOW)

    assert (while_open, once_fixed, afterwards) == (0, 1, 0)
    assert sorted(thanked()) == sorted(addresses(event_id))
    assert standing(event_id).asked == 7


@pytest.mark.parametrize("case", ["few", "off", "long ago", "not asked"])
def test_who_is_not_asked_and_who_is_not_thanked(app: Flask, case: str):
    event_id = held(there=4 if case == "few" else 6).id
    if case in ("off", "not asked"):
        evaluating.set_plan(event_id, Plan(thanks=case != "off", asks=False), version=0, **DONE)
    fix(event_id)

    thanking.thank_due(now=NOW + timedelta(days=61 if case == "long ago" else 0))

    assert len(thanked()) == {"few": 4, "not asked": 6}.get(case, 0)
    assert tokens() == []
    assert standing(event_id).asked == 0


def test_one_answer_per_person_counted_and_nothing_of_it_in_a_row_or_log(app: Flask):
    own = (OwnQuestion(OwnKind.OPEN, "Wat neemt u mee?"), OwnQuestion(OwnKind.SCALE, "Nuttig?"))
    event_id = held(there=6).id
    evaluating.set_plan(event_id, Plan(questions=own), version=0, **DONE)
    fix(event_id)
    thanking.thank_due(now=NOW)
    links, log = tokens(), acts()

    says(links[0], 9, recommends="ja", remark="Heel goed", own1="Het kader")
    says(links[1], 3, recommends="nee", remark="Te lang")
    for again in (links[0], links[1]):
        with pytest.raises(UsedLink):
            says(again, 10)
    with pytest.raises(UnknownLink):
        says("verzonnen")
    with pytest.raises(BadAnswer):
        says(links[2], 11)

    counts = counts_of(event_id)
    assert {item: {v: n for v, n in those.items() if n} for item, those in counts.items()} == {
        GRADE: {"9": 1, "3": 1},
        RECOMMEND: {"ja": 1, "nee": 1},
        "own2": {},
    }
    assert {item: [one.text for one in those] for item, those in texts_of(event_id, all_of_them=True).items()} == {
        REMARK: ["Heel goed", "Te lang"],
        "own1": ["Het kader"],
    }
    assert acts() == log
    assert db.session.scalar(sa.select(sa.func.count()).where(EvaluationInvite.answered)) == 2
    moments = [
        c.name for c in (*EvaluationText.__table__.c, *EvaluationCount.__table__.c, *EvaluationInvite.__table__.c)
    ]
    assert [name for name in moments if name.endswith(("_at", "_on"))] == []


def test_neither_keys_nor_rows_keep_the_order_of_answers(app: Flask):
    _event_id, links = asked(there=12)
    for number, token in enumerate(links):
        says(token, 1 + number % 10, remark=f"{number:02d}")

    by_key = list(db.session.scalars(sa.select(EvaluationText.text).order_by(EvaluationText.key)))
    as_kept = list(db.session.scalars(sa.text("SELECT text FROM evaluation_texts")))
    in_order = sorted(by_key)

    assert len(in_order) == 12
    assert in_order not in (by_key, as_kept)
    if db.engine.dialect.name == "postgresql":
        written = sa.text("SELECT DISTINCT xmin::text FROM {}")
        assert len(db.session.execute(sa.text(str(written).format("evaluation_texts"))).all()) == 1
        assert len(db.session.execute(sa.text(str(written).format("evaluation_counts"))).all()) == 1


def test_nothing_shows_until_it_is_closed_with_five_answers_and_then_nothing_is_added(app: Flask):
    event_id, links = asked(there=6)
    for token in links[:4]:
        says(token, 7, recommends="ja")

    evaluating.close(event_id, **DONE)
    too_few = appreciation([event_id], now=NOW)
    with pytest.raises(ExpiredLink):
        says(links[4])
    evaluating.reopen(event_id, **DONE)
    says(links[4], 10, recommends="nee")
    still_open = appreciation([event_id], now=NOW)
    evaluating.close(event_id, **DONE)
    closed = appreciation([event_id], now=NOW)

    assert too_few == {event_id: TooFew(event_id, 6, 4)}
    assert still_open == {event_id: TooFew(event_id, 6, 5)}
    found = closed[event_id]
    assert isinstance(found, Appreciation)
    assert (found.asked, found.answers, found.grade_sum, found.recommends, found.recommend_answers) == (6, 5, 38, 4, 5)
    assert {grade: n for grade, n in found.grades.items() if n} == {7: 4, 10: 1}
    with pytest.raises(EvaluationSeen):
        evaluating.reopen(event_id, **DONE)
    with pytest.raises(EvaluationNotOpen):
        evaluating.close(event_id, **DONE)
    with pytest.raises(ExpiredLink):
        says(links[5])


def test_it_closes_by_itself_and_who_comes_later_is_only_thanked(app: Flask):
    event_id, links = asked(there=6, away=1)
    last = db.session.scalars(sa.select(sa.func.max(Registration.id))).one()

    fixing.correct(event_id, {last: Wish(S.AFWEZIG, S.AANWEZIG)}, reason="Vergeten", by=OFFICE, now=LATER)
    thanking.thank_due(now=LATER)

    assert len(thanked()) == 7
    assert tokens() == links
    assert appreciation([event_id], now=LATER) == {event_id: TooFew(event_id, 6, 0)}


def test_questions_stay_as_they_are_once_somebody_was_asked(app: Flask):
    event_id, _links = asked()

    evaluating.set_plan(event_id, Plan(thanks=False), version=0, **DONE)

    assert standing(event_id).thanks is False
    with pytest.raises(EvaluationBegun):
        evaluating.set_plan(event_id, Plan(named=True), version=1, **DONE)
    with pytest.raises(ChangedMeanwhile):
        evaluating.set_plan(event_id, Plan(), version=0, **DONE)


def test_a_name_stands_with_a_remark_only_when_it_was_put_there_and_goes_with_the_person(app: Flask):
    event_id = held(there=6).id
    evaluating.set_plan(event_id, Plan(named=True), version=0, **DONE)
    fix(event_id)
    thanking.thank_due(now=NOW)
    links = tokens()
    says(links[0], 2, remark="Bel mij", named=True)
    says(links[1], 9, remark="Prima")

    early = texts_of(event_id, all_of_them=False)
    db.session.execute(sa.update(Registration).where(Registration.id == _named()).values(address=""))
    db.session.commit()
    swept = forgetting.sweep(now=NOW)
    after = texts_of(event_id, all_of_them=True)

    assert early == {REMARK: [Written("Bel mij", "Mens0 Bakker")]}
    assert swept.evaluations == 2
    assert after == {REMARK: [Written("Bel mij", ""), Written("Prima", "")]}


def _named() -> int:
    found = sa.select(EvaluationText.registration_id).where(EvaluationText.registration_id.is_not(None))
    return db.session.scalars(found).one()


def test_who_answered_goes_a_month_after_closing_and_texts_after_a_year_but_never_the_counts(app: Flask):
    event_id, links = asked(there=6)
    for token in links:
        says(token, 8, recommends="ja", remark="Goed")

    forgetting.sweep(now=NOW + timedelta(days=40))
    invites_left = db.session.scalar(sa.select(sa.func.count()).select_from(EvaluationInvite))
    kept_a_while = len(texts_of(event_id, all_of_them=True)[REMARK])
    forgetting.sweep(now=NOW + timedelta(days=5 * 366))
    found = appreciation([event_id], now=NOW + timedelta(days=5 * 366))[event_id]

    assert (invites_left, kept_a_while) == (6, 6)
    assert texts_of(event_id, all_of_them=True) == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EvaluationInvite)) == 0
    assert isinstance(found, Appreciation)
    assert (found.asked, found.answers, found.grade_sum) == (6, 6, 48)


def test_a_name_is_not_kept_where_the_event_does_not_offer_it(app: Flask):
    event_id, links = asked()

    says(links[0], 4, remark="Hallo", named=True)

    assert texts_of(event_id, all_of_them=False) == {}
