"""What ends between registering and the gathering is told to the office, and changes nothing by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import ChangedMeanwhile
from eventapp.domain.pricing import Category, MembershipPeriod, Period, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Organisation, OrganisationPerson, PersonStatus, Registration, Setting
from eventapp.queries.lapses import lapse_of, touched_by, unseen_lapses
from eventapp.services.enrolling import details_of, save_organisation
from eventapp.services.knowing import end_status
from eventapp.services.upkeep import see_lapse
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration

pytestmark = pytest.mark.usefixtures("app")
DAY = (NOW + timedelta(days=30)).date()
BEFORE = DAY - timedelta(days=1)


def ground(category: Category = Category.LID, via: str = "domain", **facts: str) -> dict[str, str]:
    return {"category": category.value, "via": via, **facts}


def of_member(organisation: Organisation, event=None, **more) -> Registration:
    """Somebody who registered on the membership of this organisation."""
    values = {"organisation_id": organisation.id, **more}
    registration = make_registration(event or make_event(), **values)
    registration.reason = ground(registration.category)
    db.session.commit()
    return registration


def end_membership(organisation_id: int, last: date) -> None:
    details = details_of(db.session.get(Organisation, organisation_id))
    [line] = details.periods
    ended = replace(line, period=Period(line.period.first, last))
    save_organisation(
        replace(details, periods=(ended,)), organisation_id=organisation_id, by=OFFICE, now=NOW + timedelta(hours=1)
    )


def found() -> list[tuple]:
    return [(one.registration.id, one.lapse.kind.value, one.lapse.last) for one in unseen_lapses(now=NOW)]


def test_membership_that_ends_before_the_day_is_told_with_since_when_and_nothing_is_priced_anew():
    organisation = make_organisation()
    registration = of_member(organisation)
    before = found()

    end_membership(organisation.id, BEFORE)

    assert (before, found()) == ([], [(registration.id, "membership", BEFORE)])
    [one] = unseen_lapses(now=NOW)
    assert (one.organisation.id, one.since, one.seen) == (organisation.id, NOW + timedelta(hours=1), None)
    after = db.session.get(Registration, registration.id)
    assert (after.category, after.price_cents, after.state) == (Category.LID, 0, State.CONFIRMED)


def test_only_what_is_still_to_come_and_live_and_does_not_hold_is_told():
    ending, lasting = make_organisation(until=BEFORE), make_organisation("Blijft", domains=())
    changing = make_organisation("Wisselt", domains=(), relation=Relation.STEUNPARTNER, until=DAY)
    hit = of_member(ending)
    waiting = of_member(ending, state=State.AWAITING_CONFIRMATION)
    of_member(ending, state=State.CANCELLED)
    of_member(ending, make_event(starts_at=NOW + timedelta(days=29)))
    of_member(ending, make_event(starts_at=NOW - timedelta(days=2)))
    of_member(lasting)
    of_member(changing, category=Category.STEUNPARTNER)
    wrong = of_member(changing, category=Category.LID)
    of_member(ending, category=Category.NIET_LID)

    assert sorted(found()) == sorted(
        [(hit.id, "membership", BEFORE), (waiting.id, "membership", BEFORE), (wrong.id, "membership", None)]
    )


def test_status_and_naming_are_watched_too():
    ambassador, named = make_person("An", "", "Bos"), make_person("Bo", "", "Bos")
    organisation = make_organisation()
    status = PersonStatus(person=ambassador, category=Category.AMBASSADEUR, starts_on=date(2026, 1, 1))
    naming = OrganisationPerson(organisation=organisation, person=named, starts_on=date(2026, 1, 1), ends_on=DAY)
    db.session.add_all([status, naming])
    own = make_registration(make_event(), ambassador, category=Category.AMBASSADEUR)
    own.reason = ground(Category.AMBASSADEUR, "status")
    by_naming = of_member(organisation, person=named)
    by_naming.reason = ground(Category.LID, "named", organisation="Zonnevlinder", detail="")
    db.session.commit()
    before = found()

    end_status(ambassador.id, status.id, BEFORE, by=OFFICE, now=NOW)
    db.session.get(OrganisationPerson, naming.id).ends_on = BEFORE
    db.session.commit()

    assert before == []
    assert sorted(found()) == sorted([(own.id, "status", BEFORE), (by_naming.id, "naming", BEFORE)])
    assert {one.lapse.kind.value: one.since for one in unseen_lapses(now=NOW)} == {"status": NOW, "naming": None}


def test_what_the_office_granted_is_told_only_when_it_held_then():
    never, ended = make_organisation(until=date(2025, 1, 1)), make_organisation("Later", domains=(), until=BEFORE)
    for organisation in (never, ended):
        of_member(organisation).reason = ground(Category.LID, "office", organisation=organisation.name)
    db.session.commit()

    assert [last for _id, _kind, last in found()] == [BEFORE]


def test_seen_is_off_the_list_until_it_ends_otherwise():
    organisation = make_organisation(until=BEFORE)
    registration = of_member(organisation)
    [one] = unseen_lapses(now=NOW)

    see_lapse(registration.id, one.lapse.ground, by=OFFICE, now=NOW)
    seen = found(), lapse_of(db.session.get(Registration, registration.id), now=NOW).seen.seen_by
    end_membership(organisation.id, BEFORE - timedelta(days=1))

    assert seen == ([], "Secretariaat")
    assert len(found()) == 1
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject == "registration")).all()
    assert acts == ["lapse_seen"]
    with pytest.raises(ChangedMeanwhile):
        see_lapse(registration.id, one.lapse.ground, by=OFFICE, now=NOW)


def test_with_the_day_of_booking_only_the_past_counts():
    db.session.add(Setting(name="membership_on", value="booking"))
    lapsed, holding = make_organisation(until=NOW.date() - timedelta(days=1)), make_organisation("Nu", domains=())
    registration = of_member(lapsed)
    of_member(holding)
    end_membership(holding.id, NOW.date())

    assert [key for key, _kind, _last in found()] == [registration.id]


def test_the_number_touched_is_told_before_a_period_is_ended():
    organisation = make_organisation()
    of_member(organisation)
    of_member(organisation, make_event(starts_at=NOW + timedelta(days=60)))
    of_member(organisation, state=State.CANCELLED)

    def touched(last: date | None) -> int:
        return touched_by(organisation, [MembershipPeriod(date(2024, 1, 1), last)], now=NOW)

    assert [touched(last) for last in (None, DAY + timedelta(days=30), DAY, BEFORE)] == [0, 0, 1, 2]
