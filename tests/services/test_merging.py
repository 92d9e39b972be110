"""Two records that are one: everything goes over, whatever the table, and what cannot be is refused whole."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    ChangedMeanwhile,
    MergeBlocked,
    MergeWithItself,
    NotFound,
    RelationsClash,
    TwiceAtOneEvent,
)
from eventapp.domain.looks import Looked, PeopleList
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    ORGANISATION as OF_ORGANISATION,
)
from eventapp.models import (
    AuditEntry,
    Capacity,
    LinkDismissal,
    ListLook,
    Membership,
    Order,
    Organisation,
    OrganisationContact,
    OrganisationForward,
    OrganisationInvoicing,
    OrganisationPerson,
    OrganisationTenant,
    Person,
    PersonAddress,
    PersonForward,
    PersonStatus,
    PlaceHold,
    Registration,
)
from eventapp.queries import health
from eventapp.queries.merging import ORGANISATION, PERSON, amounts, former_ids, forwarded, plan, references
from eventapp.services import knowing, looking, merging, people
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration, make_staff

TODAY = NOW.date()


def merge(kind, kept_id: int, gone_id: int, **more) -> None:
    merging.merge(kind, kept_id, gone_id, by=OFFICE, now=NOW, **more)


def rows(*columns) -> list[tuple]:
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(*columns))]


def must_be_ruled(kind) -> set[str]:
    """Columns that point to one of these and are part of something of which there can be one only."""
    found = set()
    for column in references(kind):
        constraints = [one for one in column.table.constraints if isinstance(one, sa.UniqueConstraint)]
        unique = [set(one.columns) for one in (*constraints, column.table.primary_key)]
        unique += [set(index.columns) for index in column.table.indexes if index.unique]
        if column.unique or any(column in columns for columns in unique):
            found.add(f"{column.table.name}.{column.name}")
    return found


@pytest.mark.parametrize("kind", [ORGANISATION, PERSON], ids=lambda kind: kind.subject)
def test_merging_has_a_rule_for_whatever_can_be_there_once(kind):
    """A new table that points to them moves by itself; only with something unique in it, it needs a rule."""
    assert must_be_ruled(kind) - merging.RULED - merging.DUPLICATES.keys() == set()
    assert {f"{c.table.name}.{c.name}" for c in references(kind)} >= {
        "registrations.person_id" if kind is PERSON else "registrations.organisation_id"
    }


def test_every_rule_is_about_something_that_exists():
    known = {f"{column.table.name}.{column.name}" for kind in (ORGANISATION, PERSON) for column in references(kind)}

    assert (merging.RULED | merging.DUPLICATES.keys()) - known == set()


@pytest.fixture
def two(app) -> tuple[int, int]:
    """The organisation that stays, and the one that goes, with everything there is."""
    kept = make_organisation("Stichting Zonnevlinder", until=date(2026, 12, 31))
    gone = make_organisation("Zonnevlinder", domains=("zonne.example", "vlinder.example"), since=date(2026, 1, 1))
    gone.city, gone.tenants = "Amersfoort", [OrganisationTenant(tenant_id="5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11")]
    gone.invoicing = OrganisationInvoicing(legal_name="Zonnevlinder BV", country="NL")
    person = make_person("Truus", "", "Toezicht", address="truus@thuis.example")
    for organisation, ends_on in ((kept, date(2027, 6, 30)), (gone, date(2027, 12, 31))):
        db.session.add(
            OrganisationPerson(organisation=organisation, person=person, starts_on=date(2027, 1, 1), ends_on=ends_on)
        )
    db.session.commit()
    return kept.id, gone.id


def test_everything_of_an_organisation_goes_over(two):
    kept, gone = two
    registration = make_registration(make_event(), organisation_id=gone, organisation_name="Zonnevlinder")
    moving = plan(ORGANISATION, kept, gone).moving

    merge(ORGANISATION, kept, gone, take={"name"})

    assert moving == {
        "memberships": 1,
        "organisation_domains": 2,
        "organisation_invoicing": 1,
        "organisation_people": 1,
        "organisation_tenants": 1,
        "registrations": 1,
    }
    stays = db.session.get(Organisation, kept)
    assert (stays.name, stays.city, stays.invoicing.legal_name) == ("Zonnevlinder", "Amersfoort", "Zonnevlinder BV")
    assert sorted(row.domain for row in stays.domains) == ["vlinder.example", "zonne.example", "zonnevlinder.example"]
    assert rows(Membership.organisation_id, Membership.starts_on, Membership.ends_on) == [
        (kept, date(2024, 1, 1), None)
    ]
    assert rows(OrganisationPerson.organisation_id, OrganisationPerson.ends_on) == [(kept, date(2027, 12, 31))]
    found = db.session.get(Registration, registration.id)
    assert (found.organisation_id, found.organisation_name, found.category) == (kept, "Zonnevlinder", Category.LID)
    assert db.session.get(Organisation, gone) is None
    assert (forwarded(ORGANISATION, gone), former_ids(ORGANISATION, kept)) == (kept, [gone])
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "organisation_merged")).one()
    assert (entry.subject_id, entry.facts) == (kept, {"gone_id": gone, "gone": "Zonnevlinder", "moved": moving})


def test_an_old_id_is_never_given_again_and_leads_on_through_a_second_merge(two):
    kept, gone = two
    last = make_organisation("Derde", domains=(), relation=Relation.GEEN).id
    merge(ORGANISATION, gone, last)

    new = make_organisation("Nieuw", domains=(), relation=Relation.GEEN).id
    merge(ORGANISATION, kept, gone)

    assert new not in (kept, gone, last)
    assert rows(OrganisationForward.old_id, OrganisationForward.organisation_id) == [(gone, kept), (last, kept)]


def test_an_old_id_of_a_person_is_never_given_again(app):
    kept, gone = make_person("An", "", "Bos").id, make_person("Ann", "", "Bos").id

    merge(PERSON, kept, gone)

    assert make_person("Nieuw", "", "Iemand").id > gone
    assert rows(PersonForward.old_id, PersonForward.person_id) == [(gone, kept)]


def test_the_free_places_of_both_count_together_and_nobody_loses_one(app):
    event = make_event(free_per_organisation=2)
    only_gone_has = make_event(title="Alleen de ene", free_per_organisation=2)
    kept = make_organisation("Een", domains=("een.example",)).id
    gone = make_organisation("Drie", domains=("drie.example",)).id
    for number, domain in enumerate(("een.example", "drie.example", "drie.example")):
        book(event, f"collega{number}@{domain}", family_name=f"Nummer {number}", visitor_key=f"v{number}")
    book(only_gone_has, "collega9@drie.example", visitor_key="v9")

    merge(ORGANISATION, kept, gone)

    whole = rows(Capacity.event_id, Capacity.ref, Capacity.taken, Capacity.size, Capacity.allowance)
    of_organisations = [row for row in whole if row[1]]
    assert of_organisations == [(event.id, str(kept), 3, 2, 1), (only_gone_has.id, str(kept), 1, 2, 0)]
    held = sa.select(sa.func.count()).select_from(PlaceHold).join(Capacity).where(Capacity.kind == OF_ORGANISATION)
    assert db.session.scalar(held) == 4
    assert list(health.miscounts()) == []


def test_two_relations_on_one_day_are_for_the_office_to_settle_first(two):
    kept, gone = two
    db.session.scalars(
        sa.select(Membership).where(Membership.organisation_id == gone)
    ).one().relation = Relation.STEUNPARTNER
    db.session.commit()

    with pytest.raises(RelationsClash) as refusal:
        merge(ORGANISATION, kept, gone)

    names = {"one": "Stichting Zonnevlinder", "other": "Zonnevlinder"}
    assert refusal.value.facts == {"first": "01-01-2026", **names}
    assert amounts(ORGANISATION, gone)["organisation_domains"] == 2


@pytest.mark.parametrize(("take", "name"), [((), "Een BV"), (("invoicing",), "Twee BV")])
def test_of_two_sets_of_invoice_details_the_chosen_one_stays_whole(app, take, name):
    kept, gone = make_organisation("Een", domains=()), make_organisation("Twee", domains=())
    kept.invoicing = OrganisationInvoicing(legal_name="Een BV", city="Goes")
    gone.invoicing = OrganisationInvoicing(legal_name="Twee BV")
    db.session.commit()

    merge(ORGANISATION, kept.id, gone.id, take=take)

    [(legal_name, city)] = rows(OrganisationInvoicing.legal_name, OrganisationInvoicing.city)
    assert (legal_name, city) == (name, "Goes" if name == "Een BV" else "")


def test_everything_of_a_person_goes_over_and_both_spellings_are_known(app):
    kept = make_person("Marieke", "van der", "Meulen", address="info@zonnevlinder.example")
    gone = make_person("M.", "v.d.", "Meulen", address="info@zonnevlinder.example", proven=True)
    for person, since in ((kept, 2025), (gone, 2026)):
        db.session.add(PersonStatus(person=person, category=Category.BESTUUR, starts_on=date(since, 1, 1)))
    acts = {"organisation": make_organisation(), "starts_on": date(2026, 1, 1), "created_at": NOW}
    db.session.add(OrganisationContact(person=gone, address="info@zonnevlinder.example", **acts))
    db.session.add(LinkDismissal(person=gone, dismissed_by="Secretariaat", created_at=NOW))
    past, coming = make_event(title="Toen", starts_at=NOW - timedelta(days=9)), make_event(title="Straks")
    mine = make_registration(past, kept)
    theirs = make_registration(coming, gone)
    make_registration(past, gone, state=State.CANCELLED)
    ids = kept.id, gone.id

    merge(PERSON, *ids)

    assert rows(Person.id, Person.family_name) == [(kept.id, "Meulen")]
    assert rows(Registration.id, Registration.person_id)[:2] == [(mine.id, kept.id), (theirs.id, kept.id)]
    assert rows(Order.booker_id) == [(kept.id,)] * 3
    assert theirs.ticket.registration.person_id == kept.id
    assert rows(PersonStatus.person_id, PersonStatus.starts_on) == [(kept.id, date(2025, 1, 1))]
    assert rows(PersonAddress.person_id, PersonAddress.proven_at) == [(kept.id, NOW)] * 2
    assert rows(OrganisationContact.person_id, OrganisationContact.address) == [(kept.id, "info@zonnevlinder.example")]
    assert rows(LinkDismissal.person_id) == [(kept.id,)]
    spellings = [("Marieke", "van der", "Meulen"), ("M.", "v.d.", "Meulen")]
    assert [people.find("info@zonnevlinder.example", *name).id for name in spellings] == [kept.id, kept.id]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "person_merged")).one()
    assert "Meulen" not in str(entry.facts)


def test_who_was_merged_can_be_renamed(app):
    kept = make_person("Marieke", "van der", "Meulen", address="info@zonnevlinder.example")
    gone = make_person("M.", "v.d.", "Meulen", address="info@zonnevlinder.example", proven=True)
    merge(PERSON, kept.id, gone.id, take={"name"})
    before = kept.given_name

    knowing.rename_person(kept.id, "Maria", "", "Meulen", by=OFFICE, now=NOW)

    assert before == "M."
    assert people.find("info@zonnevlinder.example", "Maria", "", "Meulen").id == kept.id
    assert rows(PersonAddress.address, PersonAddress.proven_at) == [("info@zonnevlinder.example", NOW)]


def test_two_live_registrations_for_one_gathering_are_refused_by_its_name(app):
    kept, gone, event = make_person("An", "", "Bos"), make_person("Ann", "", "Bos"), make_event(title="Themadag")
    for person in (kept, gone):
        make_registration(event, person)

    with pytest.raises(TwiceAtOneEvent) as refusal:
        merge(PERSON, kept.id, gone.id)

    assert refusal.value.facts == {"events": "Themadag"}
    assert [person for (person,) in rows(Registration.person_id)] == [kept.id, gone.id]


def test_who_looks_at_it_meanwhile_changes_nothing_and_the_look_goes_along(two):
    kept, gone = two
    looker = Actor("staff", "Kees Kantoor", make_staff().id)
    seen = plan(ORGANISATION, kept, gone).fingerprint
    looked = Looked(PeopleList.ORGANISATION, 3, as_file=False, organisation_id=gone)
    looking.keep(looked, by=looker, now=NOW)

    merge(ORGANISATION, kept, gone, seen=seen)

    assert rows(ListLook.organisation_id, ListLook.people) == [(kept, 3)]


def test_what_changed_since_it_was_shown_is_shown_again(two):
    seen = plan(ORGANISATION, *two).fingerprint
    make_registration(make_event(), organisation_id=two[1])

    with pytest.raises(ChangedMeanwhile):
        merge(ORGANISATION, *two, seen=seen)

    assert db.session.get(Organisation, two[1]) is not None


def test_merging_needs_two_that_are_there(two):
    erased = make_person()
    erased.erased_at = NOW
    db.session.commit()

    with pytest.raises(MergeWithItself):
        merge(ORGANISATION, two[0], two[0])
    with pytest.raises(NotFound):
        merge(ORGANISATION, two[0], 4711)
    with pytest.raises(NotFound):
        merge(PERSON, make_person().id, erased.id)


def test_something_unique_without_a_rule_stops_all_of_it(two):
    """As a table of tomorrow would that nobody told about merging: refused, and nothing is lost."""
    db.session.add(OrganisationTenant(organisation_id=two[0], tenant_id="c2a7d1be-3f44-4c0e-9d0a-71b6f0e5d922"))
    db.session.execute(sa.text("CREATE UNIQUE INDEX one_each ON organisation_tenants (organisation_id)"))
    db.session.commit()

    with pytest.raises(MergeBlocked):
        merge(ORGANISATION, *two)

    assert [key for (key,) in rows(OrganisationTenant.organisation_id)] == list(two)
    assert amounts(ORGANISATION, two[1])["organisation_domains"] == 2
