"""The list of organisations: its columns, which of them we know, and how what was decided is written."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError
from eventapp.domain.import_organisations import KnownOrganisation, OrganisationBook, OrganisationRow, decide
from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.names import fold
from eventapp.domain.organisations import PROVINCES, MembershipLine, read_domains
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain
from eventapp.services import sharing
from eventapp.services.importing import cells
from eventapp.services.importing.bulk import add_all, change_all, note_all
from eventapp.services.importing.files import Columns, Line
from eventapp.services.importing.known_organisations import load_book
from eventapp.services.importing.outcomes import IN_FEW_STATEMENTS, Asked, Outcome, read_rows, refused

_PROVINCES = {fold(name): name for name in PROVINCES}


class OrganisationsList:
    """Organisations with their mail domains and one period of membership a row."""

    columns: ClassVar[Columns] = Columns(
        {
            "naam": ("organisatie",),
            "soort": (),
            "fase": (),
            "relatie": (),
            "plaats": ("vestigingsplaats",),
            "provincie": ("regio",),
            "maildomeinen": ("maildomein", "domein", "domeinen"),
            "lid vanaf": ("van", "vanaf", "lid sinds"),
            "lid tot": ("tot", "tot en met"),
        },
        required=("naam",),
    )
    example: ClassVar[tuple[str, ...]] = (
        "Kindcentra De Regenboom;Onderwijs en opvang samen;Geïntegreerd;Lid;Zwolle;Overijssel;"
        "regenboom.example kc-regenboom.example;01-01-2027;",
        "Gemeente Voorbeeldstad;Gemeente;;Geen lid;Voorbeeldstad;;voorbeeldstad.example;;",
    )
    batch: ClassVar[int] = IN_FEW_STATEMENTS

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._book: OrganisationBook | None = None
        self._before: dict[int, KnownOrganisation | None] = {}
        self._after: dict[int, KnownOrganisation] = {}

    @staticmethod
    def read(lines: Sequence[Line]) -> list[OrganisationRow | Outcome]:
        """Refuses what cannot be read, and an organisation that an earlier row names or has a mail domain of."""
        seen: dict[str, int] = {}

        def again(row: OrganisationRow) -> None:
            for mark in (f"naam {fold(row.name)}", *row.domains):
                if mark in seen:
                    raise RowRefused(RowProblem.AGAIN, line=seen[mark])
            seen.update(dict.fromkeys((f"naam {fold(row.name)}", *row.domains), row.line))

        return read_rows(lines, _parse, lambda line: line.values.get("naam", "")[:300], again)

    def decide(self, rows: Sequence[OrganisationRow]) -> list[Outcome]:
        """What becomes of these rows."""
        self._book = self._book or load_book()
        return [self._decide(row, self._book) for row in rows]

    def _decide(self, row: OrganisationRow, book: OrganisationBook) -> Outcome:
        try:
            decision = decide(row, book, today=self._asked.today)
        except (RowRefused, DomainError) as problem:
            return refused(row.line, row.name, problem)
        key = decision.after.id
        self._before.setdefault(key, decision.before)
        self._after[key] = decision.after
        book.put(decision.after)
        return Outcome(row.line, decision.fate, row.name, decision.changes)

    def fresh(self) -> "OrganisationsList":
        """For another batch that writes: everything is read again."""
        return OrganisationsList(self._asked)

    def hold(self) -> bool:
        """Within a transaction: let nobody else change what we are about to change. Whether there is anything."""
        ids = sorted(one.id for one in self._changed() if one.id > 0)
        if ids:
            these = sa.update(Organisation).where(Organisation.id.in_(ids)).values(name=Organisation.name)
            db.session.execute(these.execution_options(synchronize_session=False))
        return bool(ids)

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Keep new and changed organisations with their domains and periods, and note each."""
        changed = self._changed()
        new = [one for one in changed if one.id < 0]
        ids = {one.id: one.id for one in changed if one.id > 0}
        ids.update(zip((one.id for one in new), _added(new), strict=True))
        change_all(Organisation, [{"id": one.id, **_plain(one)} for one in changed if one.id > 0])
        sharing.show_anew([one.id for one in changed if one.id > 0], now=now)
        add_all(OrganisationDomain, self._domains(changed, ids))
        periods = [(ids[one.id], line) for one in changed for line in one.periods]
        days = [(owner, line.id, _period(line)) for owner, line in periods]
        add_all(Membership, [{"organisation_id": owner, **both} for owner, key, both in days if key is None])
        change_all(Membership, [{"id": key, **both} for _owner, key, both in days if key is not None])
        note_all("organisation_imported", "organisation", ids.values(), job_id, by=by, now=now)

    def _changed(self) -> list[KnownOrganisation]:
        return [after for key, after in self._after.items() if after != self._before[key]]

    def _domains(self, changed: list[KnownOrganisation], ids: dict[int, int]) -> list[dict[str, Any]]:
        rows = []
        for one in changed:
            known = self._before[one.id]
            fresh = one.domains - known.domains if known else one.domains
            rows += [{"organisation_id": ids[one.id], "domain": domain} for domain in sorted(fresh)]
        return rows


def _added(new: list[KnownOrganisation]) -> list[int]:
    """The ids of new organisations, in their order."""
    if not new:
        return []
    insert = sa.insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
    return list(db.session.scalars(insert, [_plain(one) for one in new]))


def _plain(one: KnownOrganisation) -> dict[str, Any]:
    where = {"city": one.city, "region": one.region}
    return {"name": one.name, "kind": one.kind, "phase": one.phase, **where}


def _period(line: MembershipLine) -> dict[str, Any]:
    return {"relation": line.relation, "starts_on": line.period.first, "ends_on": line.period.last}


def _parse(line: Line) -> OrganisationRow:
    name = cells.text(line, "naam", 200)
    if not name:
        raise RowRefused(RowProblem.NO_NAME)
    domains = re.split(r"[\s,;]+", cells.text(line, "maildomeinen", 5000))
    return OrganisationRow(
        line=line.number,
        name=name,
        kind=cells.code(line, "soort", wording.ORGANISATION_KINDS),
        phase=cells.code(line, "fase", wording.PHASES),
        relation=cells.code(line, "relatie", wording.RELATIONS),
        city=cells.text(line, "plaats", 100),
        region=_province(line),
        domains=read_domains(filter(None, domains)),
        first=cells.day(line, "lid vanaf"),
        last=cells.day(line, "lid tot"),
    )


def _province(line: Line) -> str:
    typed = cells.text(line, "provincie", 60)
    if typed and fold(typed) not in _PROVINCES:
        raise RowRefused(RowProblem.UNKNOWN_WORD, column="provincie", typed=typed, words=", ".join(PROVINCES))
    return _PROVINCES[fold(typed)] if typed else ""
