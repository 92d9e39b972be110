"""The office links people nobody recognised: who comes in cheaper, who stays, and whose money may go back."""

from datetime import date, timedelta

import pytest

from eventapp.domain.errors import ChangedMeanwhile, FreeMailDomain, NotFound, OrganisationFull
from eventapp.domain.linking import ProposalState
from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.payments import AttemptStatus, RefundState
from eventapp.domain.pricing import Admission, Category, PriceLine, Relation
from eventapp.domain.registrations import Review, State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import LinkDismissal, OrganisationPerson, PaymentAttempt, Refund, RefundProposal, Registration
from eventapp.queries import linking as known
from eventapp.queries.linking import Whom
from eventapp.services import confirming, differences, linking, reviewing
from eventapp.services.registering import Basis, Booking, Colleague
from eventapp.services.registering_together import register_together
from tests.booking import book, make_ambassador
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import kinds, last_mail, mails, taken, token_in

pytestmark = pytest.mark.usefixtures("app")
SCHOOL = "nieuweschool.example"
HERE = Whom(domain=SCHOOL)
LATER = NOW + timedelta(hours=2)


def outsider(event, name, *, address="", state=State.CONFIRMED, paid=True, **more) -> Registration:
    """Somebody who came as a niet-lid from an unknown domain; with `paid` the money is in."""
    person = make_person(name, "", "Bakker", address=address or f"{name.lower()}@{SCHOOL}")
    price = more.pop("price_cents", 9500)
    registration = make_registration(
        event, person, state=state, category=Category.NIET_LID, price_cents=price, organisation_name="", **more
    )
    if paid:
        attempt(registration, AttemptStatus.PAID)
    return registration


def attempt(registration, status) -> None:
    row = PaymentAttempt(
        order=registration.order,
        token=new_token(),
        idempotency_key=new_token(),
        amount_cents=registration.price_cents,
        status=status,
        mode="test",
        created_at=NOW,
    )
    db.session.add(row)
    db.session.commit()


def school(**more):
    return make_organisation("Nieuwe School", domains=(), **more)


def link(whom, organisation, **more):
    effect = linking.effect(whom, organisation.id, until=more.get("until"), now=LATER)
    db.session.rollback()
    done = linking.link(whom, organisation.id, by=OFFICE, now=LATER, **more)
    assert done == effect
    return done


def test_domain_is_linked_and_everybody_at_it_re_decided():
    """A claim, one to pay with a proven address, one without, one who paid, and one who is paying right now."""
    event, organisation = make_event(), school()
    book(event, f"anna@{SCHOOL}", given_name="Anna", basis=Basis.CLAIM, organisation_name="Nieuwe School")
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    claim = db.session.query(Registration).one()
    to_pay = {"state": State.AWAITING_PAYMENT, "paid": False, "expires_at": LATER + timedelta(hours=5)}
    proven = outsider(event, "Bram", proven_at=NOW, **to_pay)
    unproven = outsider(event, "Cas", **to_pay)
    paid = outsider(event, "Dirk")
    paying = outsider(event, "Eva", **to_pay)
    attempt(paying, AttemptStatus.OPEN)
    elsewhere = outsider(event, "Fem", address="fem@elders.example", **to_pay)

    effect = link(HERE, organisation)

    assert (effect.people, effect.approved, effect.cheaper) == (5, 1, 2)
    assert (effect.proposed, effect.proposed_cents, effect.stays) == (2, 19000, 0)
    assert (claim.state, claim.review, claim.organisation_id) == (State.CONFIRMED, Review.APPROVED, organisation.id)
    assert (proven.state, proven.price_cents, proven.category) == (State.CONFIRMED, 0, Category.LID)
    assert proven.reason["detail"] == SCHOOL
    assert (unproven.state, unproven.price_cents) == (State.AWAITING_CONFIRMATION, 0)
    assert [(r.state, r.price_cents, r.category) for r in (paid, paying)] == [
        (State.CONFIRMED, 9500, Category.NIET_LID),
        (State.AWAITING_PAYMENT, 9500, Category.NIET_LID),
    ]
    assert (elsewhere.organisation_name, paid.organisation_name) == ("", "Nieuwe School")
    assert mails()[-2:] == [("confirmed", f"bram@{SCHOOL}"), ("confirm_address", f"cas@{SCHOOL}")]
    assert [row.registration_id for row in known.proposals()] == [paid.id]
    assert [group.domain for group in known.groups(now=LATER)] == ["elders.example"]
    assert taken(event) == 6

    confirming.prove(token_in(last_mail("confirm_address")), now=LATER)
    book(event, f"gijs@{SCHOOL}", given_name="Gijs", now=LATER)

    assert unproven.state == State.CONFIRMED
    assert db.session.query(Registration).order_by(Registration.id.desc()).first().category == Category.LID


