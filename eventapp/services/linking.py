"""The office says where people belong whom nobody recognised: what changes now, and which money may go back?

The rule is `domain/linking.turn`; `differences.py` decides about the money.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import EventFull, NotAdmitted, NotFound, OrganisationFull
from eventapp.domain.group_orders import goes_with_booker
from eventapp.domain.linking import Turn, turn
from eventapp.domain.payments import ALIVE
from eventapp.domain.places import hold_until
from eventapp.domain.pricing import Category, Entitlement, decide, organisation_proof
from eventapp.domain.registrations import State, check_step
from eventapp.extensions import db
from eventapp.models import LinkDismissal, Organisation, PaymentAttempt, Person, RefundProposal, Registration
from eventapp.queries import bank_refunds
from eventapp.queries.association import load_association
from eventapp.queries.linking import Whom, unknown_registrations
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming
from eventapp.services import (
    confirming,
    enrolling,
    following,
    holding,
    knowing,
    mails,
    organisation_places,
    proof_links,
    reviewing,
    withdrawal,
)
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.services.registering import day_that_counts
from eventapp.transaction import transaction


class Effect(NamedTuple):
    """What linking does: people, and their registrations by what happens to them.

    `proposed_cents` may go back once the office agrees. Somebody else may take a last place before the click.
    """

    people: int
    approved: int
    cheaper: int
    proposed: int
    proposed_cents: int
    stays: int


class _Way(NamedTuple):
    """How these people come to belong somewhere: by mail domain, or named until a last day."""

    whom: Whom
    until: date | None

    def given_by(self, organisation: Organisation, registration: Registration) -> Entitlement | None:
        """What this registration would get from the organisation now; None is nothing."""
        event = registration.event
        on = day_that_counts(event, booked_at=registration.created_at)
        if self.until is not None and self.until < on:
            return None
        via = "domain" if self.whom.domain else "named"
        proof = organisation_proof(organisation.facts(), via=via, detail=self.whom.domain, on=on)
        if via == "named" and proof.category == Category.NIET_LID:
            return None
        try:
            given = decide(event.price_lines, [proof])
        except NotAdmitted:
            return None
        beyond = organisation_places.beyond_at(event, given)
        return beyond.entitlement if beyond else given


def effect(whom: Whom, organisation_id: int, *, until: date | None, now: datetime) -> Effect:
    """What linking these people to this organisation would do now. Changes nothing. Refuses with NotFound."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    way, tally = _Way(whom, until), _Tally()
    for registration in unknown_registrations(whom, now=now):
        given = way.given_by(organisation, registration)
        tally.add(registration, _turn(registration, given), given)
    return tally.effect()


class _Tally:
    """Counts what happens to registrations."""

    def __init__(self) -> None:
        self._people: set[int] = set()
        self._turns: Counter[Turn] = Counter()
        self._cents = 0

    def add(self, registration: Registration, found: Turn, given: Entitlement | None) -> None:
        self._people.add(registration.person_id)
        self._turns[found] += 1
        if given and found == Turn.PROPOSE:
            self._cents += registration.price_cents - given.price_cents

    def effect(self) -> Effect:
        return Effect(
            people=len(self._people),
            approved=self._turns[Turn.APPROVE],
            cheaper=self._turns[Turn.CHEAPER],
            proposed=self._turns[Turn.PROPOSE],
            proposed_cents=self._cents,
            stays=self._turns[Turn.STAYS],
        )


def _turn(registration: Registration, given: Entitlement | None) -> Turn:
    attempts = sa.select(PaymentAttempt.id).where(
        PaymentAttempt.order_id == registration.order_id, PaymentAttempt.status.in_(ALIVE)
    )
    return turn(
        state=registration.state,
        review=registration.review,
        price_cents=registration.price_cents,
        paid_cents=withdrawal.paid_cents(registration.order_id) + bank_refunds.banked_cents(registration.order_id),
        paying=db.session.scalar(attempts.limit(1)) is not None,
        given=given,
        on_invoice=registration.order.on_invoice_at is not None and _is_proven(registration),
    )


def link(whom: Whom, organisation_id: int, *, until: date | None = None, by: Actor, now: datetime) -> Effect:
    """These people belong to this organisation: a mail domain for good, one person until their last day.

    From now on they are recognised. Of what they booked already, claims are approved, and who did not pay yet gets the
    price of the organisation, once the address is proven; where money came in or is on its way, the difference is only
    proposed. What the organisation does not make better keeps its price and gets its name.

    Refuses with NotFound; a domain with FreeMailDomain, NotAMailDomain or DomainTaken; a person with EndsBeforeStart or
    PeriodsOverlap.
    """
    with transaction():
        organisation = db.session.get(Organisation, organisation_id)
        if organisation is None:
            raise NotFound()
        ids = [registration.id for registration in unknown_registrations(whom, now=now)]
        _recognise(whom, organisation, until, by, now)
        way, tally = _Way(whom, until), _Tally()
        for registration_id in ids:
            registration = lock_order_of(registration_id)
            given = way.given_by(organisation, registration)
            tally.add(registration, _done(registration, organisation, given, by=by, now=now), given)
        return tally.effect()


