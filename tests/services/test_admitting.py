"""Every question at the door, the scans that stay, and who is inside afterwards."""

import random
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.admission import Action, Result, TicketState
from eventapp.domain.errors import NotAllowed
from eventapp.domain.events import EventState
from eventapp.domain.registrations import State
from eventapp.domain.tickets import new_code
from eventapp.extensions import db
from eventapp.models import ApiToken, Choice, Presence, Scan
from eventapp.queries.door import Bearer, bearer_of
from eventapp.queries.roster import roster_of
from eventapp.queries.scanned import conflicts
from eventapp.services.admitting import admit, admit_all
from eventapp.services.scan_reports import ScanReport
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_person,
    make_registration,
    make_round,
    make_ticket,
    make_token,
)
from tests.statements import listening

AT_THE_DOOR = NOW + timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(app):
    return make_event(starts_at=NOW + timedelta(hours=1))


def door(event, name="Ingang") -> Bearer:
    _token, secret = make_token(Scope.CHECKIN, event=event, name=name)
    return bearer_of(secret)


def ticket_code(event, **more) -> str:
    """The code of a fresh registration, also in states in which the mail with a ticket was never sent."""
    registration = make_registration(event, **more)
    ticket = registration.ticket or make_ticket(registration)
    db.session.commit()
    return ticket.code


def scan(event, code=None, action=Action.IN, *, at=AT_THE_DOOR, **more) -> ScanReport:
    values = {"scan_id": str(uuid4()), "event_id": event.id, "action": action, "scanned_at": at, "code": code}
    return ScanReport(**(values | more))


def kept_scans() -> int:
    return db.session.scalar(sa.select(sa.func.count(Scan.id)))


def inside() -> int:
    return db.session.scalar(sa.select(sa.func.count(Presence.id)).where(Presence.inside_since.is_not(None)))


def test_valid_ticket_is_welcome_by_name(event):
    person = make_person("Zoë", "van 't", "Hoff-Müller")
    code = ticket_code(event, person=person)

    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert verdict.result == Result.ADMITTED
    assert (verdict.ticket.given_name, verdict.ticket.organisation) == ("Zoë", "Zonnevlinder")
    assert verdict.first_scanned_at == AT_THE_DOOR
    assert (kept_scans(), inside()) == (1, 1)


def test_second_scan_says_since_when_somebody_is_inside(event):
    code, phone = ticket_code(event), door(event)
    admit(scan(event, code), by=phone, now=AT_THE_DOOR)

    verdict = admit(scan(event, code), by=phone, now=AT_THE_DOOR + 5 * MINUTE)

    assert (verdict.result, verdict.first_scanned_at) == (Result.ALREADY_IN, AT_THE_DOOR)
    assert not verdict.conflict
    assert (kept_scans(), inside()) == (2, 1)


def test_a_phone_seen_a_moment_ago_writes_and_hears_the_same_with_fewer_statements(event):
    """In, again, out, in anew, and the first one once more: who is inside is not let in by what was said before."""
    told, statements = [], []
    for last_used_at in (None, AT_THE_DOOR):
        code, phone = ticket_code(event), replace(door(event), last_used_at=last_used_at)
        scans = [scan(event, code), scan(event, code), scan(event, code, Action.OUT), scan(event, code)]
        scans = [*scans, scan(event, code, Action.OUT), scans[0]]
        with listening() as asked:
            verdicts = [admit(one, by=phone, now=AT_THE_DOOR) for one in scans]
        rows = db.session.execute(_ROWS.where(Scan.device_id == phone.id)).all()
        told.append(([(one.result, one.first_scanned_at, one.conflict) for one in verdicts], rows, inside()))
        statements.append(len(asked))

    assert told[0] == told[1]
    assert statements[1] < statements[0]
    assert [result for result, *_ in told[0][0]] == ["admitted", "already_in", "left", "admitted", "left", "admitted"]
    assert (len(told[0][1]), told[0][2]) == (5, 0)


# What is written of a scan, but for whose it was.
_ROWS = sa.select(
    *(column for column in Scan.__table__.c if not column.name.endswith(("id", "digest")) or column.name == "event_id")
).order_by(Scan.id)


