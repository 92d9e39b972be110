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


class BreakoutFull(DomainError):
    """A breakout has no place left, or others wait for one. Facts: `breakout_id`, and `capacity_id` of its places."""

    code = "breakout_full"


class ChoiceRefused(DomainError):
    """Facts: `problems`, per id of a round what is wrong with the choice there."""

    code = "choice_refused"


class AlreadyInLine(DomainError):
    """Somebody waits for one breakout in a round at a time. Facts: `title`, of the other breakout."""

    code = "already_in_line"


class ProgrammeInUse(DomainError):
    """A round that has breakouts, or a breakout that somebody chose or waits for, cannot just go."""

    code = "programme_in_use"


class RoundOutsideEvent(DomainError):
    """A round lies between the begin and the end of its event."""

    code = "round_outside_event"


class BreakoutCancelled(DomainError):
    code = "breakout_cancelled"


class SpeaksElsewhere(DomainError):
    """Somebody stands in front in one place at a time. Facts: `title`, of the other breakout."""

    code = "speaks_elsewhere"


class PoolsTooLarge(DomainError):
    """The parts are more than the event has. Facts: `left`, how many places there are besides the other parts."""

    code = "pools_too_large"


class UnknownBreakout(DomainError):
    """Facts: `slugs`, the names that no breakout of the event has."""

    code = "unknown_breakout"


class HandOverOver(DomainError):
    """The offer to take over a place was answered already, or withdrawn."""

    code = "hand_over_over"


class SameAddress(DomainError):
    """A place is handed over to somebody else, at an address of their own."""

    code = "same_address"


class OfferLapsed(DomainError):
    """The place that was offered has gone on to the next, or the offer was answered already."""

    code = "offer_lapsed"


class OrganisationFull(DomainError):
    """The free places of a member are gone; for the office. Facts: `organisation`, its name."""

    code = "organisation_full"


class NoFreePlaceLeft(DomainError):
    """The same for somebody who works there. Facts: `organisation`, and `function`, whom to turn to: never a name."""

    code = "no_free_place_left"


class AlreadyRegistered(DomainError):
    code = "already_registered"


class GroupDoesNotFit(DomainError):
    """Not everybody of the form can come as it is, so nobody was booked: the form says who can, and what to choose."""

    code = "group_does_not_fit"


class GroupTooLarge(DomainError):
    """Facts: `most`, how many people one order takes."""

    code = "group_too_large"


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


class InvitationAnswered(DomainError):
    """Facts: `state`, how the invitation stands now."""

    code = "invitation_answered"


class AlreadyCancelled(DomainError):
    code = "already_cancelled"


class TooLateToCancel(DomainError):
    code = "too_late_to_cancel"


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


class NotATenantId(DomainError):
    """Facts: `typed`, what cannot be the id of a Microsoft tenant of an organisation."""

    code = "not_a_tenant_id"


class TenantTaken(DomainError):
    """A Microsoft tenant speaks for one organisation only. Facts: `tenant`, and the name of the `organisation`."""

    code = "tenant_taken"


class MergeWithItself(DomainError):
    """One person or organisation cannot be merged with itself."""

    code = "merge_with_itself"


class TwiceAtOneEvent(DomainError):
    """Two people cannot become one while both are registered for the same event. Facts: `events`, their titles."""

    code = "twice_at_one_event"


class RelationsClash(DomainError):
    """Two organisations had different relations on the same days. Facts: `first`, the first day, and both names."""

    code = "relations_clash"


class MergeBlocked(DomainError):
    """Both have something of which there can be one only, and nothing says which."""

    code = "merge_blocked"


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


class UnreadableFile(DomainError):
    """No list of rows that we can read: neither CSV nor a sound XLSX."""

    code = "unreadable_file"


class OldSpreadsheet(DomainError):
    """Excel's form of before 2007, or one with a password."""

    code = "old_spreadsheet"


class FileTooLarge(DomainError):
    """Facts: `most`, in megabytes."""

    code = "file_too_large"


class TooManyRows(DomainError):
    """Facts: `most`."""

    code = "too_many_rows"


class ColumnsMissing(DomainError):
    """Facts: `columns`, the names of those that the first row should have."""

    code = "columns_missing"


class RowsRefused(DomainError):
    """Rows cannot be taken, and nobody said to do the rest without them. Facts: `count`."""

    code = "rows_refused"


class NoMembership(DomainError):
    """Belonging there gives nothing that day. Facts: `organisation`, its name."""

    code = "no_membership"


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


class AlreadyUndone(DomainError):
    code = "already_undone"


class CreditTakesNoMoney(DomainError):
    """Money belongs with the invoice, never with the credit invoice."""

    code = "credit_takes_no_money"


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


class NotAllowed(DomainError):
    code = "not_allowed"


class NotFound(DomainError):
    code = "not_found"


class TooManyRequests(DomainError):
    code = "too_many_requests"


class WrongCode(DomainError):
    """Facts: `left`, how many tries there still are."""

    code = "wrong_code"


class CodeBlocked(DomainError):
    """The code was typed wrongly too often; the link in the same mail still works."""

    code = "code_blocked"


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


class SecondYesNeeded(DomainError):
    """A refund by hand above the set amount has to be confirmed. Facts: `amount` in words."""

    code = "second_yes_needed"


class ProviderSilent(DomainError):
    """The provider does not tell how it stands, so nothing is decided."""

    code = "provider_silent"


class RetriedAlready(DomainError):
    """This refund did not fail, or was done over before."""

    code = "retried_already"
