"""Who comes in on which ground: lines for some kinds of organisations, and the day on which a membership counts."""

from datetime import date, timedelta

import pytest

from eventapp.domain.association import MembershipDay
from eventapp.domain.errors import NotAdmitted, OtherGround
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine, Relation
from eventapp.domain.registrations import Review, State
from eventapp.models import Event, Organisation
from eventapp.services import adding, confirming, correcting, housekeeping, reviewing
from eventapp.services.quoting import quote
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation
from tests.reading import kinds, last_mail, only_registration, registrations, token_in

pytestmark = pytest.mark.usefixtures("app")
MUNICIPALITIES = frozenset({OrganisationKind.GEMEENTE})
PRICE = 6000
OFFICIAL = "w.ambtenaar@voorbeeldstad.example"


def municipality() -> Organisation:
    return make_organisation(
        "Gemeente Voorbeeldstad",
        domains=("voorbeeldstad.example",),
        kind=OrganisationKind.GEMEENTE,
        relation=Relation.GEEN,
    )


def tour(admission: Admission = Admission.GRATIS, cents: int = 0, **values) -> Event:
    """Members free, outsiders pay, and something else for municipalities."""
    line = PriceLine(Category.NIET_LID, admission, cents, MUNICIPALITIES)
    return make_event(prices={Category.LID: 0, Category.NIET_LID: PRICE}, narrowed=(line,), **values)


def membership_counts_on(day: MembershipDay) -> None:
    housekeeping.save_association({"membership_on": day}, by=OFFICE, now=NOW)


def test_somebody_from_a_municipality_comes_free_once_the_address_is_proven():
    known = municipality()

    receipt = book(tour(), OFFICIAL)

    found = only_registration()
    assert (receipt.state, receipt.price_cents) == (State.AWAITING_CONFIRMATION, 0)
    assert (found.category, found.organisation_id, found.organisation_name) == (
        Category.NIET_LID,
        known.id,
        "Gemeente Voorbeeldstad",
    )
    assert found.reason["kind"] == "gemeente"
    assert kinds() == ["confirm_address"]


def test_a_price_of_its_own_kind_is_paid_after_the_proof():
    municipality()

    receipt = book(tour(Admission.PRIJS, 2500), OFFICIAL)

    assert (receipt.state, receipt.price_cents) == (State.AWAITING_CONFIRMATION, 2500)


def test_a_kind_that_is_kept_out_does_not_come_in_as_a_stranger():
    municipality()

    with pytest.raises(NotAdmitted):
        book(tour(Admission.NIET), OFFICIAL)

    assert registrations() == []


def test_an_outsider_from_elsewhere_pays_at_once():
    municipality()

    assert book(tour()).state == State.AWAITING_PAYMENT


def test_a_known_non_member_is_named_and_still_asked_on_what_ground_it_comes():
    municipality()

    said = quote(tour(), OFFICIAL, now=NOW)

    assert (said.organisation_name, said.entitlement.price_cents) == ("Gemeente Voorbeeldstad", 0)
    assert (said.outsider.price_cents, said.may_claim, said.may_have_status) == (PRICE, True, True)


def test_nobody_may_claim_a_membership_that_only_some_kinds_profit_from():
    line = PriceLine(Category.LID, Admission.GRATIS, 0, frozenset({OrganisationKind.KINDEROPVANG}))
    event = make_event(prices={Category.NIET_LID: PRICE}, narrowed=(line,))

    assert quote(event, "m@gmail.com", now=NOW).may_claim is False
    with pytest.raises(NotAdmitted):
        book(event, "m@gmail.com", basis=Basis.CLAIM, organisation_name="Zonnevlinder")


def test_working_at_a_municipality_is_no_status():
    municipality()

    with pytest.raises(NotAdmitted):
        book(tour(), OFFICIAL, basis=Basis.STATUS)


@pytest.mark.parametrize(("cents", "state", "mail"), [(0, State.CONFIRMED, "confirmed"), (2500, None, "pay")])
def test_a_refused_claim_from_a_municipality_gets_what_municipalities_get(cents, state, mail):
    known = municipality()
    book(tour(Admission.PRIJS if cents else Admission.GRATIS, cents), OFFICIAL, basis=Basis.CLAIM)
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    assert only_registration().review == Review.PENDING

    reviewing.refuse(only_registration().id, by=OFFICE, now=NOW)

    found = only_registration()
    assert (found.state, found.price_cents) == (state or State.AWAITING_PAYMENT, cents)
    assert (found.category, found.organisation_id) == (Category.NIET_LID, known.id)
    assert kinds()[-1] == mail


def test_the_office_adds_somebody_at_the_price_of_their_organisations_kind():
    municipality()
    event = tour(Admission.PRIJS, 2500)

    for address in (OFFICIAL, "a@elders.example"):
        manual = adding.ManualBooking(event.id, address, "Wim", "", "Ambtenaar", Category.NIET_LID)
        adding.add_by_hand(manual, by=OFFICE, now=NOW)

    assert [found.price_cents for found in registrations()] == [2500, PRICE]


def test_a_price_that_rests_on_the_municipality_does_not_move_to_another_address():
    municipality()
    book(tour(), OFFICIAL)

    with pytest.raises(OtherGround):
        correcting.correct_address(only_registration().id, "w@elders.example", by=OFFICE, now=NOW)


@pytest.mark.parametrize(
    ("day", "since", "until", "category"),
    [
        (MembershipDay.EVENT, date(2024, 1, 1), date(2027, 2, 9), Category.NIET_LID),
        (MembershipDay.BOOKING, date(2024, 1, 1), date(2027, 2, 9), Category.LID),
        (MembershipDay.BOOKING, date(2024, 1, 1), NOW.date(), Category.LID),
        (MembershipDay.BOOKING, date(2024, 1, 1), NOW.date() - timedelta(days=1), Category.NIET_LID),
        (MembershipDay.EVENT, date(2027, 2, 10), None, Category.LID),
        (MembershipDay.BOOKING, date(2027, 2, 10), None, Category.NIET_LID),
    ],
)
def test_membership_counts_on_the_day_that_the_office_chose(day, since, until, category):
    """Booked on 11 January 2027 for 10 February."""
    make_organisation(since=since, until=until)
    membership_counts_on(day)

    book(make_event(), "m@zonnevlinder.example")

    assert only_registration().category == category


def test_a_correction_later_on_looks_at_the_day_of_booking_again():
    make_organisation(domains=("zonnevlinder.example", "vlinders.example"), until=NOW.date())
    membership_counts_on(MembershipDay.BOOKING)
    book(make_event(), "m@zonnevlinder.example")

    correcting.correct_address(only_registration().id, "m@vlinders.example", by=OFFICE, now=NOW + timedelta(days=1))

    assert (only_registration().address, only_registration().category) == ("m@vlinders.example", Category.LID)
