"""Tables, constraints and relationships."""

from eventapp.models.access import ApiToken, IdempotentAnswer, OneTimeLink, StaffGrant, StaffMember, UserSession
from eventapp.models.account import EventVisibility, YearClosing, YearTotal
from eventapp.models.badges import BadgePrint, BadgePrintLine
from eventapp.models.bank_refunds import BankRefund, DueCredit
from eventapp.models.bookkeeping import ClosedMonth, InvoiceSweep, SettlementLine
from eventapp.models.calendars import CalendarFeed
from eventapp.models.certificates import Certificate, CertificateMeeting, CertificateTerms
from eventapp.models.changing import EventMove, HandOver
from eventapp.models.circles import (
    Circle,
    CircleAnswer,
    CircleGroup,
    CircleHost,
    CircleMember,
    CircleRequest,
    SchoolHoliday,
)
from eventapp.models.contacts import OrganisationContact
from eventapp.models.door import Presence, Scan
from eventapp.models.evaluation import Evaluation, EvaluationCount, EvaluationInvite, EvaluationText
from eventapp.models.events import (
    ORGANISATION,
    WHOLE_EVENT,
    CancellationTerm,
    Capacity,
    Event,
    EventField,
    EventPrice,
    EventSlug,
    EventTargetGroup,
)
from eventapp.models.house import AuditEntry, Heartbeat, PeriodicTask, Setting
from eventapp.models.identities import ExternalIdentity, SignInCode
from eventapp.models.invitations import Invitation
from eventapp.models.invoices import (
    Invoice,
    InvoiceFile,
    InvoiceLine,
    InvoiceMatch,
    InvoiceSeries,
    RevenueRuleRow,
)
from eventapp.models.jobs import Job, JobFile, JobLine
from eventapp.models.ledger import MoneyMovement, OwedChange
from eventapp.models.linking import LinkDismissal, RefundProposal
from eventapp.models.looks import ListLook
from eventapp.models.mail import DeadAddress, EventReminders, MailboxMessage, MailState, MailText, OutboxMail
from eventapp.models.mailings import Mailing, MailingRecipient, MailPreference
from eventapp.models.office import PersonNote, RegistrationLabel, SavedView
from eventapp.models.orders import Order, PlaceHold, Registration, Ticket
from eventapp.models.organisations import (
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationForward,
    OrganisationInvoicing,
    OrganisationTenant,
)
from eventapp.models.payments import PaymentAttempt, PaymentItem, Refund
from eventapp.models.pending import PendingDetails
from eventapp.models.people import OrganisationPerson, Person, PersonAddress, PersonForward, PersonStatus
from eventapp.models.presence import FixedPresence, PresenceCorrection
from eventapp.models.privacy import Erasure, SweepReport
from eventapp.models.programme import BREAKOUT, Breakout, BreakoutExclusion, BreakoutRound, Choice, Round
from eventapp.models.proposals import EventProposal, ProposalRemark
from eventapp.models.questions import Answer, CareAnswer, EventBlock, PhotoChoice, Question
from eventapp.models.sharing import PartnerConsent
from eventapp.models.upkeep import SeenLapse
from eventapp.models.waiting import FORM, POOL, REST, Pool, WaitingEntry

__all__ = [
    "BREAKOUT",
    "FORM",
    "ORGANISATION",
    "POOL",
    "REST",
    "WHOLE_EVENT",
    "Answer",
    "ApiToken",
    "AuditEntry",
    "BadgePrint",
    "BadgePrintLine",
    "BankRefund",
    "Breakout",
    "BreakoutExclusion",
    "BreakoutRound",
    "CalendarFeed",
    "CancellationTerm",
    "Capacity",
    "CareAnswer",
    "Certificate",
    "CertificateMeeting",
    "CertificateTerms",
    "Choice",
    "Circle",
    "CircleAnswer",
    "CircleGroup",
    "CircleHost",
    "CircleMember",
    "CircleRequest",
    "ClosedMonth",
    "DeadAddress",
    "DueCredit",
    "Erasure",
    "Evaluation",
    "EvaluationCount",
    "EvaluationInvite",
    "EvaluationText",
    "Event",
    "EventBlock",
    "EventField",
    "EventMove",
    "EventPrice",
    "EventProposal",
    "EventReminders",
    "EventSlug",
    "EventTargetGroup",
    "EventVisibility",
    "ExternalIdentity",
    "FixedPresence",
    "HandOver",
    "Heartbeat",
    "IdempotentAnswer",
    "Invitation",
    "Invoice",
    "InvoiceFile",
    "InvoiceLine",
    "InvoiceMatch",
    "InvoiceSeries",
    "InvoiceSweep",
    "Job",
    "JobFile",
    "JobLine",
    "LinkDismissal",
    "ListLook",
    "MailPreference",
    "MailState",
    "MailText",
    "MailboxMessage",
    "Mailing",
    "MailingRecipient",
    "Membership",
    "MoneyMovement",
    "OneTimeLink",
    "Order",
    "Organisation",
    "OrganisationContact",
    "OrganisationDomain",
    "OrganisationForward",
    "OrganisationInvoicing",
    "OrganisationPerson",
    "OrganisationTenant",
    "OutboxMail",
    "OwedChange",
    "PartnerConsent",
    "PaymentAttempt",
    "PaymentItem",
    "PendingDetails",
    "PeriodicTask",
    "Person",
    "PersonAddress",
    "PersonForward",
    "PersonNote",
    "PersonStatus",
    "PhotoChoice",
    "PlaceHold",
    "Pool",
    "Presence",
    "PresenceCorrection",
    "ProposalRemark",
    "Question",
    "Refund",
    "RefundProposal",
    "Registration",
    "RegistrationLabel",
    "RevenueRuleRow",
    "Round",
    "SavedView",
    "Scan",
    "SchoolHoliday",
    "SeenLapse",
    "Setting",
    "SettlementLine",
    "SignInCode",
    "StaffGrant",
    "StaffMember",
    "SweepReport",
    "Ticket",
    "UserSession",
    "WaitingEntry",
    "YearClosing",
    "YearTotal",
]
