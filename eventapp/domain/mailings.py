"""A message to many at once: to whom may it go, what may be filled in, and how far can it be?

Announcements are a stream of their own, which anybody leaves with one click. What goes to the people of an event or a
circle is about what they take part in: nobody can leave that and still take part.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, NamedTuple, Self

from eventapp.domain.circles import MemberRole
from eventapp.domain.events import EventForm, Field, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State

LONGEST_SUBJECT = 150
LONGEST_TEXT = 10_000
# More than anybody ticks in a list; whoever wants to reach all chooses by what they are.
MOST_PICKED = 10_000


class Stream(StrEnum):
    """What sort of message it is, which decides about the right to leave and about whom it can reach."""

    ANNOUNCEMENT = "announcement"
    EVENT = "event"
    CIRCLE = "circle"


class MailingState(StrEnum):
    """CALLED_OFF by the office, STOPPED by what happened meanwhile."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CALLED_OFF = "called_off"
    STOPPED = "stopped"


# Until it begins to leave, it can be changed.
OPEN = (MailingState.DRAFT, MailingState.SCHEDULED)


class Ground(StrEnum):
    """On what it rests that we write to this person."""

    EMPLOYEE = "employee"
    NAMED = "named"
    STATUS = "status"
    REGISTRATION = "registration"
    CIRCLE = "circle"


class LeftOut(StrEnum):
    """Why somebody among those who were chosen gets nothing."""

    OPTED_OUT = "opted_out"
    DEAD_ADDRESS = "dead_address"
    SAME_MAILBOX = "same_mailbox"
    NO_ADDRESS = "no_address"
    NOT_CHOSEN_ANY_MORE = "not_chosen_any_more"


@dataclass(frozen=True)
class Choice:
    """Whom the office chose; an empty part narrows nothing.

    Announcements: `groups`, `kinds`, `regions`, `fields` (who came to these before), `statuses` (ambassadors, board and
    office come along whatever the rest says). Events: `states`, `categories`, `forms`, `breakout_id`, `undecided`,
    `unpaid`, and once it is fixed `presence`, which goes before `states`. Circles: `roles`. Where
    registrations were `ticked` in a list nobody else is chosen, and who withdraws meanwhile drops out; `ticked_off` had
    ended already. Those can be of several events.
    """

    groups: frozenset[TargetGroup] = frozenset()
    kinds: frozenset[OrganisationKind] = frozenset()
    regions: frozenset[str] = frozenset()
    fields: frozenset[Field] = frozenset()
    statuses: bool = False
    states: frozenset[State] = frozenset()
    categories: frozenset[Category] = frozenset()
    forms: frozenset[EventForm] = frozenset()
    breakout_id: int | None = None
    undecided: bool = False
    unpaid: bool = False
    presence: frozenset[PresenceStatus] = frozenset()
    roles: frozenset[MemberRole] = frozenset()
    ticked: frozenset[int] = frozenset()
    ticked_off: frozenset[int] = frozenset()

    @property
    def picked(self) -> frozenset[int]:
        """All that were ticked."""
        return self.ticked | self.ticked_off

    def facts(self) -> dict[str, Any]:
        """The same as plain values, without what narrows nothing."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: sorted(value) if isinstance(value, frozenset) else value for name, value in found.items() if value
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """From plain values."""
        plain: dict[str, Any] = {name: value for name, value in facts.items() if name not in _CODES}
        parts: dict[str, Any] = {name: frozenset(map(_CODES[name], facts[name])) for name in _CODES if name in facts}
        return cls(**parts, **plain)


_CODES: Mapping[str, Any] = {
    "groups": TargetGroup,
    "kinds": OrganisationKind,
    "regions": str,
    "fields": Field,
    "states": State,
    "categories": Category,
    "forms": EventForm,
    "presence": PresenceStatus,
    "roles": MemberRole,
    "ticked": int,
    "ticked_off": int,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who was chosen, with the address we would write to and on what that rests.

    `organisation` is for whom they come or work, in words. `left_out` is why they get nothing, as far as that follows
    from themselves.
    """

    person_id: int
    name: str
    address: str
    ground: Ground
    organisation: str = ""
    registration_id: int | None = None
    left_out: LeftOut | None = None
    given_name: str = field(default="", compare=False)


def each_once(candidates: Iterable[Candidate], *, per_mailbox: bool) -> Iterator[tuple[Candidate, LeftOut | None]]:
    """Each person once, with why they get nothing, if so; the first time counts.

    With `per_mailbox` one mail goes to a mailbox that several people read.
    """
    people: set[int] = set()
    mailboxes: set[str] = set()
    for one in candidates:
        if one.person_id in people:
            continue
        people.add(one.person_id)
        left_out = one.left_out or (None if one.address else LeftOut.NO_ADDRESS)
        if left_out is None and per_mailbox and one.address in mailboxes:
            left_out = LeftOut.SAME_MAILBOX
        if left_out is None:
            mailboxes.add(one.address)
        yield one, left_out


class Wishes(NamedTuple):
    """Of which subjects somebody does not want announcements."""

    off: frozenset[Field] = frozenset()

    @classmethod
    def read(cls, kept: str) -> Self:
        return cls(frozenset(Field(code) for code in kept.split()))

    def with_topics(self, topics: Iterable[Field], *, wanted: bool) -> "Wishes":
        """The same, but for these subjects."""
        changed = frozenset(topics)
        return Wishes(self.off - changed if wanted else self.off | changed)

    def kept(self) -> str:
        """As it is stored: codes with a space between, '' when all is wanted."""
        return " ".join(sorted(self.off))

    def wants(self, topic: Field) -> bool:
        return topic not in self.off

    @property
    def wants_any(self) -> bool:
        return self.off != frozenset(Field)


_ANYONE = ("voornaam", "naam", "organisatie", "vereniging")
_OF_EVENT = ("evenement", "datum", "tijd", "plaats")


def placeholders(stream: Stream, *, about_event: bool) -> tuple[str, ...]:
    """What can be filled in."""
    if stream == Stream.CIRCLE:
        return (*_ANYONE, "kring")
    return (*_ANYONE, *_OF_EVENT) if about_event or stream == Stream.EVENT else _ANYONE


# Why a mail of ours was held back at the last moment: by what somebody decided, so that nothing went wrong.
OPTED_OUT_SINCE = "opted out since"
CALLED_OFF_SINCE = "called off since"
NOBODY_ANY_MORE = "nobody there any more"
WITHHELD = (OPTED_OUT_SINCE, CALLED_OFF_SINCE, NOBODY_ANY_MORE)


class Delivery(StrEnum):
    """What became of one person of a message."""

    SENT = "sent"
    ON_ITS_WAY = "on_its_way"
    FAILED = "failed"
    LEFT_OUT = "left_out"
