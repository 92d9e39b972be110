"""What can wait for somebody at the office, and how long can it wait?"""

from enum import StrEnum


class Urgency(StrEnum):
    NOW = "now"
    WEEK = "week"
    LATER = "later"


class Concern(StrEnum):
    """One line of Vandaag; the code is the word in the address of its rows."""

    REFUNDS = "terugbetalingen"
    OUTCOMES = "betalingen"
    UNASKED = "zonder-antwoord"
    UNPAID_AFTER_ALL = "facturen"
    TOO_MUCH = "te-veel"
    MAILS = "mails"
    JOBS = "taken"
    OFFERED = "aangeboden"
    CLAIMS = "lidmaatschap"
    CIRCLES = "kringen"
    LINKING = "koppelen"
    PROPOSALS = "voorstellen"
    DRAFTS = "concepten"
    CHANGES = "wijzigingen"
    PRESENCE = "presentie"
    LAPSES = "lidmaatschap-eindigt"
    MOVED = "geld-buitenom"
    BANK = "per-bank"
    CREDITS = "creditfacturen"
    OVERDUE = "facturen-te-laat"
    UNREADY = "op-factuur"
    UNPAID = "betaling"
    WAITING = "wachtlijst"


URGENCY = {
    Concern.REFUNDS: Urgency.NOW,
    Concern.OUTCOMES: Urgency.NOW,
    Concern.UNASKED: Urgency.NOW,
    Concern.UNPAID_AFTER_ALL: Urgency.NOW,
    Concern.TOO_MUCH: Urgency.NOW,
    Concern.MAILS: Urgency.NOW,
    Concern.JOBS: Urgency.NOW,
    Concern.OFFERED: Urgency.WEEK,
    Concern.CLAIMS: Urgency.NOW,
    Concern.CIRCLES: Urgency.WEEK,
    Concern.LINKING: Urgency.WEEK,
    Concern.PROPOSALS: Urgency.WEEK,
    Concern.DRAFTS: Urgency.WEEK,
    Concern.CHANGES: Urgency.WEEK,
    Concern.PRESENCE: Urgency.WEEK,
    Concern.LAPSES: Urgency.WEEK,
    Concern.MOVED: Urgency.WEEK,
    Concern.BANK: Urgency.WEEK,
    Concern.CREDITS: Urgency.WEEK,
    Concern.OVERDUE: Urgency.WEEK,
    Concern.UNREADY: Urgency.LATER,
    Concern.UNPAID: Urgency.LATER,
    Concern.WAITING: Urgency.LATER,
}
