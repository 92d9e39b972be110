"""Nobody comes in at a member's price on an address that nobody proved, whatever they fill in."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventapp.domain.actors import VISITOR
from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import DomainError
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Registration
from eventapp.services import confirming, correcting
from eventapp.services.locks import lock_order, lock_order_of
from eventapp.services.quoting import quote
from eventapp.services.registering import Basis, Booking, Colleague
from eventapp.services.registering_together import register_together
from eventapp.transaction import transaction
from tests.booking import book, make_ambassador
from tests.factories import NOW, make_event, make_organisation
from tests.reading import all_mails, registrations, token_in

FEW = settings(
    max_examples=12,
    derandomize=True,
    # The house stays up between examples: each makes an event of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DOMAINS = (
    "zonnevlinder.example",
    "ZONNEVLINDER.example.",
    "voorbeeldstad.example",
    "steun.example",
    "elders.example",
    "zonnevlinder.example.evil.example",
    "gmail.com",
)
LOOK_ALIKES = (
    "m@zonnevlinder.example.evil.example",
    "m@zonnevlinder.example.evil.example.",
    "m@mail.zonnevlinder.example",
    "M@MAIL.ZONNEVLINDER.EXAMPLE",
    "m+zonnevlinder.example@evil.example",
    '"m@zonnevlinder.example"@evil.example',
    "m@zonnevlinder.example@evil.example",
    "m@evil-zonnevlinder.example",
    "m@evilzonnevlinder.example",
    "m@zonnevlinder.example-evil.example",
    "m@zonnevlinder-example.example",
    "m@zonnevl1nder.example",
    "m@zonnevlіnder.example",
    "m@zönnevlinder.example",
    "m@xn--zonnevlnder-lrb.example",
    "m@zonnevlinder..example",
    "m@.zonnevlinder.example",
    "m@zonnevlinder.example/evil.example",
    "m@zonnevlinder",
    "m@",
)
SAME_MAILBOX = (
    "m@zonnevlinder.example",
    "M@Zonnevlinder.EXAMPLE",
    "m@zonnevlinder.example.",
    "m+1@zonnevlinder.example",
)


@dataclass(frozen=True)
class Attempt:
    """What somebody fills in, and the address they put in its place before proving the first."""

    name: str
    domain: str
    basis: Basis
    corrected: str | None


attempts = st.lists(
    st.builds(
        Attempt,
        st.sampled_from(["Marieke", "Fatma"]),
        st.sampled_from(DOMAINS),
        st.sampled_from(Basis),
        st.none() | st.sampled_from(DOMAINS),
    ),
    min_size=1,
    max_size=3,
)
cents = st.sampled_from([0, 2500, 9500])
prices = st.dictionaries(
    st.sampled_from([Category.LID, Category.AMBASSADEUR, Category.STEUNPARTNER, Category.NIET_LID]), cents, min_size=1
)


@pytest.fixture
def house(app):
    """A member, a municipality that is none, a partner and an ambassador."""
    make_organisation("Zonnevlinder", domains=("zonnevlinder.example",))
    make_organisation(
        "Gemeente Voorbeeldstad",
        domains=("voorbeeldstad.example",),
        kind=OrganisationKind.GEMEENTE,
        relation=Relation.GEEN,
    )
    make_organisation("Steun", domains=("steun.example",), relation=Relation.STEUNPARTNER)
    make_ambassador("fatma@elders.example")
    return app


def try_all(event: Event, wanted: list[Attempt]) -> None:
    """Everybody registers, some put another address, and who is asked to pay pays; nobody opens a link."""
    for attempt in wanted:
        try:
            receipt = book(
                event,
                f"{attempt.name.lower()}@{attempt.domain}",
                given_name=attempt.name,
                basis=attempt.basis,
                organisation_name="Zonnevlinder",
            )
            if attempt.corrected:
                other = f"{attempt.name.lower()}@{attempt.corrected}"
                correcting.correct_address(receipt.registration_id, other, by=VISITOR, now=NOW)
        except DomainError:
            continue
    for registration in of(event):
        if registration.state == State.AWAITING_PAYMENT:
            pay(registration)


def pay(registration: Registration) -> None:
    """What money that came in does."""
    with transaction():
        order = lock_order(registration.order_id)
        confirming.confirm(order.registrations[0], now=NOW)


def of(event: Event) -> list[Registration]:
    return [registration for registration in registrations() if registration.event_id == event.id]


@FEW
@given(prices, st.none() | cents, attempts)
def test_without_the_link_nobody_is_confirmed_but_strangers_at_the_strangers_price(house, said, municipal, wanted):
    narrowed = []
    if municipal is not None:
        admission = Admission.PRIJS if municipal else Admission.GRATIS
        narrowed = [PriceLine(Category.NIET_LID, admission, municipal, frozenset({OrganisationKind.GEMEENTE}))]
    event = make_event(prices=said, narrowed=tuple(narrowed))

    try_all(event, wanted)

    confirmed = {(found.category, found.price_cents) for found in of(event) if found.state == State.CONFIRMED}
    strangers = said.get(Category.NIET_LID)
    assert confirmed <= ({(Category.NIET_LID, strangers)} if strangers else set())
    assert {found.proven_at for found in of(event)} <= {None}
    db.session.rollback()


def test_the_strangers_price_does_confirm_when_it_is_paid(house):
    """So that the property above is not true for want of anybody confirmed."""
    event = make_event(prices={Category.LID: 0, Category.NIET_LID: 9500})

    try_all(event, [Attempt("Marieke", "elders.example", Basis.OUTSIDER, None)])

    assert [(found.state, found.category) for found in of(event)] == [(State.CONFIRMED, Category.NIET_LID)]


def test_no_look_alike_gives_a_members_right(house):
    event = make_event()

    found = {address: quote(event, address, now=NOW).entitlement.category for address in LOOK_ALIKES}

    assert found == dict.fromkeys(LOOK_ALIKES, Category.NIET_LID)


def test_other_spellings_of_a_members_mailbox_wait_for_its_proof(house):
    """They are the same mailbox, so its owner gets the link; nobody else does."""
    for address in SAME_MAILBOX:
        event = make_event()
        book(event, address)

        assert [(found.category, found.state) for found in of(event)] == [(Category.LID, State.AWAITING_CONFIRMATION)]


labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.àéïøßı", min_size=1, max_size=12)


@FEW
@given(labels, st.sampled_from(["{x}zonnevlinder.example", "zonnevlinder.example{x}", "{x}.zonnevlinder.example"]))
def test_whatever_stands_before_or_behind_a_members_domain_makes_it_another(house, x, shape):
    domain = shape.format(x=x)
    same = domain.strip().rstrip(".") == "zonnevlinder.example"

    found = quote(make_event(), f"m@{domain}", now=NOW).entitlement.category

    assert found == (Category.LID if same else Category.NIET_LID)


GROUP_DOMAINS = (*DOMAINS[:4], "elders.example", "gmail.com")
groups = st.lists(st.sampled_from(GROUP_DOMAINS), min_size=1, max_size=4)


@FEW
@given(prices, st.sampled_from(GROUP_DOMAINS), groups, st.sampled_from(Basis), st.sets(st.integers(0, 4)))
def test_in_a_group_nobody_comes_at_a_members_price_on_less_than_a_proof_of_that_member(
    house, said, domain, companions, basis, pressed
):
    """`pressed`: whose link is opened, in the order of the mails; who is asked to pay pays."""
    event = make_event(prices=said)
    colleagues = tuple(Colleague(f"Collega {n}", "", "Bakker", f"c{n}@{one}") for n, one in enumerate(companions))
    names = {"given_name": "Marieke", "infix": "", "family_name": "Bakker", "organisation_name": "Zonnevlinder"}
    address = f"m@{domain}"
    booking = Booking(event_id=event.id, address=address, basis=basis, colleagues=colleagues, **names)
    before = len(all_mails())
    try:
        register_together(booking, by=VISITOR, now=NOW)
    except DomainError:
        return
    proven = set()
    for number in range(5):
        links = [mail for mail in all_mails()[before:] if mail.kind in ("confirm_group", "confirm_address")]
        if number in pressed and number < len(links):
            confirming.prove(token_in(links[number]), now=NOW)
            proven.add(links[number].to_address)
    pay_all(event)

    strangers = said.get(Category.NIET_LID)
    for found in of(event):
        if found.state == State.CONFIRMED:
            own = found.address in proven
            same_member = found.order.address in proven and mail_domain(found.order.address) == found.mail_domain
            stranger = bool(strangers) and (found.category, found.price_cents) == (Category.NIET_LID, strangers)
            assert own or (stranger and found.order.address in proven) or (same_member and found.organisation_id)
            assert found.reason["via"] != "office"
    db.session.rollback()


def pay_all(event: Event) -> None:
    """Money comes in for everybody who is asked for it."""
    for registration in of(event):
        if registration.state == State.AWAITING_PAYMENT:
            with transaction():
                confirming.confirm(lock_order_of(registration.id), now=NOW)
