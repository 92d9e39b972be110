"""What the office knows of a person: the name at every address, statuses with periods, and who named them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.errors import (
    EndsBeforeStart,
    NameTaken,
    NotAdmitted,
    NotFound,
    OtherGround,
    PeriodIsOver,
    PeriodsOverlap,
)
from eventapp.domain.pricing import Category, Period, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, OrganisationPerson, Person, PersonAddress, PersonStatus
from eventapp.queries.membership import proofs_by_naming
from eventapp.services import confirming, correcting, forgetting, knowing, people
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import acts, last_mail, mails, only_registration, token_in

pytestmark = pytest.mark.usefixtures("app")
SHARED, PRIVATE = "info@zonnevlinder.example", "marieke@gratismail.example"
TODAY, EVENT_DAY = date(2027, 1, 11), date(2027, 2, 10)
BOARD = Category.BESTUUR
BY = {"by": OFFICE, "now": NOW}


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


# Names


def test_renaming_changes_name_sorting_and_every_address():
    person = make_person("Jan", "", "Jansen", address=SHARED)
    person.addresses.append(PersonAddress.of(person, PRIVATE))
    db.session.commit()

    knowing.rename_person(person.id, "Zoë", "van 't", "Hoff", **BY)

    assert (person.given_name, person.infix, person.family_name) == ("Zoë", "van 't", "Hoff")
    assert person.sort_key == "hoff\x1fzoe\x1fvan 't"
    for address in (SHARED, PRIVATE):
        assert people.find(address, "zoe", "van 't", "Hoff").id == person.id
        assert people.find(address, "Jan", "", "Jansen") is None
    assert acts() == ["person_renamed"]


def test_another_spelling_of_the_own_name_is_no_clash():
    person = make_person("Marieke", "van der", "Meulen")

    knowing.rename_person(person.id, "Mariëke", "", "van der Meulen", **BY)

    assert person.family_name == "van der Meulen"


def test_the_same_name_again_leaves_no_trace():
    person = make_person("Marieke", "van der", "Meulen")

    knowing.rename_person(person.id, "Marieke", "van der", "Meulen", **BY)

    assert acts() == []


def test_two_people_at_one_address_never_get_one_name():
    make_person("Fatma", "", "Yıldız", address=SHARED)
    person = make_person("F.", "", "Yildiz", address=PRIVATE)
    person.addresses.append(PersonAddress.of(person, SHARED))
    db.session.commit()

    with pytest.raises(NameTaken) as refused:
        knowing.rename_person(person.id, "FATMA", "", "Yildiz", **BY)

    assert refused.value.facts == {"address": SHARED}
    assert (person.given_name, acts()) == ("F.", [])


def test_an_equal_name_elsewhere_is_no_clash():
    make_person("Jan", "", "Jansen", address=SHARED)
    person = make_person("J.", "", "Jansen", address=PRIVATE)

    knowing.rename_person(person.id, "Jan", "", "Jansen", **BY)

    assert people.find(PRIVATE, "Jan", "", "Jansen").id == person.id


def test_who_was_erased_or_never_was_cannot_be_changed():
    erased = make_person()
    erased.erased_at = NOW
    db.session.commit()

    for person_id in (erased.id, 4711):
        with pytest.raises(NotFound):
            knowing.rename_person(person_id, "Jan", "", "Jansen", **BY)
        with pytest.raises(NotFound):
            knowing.add_status(person_id, BOARD, Period(TODAY), **BY)


# Statuses


def statuses() -> list[tuple]:
    found = sa.select(PersonStatus.category, PersonStatus.region, PersonStatus.starts_on, PersonStatus.ends_on)
    return [tuple(row) for row in db.session.execute(found.order_by(PersonStatus.id))]


def test_a_status_is_added_and_ended_and_stays():
    person = make_person()

    knowing.add_status(person.id, Category.AMBASSADEUR, Period(date(2026, 1, 1)), region="Noord", **BY)
    knowing.end_status(person.id, person.statuses[0].id, date(2027, 6, 30), **BY)

    assert statuses() == [(Category.AMBASSADEUR, "Noord", date(2026, 1, 1), date(2027, 6, 30))]
    entries = list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))
    assert [(e.act, e.subject, e.subject_id, e.facts) for e in entries] == [
        ("status_added", "person", person.id, {"category": "ambassadeur", "first": "2026-01-01"}),
        ("status_ended", "person", person.id, {"category": "ambassadeur", "last": "2027-06-30"}),
    ]


@pytest.mark.parametrize(
    ("category", "first", "last", "refusal"),
    [
        (BOARD, date(2026, 12, 31), None, PeriodsOverlap),
        (BOARD, date(2025, 1, 1), date(2026, 1, 1), PeriodsOverlap),
        (BOARD, date(2027, 3, 1), date(2027, 2, 28), EndsBeforeStart),
        (BOARD, date(2027, 1, 1), None, None),
        (BOARD, date(2025, 1, 1), date(2025, 12, 31), None),
        (Category.SERVICEBUREAU, date(2026, 6, 1), None, None),
    ],
)
def test_periods_of_one_status_share_no_day(category, first, last, refusal):
    """Bestuur during 2026 is there already."""
    person = make_person()
    knowing.add_status(person.id, BOARD, Period(date(2026, 1, 1), date(2026, 12, 31)), **BY)

    if refusal:
        with pytest.raises(refusal):
            knowing.add_status(person.id, category, Period(first, last), **BY)
    else:
        knowing.add_status(person.id, category, Period(first, last), **BY)

    assert count(PersonStatus) == (1 if refusal else 2)


def test_a_status_is_not_prolonged_into_the_next_and_not_reopened():
    person = make_person()
    for period in (Period(date(2025, 1, 1), date(2025, 12, 31)), Period(TODAY, TODAY), Period(EVENT_DAY)):
        knowing.add_status(person.id, BOARD, period, **BY)
    over, now_running, _next = (status.id for status in person.statuses)

    with pytest.raises(PeriodIsOver):
        knowing.end_status(person.id, over, TODAY, **BY)
    with pytest.raises(PeriodsOverlap):
        knowing.end_status(person.id, now_running, EVENT_DAY, **BY)
    with pytest.raises(NotFound):
        knowing.end_status(make_person().id, now_running, TODAY, **BY)


def test_a_status_given_here_lets_somebody_in_until_its_last_day():
    person = make_person(address=PRIVATE)
    event = make_event(prices={Category.AMBASSADEUR: 0})
    knowing.add_status(person.id, Category.AMBASSADEUR, Period(TODAY), **BY)
    knowing.end_status(person.id, person.statuses[0].id, EVENT_DAY, **BY)

    book(event, PRIVATE, basis=Basis.STATUS)

    assert only_registration().category == Category.AMBASSADEUR


# Named by an organisation


def named(until: date = EVENT_DAY, *, organisation=None, **who) -> int:
    somebody = knowing.Somebody(PRIVATE, "Marieke", "van der", "Meulen")
    organisation = organisation or make_organisation()
    return knowing.name_person(organisation.id, who.get("who", somebody), until=until, **BY)


def test_naming_adds_somebody_unknown_and_finds_somebody_known():
    organisation = make_organisation()

    first = named(organisation=organisation)
    other = named(organisation=make_organisation("Tweeklank", domains=()))

    assert (first, count(Person)) == (other, 1)
    person = db.session.get_one(Person, first)
    assert [(known.address, known.proven_at) for known in person.addresses] == [(PRIVATE, None)]
    assert acts() == ["person_added", "person_named", "person_named"]
    facts = db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.act == "person_named")).first()
    assert facts == {"organisation": "Zonnevlinder", "first": "2027-01-11", "last": "2027-02-10"}


def test_a_naming_counts_like_a_mail_domain_and_says_so():
    organisation = make_organisation()
    person_id = named(organisation=organisation)

    (proof,) = proofs_by_naming(person_id, on=EVENT_DAY)

    assert (proof.category, proof.via, proof.organisation_id) == (Category.LID, "named", organisation.id)
    assert proof.facts == {"organisation": "Zonnevlinder", "detail": "", "since": "2024-01-01"}


@pytest.mark.parametrize(
    ("relation", "member_until", "named_until", "category"),
    [
        (Relation.LID, None, EVENT_DAY, Category.LID),
        (Relation.LID, EVENT_DAY, EVENT_DAY, Category.LID),
        (Relation.STEUNPARTNER, None, EVENT_DAY, Category.STEUNPARTNER),
        (Relation.LID, None, EVENT_DAY - timedelta(days=1), None),
        (Relation.LID, EVENT_DAY - timedelta(days=1), EVENT_DAY, None),
        (Relation.GEEN, None, EVENT_DAY, None),
    ],
)
def test_naming_and_membership_both_cover_the_day(relation, member_until, named_until, category):
    person_id = named(named_until, organisation=make_organisation(relation=relation, until=member_until))

    proofs = proofs_by_naming(person_id, on=EVENT_DAY)

    assert [proof.category for proof in proofs] == ([category] if category else [])


@pytest.mark.parametrize(("until", "refusal"), [(TODAY, PeriodsOverlap), (TODAY - timedelta(days=1), EndsBeforeStart)])
def test_nobody_is_named_twice_for_the_same_days_or_backwards(until, refusal):
    organisation = make_organisation()
    person_id = named(organisation=organisation)

    with pytest.raises(refusal):
        named(until, organisation=organisation, who=person_id)

    assert count(OrganisationPerson) == 1


def test_refused_naming_leaves_nobody_behind():
    organisation = make_organisation()

    with pytest.raises(EndsBeforeStart):
        named(TODAY - timedelta(days=1), organisation=organisation)
    with pytest.raises(NotFound):
        knowing.name_person(4711, knowing.Somebody(PRIVATE, "Jan", "", "Jansen"), until=EVENT_DAY, **BY)

    assert count(Person) == 0


def test_named_and_proven_comes_in_free_as_a_member():
    organisation = make_organisation()
    named(organisation=organisation)

    receipt = book(make_event(), PRIVATE, basis=Basis.STATUS)
    waiting = only_registration()
    before = (receipt.state, waiting.category, waiting.price_cents, waiting.organisation_id)
    proven = confirming.prove(token_in(last_mail("confirm_address")), now=NOW)

    assert before == (State.AWAITING_CONFIRMATION, Category.LID, 0, organisation.id)
    assert proven.state == State.CONFIRMED
    assert wording.reason(only_registration().reason) == (
        "lid via Zonnevlinder, opgegeven door het secretariaat, lidmaatschap sinds 01-01-2024"
    )


def test_the_reason_says_who_of_the_organisation_named_them():
    somebody = knowing.Somebody(PRIVATE, "Marieke", "van der", "Meulen")
    knowing.name_person(make_organisation().id, somebody, until=EVENT_DAY, named_by="Kees de Wit", **BY)

    book(make_event(), PRIVATE, basis=Basis.STATUS)

    assert "opgegeven door Kees de Wit" in wording.reason(only_registration().reason)


@pytest.mark.parametrize(
    ("ended_on", "address", "given_name"),
    [
        (EVENT_DAY - timedelta(days=1), PRIVATE, "Marieke"),
        (EVENT_DAY, PRIVATE, "Fatma"),
        (EVENT_DAY, "marieke@freemail.example", "Marieke"),
    ],
    ids=["ended", "another name at the mailbox", "the name at another address"],
)
def test_a_naming_is_of_one_person_at_the_own_address_and_of_its_time(ended_on, address, given_name):
    person_id = named()
    naming = db.session.scalars(sa.select(OrganisationPerson)).one()
    knowing.end_naming(person_id, naming.id, ended_on, **BY)

    with pytest.raises(NotAdmitted):
        book(make_event(), address, given_name=given_name, basis=Basis.STATUS)

    assert mails() == [("not_admitted", address)]


def test_a_named_persons_free_place_does_not_move_to_a_strangers_address():
    named()
    book(make_event(), PRIVATE, basis=Basis.STATUS)

    with pytest.raises(OtherGround):
        correcting.correct_address(only_registration().id, "vreemde@elders.example", **BY)


def test_a_naming_ends_and_stays_and_is_not_reopened():
    person_id = named(TODAY)
    naming = db.session.scalars(sa.select(OrganisationPerson)).one()

    knowing.end_naming(person_id, naming.id, EVENT_DAY, **BY)
    tomorrow = NOW.replace(month=2, day=11)
    with pytest.raises(PeriodIsOver):
        knowing.end_naming(person_id, naming.id, EVENT_DAY, by=OFFICE, now=tomorrow)
    with pytest.raises(NotFound):
        knowing.end_naming(make_person().id, naming.id, EVENT_DAY, **BY)

    assert (naming.ends_on, acts()[-1]) == (EVENT_DAY, "naming_ended")


def test_somebody_named_is_kept_as_long_as_that_counts_and_then_forgotten():
    person_id = named()
    make_registration(make_event(starts_at=NOW - timedelta(days=900)), db.session.get_one(Person, person_id))
    make_organisation("Tweeklank", domains=())

    kept = forgetting.sweep(now=NOW).people
    gone = forgetting.sweep(now=NOW + timedelta(days=1000)).people

    assert (kept, gone) == (0, 1)
    assert (count(OrganisationPerson), count(PersonAddress)) == (0, 0)


# In the same moment


def test_a_status_added_in_the_same_moment_is_seen(app):
    person_id = make_person().id
    touch = sa.update(Person).where(Person.id == person_id).values(sort_key=Person.sort_key)
    add = sa.insert(PersonStatus).values(person_id=person_id, category=BOARD, region="", starts_on=TODAY)

    refusal = refused_after(
        app, [touch, add], lambda: knowing.add_status(person_id, BOARD, Period(EVENT_DAY), by=OFFICE, now=NOW)
    )

    assert isinstance(refusal, PeriodsOverlap)
    assert count(PersonStatus) == 1


def test_a_name_taken_in_the_same_moment_names_the_address(app):
    person_id = make_person("F.", "", "Yildiz", address=SHARED).id
    other = make_person("Fatma", "", "Yıldız", address=PRIVATE).id
    take = sa.insert(PersonAddress).values(person_id=other, address=SHARED, name_key="fatma yildiz")

    refusal = refused_after(
        app, [take], lambda: knowing.rename_person(person_id, "Fatma", "", "Yıldız", by=OFFICE, now=NOW)
    )

    assert isinstance(refusal, NameTaken)
    assert (refusal.facts, acts()) == ({"address": SHARED}, [])


def refused_after(app, statements, act: Callable[[], object]):
    """The refusal of an act that had to wait for somebody else, whose statements it could not see when it began."""

    def act_in_thread() -> None:
        with app.app_context():
            act()

    with ThreadPoolExecutor(1) as pool, db.engine.connect() as beside:
        if beside.dialect.name == "sqlite":
            beside.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            beside.execute(statement)
        waiting = pool.submit(act_in_thread)
        time.sleep(0.5)
        waited = not waiting.done()
        beside.commit()
        refusal = waiting.exception(timeout=20)
    assert waited
    # What this test reads from here on is what both have left.
    db.session.rollback()
    return refusal
