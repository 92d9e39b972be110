"""Which refusals does mail know: texts of the office, and addresses?"""

from eventapp.domain.errors.base import DomainError


class UnknownPlaceholder(DomainError):
    """A text asks for something to be filled in that this kind of mail does not have. Facts: `name`."""

    code = "unknown_placeholder"
