"""Two tabs with the same link, many people at once, and two workers: every answer and every mail counts once."""

import pytest
import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.models import Evaluation, EvaluationText
from eventapp.queries.evaluation import counts_of
from eventapp.services import thanking
from tests.evaluating import asked, fix, held, says
from tests.factories import NOW
from tests.race.test_circles import together
from tests.reading import kinds

pytestmark = pytest.mark.race


def test_every_answer_counts_once_whoever_comes_together(app):
    event_id, links = asked(there=6)
    db.session.rollback()

    said = together(app, [lambda token=token: says(token, 7, remark="Goed") for token in (*links, *links)])

    assert sorted(said, key=str) == [None] * 6 + ["used_link"] * 6
    assert counts_of(event_id)["grade"]["7"] == 6
    assert db.session.scalars(sa.select(EvaluationText.text)).all() == ["Goed"] * 6


def test_two_workers_thank_everybody_once(app):
    event_id = held(there=6).id
    fix(event_id)
    db.session.rollback()

    written = together(app, [lambda: thanking.thank_due(now=NOW)] * 3)

    assert sum(written) == kinds().count("thanks") == 6
    assert db.session.get_one(Evaluation, event_id).asked == 6
