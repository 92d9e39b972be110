"""Printing badges: who is on a print after people came, went and were erased."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.badges import SHEETS, Selection, Sheet, SheetKind, SortOrder
from eventapp.domain.errors import BadSheet, NotFound, NothingToPrint
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import BadgePrint, BadgePrintLine
from eventapp.queries import badges
from eventapp.services import badging, drawing, forgetting
from eventapp.services.badging import Wish
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration, make_ticket

WISH = Wish(Selection.ALL, SortOrder.FAMILY_NAME, SheetKind.L4784, SHEETS[SheetKind.L4784])
CHANGED = replace(WISH, selection=Selection.CHANGED)


def test_print_holds_who_has_no_badge_as_it_reads_now(app, now):
    event = make_event()
    stays, handed_over = make_registration(event), make_registration(event)
    first = badging.print_badges(event.id, WISH, by=OFFICE, now=now)
    handed_over.state = State.CANCELLED
    newcomer = make_registration(event, make_person("Nieuw", "", "Komer"))
    stays.tickets[0].state = "replaced"
    db.session.flush()
    make_ticket(stays)
    db.session.commit()

    second = badging.print_badges(event.id, CHANGED, by=OFFICE, now=now)

    ids = [[line.registration_id for line in db.session.get_one(BadgePrint, one).lines] for one in (first, second)]
    assert sorted(ids[0]) == sorted([stays.id, handed_over.id])
    assert sorted(ids[1]) == sorted([stays.id, newcomer.id])
    with pytest.raises(NothingToPrint):
        badging.print_badges(event.id, CHANGED, by=OFFICE, now=now)
    badging.take_back(second, by=OFFICE, now=now)
    assert [badge.registration_id for badge in badging.chosen(event.id, CHANGED)] == ids[1]


def test_what_cannot_be_printed_is_refused_and_leaves_nothing(app, now):
    empty, event = make_event(), make_event()
    make_registration(event)
    too_wide = replace(WISH, sheet=Sheet(3, 1, 800, 500, left=0, top=0))

    for event_id, wish, refusal in (
        (event.id, too_wide, BadSheet),
        (event.id, replace(WISH, first_label=11), BadSheet),
        (event.id, replace(WISH, selection=Selection.ONE, registration_id=99), NothingToPrint),
        (empty.id, WISH, NothingToPrint),
        (99, WISH, NotFound),
    ):
        with pytest.raises(refusal):
            badging.print_badges(event_id, wish, by=OFFICE, now=now)

    assert db.session.scalar(sa.select(sa.func.count(BadgePrint.id))) == 0


def test_digests_go_with_the_name_and_the_erased_are_on_no_sheet(app, now):
    event = make_event(starts_at=NOW - timedelta(days=800))
    make_registration(event)
    made = badging.print_badges(event.id, WISH, by=OFFICE, now=now)

    forgetting.sweep(now=now)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(BadgePrintLine)) == 0
    assert (badges.badges_of(event.id), badges.names_of([1])) == ([], [])
    with pytest.raises(NothingToPrint):
        drawing.badges_file(made)
