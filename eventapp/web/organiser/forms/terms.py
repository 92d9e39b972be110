"""The rows of an event's form that say how much goes back to who withdraws, and until when."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wtforms.validators import NumberRange, Optional

from eventapp.domain.cancellation import Term
from eventapp.web.forms import DutchForm
from eventapp.web.organiser.forms.fields import WholeNumberField

_ROWS = (1, 2, 3)
DAYS = NumberRange(0, 365, "Vul 0 tot 365 dagen in.")
PERCENT = NumberRange(0, 100, "Vul 0 tot 100 in.")


class TermRow(NamedTuple):
    """The two fields of one row."""

    days: Any
    percent: Any

    @property
    def used(self) -> bool:
        return any(field.data is not None or field.errors for field in self)


class TermRows(DutchForm):
    """Three rows at most. No row at all: what the association says holds."""

    @property
    def term_rows(self) -> list[TermRow]:
        return [TermRow(self[f"days{row}"], self[f"percent{row}"]) for row in _ROWS]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        used = [row for row in self.term_rows if row.used]
        whole = [_whole(row) for row in used]
        return all([fine, *whole]) and all(_follows(used[:nth], row) for nth, row in enumerate(used))

    def read_terms(self) -> tuple[Term, ...]:
        """The terms that were filled in, the first to end first; only after `validate`."""
        return tuple(Term(row.days.data, row.percent.data) for row in self.term_rows if row.used)


def terms_data(terms: Iterable[Term]) -> dict[str, Any]:
    """What the rows show of an event."""
    data: dict[str, Any] = {}
    for row, term in zip(_ROWS, sorted(terms, key=lambda term: -term.days_before), strict=False):
        data |= {f"days{row}": term.days_before, f"percent{row}": term.refund_percent}
    return data


def _whole(row: TermRow) -> bool:
    empty = [field for field in row if field.data is None and not field.errors]
    for field in empty:
        field.errors = ["Vul beide in, of maak de regel leeg."]
    return not empty


def _follows(earlier: list[TermRow], row: TermRow) -> bool:
    """Each row begins where the one above ends, and nearer to the day no more goes back."""
    if earlier and row.days.data >= earlier[-1].days.data:
        row.days.errors = ["Elke volgende regel ligt dichter bij de dag: minder dagen dan hierboven."]
        return False
    if earlier and row.percent.data > earlier[-1].percent.data:
        row.percent.errors = ["Dichter bij de dag gaat er niet meer terug dan hierboven."]
        return False
    return True


for _row in _ROWS:
    setattr(TermRows, f"days{_row}", WholeNumberField(f"Tot en met dagen vooraf (regel {_row})", [Optional(), DAYS]))
    setattr(TermRows, f"percent{_row}", WholeNumberField(f"Gaat terug, in % (regel {_row})", [Optional(), PERCENT]))
