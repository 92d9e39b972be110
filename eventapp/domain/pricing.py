"""Who may come, at what price, and why? Price lines of an event times the proofs of a person give one entitlement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.events import EventKind


class Category(StrEnum):
    """In the order that breaks ties between equal prices."""

    LID = "lid"
    AMBASSADEUR = "ambassadeur"
    KERNPARTNER = "kernpartner"
    STEUNPARTNER = "steunpartner"
    BESTUUR = "bestuur"
    SERVICEBUREAU = "servicebureau"
    SPREKER = "spreker"
    WAARNEMEND = "waarnemend"
    NIET_LID = "niet-lid"


class Admission(StrEnum):
    GRATIS = "gratis"
    PRIJS = "prijs"
    UITNODIGING = "uitnodiging"
    NIET = "niet"


class Relation(StrEnum):
    """What an organisation is to the association."""

    LID = "lid"
    KERNPARTNER = "kernpartner"
    STEUNPARTNER = "steunpartner"
    GEEN = "geen"


CATEGORY_ORDER = {category: rank for rank, category in enumerate(Category)}
BY_HAND_ONLY = frozenset({Category.SPREKER, Category.WAARNEMEND})


@dataclass(frozen=True)
class PriceLine:
    """What an event says to one category; `price_cents` includes btw and is 0 unless the admission is PRIJS."""

    category: Category
    admission: Admission
    price_cents: int = 0

    @property
    def admits(self) -> bool:
        return self.admission in (Admission.GRATIS, Admission.PRIJS)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included; no last day means until further notice."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class OrganisationFacts:
    """What deciding needs to know of an organisation."""

    id: int
    name: str
    relation: Relation
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Proof:
    """One proven category. `via` is domain, status, office or none; `facts` make the reason readable later."""

    category: Category
    via: str
    facts: Mapping[str, str] = field(default_factory=dict)
    organisation_id: int | None = None


@dataclass(frozen=True)
class Entitlement:
    """The decision: the category somebody comes in, the price in cents including btw, and the proof it rests on."""

    category: Category
    price_cents: int
    proof: Proof

    def reason(self) -> dict[str, str]:
        """The reason as data, kept with the registration as a snapshot."""
        return {"category": self.category.value, "via": self.proof.via, **self.proof.facts}


OUTSIDER = Proof(Category.NIET_LID, "none")
_RELATION_CATEGORY = {
    Relation.LID: Category.LID,
    Relation.KERNPARTNER: Category.KERNPARTNER,
    Relation.STEUNPARTNER: Category.STEUNPARTNER,
}


def organisation_proof(organisation: OrganisationFacts, *, via: str, detail: str, on: date) -> Proof | None:
    """What belonging to this organisation proves on the day of the event; None when it proves nothing that day."""
    category = _RELATION_CATEGORY.get(organisation.relation)
    period = next((period for period in organisation.periods if period.covers(on)), None)
    if category is None or period is None:
        return None
    facts = {"organisation": organisation.name, "detail": detail, "since": period.first.isoformat()}
    return Proof(category, via, facts, organisation.id)


def status_proof(category: Category, period: Period, *, on: date) -> Proof | None:
    """What a personal status (ambassadeur, bestuur, servicebureau) proves on the day of the event."""
    if not period.covers(on):
        return None
    return Proof(category, "status", {"since": period.first.isoformat()})


def decide(lines: Iterable[PriceLine], proofs: Iterable[Proof]) -> Entitlement:
    """Among the proven categories that are admitted the lowest price wins, ties in the order of Category.

    Everybody is a niet-lid as well. Refuses with NotAdmitted when the event admits none of the categories.
    """
    by_category = {line.category: line for line in lines}
    proven = sorted([*proofs, OUTSIDER], key=lambda proof: CATEGORY_ORDER[proof.category])
    admitted = [
        Entitlement(proof.category, by_category[proof.category].price_cents, proof)
        for proof in proven
        if proof.category in by_category and by_category[proof.category].admits
    ]
    if not admitted:
        best = proven[0].category
        line = by_category.get(best)
        raise NotAdmitted(category=best.value, admission=(line.admission if line else Admission.NIET).value)
    return min(admitted, key=lambda entitlement: entitlement.price_cents)


def needs_proof(entitlement: Entitlement) -> bool:
    """Whether the address must be proven before anything else: for whatever is free, and for every price of one's own.

    Only the outsider who pays the outsider's price may go to the checkout straight away: the payment is proof enough.
    """
    return entitlement.category != Category.NIET_LID or entitlement.price_cents == 0


_FREE = Admission.GRATIS
_MEMBERS_ONLY = {
    Category.LID: _FREE,
    Category.BESTUUR: _FREE,
    Category.SERVICEBUREAU: _FREE,
    Category.AMBASSADEUR: Admission.UITNODIGING,
    Category.KERNPARTNER: Admission.UITNODIGING,
    Category.STEUNPARTNER: Admission.UITNODIGING,
    Category.NIET_LID: Admission.NIET,
}
_OPEN = dict.fromkeys(_MEMBERS_ONLY, _FREE)
_INVITATION = dict.fromkeys(_MEMBERS_ONLY, Admission.UITNODIGING)
_WITH_AMBASSADORS = {**_MEMBERS_ONLY, Category.AMBASSADEUR: _FREE}


def default_lines(kind: EventKind) -> list[PriceLine]:
    """What the kind of gathering fills in beforehand; the organiser changes it freely (domain.md, section 3)."""
    table = {
        EventKind.THEMADAG: _WITH_AMBASSADORS,
        EventKind.INSPIRATIEBIJEENKOMST: _WITH_AMBASSADORS,
        EventKind.WEBINAR: _OPEN,
        EventKind.OVERLEG: _INVITATION,
        EventKind.KOPGROEP: _INVITATION,
    }.get(kind, _MEMBERS_ONLY)
    return [PriceLine(category, admission) for category, admission in table.items()]