@pytest.mark.parametrize(
    ("booker", "booked_first", "state", "asked"),
    [
        (f"eva@{SCHOOL}", True, State.CONFIRMED, ("confirmed", f"bram@{SCHOOL}")),
        ("eva@elders.example", True, State.AWAITING_CONFIRMATION, ("confirm_address", f"bram@{SCHOOL}")),
        ("eva@elders.example", False, State.AWAITING_CONFIRMATION, ("confirm_address", f"bram@{SCHOOL}")),
    ],
    ids=["of the same school", "of elsewhere, proven", "of elsewhere, proven afterwards"],
)
def test_who_booked_carries_along_only_whom_they_share_the_new_member_with(booker, booked_first, state, asked):
    event, organisation = make_event(), school()
    bram = Colleague("Bram", "", "Bakker", f"bram@{SCHOOL}")
    book_together = Booking(event.id, booker, "Eva", "", "Bos", colleagues=(bram,), visitor_key="v")
    register_together(book_together, by=OFFICE, now=NOW)
    proof = token_in(last_mail("confirm_group"))
    if booked_first:
        confirming.prove(proof, now=NOW)

    linking.link(HERE, organisation.id, by=OFFICE, now=NOW)
    if not booked_first:
        confirming.prove(proof, now=NOW)

    found = db.session.query(Registration).filter_by(address=bram.address).one()
    assert (found.state, found.price_cents, asked in mails()) == (state, 0, True)
    assert mails().count(("confirm_group", booker)) == 1


def test_one_person_is_named_and_only_for_days_until_the_last():
    near, far = make_event(), make_event(starts_at=NOW + timedelta(days=800))
    to_pay = {"state": State.AWAITING_PAYMENT, "paid": False, "proven_at": NOW}
    first = outsider(near, "Bram", address="bram@gratismail.example", **to_pay)
    second = make_registration(
        far, first.person, state=State.AWAITING_PAYMENT, category=Category.NIET_LID, price_cents=9500, proven_at=NOW
    )

    effect = link(Whom(person_id=first.person_id), school(), until=date(2028, 12, 31))

    assert (effect.cheaper, effect.stays) == (1, 1)
    assert (first.state, first.reason["via"]) == (State.CONFIRMED, "named")
    assert (second.state, second.price_cents) == (State.AWAITING_PAYMENT, 9500)
    assert db.session.query(OrganisationPerson).one().ends_on == date(2028, 12, 31)
    assert known.groups(now=LATER) == []


def test_organisation_without_membership_gives_only_its_name():
    event = make_event()
    claim = book(event, f"anna@{SCHOOL}", basis=Basis.CLAIM, organisation_name="School")
    to_pay = outsider(event, "Bram", state=State.AWAITING_PAYMENT, paid=False, proven_at=NOW)

    effect = link(HERE, school(until=date(2027, 1, 31)))

    claimed = db.session.get(Registration, claim.registration_id)
    assert effect.stays == 2
    assert (claimed.review, claimed.organisation_name) == (Review.PENDING, "Nieuwe School")
    assert (to_pay.state, to_pay.price_cents, to_pay.organisation_id) == (State.AWAITING_PAYMENT, 9500, None)


def test_free_places_are_counted_and_who_comes_too_late_keeps_the_price():
    event = make_event(free_per_organisation=1)
    to_pay = {"state": State.AWAITING_PAYMENT, "paid": False, "proven_at": NOW}
    first, second = outsider(event, "Anna", **to_pay), outsider(event, "Bram", **to_pay)

    linking.link(HERE, school().id, by=OFFICE, now=LATER)

    assert [(r.state, r.price_cents) for r in (first, second)] == [
        (State.CONFIRMED, 0),
        (State.AWAITING_PAYMENT, 9500),
    ]


