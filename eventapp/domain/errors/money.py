"""Which refusals do payments, refunds and invoices know?"""

from eventapp.domain.errors.base import DomainError


class PaymentNotPossible(DomainError):
    """There is something to pay and no provider to pay through."""

    code = "payment_not_possible"


class PaymentUnavailable(DomainError):
    """The provider did not answer as it should; the place stays held and trying again is right."""

    code = "payment_unavailable"


class InvoiceNotPossible(DomainError):
    """The event is not paid for on an invoice, or something that an invoice must say is not known."""

    code = "invoice_not_possible"


class NothingToPay(DomainError):
    code = "nothing_to_pay"


class NothingToRefund(DomainError):
    """What was paid went back already."""

    code = "nothing_to_refund"


class InvoiceNotReady(DomainError):
    """Something that every invoice must say is not known. Facts: `missing`, in Dutch words."""

    code = "invoice_not_ready"


class NothingToInvoice(DomainError):
    """There is nothing (more) in the order that costs money."""

    code = "nothing_to_invoice"


class AlreadyIssued(DomainError):
    """An issued invoice never changes. Facts: `number`."""

    code = "already_issued"


class NotIssued(DomainError):
    """A draft takes no money and cannot be credited."""

    code = "not_issued"


class CreditTooHigh(DomainError):
    """Facts: `left_cents`, what is left of that line."""

    code = "credit_too_high"


class NothingToCredit(DomainError):
    code = "nothing_to_credit"


class NothingOpen(DomainError):
    """Nothing of the invoice is open, so nothing can be given up."""

    code = "nothing_open"


class ProviderSaysSo(DomainError):
    """This amount is what the provider has of a payment; nobody can say otherwise by hand."""

    code = "provider_says_so"


class AlreadyUndone(DomainError):
    code = "already_undone"


class CreditTakesNoMoney(DomainError):
    """Money belongs with the invoice, never with the credit invoice."""

    code = "credit_takes_no_money"


class SecondYesNeeded(DomainError):
    """A refund by hand above the set amount has to be confirmed. Facts: `amount` in words."""

    code = "second_yes_needed"


class ProviderSilent(DomainError):
    """The provider does not tell how it stands, so nothing is decided."""

    code = "provider_silent"


class RetriedAlready(DomainError):
    """This refund did not fail, or was done over before."""

    code = "retried_already"
