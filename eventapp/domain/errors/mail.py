"""Which refusals does mail know: texts of the office, addresses, and messages to many?"""

from eventapp.domain.errors.base import DomainError


class UnknownPlaceholder(DomainError):
    """A text asks for something to be filled in that this kind of mail does not have. Facts: `name`."""

    code = "unknown_placeholder"


class MailingUnderway(DomainError):
    """The message is on its way, or over: it can neither be changed nor sent once more."""

    code = "mailing_underway"


class TooManyPicked(DomainError):
    """So many registrations cannot be ticked for one message. Facts: `most`."""

    code = "too_many_picked"


class NobodyChosen(DomainError):
    """With this choice nobody would get the message."""

    code = "nobody_chosen"