def test_free_mail_is_never_linked_as_a_domain():
    outsider(make_event(), "Bram", address="bram@gratismail.example")
    organisation = school()

    with pytest.raises(FreeMailDomain):
        linking.link(Whom(domain="gratismail.example"), organisation.id, by=OFFICE, now=LATER)

    assert organisation.domains == []


def test_difference_goes_back_once_and_only_when_the_office_says_so():
    event, organisation = make_event(), school()
    registration, other = outsider(event, "Dirk"), outsider(event, "Eva")
    link(HERE, organisation)
    give, leave = (row.id for row in known.proposals())
    before = db.session.query(Refund).count()
    db.session.rollback()

    cents = differences.give(give, by=OFFICE, now=LATER)
    differences.leave(leave, by=OFFICE, now=LATER)

    refund = db.session.query(Refund).one()
    assert (before, cents, refund.amount_cents, refund.state) == (0, 9500, 9500, RefundState.PLANNED)
    assert (registration.category, registration.price_cents) == (Category.LID, 0)
    assert (registration.organisation_id, other.category) == (organisation.id, Category.NIET_LID)
    assert kinds() == ["difference_back"]
    assert [row.state for row in db.session.query(RefundProposal).order_by(RefundProposal.id)] == [
        ProposalState.REFUNDED,
        ProposalState.LEFT,
    ]
    for again in (differences.give, differences.leave):
        with pytest.raises(ChangedMeanwhile):
            again(give, by=OFFICE, now=LATER)


def test_difference_stays_when_the_free_places_went_to_others_meanwhile():
    event, organisation = make_event(free_per_organisation=1), school()
    outsider(event, "Dirk")
    link(HERE, organisation)
    book(event, f"gijs@{SCHOOL}", given_name="Gijs", now=LATER)
    proposal = known.proposals()[0].id

    with pytest.raises(OrganisationFull):
        differences.give(proposal, by=OFFICE, now=LATER)

    assert db.session.query(Refund).count() == 0


def test_who_was_dismissed_does_not_come_back_until_that_is_undone():
    event = make_event()
    outsider(event, "Anna")
    alone = outsider(event, "Bram", address="bram@gratismail.example").person_id
    found = known.people_to_link(now=LATER)
    linking.dismiss(HERE, by=OFFICE, now=LATER)
    linking.dismiss(HERE, by=OFFICE, now=LATER)
    linking.dismiss(Whom(person_id=alone), by=OFFICE, now=LATER)
    outsider(event, "Cas")

    dismissed = known.people_to_link(now=LATER), known.groups(now=LATER)
    for row in [row.id for row in db.session.query(LinkDismissal)]:
        linking.restore(row, by=OFFICE, now=LATER)

    assert (found, dismissed, known.people_to_link(now=LATER)) == ((2, False), ((0, False), []), (3, False))
    with pytest.raises(NotFound):
        linking.restore(4711, by=OFFICE, now=LATER)


def test_known_people_are_not_asked_about():
    event = make_event()
    make_organisation("Gemeente", domains=("gemeente.example",), relation=Relation.GEEN)
    outsider(event, "Anna", address="anna@gemeente.example")
    outsider(make_event(starts_at=NOW - timedelta(days=3)), "Geweest")
    outsider(event, "Weg", state=State.CANCELLED)
    ambassador = make_ambassador("aafke@eigenwijs.example")
    make_registration(event, ambassador, category=Category.NIET_LID, price_cents=9500)
    refused = book(event, f"cas@{SCHOOL}", given_name="Cas", basis=Basis.CLAIM, organisation_name="School")
    reviewing.refuse(refused.registration_id, by=OFFICE, now=LATER)

    assert known.groups(now=LATER) == []


@pytest.mark.parametrize("kind", [OrganisationKind.GEINTEGREERD, OrganisationKind.KINDEROPVANG])
def test_approving_looks_at_the_price_for_that_kind_of_organisation(kind):
    narrowed = PriceLine(Category.LID, Admission.PRIJS, 4500, frozenset({OrganisationKind.KINDEROPVANG}))
    claim = book(make_event(narrowed=(narrowed,)), basis=Basis.CLAIM, organisation_name="Zonnevlinder")

    reviewing.approve(claim.registration_id, make_organisation(kind=kind).id, by=OFFICE, now=LATER)

    price = 4500 if kind == OrganisationKind.KINDEROPVANG else 0
    assert db.session.get(Registration, claim.registration_id).price_cents == price