def test_an_entry_that_cannot_be_kept_leaves_nobody_inside(event):
    code, nobody = ticket_code(event), replace(door(event), id=999_999, last_used_at=AT_THE_DOOR)

    with pytest.raises(sa.exc.IntegrityError):
        admit(scan(event, code), by=nobody, now=AT_THE_DOOR)

    assert (kept_scans(), inside()) == (0, 0)


def test_code_is_forgiven_its_case_and_spaces(event):
    code = ticket_code(event)
    typed = " ".join((code[:5], code[5:10], code[10:15], code[15:])).lower()

    verdict = admit(scan(event, typed), by=door(event), now=AT_THE_DOOR)

    assert verdict.result == Result.ADMITTED


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.AWAITING_PAYMENT, Result.UNPAID),
        (State.AWAITING_CONFIRMATION, Result.UNPAID),
        (State.WAITLISTED, Result.UNPAID),
        (State.CANCELLED, Result.CANCELLED),
        (State.EXPIRED, Result.CANCELLED),
    ],
)
def test_registration_that_gives_no_place_lets_nobody_in(event, state, result):
    code = ticket_code(event, state=state)

    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, inside(), kept_scans()) == (result, 0, 1)
    assert verdict.ticket is not None


def test_replaced_ticket_says_so(event):
    registration = make_registration(event)
    registration.ticket.state = TicketState.REPLACED
    old = registration.tickets[0].code
    db.session.commit()

    verdict = admit(scan(event, old), by=door(event), now=AT_THE_DOOR)

    assert verdict.result == Result.REPLACED


def test_cancelled_event_lets_nobody_in(event):
    code = ticket_code(event)
    event.state = EventState.CANCELLED
    db.session.commit()

    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, inside()) == (Result.CANCELLED, 0)


def test_ticket_for_another_event_tells_no_name(event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    code = ticket_code(other)

    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, verdict.ticket) == (Result.WRONG_EVENT, None)
    assert db.session.scalar(sa.select(Scan.registration_id)) is None


def test_day_before_is_the_wrong_day(event):
    code = ticket_code(event)
    day_before = AT_THE_DOOR - timedelta(days=1)

    verdict = admit(scan(event, code, at=day_before), by=door(event), now=day_before)

    assert (verdict.result, inside()) == (Result.WRONG_DAY, 0)


def test_clock_of_a_phone_two_days_ahead_does_not_make_it_the_wrong_day(event):
    code = ticket_code(event)

    verdict = admit(scan(event, code, at=AT_THE_DOOR + timedelta(days=2)), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, verdict.first_scanned_at) == (Result.ADMITTED, AT_THE_DOOR)


@pytest.mark.parametrize("code", ["https://www.site.example/x", "x" * 4000, ""])
def test_what_is_no_ticket_is_unknown_and_not_kept_as_text(event, code):
    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, verdict.ticket) == (Result.UNKNOWN, None)
    assert db.session.scalar(sa.select(Scan.code_digest)) == ""


def test_unknown_code_is_kept_as_a_digest_only(event):
    code = new_code()

    verdict = admit(scan(event, code), by=door(event), now=AT_THE_DOOR)

    assert verdict.result == Result.UNKNOWN
    kept = " ".join(map(str, db.session.execute(sa.select(Scan.__table__)).one()))
    assert code not in kept
    assert len(db.session.scalar(sa.select(Scan.code_digest))) == 64


def test_session_door_lets_in_who_chose_it(event):
    first_round = make_round(event)
    chosen, other = make_breakout(first_round), make_breakout(first_round)
    registration = make_registration(event)
    db.session.add(
        Choice(registration_id=registration.id, round_id=first_round.id, breakout_id=chosen.id, chosen_at=NOW)
    )
    db.session.commit()
    code, phone = registration.ticket.code, door(event)

    results = [
        admit(scan(event, code, session=session), by=phone, now=AT_THE_DOOR).result
        for session in (other.slug, "bestaat-niet", chosen.slug, chosen.slug, "")
    ]

    wrong, right = Result.WRONG_SESSION, Result.ADMITTED
    assert results == [wrong, wrong, right, Result.ALREADY_IN, right]
    assert inside() == 2


