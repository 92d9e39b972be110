"""What will an act for many registrations do? Said in numbers before anything happens; changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from eventapp.domain.bulk import MOST_PRICED, Back, BulkAct
from eventapp.domain.errors import TooManyPriced
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.queries.registration_lists import Standing, by_ids, standing
from eventapp.services import withdrawal


@dataclass(frozen=True)
class Preview:
    """`will` counts what is done, `confirmed` of it those with a sure place, `asked` who is asked to pay.

    `not_by_state` counts who is left out for the state they are in. `back_cents` is, by what is chosen, what goes back
    at the provider, by bank, or off an invoice.
    """

    ids: tuple[int, ...]
    will: int
    confirmed: int = 0
    asked: int = 0
    pending: int = 0
    priced: int = 0
    not_by_state: Mapping[State, int] = field(default_factory=dict)
    back_cents: Mapping[Back, int] = field(default_factory=dict)
    at_stake: bool = False


def preview(act: BulkAct, registration_ids: Sequence[int], *, now: datetime) -> Preview:
    """Refuses with TooManyPriced when withdrawing would have to reckon too many prices at once."""
    rows = standing(registration_ids)
    ids = tuple(row.id for row in rows)
    if act == BulkAct.CANCEL:
        return _cancelling(ids, rows, now)
    if act == BulkAct.CONFIRM:
        will = [row for row in rows if row.state == State.AWAITING_CONFIRMATION and row.review != Review.PENDING]
        pending = sum(row.state == State.AWAITING_CONFIRMATION and row.review == Review.PENDING for row in rows)
        asked = sum(row.price_cents > 0 for row in will)
        others = (row for row in rows if row.state != State.AWAITING_CONFIRMATION)
        return Preview(ids, len(will), asked=asked, pending=pending, not_by_state=_states(others))
    if act in (BulkAct.MOVE, BulkAct.BREAKOUT):
        stands = [
            row for row in rows if row.state == State.CONFIRMED or (act == BulkAct.BREAKOUT and row.state in LIVE)
        ]
        priced = sum(row.price_cents > 0 for row in stands) if act == BulkAct.MOVE else 0
        return Preview(ids, len(stands) - priced, priced=priced, not_by_state=_states(_besides(rows, stands)))
    return Preview(ids, len(rows))


def _cancelling(ids: tuple[int, ...], rows: Sequence[Standing], now: datetime) -> Preview:
    will = [row for row in rows if row.state in LIVE]
    priced = [row for row in will if row.price_cents]
    if len(priced) > MOST_PRICED:
        raise TooManyPriced(most=MOST_PRICED)
    back = {Back.BY_TERMS: 0, Back.ALL: 0, Back.NOTHING: 0}
    for row in by_ids([one.id for one in priced]):
        money = withdrawal.preview(row, now=now)
        back[Back.BY_TERMS] += money.by_terms_cents if money.on_invoice else money.back_cents
        back[Back.ALL] += row.price_cents if money.on_invoice else money.paid_cents
    return Preview(
        ids,
        len(will),
        confirmed=sum(row.state == State.CONFIRMED for row in will),
        priced=len(priced),
        not_by_state=_states(_besides(rows, will)),
        back_cents=back,
        at_stake=back[Back.ALL] > 0,
    )


def _besides(rows: Sequence[Standing], these: Iterable[Standing]) -> Iterable[Standing]:
    taken = {row.id for row in these}
    return (row for row in rows if row.id not in taken)


def _states(rows: Iterable[Standing]) -> dict[State, int]:
    counted: dict[State, int] = {}
    for row in rows:
        counted[row.state] = counted.get(row.state, 0) + 1
    return counted
