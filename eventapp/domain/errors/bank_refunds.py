"""Which refusals does money that goes back by bank know?"""

from eventapp.domain.errors.base import DomainError


class BadIban(DomainError):
    """Not a number that an account can have."""

    code = "bad_iban"


class OwnIban(DomainError):
    """The association's own account, copied from the invoice."""

    code = "own_iban"


class BadTransferDay(DomainError):
    """Facts: `first` and `last`, the days that can be right."""

    code = "bad_transfer_day"


class NothingToPayBack(DomainError):
    """Nothing of the order waits to go back by bank."""

    code = "nothing_to_pay_back"


class PaidBackAlready(DomainError):
    """It was paid back, kept, or lapsed meanwhile."""

    code = "paid_back_already"


class NotPaidBack(DomainError):
    """Only what was paid back or kept can be undone."""

    code = "not_paid_back"


class PartOfBankRefund(DomainError):
    """This amount belongs to money paid back by bank; that is where it is undone."""

    code = "part_of_bank_refund"
