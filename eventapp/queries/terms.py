"""On which terms may somebody withdraw: those of the event now, and those agreed when they booked?"""

from collections.abc import Sequence

from eventapp.domain.association import Association
from eventapp.domain.cancellation import Term, better_of
from eventapp.models import Event, Registration
from eventapp.queries.association import load_association


def terms_of(event: Event, association: Association | None = None) -> Sequence[Term]:
    """What the event says about withdrawing, or the association where it says nothing."""
    own = [row.term for row in event.cancellation_terms]
    return own or (association or load_association()).cancellation_terms


def agreed_terms(registration: Registration) -> tuple[Term, ...]:
    """What holds for somebody who booked: the terms of that moment and those of now, day by day the better of the two.

    Who booked before there was something to pay, or before terms were kept, has those of now.
    """
    kept = tuple(Term(days, percent) for days, percent in registration.terms or ())
    return better_of(kept, terms_of(registration.event))


def frozen_terms(event: Event, association: Association | None = None) -> list[list[int]] | None:
    """The terms of now, to be kept with a booking; None where nobody pays."""
    if not any(line.price_cents for line in event.price_lines):
        return None
    return [[term.days_before, term.refund_percent] for term in terms_of(event, association)]
