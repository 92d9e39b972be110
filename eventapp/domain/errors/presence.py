"""Which refusals do presence and certificates of attendance know?"""

from eventapp.domain.errors.base import DomainError


class PresenceNotDue(DomainError):
    """The event is not over yet, or is off: there is nothing to fix."""

    code = "presence_not_due"


class PresenceFixed(DomainError):
    """The presence was fixed already."""

    code = "presence_fixed"


class PresenceNotFixed(DomainError):
    """The presence was not fixed (yet), so nothing may rest on it."""

    code = "presence_not_fixed"


class ReasonNeeded(DomainError):
    """What was fixed is changed only with a reason."""

    code = "reason_needed"


class WasNotThere(DomainError):
    """A certificate is for who was there."""

    code = "was_not_there"


class CertificateRevoked(DomainError):
    """It was taken back; only the office gives a new one."""

    code = "certificate_revoked"
