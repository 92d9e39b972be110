"""Which rule books a price? The narrowest that began, and of those the latest."""

from datetime import date

import pytest

from eventapp.domain.events import EventKind
from eventapp.domain.pricing import Category
from eventapp.domain.revenue import RevenueRule, rule_for
from eventapp.domain.vat import Vat

OLD, NEW = date(2020, 1, 1), date(2027, 6, 1)
RULES = (
    RevenueRule(OLD, Vat.HIGH, ledger_account="all"),
    RevenueRule(NEW, Vat.HIGH, ledger_account="all-new"),
    RevenueRule(OLD, Vat.HIGH, category=Category.LID, ledger_account="members"),
    RevenueRule(OLD, Vat.EXEMPT, "tekst", kind=EventKind.MASTERCLASS, ledger_account="masterclass"),
    RevenueRule(NEW, Vat.OUTSIDE, "tekst", event_id=7, ledger_account="event"),
)


@pytest.mark.parametrize(
    ("event_id", "kind", "category", "day", "account"),
    [
        (1, EventKind.THEMADAG, Category.NIET_LID, date(2027, 5, 31), "all"),
        (1, EventKind.THEMADAG, Category.NIET_LID, NEW, "all-new"),
        (1, EventKind.THEMADAG, Category.LID, NEW, "members"),
        (1, EventKind.MASTERCLASS, Category.LID, NEW, "masterclass"),
        (7, EventKind.MASTERCLASS, Category.LID, date(2027, 5, 31), "masterclass"),
        (7, EventKind.MASTERCLASS, Category.LID, NEW, "event"),
    ],
)
def test_the_narrowest_rule_that_began_counts(event_id, kind, category, day, account):
    rule = rule_for(RULES, event_id=event_id, kind=kind, category=category, day=day)

    assert rule and rule.ledger_account == account


def test_before_the_first_rule_nothing_is_guessed():
    assert rule_for(RULES, event_id=1, kind=EventKind.THEMADAG, category=Category.LID, day=date(2019, 12, 31)) is None
