"""Which refusals do registering and withdrawing know?"""

from eventapp.domain.errors.base import DomainError


class AlreadyRegistered(DomainError):
    code = "already_registered"


class NotAdmitted(DomainError):
    """Facts: `category` (the best one proven) and `admission` (what the event says about it)."""

    code = "not_admitted"


class RegistrationClosed(DomainError):
    """Facts: `window`, the reason as a domain.events.Window value."""

    code = "registration_closed"


class OtherGround(DomainError):
    """The new address does not give what the registration rests on: a member's domain, or a status of one's own."""

    code = "other_ground"


class IllegalStep(DomainError):
    """Facts: `state` and `to`."""

    code = "illegal_step"


class InvitationAnswered(DomainError):
    """Facts: `state`, how the invitation stands now."""

    code = "invitation_answered"


class AlreadyCancelled(DomainError):
    code = "already_cancelled"


class TooLateToCancel(DomainError):
    code = "too_late_to_cancel"


class NoMembership(DomainError):
    """Belonging there gives nothing that day. Facts: `organisation`, its name."""

    code = "no_membership"


class WaitsForOffice(DomainError):
    """The office has still to say whether somebody belongs to a member."""

    code = "waits_for_office"


class PriceAgreed(DomainError):
    """A place with a price does not go along to another event by itself."""

    code = "price_agreed"


class TooManyPriced(DomainError):
    """Facts: `most` of them at once."""

    code = "too_many_priced"
