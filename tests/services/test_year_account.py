"""The account of a year: every number against plain SQL, and a closed year that stays what it was."""

from collections import Counter
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.account import AccountYear, Figure
from eventapp.domain.errors import AlreadyClosed, ChangedMeanwhile, NotClosed, PeriodNotOver
from eventapp.domain.presence import WAS_THERE
from eventapp.domain.times import from_local
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, Person, Registration, YearClosing, YearTotal
from eventapp.models.types import UTCDateTime
from eventapp.queries.account import live_totals, year_of
from eventapp.queries.account_rows import behind
from eventapp.queries.year_closings import known_years, totals_of
from eventapp.services import forgetting, year_closings
from tests.accounting import fill_year
from tests.factories import NOW, OFFICE, make_event, make_registration

YEAR = AccountYear(2026, NOW.date())
THERE = ", ".join(f"'{status.value}'" for status in sorted(WAS_THERE))
FIRST, BEYOND = (datetime(year, 12, 31, 23, tzinfo=NOW.tzinfo) for year in (2025, 2026))
CAME_FROM = """
    CASE WHEN r.organisation_id IS NOT NULL THEN r.organisation_id
    ELSE (SELECT d.organisation_id FROM organisation_domains d WHERE d.domain = r.mail_domain) END
"""
WITH = f"""
    WITH held AS (
        SELECT * FROM events
        WHERE state = 'published' AND ends_at <= :now AND starts_at >= :first AND starts_at < :beyond
    ),
    own AS (SELECT * FROM held WHERE kind <> 'extern'),
    there AS (
        SELECT r.person_id, r.category, r.function_group, r.event_id, own.starts_at, {CAME_FROM} AS organisation_id
        FROM fixed_presences f JOIN registrations r ON r.id = f.registration_id JOIN own ON own.id = r.event_id
        WHERE f.status IN ({THERE})
    )
"""


def ask(question: str, **more: object) -> list[tuple]:
    """The rows that plain SQL answers."""
    moments = {"now": NOW, "first": FIRST, "beyond": BEYOND}
    statement = sa.text(WITH + question)
    typed = [sa.bindparam(name, value, type_=UTCDateTime()) for name, value in moments.items()]
    return [tuple(row) for row in db.session.execute(statement.bindparams(*typed), more)]


def one(question: str, **more: object) -> int:
    return ask(question, **more)[0][0] or 0


def numbers(figure: Figure) -> dict[tuple[str, str], int]:
    """What the account says of this figure, by row and column."""
    found = totals_of(YEAR, now=NOW).numbers
    return {(key.row, key.column): number for key, number in found.items() if key.figure == figure}


