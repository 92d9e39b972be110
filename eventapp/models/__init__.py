"""Tables, constraints and relationships."""

from eventapp.models.access import ApiToken, IdempotentAnswer, OneTimeLink, StaffMember, UserSession
from eventapp.models.door import Presence, Scan
from eventapp.models.events import (
    ORGANISATION,
    WHOLE_EVENT,
    Capacity,
    Event,
    EventField,
    EventPrice,
    EventSlug,
    EventTargetGroup,
)
from eventapp.models.house import AuditEntry, Heartbeat, PeriodicTask, Setting
from eventapp.models.mail import MailboxMessage, MailState, OutboxMail
from eventapp.models.orders import Order, PlaceHold, Registration, Ticket
from eventapp.models.organisations import Membership, Organisation, OrganisationDomain
from eventapp.models.payments import PaymentAttempt, Refund
from eventapp.models.people import OrganisationPerson, Person, PersonAddress, PersonStatus

__all__ = [
    "ORGANISATION",
    "WHOLE_EVENT",
    "ApiToken",
    "AuditEntry",
    "Capacity",
    "Event",
    "EventField",
    "EventPrice",
    "EventSlug",
    "EventTargetGroup",
    "Heartbeat",
    "IdempotentAnswer",
    "MailState",
    "MailboxMessage",
    "Membership",
    "OneTimeLink",
    "Order",
    "Organisation",
    "OrganisationDomain",
    "OrganisationPerson",
    "OutboxMail",
    "PaymentAttempt",
    "PeriodicTask",
    "Person",
    "PersonAddress",
    "PersonStatus",
    "PlaceHold",
    "Presence",
    "Refund",
    "Registration",
    "Scan",
    "Setting",
    "StaffMember",
    "Ticket",
    "UserSession",
]
