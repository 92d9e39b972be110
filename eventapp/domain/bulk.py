"""What can the office do to many registrations at once?"""

from enum import StrEnum

# What is done while somebody waits for the page; more is a job that can be followed.
AT_ONCE = 100
# What withdrawing costs is reckoned one by one before it is said.
MOST_PRICED = 250


class BulkAct(StrEnum):
    """The code is the word in the address."""

    CONFIRM = "bevestiging"
    CANCEL = "annulering"
    LABEL = "label"
    UNLABEL = "label-weg"
    BREAKOUT = "deelsessie"
    MOVE = "verplaatsing"


class Back(StrEnum):
    """How much of the price of who is withdrawn goes back, or falls away."""

    BY_TERMS = "voorwaarden"
    ALL = "alles"
    NOTHING = "niets"


class Done(StrEnum):
    """What became of one row."""

    DONE = "done"
    SAME = "same"
    REFUSED = "refused"
