"""The provider's settlements as a list: which lines are new, do they agree with our books, and booking them once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from eventapp import formatting, wording
from eventapp.documents.refused_rows import table
from eventapp.domain.actors import Actor
from eventapp.domain.closed_periods import month_of
from eventapp.domain.errors import PeriodClosed
from eventapp.domain.import_rows import Fate, RowProblem, RowRefused
from eventapp.domain.settlements import Finding, Position, SettledLine, Typed, dated, finding, payment_in, read_line
from eventapp.models import SettlementLine
from eventapp.queries import settlements as known
from eventapp.queries.closed_periods import closed_months
from eventapp.services.closed_periods import hold_closed_months
from eventapp.services.importing import cells
from eventapp.services.importing.bulk import add_all
from eventapp.services.importing.files import Columns, Line, read_sheet
from eventapp.services.importing.outcomes import IN_FEW_STATEMENTS, Asked, Outcome, read_rows, refused


class SettlementsList:
    """Lines of settlements. NEW agrees with our books, CHANGED is booked too and differs, UNCHANGED was booked."""

    columns: ClassVar[Columns] = Columns(
        {
            "Date": (),
            "Payment method": (),
            "Currency": (),
            "Amount": (),
            "ID": (),
            "Description": (),
            "Settlement currency": (),
            "Settlement amount": (),
            "Settlement reference": (),
        },
        required=("Date", "ID", "Settlement amount", "Settlement reference"),
    )
    example: ClassVar[tuple[str, ...]] = (
        "2027-02-01 10:12:00;ideal;EUR;95.00;tr_voorbeeld1;Aanmelding 12;EUR;95.00;1234567.2702.01",
        "2027-02-02 11:00:00;refund;EUR;-47.50;re_voorbeeld1;Terugbetaling;EUR;-47.50;1234567.2702.01",
        "2027-02-03 00:00:00;;EUR;-0.39;;Withheld transaction fees MOL-2027-0001;EUR;-0.39;1234567.2702.01",
    )
    batch: ClassVar[int] = IN_FEW_STATEMENTS

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._seen: dict[str, int] = {}
        self._settled: dict[Position, int] = {}
        self._taken: list[SettledLine] = []

    @staticmethod
    def read(lines: Sequence[Line]) -> list[SettledLine | Outcome]:
        """Every line, each settlement on the last day that the file names for it."""
        rows = read_rows(lines, _parse, lambda line: line.values.get("ID", "")[:80], lambda row: None)
        days = {row.line: row for row in dated([row for row in rows if isinstance(row, SettledLine)])}
        return [days[row.line] if isinstance(row, SettledLine) else row for row in rows]

    def decide(self, rows: Sequence[SettledLine]) -> list[Outcome]:
        """What becomes of these lines."""
        booked = dict(known.booked_of([row.key for row in rows]))
        positions = {row.position for row in rows if row.position}
        ours = known.standing_of(positions)
        for position, cents in known.settled_of(positions - set(self._settled)).items():
            self._settled[position] = cents
        closed = closed_months(min(days), max(days)) if (days := [row.settled_on for row in rows]) else set()
        return [self._decide(row, booked, ours, closed) for row in rows]

    def _decide(
        self, row: SettledLine, booked: dict[str, int], ours: dict[Position, int], closed: set[date]
    ) -> Outcome:
        title = _title(row)
        before = booked.get(row.key) or self._seen.get(row.key)
        if before == row.amount_cents:
            return Outcome(row.line, Fate.UNCHANGED, title)
        if before is not None:
            amount = formatting.money(before)
            return refused(row.line, title, RowRefused(RowProblem.SETTLED_OTHERWISE, amount=amount))
        month = month_of(row.settled_on)
        if month in closed:
            return refused(row.line, title, PeriodClosed(month=formatting.month_year(month)))
        self._seen[row.key] = row.amount_cents
        self._taken.append(row)
        said = Finding.MATCHES
        if row.position:
            self._settled[row.position] = self._settled.get(row.position, 0) + row.amount_cents
            said = finding(row.position, self._settled, ours)
        fate = Fate.NEW if said == Finding.MATCHES else Fate.CHANGED
        return Outcome(row.line, fate, title, reason=wording.FINDINGS[said])

    def fresh(self) -> "SettlementsList":
        """For another batch that writes: everything is read again."""
        return SettlementsList(self._asked)

    def hold(self) -> bool:
        """Within a transaction: no month is closed before it ends."""
        hold_closed_months()
        return bool(self._taken)

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Book the new lines. IntegrityError when somebody booked one of them in this moment."""
        common = {"job_id": job_id, "booked_at": now, "booked_by": by.name}
        add_all(SettlementLine, [_row(line) | {"key": line.key} | common for line in self._taken])


def without_payers(content: bytes) -> bytes:
    """The file with no more than what is read of it: names and accounts of payers are not kept.

    Refuses as `read_sheet` does.
    """
    sheet = read_sheet(content, SettlementsList.columns)
    names = tuple(SettlementsList.columns.names)
    rows = [tuple(_kept(name, line.values) for name in names) for line in sheet.lines]
    return table([names, *rows])


def _kept(name: str, values: Mapping[str, str]) -> str:
    text = values.get(name, "")
    # Of a payment, a refund or a chargeback the description says what somebody bought, or who they are.
    return payment_in(text) if name == "Description" and values.get("ID") else text


def _row(line: SettledLine) -> dict[str, Any]:
    return {name: value for name, value in vars(line).items() if name != "line"}


def _title(row: SettledLine) -> str:
    about = row.provider_id or row.description
    return f"{wording.SETTLEMENT_KINDS[row.kind]} {about}, {formatting.money(row.amount_cents)}"


def _parse(line: Line) -> SettledLine:
    return read_line(
        line.number,
        Typed(
            settlement=cells.text(line, "Settlement reference", 60),
            day=cells.text(line, "Date", 60),
            method=cells.text(line, "Payment method", 60),
            amount=cells.text(line, "Settlement amount", 30),
            currency=cells.text(line, "Settlement currency", 10) or cells.text(line, "Currency", 10) or "EUR",
            provider_id=cells.text(line, "ID", 80),
            description=cells.text(line, "Description", 1000)[:200],
        ),
    )