def _recognise(whom: Whom, organisation: Organisation, until: date | None, by: Actor, now: datetime) -> None:
    if whom.person_id is not None:
        assert until is not None
        knowing.name_person(organisation.id, whom.person_id, until=until, by=by, now=now)
        return
    details = enrolling.details_of(organisation)
    wanted = replace(details, domains=(*details.domains, whom.domain))
    enrolling.save_organisation(wanted, organisation_id=organisation.id, by=by, now=now)


def _done(
    registration: Registration, organisation: Organisation, given: Entitlement | None, *, by: Actor, now: datetime
) -> Turn:
    """Do what the turn says, or nothing at all when a place went to somebody else meanwhile."""
    found = _turn(registration, given)
    try:
        with db.session.begin_nested():
            if found == Turn.APPROVE:
                reviewing.approve(registration.id, organisation.id, by=by, now=now)
            elif found == Turn.CHEAPER and given:
                _make_cheaper(registration, given, by=by, now=now)
            elif found == Turn.PROPOSE and given:
                _propose(registration, organisation, given, now=now)
    except (EventFull, OrganisationFull, NotAdmitted):
        found = Turn.STAYS
    registration.organisation_name = organisation.name
    facts = {"organisation_id": organisation.id, "turn": found.value}
    note("linked", "registration", registration.id, by=by, now=now, event_id=registration.event_id, **facts)
    return found


def _make_cheaper(registration: Registration, given: Entitlement, *, by: Actor, now: datetime) -> None:
    registration.category, registration.price_cents = given.category, given.price_cents
    registration.lowered_cents = 0
    registration.reason, registration.organisation_id = given.reason(), given.proof.organisation_id
    if not registration.is_bookers:
        registration.with_booker = _goes_along(registration, given)
    db.session.flush()
    if not _is_proven(registration):
        _ask_proof(registration, now=now)
    elif registration.state == State.CONFIRMED:
        # Sure of the place, on an invoice: that follows, below.
        holding.take(registration)
    elif registration.price_cents == 0:
        confirming.confirm(registration, by=by, now=now)
    else:
        mails.asks_money(registration, now=now, key="linked")
    following.costs_less(registration.order, reason=wording.CREDIT_CHEAPER, by=by, now=now)


def _is_proven(registration: Registration) -> bool:
    return registration.proven_at is not None or bool(registration.with_booker and registration.order.proven_at)


def _goes_along(registration: Registration, given: Entitlement) -> bool:
    """At the outsiders' price whoever booked carried this colleague along; at another's only one of the same member."""
    order = registration.order
    on = day_that_counts(order.event, booked_at=order.created_at)
    proofs = [*proofs_by_domain(order.address, on=on), *proofs_by_naming(order.booker_id, on=on)]
    return goes_with_booker(given, proofs, same_mailbox=False)


def _ask_proof(registration: Registration, *, now: datetime) -> None:
    """Only who reads the mail at the address gets the price of the organisation."""
    if registration.state == State.AWAITING_PAYMENT:
        check_step(registration.state, State.AWAITING_CONFIRMATION)
        registration.state = State.AWAITING_CONFIRMATION
        days = load_association().hold_days
        registration.expires_at = hold_until(now=now, days=days, starts_at=registration.event.starts_at)
        proof_links.send(registration, held=True, now=now, key="linked")
    if registration.holds:
        holding.take(registration)


def _propose(registration: Registration, organisation: Organisation, given: Entitlement, *, now: datetime) -> None:
    proposed = sa.select(RefundProposal.id).where(RefundProposal.registration_id == registration.id)
    if db.session.scalar(proposed) is not None:
        return
    db.session.add(
        RefundProposal(
            registration_id=registration.id,
            organisation_id=organisation.id,
            amount_cents=registration.agreed_cents - given.price_cents,
            category=given.category,
            reason=given.reason(),
            created_at=now,
        )
    )
    db.session.flush()


def dismiss(whom: Whom, *, by: Actor, now: datetime) -> None:
    """These people are of no member: they are not asked about again. Twice changes nothing. Refuses with NotFound."""
    with transaction():
        if whom.person_id is not None and db.session.get(Person, whom.person_id) is None:
            raise NotFound()
        known = sa.select(LinkDismissal.id).where(
            LinkDismissal.person_id == whom.person_id if whom.person_id else LinkDismissal.domain == whom.domain
        )
        if db.session.scalar(known) is not None:
            return
        dismissal = LinkDismissal(
            domain=whom.domain or None, person_id=whom.person_id, dismissed_by=by.name, created_at=now
        )
        db.session.add(dismissal)
        _note("link_dismissed", dismissal, by=by, now=now)


def restore(dismissal_id: int, *, by: Actor, now: datetime) -> None:
    """Ask about these people again after all. Refuses with NotFound."""
    with transaction():
        dismissal = db.session.get(LinkDismissal, dismissal_id)
        if dismissal is None:
            raise NotFound()
        _note("link_restored", dismissal, by=by, now=now)
        db.session.delete(dismissal)


def _note(act: str, dismissal: LinkDismissal, *, by: Actor, now: datetime) -> None:
    facts: dict[str, Any] = {"domain": dismissal.domain} if dismissal.domain else {}
    note(act, "person" if dismissal.person_id else "domain", dismissal.person_id, by=by, now=now, **facts)
