"""Who may come, at what price, and why? Price lines of an event times the proofs of a person give one entitlement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.organisation_kinds import OrganisationKind


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
# Only these come of an organisation, so only their lines can be narrowed to kinds of organisations.
BY_ORGANISATION = (Category.NIET_LID, Category.LID, Category.KERNPARTNER, Category.STEUNPARTNER)


def fills_a_place(category: Category) -> bool:
    """Whether somebody of this category takes a place of the event, unless the office says otherwise: who speaks does
    not."""
    return category != Category.SPREKER


@dataclass(frozen=True)
class PriceLine:
    """What an event says to one category; `price_cents` includes btw and is 0 unless the admission is PRIJS.

    `kinds` narrows it to people of organisations of these kinds; empty is everybody of the category.
    """

    category: Category
    admission: Admission
    price_cents: int = 0
    kinds: frozenset[OrganisationKind] = frozenset()

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
class MembershipPeriod(Period):
    """What an organisation was to the association from the first to the last day; with Relation.GEEN it was nothing."""

    relation: Relation = Relation.LID


class OrganisationFacts(NamedTuple):
    """What deciding needs to know of an organisation."""

    id: int
    name: str
    periods: tuple[MembershipPeriod, ...]
    kind: OrganisationKind


@dataclass(frozen=True)
class Proof:
    """One proven category. `facts` make the reason readable later.

    `via` is domain, named, tenant, status, office or none. `kind` is that of the organisation it rests on, None when
    it rests on none.
    """

    category: Category
    via: str
    facts: Mapping[str, str] = field(default_factory=dict)
    organisation_id: int | None = None
    kind: OrganisationKind | None = None


@dataclass(frozen=True)
class Entitlement:
    """The decision: the category somebody comes in, the price in cents including btw, and the proof it rests on.

    `kind` is set when the price is that of a line narrowed to organisations of this kind.
    """

    category: Category
    price_cents: int
    proof: Proof
    kind: OrganisationKind | None = None

    def reason(self) -> dict[str, str]:
        """The reason as data, kept with the registration as a snapshot."""
        narrowed = {"kind": self.kind.value} if self.kind else {}
        return {"category": self.category.value, "via": self.proof.via, **self.proof.facts, **narrowed}


OUTSIDER = Proof(Category.NIET_LID, "none")
RELATION_CATEGORY = {
    Relation.LID: Category.LID,
    Relation.KERNPARTNER: Category.KERNPARTNER,
    Relation.STEUNPARTNER: Category.STEUNPARTNER,
}


def organisation_proof(organisation: OrganisationFacts, *, via: str, detail: str, on: date) -> Proof:
    """What belonging to this organisation proves on the day that counts, by the relation it has on that day.

    Without a membership that day it proves niet-lid: of this organisation, for which the event may have a line.
    """
    facts = {"organisation": organisation.name, "detail": detail}
    period = next((period for period in organisation.periods if period.covers(on)), None)
    category = RELATION_CATEGORY.get(period.relation) if period else None
    if category is None or period is None:
        return Proof(Category.NIET_LID, via, facts, organisation.id, organisation.kind)
    return Proof(category, via, {**facts, "since": period.first.isoformat()}, organisation.id, organisation.kind)


def status_proof(category: Category, period: Period, *, on: date) -> Proof | None:
    """What a personal status (ambassadeur, bestuur, servicebureau) proves on the day that counts."""
    if not period.covers(on):
        return None
    return Proof(category, "status", {"since": period.first.isoformat()})


def line_for(lines: Iterable[PriceLine], category: Category, kind: OrganisationKind | None) -> PriceLine | None:
    """What the event says to somebody of this category and of an organisation of this kind.

    A line that names the kind goes before the general one, also when it says less; of two, the one that names fewer.
    """
    applying = (line for line in lines if line.category == category and (not line.kinds or kind in line.kinds))
    return min(applying, key=_narrowest, default=None)


def _narrowest(line: PriceLine) -> tuple[bool, int, bool, int]:
    return not line.kinds, len(line.kinds), not line.admits, line.price_cents


def decide(lines: Iterable[PriceLine], proofs: Iterable[Proof]) -> Entitlement:
    """Among the proven categories that are admitted the lowest price wins, ties in the order of Category.

    Everybody is a niet-lid as well; who is one of a known organisation, is one of that organisation. Refuses with
    NotAdmitted when the event admits none of the categories.
    """
    said, given = list(lines), list(proofs)
    outsider = [] if any(proof.category == Category.NIET_LID for proof in given) else [OUTSIDER]
    proven = sorted([*given, *outsider], key=lambda proof: CATEGORY_ORDER[proof.category])
    found = [(proof, line_for(said, proof.category, proof.kind)) for proof in proven]
    admitted = [_entitlement(proof, line) for proof, line in found if line and line.admits]
    if not admitted:
        best, line = found[0]
        raise NotAdmitted(category=best.category.value, admission=(line.admission if line else Admission.NIET).value)
    return min(admitted, key=lambda entitlement: entitlement.price_cents)


def as_named(lines: Iterable[PriceLine], proof: Proof) -> Entitlement:
    """What the event says to the category that the office names; who speaks comes free unless it says otherwise.

    Refuses with NotAdmitted.
    """
    line = line_for(lines, proof.category, proof.kind)
    admission = line.admission if line else Admission.NIET
    if admission == Admission.NIET and proof.category not in BY_HAND_ONLY:
        raise NotAdmitted(category=proof.category.value, admission=admission.value)
    return Entitlement(proof.category, line.price_cents if line else 0, proof)


def _entitlement(proof: Proof, line: PriceLine) -> Entitlement:
    """At the outsiders' general price nothing rests on where somebody works."""
    if proof.category == Category.NIET_LID and not line.kinds:
        return Entitlement(proof.category, line.price_cents, OUTSIDER)
    return Entitlement(proof.category, line.price_cents, proof, proof.kind if line.kinds else None)


def more_than_niet_lid(proofs: Iterable[Proof]) -> bool:
    """Whether somebody is recognised as anything better; who comes from a known non-member is still a niet-lid."""
    return any(proof.category != Category.NIET_LID for proof in proofs)


def needs_proof(entitlement: Entitlement) -> bool:
    """Whether the address must be proven before anything else: for whatever is free, and for every price of one's own.

    Only the outsider who pays the outsiders' general price may go to the checkout straight away: the payment is proof
    enough.
    """
    own = entitlement.category != Category.NIET_LID or entitlement.proof != OUTSIDER
    return own or entitlement.price_cents == 0
