"""How does the treasurer say how prices are booked? Rules from a day on; invoices that were issued keep theirs."""

from dataclasses import asdict
from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.domain.revenue import RevenueRule
from eventapp.extensions import db
from eventapp.models import RevenueRuleRow
from eventapp.services.audit import note
from eventapp.transaction import transaction


def add_rule(rule: RevenueRule, *, by: Actor, now: datetime) -> None:
    """From its first day on, prices that it fits are booked so, unless a narrower rule says otherwise."""
    with transaction() as session:
        row = RevenueRuleRow(**asdict(rule))
        session.add(row)
        session.flush()
        note("revenue_rule_added", "revenue", row.id, by=by, now=now, vat=rule.vat.value)


def remove_rule(rule_id: int, *, by: Actor, now: datetime) -> None:
    """For invoices that are still to come. Refuses with NotFound."""
    with transaction() as session:
        row = db.session.get(RevenueRuleRow, rule_id)
        if row is None:
            raise NotFound()
        note("revenue_rule_removed", "revenue", rule_id, by=by, now=now, vat=row.vat.value)
        session.delete(row)
