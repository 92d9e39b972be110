"""Who may read which lines of the log, and which of their facts were typed by somebody?"""

from collections.abc import Collection

from eventapp.domain.actors import Actor

# What the house keeps about who works in it and who signs in is for who keeps the house.
HOUSE = frozenset({"api_token", "calendar_feed", "identity", "session", "settings", "staff"})
# What people typed, and names: after the term of the log they go, as the name of who did it goes.
TYPED = frozenset({"note", "why", "gone", "detail", "iban", "label", "reason", "whom"})


def hidden_from(reader: Actor) -> Collection[str]:
    """The subjects of which this member of staff sees no lines."""
    return frozenset() if reader.has() else HOUSE
