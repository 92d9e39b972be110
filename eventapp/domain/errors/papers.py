"""Which refusals does printing know: badges on sheets of labels?"""

from eventapp.domain.errors.base import DomainError


class BadSheet(DomainError):
    """The labels do not fit on A4, or are too small to read. Facts: `problem`."""

    code = "bad_sheet"


class NothingToPrint(DomainError):
    """Nobody's badge would be on the sheet."""

    code = "nothing_to_print"
