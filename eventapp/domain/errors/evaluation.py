"""Refusals about evaluations."""

from eventapp.domain.errors.base import DomainError


class EvaluationBegun(DomainError):
    """People were asked already, so that the questions stay as they are."""

    code = "evaluation_begun"


class EvaluationSeen(DomainError):
    """The answers were shown, so that no more may come: the difference would be what one person said."""

    code = "evaluation_seen"


class EvaluationNotOpen(DomainError):
    """There is nothing to close, or nothing to open again."""

    code = "evaluation_not_open"


class EvaluationHidden(DomainError):
    """There are too few answers to show them, or more can still come."""

    code = "evaluation_hidden"
