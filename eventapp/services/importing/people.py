"""The list of people: its columns, whom of it we know, and how what was decided is written in a few statements."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import DomainError
from eventapp.domain.import_organisations import OrganisationBook
from eventapp.domain.import_people import KnownPerson, Name, NamedOrganisation, PersonRow, decide
from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.people import STATUSES
from eventapp.services.erasures import forgotten_among
from eventapp.services.importing import cells
from eventapp.services.importing.files import Columns, Line
from eventapp.services.importing.known_organisations import load_book
from eventapp.services.importing.known_people import Key, hold_people, load_people
from eventapp.services.importing.outcomes import IN_FEW_STATEMENTS, Asked, Outcome, read_rows, refused
from eventapp.services.importing.writing_people import write_people

_STATUS_WORDS = {status: wording.CATEGORIES[status] for status in STATUSES}


class PeopleList:
    """People with their function group, organisation and statuses."""

    columns: ClassVar[Columns] = Columns(
        {
            "voornaam": ("roepnaam", "voorletters"),
            "tussenvoegsel": ("tussenvoegsels",),
            "achternaam": (),
            "e-mail": ("e-mailadres", "mail", "mailadres"),
            "functiegroep": ("functie", "doelgroep"),
            "organisatie": ("werkgever",),
            "opgegeven tot": ("organisatie tot",),
            "status": (),
            "regio": (),
            "van": ("vanaf", "begin"),
            "tot": ("tot en met", "einde"),
        },
        required=("voornaam", "achternaam", "e-mail"),
    )
    example: ClassVar[tuple[str, ...]] = (
        "Fatma;;Yıldız;fatma@zonnevlinder.example;Directeur of manager;;;;;;",
        "Jan-Willem;van der;Meulen;janwillem@prive.example;Raad van toezicht;zonnevlinder.example;31-12-2028;;;;",
        "Noor;;Bakker;noor@tweeklank.example;;;;Ambassadeur;Noord;01-01-2027;",
    )
    batch: ClassVar[int] = IN_FEW_STATEMENTS

    def __init__(self, asked: Asked, book: OrganisationBook | None = None) -> None:
        self._asked = asked
        self._book = book
        self._before: dict[Key, KnownPerson | None] = {}
        self._after: dict[Key, KnownPerson] = {}
        # Somebody may stand in the list with two of their addresses: the first one met stands for both.
        self._first_key: dict[int, Key] = {}
        self._key: dict[Key, Key] = {}
        self._forgotten: set[Key] = set()

    @staticmethod
    def read(lines: Sequence[Line]) -> list[PersonRow | Outcome]:
        """Refuses what cannot be read, and what the file says twice; two rows may give one person two statuses."""
        names: dict[Key, tuple[int, Name]] = {}
        seen: dict[tuple[object, ...], int] = {}

        def again(row: PersonRow) -> None:
            earlier, name = names.setdefault(row.key, (row.line, row.name))
            if name != row.name:
                raise RowRefused(RowProblem.SPELLED_OTHERWISE, line=earlier)
            same = seen.setdefault((row.key, row.status, row.first, row.organisation), row.line)
            if same != row.line:
                raise RowRefused(RowProblem.AGAIN, line=same)

        return read_rows(lines, _parse, cells.title_of_person, again)

    def decide(self, rows: Sequence[PersonRow]) -> list[Outcome]:
        """What becomes of these rows."""
        unseen = {row.key for row in rows} - self._key.keys()
        known = load_people(unseen)
        self._forgotten |= forgotten_among(unseen - known.keys())
        for key in sorted(unseen):
            self._meet(key, known.get(key))
        if self._book is None:
            self._book = load_book() if any(row.organisation for row in rows) else None
        return [self._decide(row, self._book or OrganisationBook(())) for row in rows]

    def fresh(self) -> "PeopleList":
        """For another batch that writes: everybody is read again, the organisations are not."""
        return PeopleList(self._asked, self._book)

    def _meet(self, key: Key, known: KnownPerson | None) -> None:
        first = key if known is None or known.id is None else self._first_key.setdefault(known.id, key)
        self._key[key] = first
        self._before.setdefault(first, known)

    def _decide(self, row: PersonRow, book: OrganisationBook) -> Outcome:
        title = f"{formatting.full_name(*row.name)} · {row.address}"
        try:
            organisation = _organisation(row, book, self._asked.today) if row.organisation else None
            key = self._key[row.key]
            known = self._after.get(key) or self._before[key]
            if known is None and row.key in self._forgotten:
                raise RowRefused(RowProblem.FORGOTTEN)
            decision = decide(row, known, organisation, today=self._asked.today)
        except (RowRefused, DomainError) as problem:
            return refused(row.line, title, problem)
        self._after[key] = decision.after
        return Outcome(row.line, decision.fate, title, decision.changes)

    def hold(self) -> bool:
        """Within a transaction: let nobody else change whom we are about to change. Whether there is anybody."""
        ids = [after.id for after in self._changed().values() if after.id is not None]
        if ids:
            hold_people(ids)
        return bool(ids)

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Keep new and changed people with their statuses and namings, and note each."""
        write_people(self._before, self._changed(), job_id, by=by, now=now)

    def _changed(self) -> dict[Key, KnownPerson]:
        return {key: after for key, after in self._after.items() if after != self._before[key]}


def _parse(line: Line) -> PersonRow:
    row = PersonRow(
        line=line.number,
        name=cells.name(line),
        address=cells.address(line, "e-mail"),
        function_group=cells.code(line, "functiegroep", wording.TARGET_GROUPS),
        organisation=cells.text(line, "organisatie", 200),
        named_until=cells.day(line, "opgegeven tot"),
        status=cells.code(line, "status", _STATUS_WORDS),
        region=cells.text(line, "regio", 60),
        first=cells.day(line, "van"),
        last=cells.day(line, "tot"),
    )
    if row.status and row.first is None:
        raise RowRefused(RowProblem.FIRST_DAY_MISSING, column="van")
    return row


def _organisation(row: PersonRow, book: OrganisationBook, today: date) -> NamedOrganisation:
    typed = row.organisation
    by_domain = book.of_domain(mail_domain(f"x@{typed.rpartition('@')[2]}")) if "." in typed else None
    found = [by_domain] if by_domain else book.named(typed)
    if len(found) > 1:
        raise RowRefused(RowProblem.ORGANISATION_TWICE, name=typed)
    if not found:
        raise RowRefused(RowProblem.ORGANISATION_UNKNOWN, typed=typed)
    own = book.of_domain(mail_domain(row.address))
    return NamedOrganisation(
        found[0].id, found[0].name, found[0].relation_near(today), own is not None and own.id == found[0].id
    )
