"""Which refusals do places know: what is full, who waits, who chooses or hands over?"""

from eventapp.domain.errors.base import DomainError


class EventFull(DomainError):
    code = "event_full"


class BreakoutFull(DomainError):
    """A breakout has no place left, or others wait for one. Facts: `breakout_id`, and `capacity_id` of its places."""

    code = "breakout_full"


class ChoiceRefused(DomainError):
    """Facts: `problems`, per id of a round what is wrong with the choice there."""

    code = "choice_refused"


class AlreadyInLine(DomainError):
    """Somebody waits for one breakout in a round at a time. Facts: `title`, of the other breakout."""

    code = "already_in_line"


class BreakoutCancelled(DomainError):
    code = "breakout_cancelled"


class UnknownBreakout(DomainError):
    """Facts: `slugs`, the names that no breakout of the event has."""

    code = "unknown_breakout"


class HandOverOver(DomainError):
    """The offer to take over a place was answered already, or withdrawn."""

    code = "hand_over_over"


class SameAddress(DomainError):
    """A place is handed over to somebody else, at an address of their own."""

    code = "same_address"


class OfferLapsed(DomainError):
    """The place that was offered has gone on to the next, or the offer was answered already."""

    code = "offer_lapsed"


class OrganisationFull(DomainError):
    """The free places of a member are gone; for the office. Facts: `organisation`, its name."""

    code = "organisation_full"


class NoFreePlaceLeft(DomainError):
    """The same for somebody who works there. Facts: `organisation`, and `function`, whom to turn to: never a name."""

    code = "no_free_place_left"


class GroupDoesNotFit(DomainError):
    """Not everybody of the form can come as it is, so nobody was booked: the form says who can, and what to choose."""

    code = "group_does_not_fit"


class GroupTooLarge(DomainError):
    """Facts: `most`, how many people one order takes."""

    code = "group_too_large"