def some(found: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return {key: number for key, number in found.items() if number}


def counted(question: str, column: str, prefix: str = "") -> dict[tuple[str, str], int]:
    """Of a question that answers a code and a number for each: the numbers by row and this column."""
    return {(f"{prefix}{code or 'none'}", column): number for code, number in ask(question)}


def test_every_number_of_a_year_is_what_plain_sql_says(app: Flask):
    fill_year()

    _check_meetings_and_attendance()
    _check_reach()
    _check_people_and_organisations()
    _check_no_show_and_waiting()
    _check_outsiders_and_visibility()
    _check_appreciation()
    _check_members()
    _check_rows_behind()


def _check_meetings_and_attendance() -> None:
    crossed = """
        SELECT coalesce(g.code, 'none'), coalesce(f.code, 'none'), count(*) FROM own
        LEFT JOIN event_target_groups g ON g.event_id = own.id LEFT JOIN event_fields f ON f.event_id = own.id
        GROUP BY 1, 2
    """
    by_group = "SELECT g.code, count(*) FROM own LEFT JOIN event_target_groups g ON g.event_id = own.id GROUP BY 1"
    by_field = "SELECT f.code, count(*) FROM own LEFT JOIN event_fields f ON f.event_id = own.id GROUP BY 1"
    expected = {(group, field): number for group, field, number in ask(crossed)}
    expected |= counted(by_group, "all")
    expected |= {("all", field or "none"): number for field, number in ask(by_field)}
    expected[("all", "all")] = one("SELECT count(*) FROM own")
    assert numbers(Figure.MEETINGS) == expected
    assert expected[("all", "all")] > 8

    confirmed = "FROM own JOIN registrations r ON r.event_id = own.id AND r.state = 'confirmed'"
    found = numbers(Figure.ATTENDANCE)
    assert found[("all", "registered")] == one(f"SELECT count(*) {confirmed}")
    assert found[("all", "attended")] == one("SELECT count(*) FROM there")
    dimensions = {
        "kind:": ("own.kind", ""),
        "form:": ("own.form", ""),
        "group:": ("d.code", "JOIN event_target_groups d ON d.event_id = own.id"),
        "field:": ("d.code", "JOIN event_fields d ON d.event_id = own.id"),
    }
    for prefix, (code, join) in dimensions.items():
        per = {
            **counted(f"SELECT {code}, count(*) FROM own {join} GROUP BY 1", "meetings", prefix),
            **counted(f"SELECT {code}, count(*) {confirmed} {join} GROUP BY 1", "registered", prefix),
            **counted(
                f"SELECT {code}, count(*) FROM there JOIN own ON own.id = there.event_id {join} GROUP BY 1",
                "attended",
                prefix,
            ),
        }
        assert {key: number for key, number in found.items() if key[0].startswith(prefix)} == per


_MEMBER = """
    EXISTS (SELECT 1 FROM memberships m WHERE m.organisation_id = o.id AND m.relation = 'lid'
            AND m.starts_on <= :last AND (m.ends_on IS NULL OR m.ends_on >= :first_day))
"""
_IN_YEAR = {"first_day": date(2026, 1, 1), "last": date(2026, 12, 31)}


def _check_reach() -> None:
    before = f"""
        EXISTS (SELECT 1 FROM registrations r JOIN fixed_presences f ON f.registration_id = r.id
                JOIN events e ON e.id = r.event_id WHERE {CAME_FROM} = o.id AND f.status IN ({THERE})
                AND e.kind <> 'extern' AND e.state = 'published' AND e.starts_at < :first)
    """
    this_year = "EXISTS (SELECT 1 FROM there t WHERE t.organisation_id = o.id)"
    groups = {
        "members": "1 = 1",
        "took_part": this_year,
        "earlier": f"NOT {this_year} AND {before}",
        "never": f"NOT {this_year} AND NOT {before}",
    }
    expected: dict[tuple[str, str], int] = {}
    for column, condition in groups.items():
        question = f"SELECT o.kind, count(*) FROM organisations o WHERE {_MEMBER} AND {condition} GROUP BY 1"
        per_kind = {(kind, column): number for kind, number in ask(question, **_IN_YEAR)}
        expected |= per_kind | {("all", column): sum(per_kind.values())}
    found = numbers(Figure.REACH)
    assert found == some(expected)
    assert {"took_part", "earlier", "never"} <= {column for _, column in found} or found[("all", "members")] > 8


def _check_people_and_organisations() -> None:
    assert one("SELECT count(*) FROM held WHERE kind = 'extern' AND presence_fixed_at IS NOT NULL") > 0
    people = {("all", "people"): one("SELECT count(DISTINCT person_id) FROM there")}
    people |= counted("SELECT category, count(DISTINCT person_id) FROM there GROUP BY 1", "people", "category:")
    people |= counted("SELECT function_group, count(DISTINCT person_id) FROM there GROUP BY 1", "people", "group:")
    assert numbers(Figure.PEOPLE) == people

    known = "FROM there JOIN organisations o ON o.id = there.organisation_id"
    relations: Counter[str] = Counter()
    seen = set()
    for organisation, starts_at in ask(
        "SELECT organisation_id, starts_at FROM there WHERE organisation_id IS NOT NULL"
    ):
        seen.add((organisation, _relation(organisation, _day(starts_at))))
    relations.update(relation for _, relation in seen)
    expected = {("all", "organisations"): one("SELECT count(DISTINCT organisation_id) FROM there")}
    expected |= counted(f"SELECT o.kind, count(DISTINCT o.id) {known} GROUP BY 1", "organisations", "kind:")
    expected |= {(f"relation:{relation}", "organisations"): number for relation, number in relations.items()}
    assert numbers(Figure.ORGANISATIONS) == expected


def _day(moment: datetime | str) -> date:
    """SQLite answers plain SQL with text."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (at.replace(tzinfo=None if at.tzinfo is None else at.tzinfo) + timedelta(hours=1)).date()


def _relation(organisation: int, day: date) -> str:
    question = """
        SELECT relation FROM memberships WHERE organisation_id = :organisation AND starts_on <= :day
        AND (ends_on IS NULL OR ends_on >= :day)
    """
    found = ask(question, organisation=organisation, day=day)
    return found[0][0] if found else "geen"


def _check_no_show_and_waiting() -> None:
    fixed = "FROM fixed_presences f JOIN own ON own.id = f.event_id"
    expected = counted(f"SELECT own.kind, count(*) {fixed} WHERE f.no_show GROUP BY 1", "no_show")
    came = f"SELECT own.kind, count(*) {fixed} WHERE f.no_show OR f.status IN ({THERE}) GROUP BY 1"
    expected |= counted(came, "expected")
    assert numbers(Figure.NO_SHOW) == _with_all(expected)

    waited = """
        FROM own JOIN registrations r ON r.event_id = own.id
        JOIN waiting_entries w ON w.registration_id = r.id AND w.breakout_id IS NULL
    """
    line = counted(f"SELECT own.kind, count(DISTINCT own.id) {waited} GROUP BY 1", "meetings")
    line |= counted(f"SELECT own.kind, count(DISTINCT r.id) {waited} GROUP BY 1", "waited")
    line |= counted(f"SELECT own.kind, count(DISTINCT r.id) {waited} WHERE r.state = 'confirmed' GROUP BY 1", "placed")
    places = """
        SELECT kind, sum(size) FROM (
            SELECT own.kind, coalesce(
                (SELECT size FROM capacities c WHERE c.event_id = own.id AND c.kind = 'event'),
                (SELECT sum(size) FROM capacities c WHERE c.event_id = own.id AND c.kind = 'form')) AS size FROM own
        ) limited WHERE size > 0 GROUP BY kind
    """
    line |= counted(places, "places")
    assert numbers(Figure.WAITING) == _with_all(line)


def _with_all(found: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """With the row that adds up the kinds."""
    total: Counter[str] = Counter()
    for (_, column), number in found.items():
        total[column] += number
    return found | {("all", column): number for column, number in total.items()}


def _check_outsiders_and_visibility() -> None:
    days: dict[int, list[date]] = {}
    for organisation, starts_at in ask(
        "SELECT organisation_id, starts_at FROM there WHERE organisation_id IS NOT NULL"
    ):
        if _relation(organisation, _day(starts_at)) == "geen":
            days.setdefault(organisation, []).append(_day(starts_at))
    later = """
        SELECT count(*) FROM memberships WHERE organisation_id = :id AND relation = 'lid' AND starts_on > :day
        AND starts_on <= :today
    """
    kinds = dict(ask("SELECT id, kind FROM organisations"))
    found: Counter[tuple[str, str]] = Counter()
    for organisation, seen in days.items():
        found[(kinds[organisation], "organisations")] += 1
        found[(kinds[organisation], "later_members")] += bool(
            one(later, id=organisation, day=min(seen), today=NOW.date())
        )
    expected = some(_with_all(dict(found)))
    unknown = "SELECT count(DISTINCT person_id) FROM there WHERE category = 'niet-lid' AND organisation_id IS NULL"
    admits = "p.event_id = own.id AND p.category = 'niet-lid' AND p.admission IN ('gratis', 'prijs')"
    expected[("all", "unknown")] = one(unknown)
    expected[("all", "open")] = one(f"SELECT count(DISTINCT own.id) FROM own JOIN event_prices p ON {admits}")
    assert numbers(Figure.OUTSIDERS) == some(expected)
    assert expected[("all", "later_members")] > 0

    item = """
        FROM held LEFT JOIN event_visibility v ON v.event_id = held.id
        WHERE (held.kind = 'extern' OR held.registration <> 'hier')
    """
    seen_by = counted(f"SELECT held.kind, count(*) {item} GROUP BY 1", "items")
    seen_by |= counted(f"SELECT held.kind, count(*) {item} AND v.contribution <> '' GROUP BY 1", "contributed")
    seen_by |= counted(f"SELECT held.kind, count(*) {item} AND v.heads IS NOT NULL GROUP BY 1", "counted")
    seen_by |= counted(f"SELECT held.kind, sum(v.heads) {item} AND v.heads > 0 GROUP BY 1", "heads")
    assert numbers(Figure.VISIBILITY) == _with_all(seen_by)


def _check_appreciation() -> None:
    """Of this year and the one before; what may not be seen is in no sum."""
    marks = """
        SELECT e.kind, sum(CAST(c.value AS integer) * c.number), sum(c.number), max(v.asked)
        FROM events e JOIN evaluations v ON v.event_id = e.id AND v.answers >= 5 AND v.closes_at <= :now
        JOIN evaluation_counts c ON c.event_id = e.id AND c.item = 'grade'
        WHERE e.kind <> 'extern' AND e.state = 'published' AND {when} GROUP BY e.id, e.kind
    """
    expected: Counter[tuple[str, str]] = Counter()
    this_year = "e.starts_at >= :first AND e.starts_at < :beyond"
    for year, when in ((2026, this_year), (2025, "e.starts_at < :first")):
        for kind, *found in ask(marks.format(when=when)):
            for column, number in zip(("total", "answers", "asked"), found, strict=True):
                expected[(kind, f"{column}-{year}")] += number
    assert numbers(Figure.APPRECIATION) == _with_all(dict(expected))
    assert {column for _, column in expected} >= {"total-2025", "total-2026"}


def _check_members() -> None:
    on = """
        SELECT o.kind, count(*) FROM organisations o WHERE EXISTS (
            SELECT 1 FROM memberships m WHERE m.organisation_id = o.id AND m.relation = 'lid' AND m.starts_on <= :day
            AND (m.ends_on IS NULL OR m.ends_on >= :day)) GROUP BY 1
    """

    def members(day: date) -> dict[str, int]:
        return dict(ask(on, day=day))

    found = numbers(Figure.MEMBERS)
    for column, day in (("start", date(2025, 12, 31)), ("end", date(2026, 12, 31))):
        per_kind = {
            row.removeprefix("kind:"): n for (row, c), n in found.items() if c == column and row.startswith("kind:")
        }
        assert per_kind == members(day)
        assert found[("all", column)] == sum(per_kind.values())
    for year in range(2022, 2027):
        assert found[(f"year:{year}", "end")] == sum(members(date(year, 12, 31)).values())
    # By hand: two joined in April and one partner in June; per 1-1 two were gone, and two left half way.
    assert (found[("all", "joined")], found[("all", "left")]) == (3, 4)


def _check_rows_behind() -> None:
    """A number is the sum of the rows behind it; one number of every column, and of people one of every sort of row.

    Marks of another year stand behind the numbers of that year.
    """
    found = totals_of(YEAR, now=NOW).numbers
    of_year = [key for key in found if not key.column.endswith("-2025")]
    some_of_each = {(key.figure, key.column, key.row.rpartition(":")[0]): key for key in of_year}

    for key in some_of_each.values():
        assert behind(key, YEAR, now=NOW).total == found[key], key


def test_year_without_events_is_zero_and_no_error(app: Flask):
    assert totals_of(YEAR, now=NOW).numbers == {}
    assert known_years(now=NOW) == [2027]

    year_closings.close(YEAR, seen_then=year_closings.seen([]), by=OFFICE, now=NOW)

    assert totals_of(YEAR, now=NOW).numbers == {}


def close_2026(*, now: datetime = NOW) -> None:
    seen = year_closings.seen(year_closings.unfixed(YEAR, now=now))
    year_closings.close(YEAR, seen_then=seen, by=OFFICE, now=now)


def test_open_year_does_not_shrink_when_people_are_forgotten(app: Flask):
    """Retention empties names and addresses; what is counted stands on rows that stay."""
    fill_year()
    later = NOW + timedelta(days=4 * 366)
    before = live_totals(YEAR, now=NOW).numbers

    swept = forgetting.sweep(now=later)

    names = db.session.scalars(sa.select(sa.func.count()).where(Person.erased_at.is_(None))).one()
    assert (swept.registrations > 50, names) == (True, 0)
    assert live_totals(YEAR, now=NOW).numbers == before


def test_closed_year_stays_what_it_was_until_it_is_opened_with_a_reason(app: Flask):
    fill_year()
    before = totals_of(YEAR, now=NOW).numbers
    waiting = year_closings.unfixed(YEAR, now=NOW)
    close_2026()

    # What nobody may do, and what happens all the same to a database in the course of years.
    db.session.execute(sa.text("DELETE FROM fixed_presences"))
    db.session.execute(sa.update(Registration).values(organisation_id=None, mail_domain=""))
    db.session.execute(sa.update(Event).values(kind="alv"))
    db.session.commit()
    frozen = totals_of(YEAR, now=NOW + timedelta(days=900)).numbers
    with pytest.raises(AlreadyClosed):
        close_2026()
    year_closings.reopen(2026, reason="Presentie vergeten", by=OFFICE, now=NOW)
    with pytest.raises(NotClosed):
        year_closings.reopen(2026, reason="Nog een keer", by=OFFICE, now=NOW)

    assert len(waiting) > 0
    assert frozen == before
    assert totals_of(YEAR, now=NOW).numbers != before
    closing = db.session.scalars(sa.select(YearClosing)).one()
    assert (closing.unfixed, closing.reopened_reason) == (len(waiting), "Presentie vergeten")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(YearTotal)) == len(before)
    entries = db.session.execute(sa.select(AuditEntry.act, AuditEntry.actor_name).order_by(AuditEntry.id)).all()
    assert [tuple(entry) for entry in entries] == [("year_closed", OFFICE.name), ("year_reopened", OFFICE.name)]
    close_2026()
    assert len(db.session.scalars(sa.select(YearClosing)).all()) == 2


def test_what_waited_is_what_was_seen_and_a_year_that_goes_on_is_not_closed(app: Flask):
    event = make_event(starts_at=datetime(2026, 12, 30, 9, tzinfo=NOW.tzinfo), ends_at=NOW - timedelta(days=5))
    make_registration(event)
    seen = year_closings.seen(year_closings.unfixed(YEAR, now=NOW))

    with pytest.raises(ChangedMeanwhile):
        year_closings.close(YEAR, seen_then=year_closings.seen([]), by=OFFICE, now=NOW)
    make_event(starts_at=from_local(date(2026, 12, 31), NOW.time()), ends_at=NOW + timedelta(days=1))
    with pytest.raises(PeriodNotOver) as refused:
        year_closings.close(YEAR, seen_then=seen, by=OFFICE, now=NOW)
    with pytest.raises(PeriodNotOver):
        year_closings.close(year_of(2027, now=NOW), seen_then=seen, by=OFFICE, now=NOW)

    assert refused.value.facts == {"last": date(2027, 1, 12)}
    assert totals_of(YEAR, now=NOW).of(Figure.MEETINGS, "all", "all") == 1


def test_of_two_who_close_at_once_one_does(app: Flask):
    fill_year(events=3)
    seen = year_closings.seen(year_closings.unfixed(YEAR, now=NOW))
    db.session.remove()
    together, answers = Barrier(2), []

    def close() -> None:
        with app.app_context():
            together.wait()
            try:
                year_closings.close(YEAR, seen_then=seen, by=OFFICE, now=NOW)
                answers.append("closed")
            except AlreadyClosed:
                answers.append("already")
            finally:
                db.session.remove()

    threads = [Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["already", "closed"]
    assert len(db.session.scalars(sa.select(YearClosing)).all()) == 1


def test_next_year_shows_the_closed_one_as_it_was(app: Flask):
    fill_year(events=3)
    close_2026()
    members = totals_of(YEAR, now=NOW).of(Figure.MEMBERS, "all", "end")

    db.session.execute(sa.text("DELETE FROM memberships"))
    db.session.commit()

    assert members > 0
    assert totals_of(year_of(2027, now=NOW), now=NOW).of(Figure.MEMBERS, "year:2026", "end") == members
