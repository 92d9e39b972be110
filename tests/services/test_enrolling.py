"""Entering organisations: which domains and periods are kept, what is refused, and what the log says."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import (
    ChangedMeanwhile,
    DomainTaken,
    EndsBeforeStart,
    FreeMailDomain,
    NotAMailDomain,
    NotFound,
    PeriodsOverlap,
    TenantTaken,
)
from eventapp.domain.organisations import MembershipLine, OrganisationDetails, OrganisationKind
from eventapp.domain.pricing import Category, Period, Relation
from eventapp.extensions import db
from eventapp.models import AuditEntry, Membership, Organisation, OrganisationDomain, Registration
from eventapp.queries.membership import organisation_of, proofs_by_domain
from eventapp.services.enrolling import details_of, save_organisation
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration

SINCE_2024 = MembershipLine(Period(date(2024, 1, 1)))
TO_2022 = MembershipLine(Period(date(2020, 1, 1), date(2022, 12, 31)))
TENANT = "5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11"
OTHER_TENANT = "c2a7d1be-3f44-4c0e-9d0a-71b6f0e5d922"
pytestmark = pytest.mark.usefixtures("app")


def details(**changes) -> OrganisationDetails:
    plain = OrganisationDetails(
        name="Kindcentrum Het Kompas",
        kind=OrganisationKind.GEINTEGREERD,
        relation=Relation.LID,
        city="Goes",
        region="Zeeland",
        domains=("hetkompas.example",),
        periods=(SINCE_2024,),
    )
    return replace(plain, **changes)


def save(wanted: OrganisationDetails, organisation_id: int | None = None, seen: str | None = None) -> int:
    return save_organisation(wanted, organisation_id=organisation_id, seen=seen, by=OFFICE, now=NOW)


def kept(organisation_id: int) -> OrganisationDetails:
    return details_of(db.session.get(Organisation, organisation_id, populate_existing=True))


def number_kept() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) or 0


def log() -> list[tuple]:
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.act, entry.subject_id, entry.actor_name, entry.facts) for entry in entries]


def test_new_organisation_is_recognised_by_its_domain():
    organisation_id = save(details(domains=("@HetKompas.example.", "brêge.example")))

    [proof] = proofs_by_domain("jan@hetkompas.example", on=NOW.date())
    assert (proof.category, proof.organisation_id) == (Category.LID, organisation_id)
    assert organisation_of("jan@mail.hetkompas.example") is None
    after = kept(organisation_id)
    [line] = after.periods
    domains = ("hetkompas.example", "xn--brge-hpa.example")
    assert after == details(domains=domains, periods=(replace(SINCE_2024, id=line.id, relation=Relation.LID),))
    assert log() == [
        ("organisation_added", organisation_id, "Secretariaat", {"added": list(domains), "removed": []}),
    ]


def test_domains_are_what_was_typed_and_the_log_names_what_moved():
    organisation_id = make_organisation(domains=("oud.example", "blijft.example")).id
    before = kept(organisation_id)

    save(replace(before, domains=("nieuw.example", "blijft.example")), organisation_id)

    assert kept(organisation_id).domains == ("blijft.example", "nieuw.example")
    assert organisation_of("jan@oud.example") is None
    facts = {"changed": ["domains"], "added": ["nieuw.example"], "removed": ["oud.example"]}
    assert log() == [("organisation_changed", organisation_id, "Secretariaat", facts)]


def test_saving_the_same_leaves_no_trace():
    organisation_id = make_organisation().id
    before = kept(organisation_id)

    save(before, organisation_id, before.fingerprint)

    assert kept(organisation_id) == before
    assert log() == []


def test_domain_freed_by_one_organisation_can_go_to_another():
    one = make_organisation("Een", domains=("een.example",)).id
    other = make_organisation("Ander", domains=("ander.example",)).id

    save(replace(kept(one), domains=()), one)
    save(replace(kept(other), domains=("ander.example", "een.example")), other)

    assert organisation_of("jan@een.example").id == other


@pytest.mark.parametrize(
    ("domain", "error", "facts"),
    [
        ("@Zonnevlinder.example", DomainTaken, {"domain": "zonnevlinder.example", "organisation": "Zonnevlinder"}),
        ("gmail.com", FreeMailDomain, {"domain": "gmail.com"}),
        ("geen domein", NotAMailDomain, {"typed": "geen domein"}),
    ],
)
def test_refused_domain_leaves_nothing_behind(domain, error, facts):
    make_organisation()

    with pytest.raises(error) as refusal:
        save(details(domains=("hetkompas.example", domain)))

    assert refusal.value.facts == facts
    assert (number_kept(), log()) == (1, [])


def test_membership_is_ended_and_begins_again():
    organisation_id = make_organisation(since=date(2020, 1, 1)).id
    [line] = kept(organisation_id).periods

    ended = MembershipLine(TO_2022.period, line.id)
    save(replace(kept(organisation_id), periods=(SINCE_2024, ended)), organisation_id)

    lines = kept(organisation_id).periods
    assert [line.period for line in lines] == [TO_2022.period, SINCE_2024.period]
    assert lines[0].id == line.id


def test_period_that_is_not_mentioned_stays():
    organisation_id = make_organisation(since=TO_2022.period.first, until=TO_2022.period.last).id

    save(replace(kept(organisation_id), periods=(SINCE_2024,)), organisation_id)
    save(replace(kept(organisation_id), periods=()), organisation_id)

    assert [line.period for line in kept(organisation_id).periods] == [TO_2022.period, SINCE_2024.period]


def test_period_over_one_that_was_not_mentioned_is_refused():
    organisation_id = make_organisation(since=date(2023, 1, 1)).id

    with pytest.raises(PeriodsOverlap):
        save(details(periods=(SINCE_2024,)), organisation_id)

    assert [line.period for line in kept(organisation_id).periods] == [Period(date(2023, 1, 1))]


def test_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(EndsBeforeStart):
        save(details(periods=(MembershipLine(Period(date(2024, 1, 2), date(2024, 1, 1))),)))

    assert number_kept() == 0


def test_period_of_another_organisation_cannot_be_changed():
    one, other = make_organisation("Een", domains=()).id, make_organisation("Ander", domains=()).id
    [line] = kept(one).periods

    with pytest.raises(NotFound):
        save(details(periods=(MembershipLine(TO_2022.period, line.id),)), other)

    assert kept(one).periods == (line,)


def test_each_period_keeps_its_own_relation_and_the_day_decides():
    supported = MembershipLine(Period(date(2020, 1, 1), date(2026, 12, 31)), relation=Relation.STEUNPARTNER)
    member = MembershipLine(Period(date(2027, 1, 1)), relation=Relation.LID)

    organisation_id = save(details(periods=(member, supported)))

    days = (date(2026, 12, 31), date(2027, 1, 1))
    found = [proofs_by_domain("jan@hetkompas.example", on=day)[0].category for day in days]
    assert found == [Category.STEUNPARTNER, Category.LID]
    assert kept(organisation_id).relation == Relation.LID


def test_tenants_come_and_go_and_are_of_one_organisation_only():
    other = make_organisation("Ander", domains=()).id
    organisation_id = save(details(tenants=(TENANT.upper(), OTHER_TENANT)))

    save(replace(kept(organisation_id), tenants=(TENANT,)), organisation_id)
    with pytest.raises(TenantTaken) as refusal:
        save(replace(kept(other), tenants=(TENANT,)), other)

    assert refusal.value.facts == {"tenant": TENANT, "organisation": "Kindcentrum Het Kompas"}
    assert kept(organisation_id).tenants == (TENANT,)
    assert log()[1][3] == {"changed": ["tenants"], "added": [], "removed": [OTHER_TENANT]}


def test_unknown_organisation_is_refused():
    with pytest.raises(NotFound):
        save(details(), 4711)

    assert number_kept() == 0


def test_save_over_what_somebody_else_saved_is_refused():
    organisation_id = make_organisation().id
    seen = kept(organisation_id)
    save(replace(seen, domains=(*seen.domains, "nieuw.example")), organisation_id, seen.fingerprint)

    with pytest.raises(ChangedMeanwhile):
        save(replace(seen, name="Andere naam"), organisation_id, seen.fingerprint)

    after = kept(organisation_id)
    assert (after.name, after.domains) == (seen.name, ("nieuw.example", "zonnevlinder.example"))


def test_what_people_registered_for_keeps_its_category_and_price():
    organisation_id = make_organisation().id
    registration = make_registration(make_event(), organisation_id=organisation_id)

    [line] = kept(organisation_id).periods
    ended = replace(line, period=Period(line.period.first, date(2024, 1, 2)))
    save(replace(kept(organisation_id), periods=(ended,), domains=()), organisation_id)

    found = db.session.get(Registration, registration.id)
    assert (found.category, found.price_cents, found.organisation_id) == (Category.LID, 0, organisation_id)


def test_domain_given_away_in_the_same_moment_names_its_organisation(app):
    other = make_organisation("Ander", domains=()).id
    give = sa.insert(OrganisationDomain).values(organisation_id=other, domain="hetkompas.example")

    refusal = refused_after(app, [give], details())

    assert isinstance(refusal, DomainTaken)
    assert refusal.facts == {"domain": "hetkompas.example", "organisation": "Ander"}
    assert number_kept() == 1


def test_period_added_in_the_same_moment_is_seen(app):
    organisation_id = make_organisation(until=date(2024, 12, 31)).id
    touch = sa.update(Organisation).where(Organisation.id == organisation_id).values(city="Goes")
    add = sa.insert(Membership).values(
        organisation_id=organisation_id, relation=Relation.LID, starts_on=date(2026, 1, 1)
    )
    wanted = details(periods=(MembershipLine(Period(date(2026, 7, 1))),))

    refusal = refused_after(app, [touch, add], wanted, organisation_id)

    assert isinstance(refusal, PeriodsOverlap)
    assert len(kept(organisation_id).periods) == 2


def refused_after(app, statements, wanted: OrganisationDetails, organisation_id: int | None = None):
    """The refusal of a save that had to wait for somebody else, whose statements it could not see when it began."""

    def save_in_thread() -> int:
        with app.app_context():
            return save(wanted, organisation_id)

    with ThreadPoolExecutor(1) as pool, db.engine.connect() as beside:
        if beside.dialect.name == "sqlite":
            beside.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            beside.execute(statement)
        waiting = pool.submit(save_in_thread)
        time.sleep(0.5)
        waited = not waiting.done()
        beside.commit()
        refusal = waiting.exception(timeout=20)
    assert waited
    # What this test reads from here on is what both have left.
    db.session.rollback()
    return refusal
