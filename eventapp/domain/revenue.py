"""Which btw, ledger account and cost centre does a price have on a day? The treasurer sets it, from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eventapp.domain.events import EventKind
from eventapp.domain.pricing import Category
from eventapp.domain.vat import VatRule, rule_on


@dataclass(frozen=True)
class RevenueRule(VatRule):
    """Narrowed to one event or one kind of event, and to one category; what is None counts for all."""

    event_id: int | None = None
    kind: EventKind | None = None
    category: Category | None = None
    ledger_account: str = ""
    cost_centre: str = ""

    @property
    def breadth(self) -> tuple[bool, bool, bool]:
        """Sorts the narrowest first: an event before a kind, a kind before all, with a category before without."""
        return self.event_id is None, self.kind is None, self.category is None

    def fits(self, *, event_id: int, kind: EventKind, category: Category) -> bool:
        asked = ((self.event_id, event_id), (self.kind, kind), (self.category, category))
        return all(wanted is None or wanted == found for wanted, found in asked)


def rule_for(
    rules: Iterable[RevenueRule], *, event_id: int, kind: EventKind, category: Category, day: date
) -> RevenueRule | None:
    """The narrowest rule that began by this day; of equally narrow ones the latest. None: the treasurer has to say."""
    fitting = [rule for rule in rules if rule.fits(event_id=event_id, kind=kind, category=category)]
    for breadth in sorted({rule.breadth for rule in fitting}):
        found = rule_on([rule for rule in fitting if rule.breadth == breadth], day)
        if isinstance(found, RevenueRule):
            return found
    return None