def test_same_scan_again_is_one_scan_with_the_same_answer(event):
    report, phone = scan(event, ticket_code(event)), door(event)
    first = admit(report, by=phone, now=AT_THE_DOOR)

    again = admit(report, by=phone, now=AT_THE_DOOR + 3 * MINUTE)

    assert again == first
    assert (again.result, kept_scans(), inside()) == (Result.ADMITTED, 1, 1)


def test_same_scan_again_after_leaving_lets_nobody_in(event):
    report, phone = scan(event, ticket_code(event)), door(event)
    admit(report, by=phone, now=AT_THE_DOOR)
    admit(scan(event, report.code, Action.OUT), by=phone, now=AT_THE_DOOR + MINUTE)

    again = admit(report, by=phone, now=AT_THE_DOOR + 2 * MINUTE)

    assert (again.result, inside()) == (Result.ADMITTED, 0)


def test_scan_id_of_another_event_is_refused(event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    report = scan(event, ticket_code(event))
    admit(report, by=door(event), now=AT_THE_DOOR)

    with pytest.raises(NotAllowed):
        admit(scan(other, ticket_code(other), scan_id=report.scan_id), by=door(other), now=AT_THE_DOOR)

    assert (kept_scans(), inside()) == (1, 1)


def test_leaving_and_coming_back(event):
    code, phone = ticket_code(event), door(event)
    admit(scan(event, code), by=phone, now=AT_THE_DOOR)

    out = admit(scan(event, code, Action.OUT), by=phone, now=AT_THE_DOOR + MINUTE)
    twice = admit(scan(event, code, Action.OUT), by=phone, now=AT_THE_DOOR + 2 * MINUTE)
    back = admit(scan(event, code), by=phone, now=AT_THE_DOOR + 3 * MINUTE)

    assert [out.result, twice.result, back.result] == [Result.LEFT, Result.NOT_INSIDE, Result.ADMITTED]
    assert back.first_scanned_at == AT_THE_DOOR


def test_override_lets_somebody_in_who_has_not_paid(event):
    code = ticket_code(event, state=State.AWAITING_PAYMENT)

    verdict = admit(scan(event, code, Action.OVERRIDE), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, inside()) == (Result.OVERRIDDEN, 1)


def test_override_cannot_let_in_a_stranger(event):
    verdict = admit(scan(event, new_code(), Action.OVERRIDE), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, inside()) == (Result.UNKNOWN, 0)


def test_undone_entry_never_happened(event):
    code, phone = ticket_code(event), door(event)
    entry = scan(event, code)
    admit(entry, by=phone, now=AT_THE_DOOR)

    undone = admit(scan(event, None, Action.UNDO, undoes=entry.scan_id), by=phone, now=AT_THE_DOOR + MINUTE)
    twice = admit(scan(event, None, Action.UNDO, undoes=entry.scan_id), by=phone, now=AT_THE_DOOR + MINUTE)
    anew = admit(scan(event, code), by=phone, now=AT_THE_DOOR + 2 * MINUTE)

    assert [undone.result, twice.result, anew.result] == [Result.UNDONE, Result.NOT_INSIDE, Result.ADMITTED]
    assert anew.first_scanned_at == AT_THE_DOOR + 2 * MINUTE
    assert kept_scans() == 4


def test_late_undo_does_not_take_back_a_later_entry(event):
    code, phone = ticket_code(event), door(event)
    entry = scan(event, code)
    admit(entry, by=phone, now=AT_THE_DOOR)
    admit(scan(event, code, Action.OUT), by=phone, now=AT_THE_DOOR + MINUTE)
    admit(scan(event, code), by=phone, now=AT_THE_DOOR + 2 * MINUTE)

    late = admit(scan(event, None, Action.UNDO, undoes=entry.scan_id), by=phone, now=AT_THE_DOOR + 3 * MINUTE)

    assert (late.result, inside()) == (Result.UNDONE, 1)


def test_undone_leaving_puts_somebody_back_inside(event):
    code, phone = ticket_code(event), door(event)
    admit(scan(event, code), by=phone, now=AT_THE_DOOR)
    out = scan(event, code, Action.OUT)
    admit(out, by=phone, now=AT_THE_DOOR + MINUTE)

    back = admit(scan(event, None, Action.UNDO, undoes=out.scan_id), by=phone, now=AT_THE_DOOR + 2 * MINUTE)

    assert (back.result, inside()) == (Result.UNDONE, 1)


def test_undo_of_another_events_scan_is_unknown(event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    entry = scan(other, ticket_code(other))
    admit(entry, by=door(other), now=AT_THE_DOOR)

    verdict = admit(scan(event, None, Action.UNDO, undoes=entry.scan_id), by=door(event), now=AT_THE_DOOR)

    assert (verdict.result, verdict.ticket, inside()) == (Result.UNKNOWN, None, 1)


@pytest.mark.parametrize("off", [timedelta(0), timedelta(hours=2), timedelta(hours=-2)])
def test_upload_is_counted_by_our_clock(event, off):
    code = ticket_code(event)
    happened, sent = AT_THE_DOOR, AT_THE_DOOR + 10 * MINUTE

    verdict = admit(scan(event, code, at=happened + off), by=door(event), now=sent, sent_at=sent + off)

    assert (verdict.result, verdict.first_scanned_at) == (Result.ADMITTED, happened)
    assert db.session.scalar(sa.select(Scan.scanned_at)) == happened + off


def test_upload_never_happened_in_the_future(event):
    code = ticket_code(event)

    verdict = admit(scan(event, code, at=AT_THE_DOOR + MINUTE), by=door(event), now=AT_THE_DOOR, sent_at=AT_THE_DOOR)

    assert verdict.first_scanned_at == AT_THE_DOOR


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_two_doors_offline_give_one_admission_and_one_conflict(event, order):
    code, north, south = ticket_code(event), door(event, "Noord"), door(event, "Zuid")
    sent = AT_THE_DOOR + 20 * MINUTE
    scans = {
        "first": (scan(event, code, at=AT_THE_DOOR, shown=Result.ADMITTED), north),
        "second": (scan(event, code, at=AT_THE_DOOR + MINUTE, shown=Result.ADMITTED), south),
    }

    for which in order:
        report, phone = scans[which]
        admit(report, by=phone, now=sent, sent_at=sent)

    presence = db.session.execute(sa.select(Presence.first_in_at, Presence.device_id)).one()
    assert presence == (AT_THE_DOOR, north.id)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id)).where(Scan.conflict)) == 1


