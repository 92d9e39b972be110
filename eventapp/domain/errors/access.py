"""Which refusals do links, signing in and what somebody may do know?"""

from eventapp.domain.errors.base import DomainError


class UnknownLink(DomainError):
    code = "unknown_link"


class ExpiredLink(DomainError):
    code = "expired_link"


class UsedLink(DomainError):
    code = "used_link"


class ChangedMeanwhile(DomainError):
    """Somebody else saved the same thing since it was read."""

    code = "changed_meanwhile"


class NotAllowed(DomainError):
    code = "not_allowed"


class AccountEnded(DomainError):
    """The account of this colleague has ended, or begins on a later day."""

    code = "account_ended"


class NotFound(DomainError):
    code = "not_found"


class NotErasable(DomainError):
    """Somebody cannot be forgotten yet. Facts: `why`, a `domain.erasing.Blocker` as text."""

    code = "not_erasable"


class TooManyRequests(DomainError):
    code = "too_many_requests"


class WrongCode(DomainError):
    """Facts: `left`, how many tries there still are."""

    code = "wrong_code"


class CodeBlocked(DomainError):
    """The code was typed wrongly too often; the link in the same mail still works."""

    code = "code_blocked"


class WrongCouplingCode(DomainError):
    """No phone can be coupled with this code: mistyped, used, out of date, or its door was closed off."""

    code = "wrong_coupling_code"


class SignInUnavailable(DomainError):
    """The provider of sign-in does not answer as it should, or does not know us. Facts: `why`, for the log."""

    code = "sign_in_unavailable"


class SignInDeclined(DomainError):
    """Whoever wanted to sign in stopped, or their organisation does not allow this program. Facts: `why`."""

    code = "sign_in_declined"


class SignInNotProven(DomainError):
    """What came back from the provider is of another browser, out of date or not genuine. Facts: `why`."""

    code = "sign_in_not_proven"


class SignInWithoutAddress(DomainError):
    """The account names no e-mail address, so there is nothing to sign in with yet."""

    code = "sign_in_without_address"
