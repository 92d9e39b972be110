"""Which refusals does the system know? One small class each: a stable code and facts, never a sentence."""

from typing import Any


class DomainError(Exception):
    """A refusal that is part of normal use. `code` is stable, `facts` fill the Dutch sentence in wording.py."""

    code = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts


class EventFull(DomainError):
    code = "event_full"


class OrganisationFull(DomainError):
    """The free places of a member are gone; for the office. Facts: `organisation`, its name."""

    code = "organisation_full"


class NoFreePlaceLeft(DomainError):
    """The same for somebody who works there. Facts: `organisation`, and `function`, whom to turn to: never a name."""

    code = "no_free_place_left"


class AlreadyRegistered(DomainError):
    code = "already_registered"


class NotAdmitted(DomainError):
    """Facts: `category` (the best one proven) and `admission` (what the event says about it)."""

    code = "not_admitted"


class RegistrationClosed(DomainError):
    """Facts: `window`, the reason as a domain.events.Window value."""

    code = "registration_closed"


class PaymentNotPossible(DomainError):
    """There is something to pay and no provider to pay through."""

    code = "payment_not_possible"


class PaymentUnavailable(DomainError):
    """The provider did not answer as it should; the place stays held and trying again is right."""

    code = "payment_unavailable"


class NothingToPay(DomainError):
    code = "nothing_to_pay"


class OtherGround(DomainError):
    """The new address does not give what the registration rests on: a member's domain, or a status of one's own."""

    code = "other_ground"


class IllegalStep(DomainError):
    """Facts: `state` and `to`."""

    code = "illegal_step"


class UnknownLink(DomainError):
    code = "unknown_link"


class ExpiredLink(DomainError):
    code = "expired_link"


class UsedLink(DomainError):
    code = "used_link"


class AlreadyCancelled(DomainError):
    code = "already_cancelled"


class TooLateToCancel(DomainError):
    code = "too_late_to_cancel"


class PaidNeedsOffice(DomainError):
    """Somebody paid: withdrawing goes through the office, which settles the money."""

    code = "paid_needs_office"


class ChangedMeanwhile(DomainError):
    """Somebody else saved the same thing since it was read."""

    code = "changed_meanwhile"


class SlugTaken(DomainError):
    code = "slug_taken"


class NotPublishable(DomainError):
    """Facts: `missing`, the names of the fields that a published event needs."""

    code = "not_publishable"


class OnlyDrafts(DomainError):
    """Only an untouched draft may be deleted."""

    code = "only_drafts"


class EventOver(DomainError):
    """It has been, or it will not be: nothing can be prepared for it any more."""

    code = "event_over"


class NotAMailDomain(DomainError):
    """Facts: `typed`, what cannot be the domain of a mail address."""

    code = "not_a_mail_domain"


class FreeMailDomain(DomainError):
    """Anybody can take an address there. Facts: `domain`."""

    code = "free_mail_domain"


class DomainTaken(DomainError):
    """A mail domain speaks for one organisation only. Facts: `domain`, and the name of the `organisation` it is of."""

    code = "domain_taken"


class EndsBeforeStart(DomainError):
    """Facts: `row`, the place of the period among those given."""

    code = "ends_before_start"


class PeriodsOverlap(DomainError):
    """Facts: `row`, the place of the later given of the two periods."""

    code = "periods_overlap"


class NameTaken(DomainError):
    """Within one address a name is one person. Facts: `address`, where somebody else has this name."""

    code = "name_taken"


class PeriodIsOver(DomainError):
    """What has ended is history and stays as it was."""

    code = "period_is_over"


class NotAllowed(DomainError):
    code = "not_allowed"


class NotFound(DomainError):
    code = "not_found"


class TooManyRequests(DomainError):
    code = "too_many_requests"