def test_second_door_that_took_its_welcome_back_is_no_conflict_any_more(event):
    code, north, south = ticket_code(event), door(event, "Noord"), door(event, "Zuid")
    second = scan(event, code, at=AT_THE_DOOR + MINUTE, shown=Result.ADMITTED)
    admit(scan(event, code), by=north, now=AT_THE_DOOR)
    admit(second, by=south, now=AT_THE_DOOR + MINUTE, sent_at=AT_THE_DOOR + MINUTE)
    told = len(conflicts(event.id))

    taken_back = scan(event, action=Action.UNDO, undoes=second.scan_id, at=AT_THE_DOOR + MINUTE)
    admit(taken_back, by=south, now=AT_THE_DOOR + MINUTE, sent_at=AT_THE_DOOR + MINUTE)

    presence = db.session.execute(sa.select(Presence.first_in_at, Presence.device_id)).one()
    assert presence == (AT_THE_DOOR, north.id)
    assert (told, len(conflicts(event.id))) == (1, 0)
    assert not any(row.conflict for row in roster_of(event.id, salt=event.slug).rows)


def test_welcome_shown_to_a_cancelled_ticket_is_marked_for_the_organiser(event):
    code = ticket_code(event, state=State.CANCELLED)
    report = scan(event, code, shown=Result.ADMITTED)

    verdict = admit(report, by=door(event), now=AT_THE_DOOR, sent_at=AT_THE_DOOR)

    assert (verdict.result, verdict.conflict, inside()) == (Result.CANCELLED, True, 0)


