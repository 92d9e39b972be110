"""Which refusals do questions and answers know?"""

from eventapp.domain.errors.base import DomainError


class BadAnswer(DomainError):
    """Facts: `problem`, a domain.questions.Problem."""

    code = "bad_answer"


class ConsentNeeded(DomainError):
    """Special personal data without the consent that it needs."""

    code = "consent_needed"


class TooLateToAnswer(DomainError):
    """The event has begun, or is off."""

    code = "too_late_to_answer"


class OptionInUse(DomainError):
    """Facts: `option`, an answer that somebody gave, or on which another question depends."""

    code = "option_in_use"


class QuestionNeeded(DomainError):
    """Facts: `label`, of the question that depends on this one."""

    code = "question_needed"


class QuestionOutOfOrder(DomainError):
    """A question comes after the one that it depends on."""

    code = "question_out_of_order"
