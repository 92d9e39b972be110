"""What does withdrawing cost, and until when? The terms in a sentence, and as lines with dates and amounts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from eventapp import formatting
from eventapp.domain.cancellation import Step, Term, schedule
from eventapp.domain.pricing import PriceLine
from eventapp.domain.times import local_date
from eventapp.models import Event, Registration
from eventapp.queries.terms import agreed_terms, terms_of


def terms_text(event: Event) -> str:
    """ "tot en met 31 maart 2027 kosteloos, daarna 50 % van de prijs"; empty where nobody pays."""
    return in_words(terms_of(event), starts_at=event.starts_at) if _costs_money(event.price_lines) else ""


def _costs_money(lines: Iterable[PriceLine]) -> bool:
    return any(line.price_cents for line in lines)


def in_words(terms: Iterable[Term], *, starts_at: datetime) -> str:
    """What withdrawing costs, the first days first; without terms it costs the whole price."""
    steps = _telling(schedule(terms, 0, starts_at=starts_at))
    said = [f"tot en met {formatting.long_date(step.last_day)} {_cost(step)}" for step in steps]
    if steps and steps[-1].last_day >= local_date(starts_at):
        said[-1] = _cost(steps[-1])
    else:
        said.append("de hele prijs")
    return ", daarna ".join(said)


def agreed_rows(people: Sequence[Registration]) -> list[tuple[str, str]]:
    """What these people of one order agreed to, as lines: until when, and what goes back of their prices together.

    Empty when they did not all agree to the same: then one line says too little.
    """
    terms = {agreed_terms(registration) for registration in people}
    price_cents = sum(registration.price_cents for registration in people)
    return _rows(terms.pop(), price_cents, people[0].event.starts_at) if len(terms) == 1 else []


def _rows(terms: Iterable[Term], price_cents: int, starts_at: datetime) -> list[tuple[str, str]]:
    steps = _telling(schedule(terms, price_cents, starts_at=starts_at))
    day = local_date(starts_at)
    rows = [
        (
            f"Tot en met {formatting.long_date(step.last_day)}" if step.last_day < day or len(steps) == 1 else "Daarna",
            f"{formatting.money(step.refund_cents)} terug" if step.refund_cents else "niets terug",
        )
        for step in steps
    ]
    return rows if steps and steps[-1].last_day >= day else [*rows, ("Daarna", "niets terug")]


def _telling(steps: list[Step]) -> list[Step]:
    """Without the steps after which no less goes back: there the later one says it all."""
    kept: list[Step] = []
    for step in steps:
        while kept and kept[-1].refund_percent <= step.refund_percent:
            kept.pop()
        if not kept or kept[-1].last_day < step.last_day:
            kept.append(step)
    return kept


def _cost(step: Step) -> str:
    if step.refund_percent == 100:
        return "kosteloos"
    return f"{100 - step.refund_percent} % van de prijs" if step.refund_percent else "de hele prijs"