def test_somebody_a_phone_turned_away_is_not_inside(event):
    report = scan(event, ticket_code(event), shown=Result.UNKNOWN)

    verdict = admit(report, by=door(event), now=AT_THE_DOOR, sent_at=AT_THE_DOOR)

    assert (verdict.result, inside(), kept_scans()) == (Result.UNKNOWN, 0, 1)


def test_device_is_seen_at_most_once_a_minute(event):
    code, phone = ticket_code(event), door(event)
    admit(scan(event, code), by=phone, now=AT_THE_DOOR)
    seen = db.session.scalar(sa.select(ApiToken.last_used_at))
    _token = db.session.get(ApiToken, phone.id)
    known = Bearer(phone.id, phone.name, phone.scopes, phone.event_id, phone.event_slug, None, None, seen)

    admit(scan(event, code), by=known, now=AT_THE_DOOR + MINUTE / 2)
    soon = db.session.scalar(sa.select(ApiToken.last_used_at))
    admit(scan(event, code), by=known, now=AT_THE_DOOR + MINUTE)
    later = db.session.scalar(sa.select(ApiToken.last_used_at))

    assert (seen, soon, later) == (AT_THE_DOOR, AT_THE_DOOR, AT_THE_DOOR + MINUTE)


def admitted(event, *uploads):
    """What is known of the one person at this event after these uploads of one scan each: (report, door)."""
    sent = AT_THE_DOOR + 20 * MINUTE
    for report, phone in uploads:
        admit_all([report], by=phone, now=sent, sent_at=sent)
    row = db.session.execute(sa.select(Presence.first_in_at, Presence.inside_since, Presence.device_id)).one_or_none()
    return tuple(row) if row else None


@pytest.mark.parametrize("seed", range(4))
def test_whatever_order_doors_report_in_the_same_person_is_inside(event, seed):
    """Let in north, let in south without either knowing, taken back north, out south, in again north."""
    code, north, south = ticket_code(event), door(event, "Noord"), door(event, "Zuid")
    first = scan(event, code, shown=Result.ADMITTED)
    of_north = [
        first,
        scan(event, None, Action.UNDO, undoes=first.scan_id, at=AT_THE_DOOR + 2 * MINUTE),
        scan(event, code, at=AT_THE_DOOR + 9 * MINUTE, shown=Result.ADMITTED),
    ]
    of_south = [
        scan(event, code, at=AT_THE_DOOR + MINUTE, shown=Result.ADMITTED),
        scan(event, code, Action.OUT, at=AT_THE_DOOR + 5 * MINUTE, shown=Result.LEFT),
    ]
    queues = {"Noord": of_north, "Zuid": of_south}
    turns = random.Random(seed).sample([north] * 3 + [south] * 2, 5)

    found = admitted(event, *((queues[phone.name].pop(0), phone) for phone in turns))

    assert found == (AT_THE_DOOR + MINUTE, AT_THE_DOOR + 9 * MINUTE, north.id)


def test_scans_of_one_upload_get_each_their_own_answer(event):
    codes = [ticket_code(event) for _ in range(3)]
    phone, other = door(event), make_event(starts_at=NOW + timedelta(hours=1))
    elsewhere = scan(other, ticket_code(other))
    admit(elsewhere, by=door(other), now=AT_THE_DOOR)
    twice = scan(event, codes[0], shown=Result.ADMITTED)
    reports = [
        twice,
        scan(event, codes[1], shown=Result.ADMITTED, scan_id=elsewhere.scan_id),
        scan(event, None, shown=Result.UNKNOWN, seen_as="ab" * 16),
        twice,
        scan(event, None, Action.UNDO, undoes=twice.scan_id),
        scan(event, codes[2], shown=Result.ADMITTED),
    ]

    answers = [admit_all(reports, by=phone, now=AT_THE_DOOR, sent_at=AT_THE_DOOR) for _ in range(2)]

    results = [[getattr(answer, "result", "refused") for answer in upload] for upload in answers]
    assert results == [["admitted", "refused", "unknown", "admitted", "undone", "admitted"]] * 2
    assert (kept_scans(), inside()) == (5, 2)
