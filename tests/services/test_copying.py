"""A new event like an earlier one: everything that was said comes along, nobody who came does, and it publishes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.cancellation import Term
from eventapp.domain.copying import UNASKED, Part
from eventapp.domain.events import EventState
from eventapp.domain.mail_texts import Words
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Condition, QuestionKind
from eventapp.domain.times import AMSTERDAM
from eventapp.extensions import db
from eventapp.models import (
    Breakout,
    Capacity,
    CertificateTerms,
    Choice,
    Evaluation,
    Event,
    MailText,
    Question,
    Round,
)
from eventapp.services import asking, copying, dividing, mail_texts, organising, reminding
from eventapp.services.asking import QuestionDetails
from eventapp.services.copying import Copy
from eventapp.services.dividing import PoolDetails
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_registration, make_round

# Of the tables that hang on an event: what comes along, and what is about who came or what was done.
COPIED = {
    "breakouts",
    "cancellation_terms",
    "capacities",
    "certificate_terms",
    "evaluations",
    "event_blocks",
    "event_fields",
    "event_prices",
    "event_reminders",
    "event_target_groups",
    "mail_texts",
    "pools",
    "questions",
    "rounds",
}
STAYS = {
    "event_moves",
    "pending_details",
    "staff_grants",
    "api_tokens",
    "badge_prints",
    "circle_answers",
    "evaluation_counts",
    "evaluation_invites",
    "evaluation_texts",
    "event_proposals",
    "event_slugs",
    "fixed_presences",
    "invitations",
    "list_looks",
    "mailings",
    "orders",
    "outbox",
    "presence_corrections",
    "registrations",
    "revenue_rules",
    "scans",
    "event_visibility",
    "presences",
}
WINTER = datetime(2027, 2, 10, 9, 0, tzinfo=AMSTERDAM)
SUMMER_DAY = date(2027, 6, 16)


def of_event() -> set[str]:
    """Every table with a column that points to an event."""
    return {
        table.name
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "events"
    }


def lived() -> Event:
    """An event with everything on it that can be on one, somebody who came among it."""
    event = make_event(starts_at=WINTER, slug="dag", capacity=40, prices={Category.LID: 0, Category.NIET_LID: 9500})
    event.waiting_list, event.online_url, event.opens_at = (
        False,
        "https://meet.example/oud",
        WINTER - timedelta(days=40),
    )
    db.session.commit()
    first, second = make_round(event, hours=1), make_round(event, "Ronde 2", hours=2)
    one = make_breakout(first, title="Rekenen", size=20, speakers="Geheim de Vries")
    other = make_breakout(second, title="Bouwen", size=10, materials_url="https://dia.example/x", excludes=(one,))
    off = make_breakout(first, title="Weg", cancelled_at=NOW)
    person = make_registration(event, organisation_name="Geheim", function="Geheim")
    db.session.add(Choice(registration_id=person.id, round_id=first.id, breakout_id=one.id, chosen_at=NOW))
    db.session.add(CertificateTerms(event_id=event.id, minutes=90, goals="Leren"))
    db.session.add(
        Evaluation(event_id=event.id, thanks=True, asks=True, named=False, days=7, closes_at=NOW, asked=9, answers=8)
    )
    db.session.commit()
    assert off.id and other.id
    event_id = event.id
    dividing.add_pool(event_id, PoolDetails("Leden", 30, frozenset({Category.LID})), by=OFFICE, now=NOW)
    lead = asking.add_question(
        event_id, QuestionKind.YES_NO, QuestionDetails("Komt u met de trein?", 30), by=OFFICE, now=NOW
    )
    follow = QuestionDetails("Vanaf waar?", 30, condition=Condition(question_id=lead, values=frozenset({"ja"})))
    asking.add_question(event_id, QuestionKind.TEXT, follow, by=OFFICE, now=NOW)
    reminding.set_reminders(event_id, [3], online=False, by=OFFICE, now=NOW)
    mail_texts.say("confirmed", event_id, Words("", "Eerst", ""), by=OFFICE, now=NOW)
    mail_texts.say("confirmed", event_id, Words("", "Daarna", ""), seen=1, by=OFFICE, now=NOW)
    return db.session.get_one(Event, event_id)


def copied(event: Event, parts=UNASKED) -> Event:
    slug = copying.copy_event(event.id, Copy(SUMMER_DAY, "Opnieuw", parts), by=OFFICE, now=NOW)
    return db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()


def local(moments) -> list[str]:
    return [f"{one.astimezone(AMSTERDAM):%d-%m %H.%M}" for one in moments]


def test_every_table_of_an_event_comes_along_or_stays_on_purpose():
    assert of_event() == COPIED | STAYS


def test_what_was_said_comes_along_at_the_same_clock_times(app):
    event = lived()
    before = organising.details_of(event)

    new = copied(event)

    after = organising.details_of(new)
    differs = {name for name in vars(before) if getattr(before, name) != getattr(after, name)}
    assert differs == {"title", "slug", "starts_at", "ends_at", "opens_at", "online_url"}
    assert local([new.starts_at, new.ends_at, new.opens_at]) == ["16-06 09.00", "16-06 13.00", "07-05 09.00"]
    assert (new.slug, new.state, new.waiting_list, new.online_url) == ("opnieuw", EventState.DRAFT, False, "")
    assert new.calendar_uid != event.calendar_uid
    rounds = db.session.scalars(sa.select(Round).where(Round.event_id == new.id).order_by(Round.id)).all()
    old_rounds = db.session.scalars(sa.select(Round).where(Round.event_id == event.id).order_by(Round.id)).all()
    clocks = [[f"{one.starts_at.astimezone(AMSTERDAM):%H.%M}" for one in found] for found in (rounds, old_rounds)]
    assert clocks[0] == clocks[1]
    breakouts = db.session.scalars(sa.select(Breakout).where(Breakout.event_id == new.id).order_by(Breakout.id)).all()
    assert [(one.title, one.speakers, one.materials_url, one.capacity.size) for one in breakouts] == [
        ("Rekenen", "", "", 20),
        ("Bouwen", "", "", 10),
    ]
    assert [row.other_id for row in breakouts[1].exclusions] == [breakouts[0].id]
    questions = db.session.scalars(sa.select(Question).where(Question.event_id == new.id).order_by(Question.id)).all()
    assert [(one.label, one.depends_on) for one in questions] == [
        ("Komt u met de trein?", None),
        ("Vanaf waar?", questions[0].id),
    ]
    texts = db.session.scalars(sa.select(MailText).where(MailText.event_id == new.id)).all()
    assert [(one.kind, one.opening) for one in texts] == [("confirmed", "Daarna")]
    evaluation = db.session.get_one(Evaluation, new.id)
    assert (evaluation.closes_at, evaluation.asked, evaluation.answers) == (None, 0, 0)


def test_nobody_and_nothing_that_happened_comes_along_and_it_publishes(app):
    new = copied(lived())

    organising.publish_event(new.id, by=OFFICE, now=NOW)

    for table in db.metadata.sorted_tables:
        if table.name in STAYS:
            column = next(key.parent for key in table.foreign_keys if key.column.table.name == "events")
            assert db.session.scalar(sa.select(sa.func.count()).where(column == new.id)) == 0, table.name
        elif table.name in COPIED:
            for row in db.session.execute(sa.select(table).where(table.c.event_id == new.id)):
                assert "Geheim" not in str(row)
    taken = db.session.scalars(sa.select(Capacity.taken).where(Capacity.event_id == new.id)).all()
    assert (sum(taken), len(taken)) == (0, 5)
    assert db.session.get_one(Event, new.id).state == EventState.PUBLISHED


def test_names_of_who_presents_come_along_when_asked_and_parts_can_stay_behind(app):
    event = lived()

    named = copied(event, [Part.PROGRAMME, Part.SPEAKERS])
    bare = copied(event, [])

    speakers = db.session.scalars(sa.select(Breakout.speakers).where(Breakout.event_id == named.id)).all()
    assert "Geheim de Vries" in speakers
    for model in (Round, Breakout, Question, MailText, CertificateTerms):
        assert db.session.scalars(sa.select(model).where(model.event_id == bare.id)).all() == []
    assert bare.slug == "opnieuw-2"


def test_terms_come_along(app):
    event = make_event()
    details = organising.details_of(event)
    organising.change_event(
        event.id, replace(details, cancellation_terms=(Term(14, 100), Term(7, 50))), version=1, by=OFFICE, now=NOW
    )

    assert organising.details_of(copied(event)).cancellation_terms == (Term(14, 100), Term(7, 50))
