"""Two people changed what an event says, each without seeing the other: what goes together, and what must be chosen?"""

from dataclasses import fields, replace
from typing import NamedTuple

from eventapp.domain.event_details import EventDetails

Topic = tuple[str, ...]
# What means something only as a whole: half of it from one and half from the other is what nobody wanted.
TOGETHER: tuple[Topic, ...] = (
    ("starts_at", "ends_at"),
    ("venue", "street", "postcode", "city"),
    ("opens_at", "closes_at"),
    ("registration", "external_url"),
    ("prices", "free_per_organisation", "beyond_free", "beyond_free_cents"),
)


class Merge(NamedTuple):
    """What comes of both; of a topic in `conflicts` it says what `mine` said, until somebody chooses."""

    details: EventDetails
    conflicts: tuple[Topic, ...] = ()


def topics() -> list[Topic]:
    """Every detail once, in the order of EventDetails, with those that go together."""
    whole = {name: topic for topic in TOGETHER for name in topic}
    return list(dict.fromkeys(whole.get(item.name, (item.name,)) for item in fields(EventDetails)))


def merge(base: EventDetails, theirs: EventDetails, mine: EventDetails) -> Merge:
    """Both began at `base`. What one of them changed stands; what both changed, and differently, is a conflict."""
    taken: dict[str, object] = {}
    conflicts = []
    for topic in topics():
        was, said, wanted = (_of(details, topic) for details in (base, theirs, mine))
        if wanted == was:
            wanted = said
        elif said not in (was, wanted):
            conflicts.append(topic)
        taken |= zip(topic, wanted, strict=True)
    return Merge(replace(mine, **taken), tuple(conflicts))  # type: ignore[arg-type]


def with_topics(details: EventDetails, other: EventDetails, chosen: tuple[Topic, ...]) -> EventDetails:
    """These details, but of the chosen topics what `other` says."""
    return replace(details, **{name: getattr(other, name) for topic in chosen for name in topic})


def _of(details: EventDetails, topic: Topic) -> tuple[object, ...]:
    return tuple(getattr(details, name) for name in topic)
