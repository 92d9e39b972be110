"""The list of who comes to one event: its columns, who fits, and registering them as the office does by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError, EventFull, OrganisationFull
from eventapp.domain.events import EventForm
from eventapp.domain.import_people import KnownPerson
from eventapp.domain.import_registrations import (
    RegistrationRow,
    Wanted,
    attends_as,
    check_money,
    registered_already,
)
from eventapp.domain.import_rows import Change, Fate, RowProblem, RowRefused
from eventapp.domain.organisation_places import beyond, counts
from eventapp.domain.pricing import Entitlement, Proof, as_named, decide
from eventapp.domain.registrations import State
from eventapp.models import Event
from eventapp.services import holding
from eventapp.services.adding import Ground, ManualBooking, add_by_hand
from eventapp.services.erasures import forgotten_among
from eventapp.services.importing import cells
from eventapp.services.importing.files import Columns, Line
from eventapp.services.importing.known_people import Key, load_people
from eventapp.services.importing.known_registrations import Places, Proofs, open_event, states_of
from eventapp.services.importing.outcomes import Asked, Outcome, read_rows, refused
from eventapp.services.locks import keep_event, lock_event
from eventapp.services.quoting import day_that_counts

_WAYS = {form: wording.FORMS[form] for form in (EventForm.FYSIEK, EventForm.ONLINE)}
_WANTED = {Wanted.PLACE: "Aangemeld", Wanted.LINE: "Wachtlijst"}


class RegistrationsList:
    """People who come to an event. Who is registered already stays as they are."""

    columns: ClassVar[Columns] = Columns(
        {
            "voornaam": ("roepnaam", "voorletters"),
            "tussenvoegsel": ("tussenvoegsels",),
            "achternaam": (),
            "e-mail": ("e-mailadres", "mail", "mailadres"),
            "organisatie": ("werkgever", "namens"),
            "functie": (),
            "functiegroep": ("doelgroep",),
            "categorie": ("komt als",),
            "vorm": ("deelname", "fysiek of online"),
            "stand": ("status",),
            "prijs": ("bedrag",),
            "betaald": (),
        },
        required=("voornaam", "achternaam", "e-mail"),
    )
    example: ClassVar[tuple[str, ...]] = (
        "Fatma;;Yıldız;fatma@zonnevlinder.example;;Directeur kindcentrum;Directeur of manager;;;;;",
        "Jan-Willem;van der;Meulen;janwillem@prive.example;Kindcentrum Zonnevlinder;;;Lid;Fysiek;Aangemeld;gratis;",
        "Noor;;Bakker;noor@prive.example;;Spreker;;Spreker;;;;",
    )
    # Some thirty statements each.
    batch: ClassVar[int] = 10

    def __init__(self, asked: Asked, proofs: Proofs | None = None) -> None:
        self._asked = asked
        self._event_id: int = asked.chosen["event_id"]
        self._told: bool = asked.chosen["told"]
        self._proofs = proofs
        self._places: Places | None = None
        # Of rows decided before this one in the same pass: somebody may stand in it with two addresses.
        self._came: set[int] = set()
        self._forgotten: set[Key] = set()
        self._decided: list[tuple[ManualBooking, Entitlement]] = []

    @staticmethod
    def read(lines: Sequence[Line]) -> list[RegistrationRow | Outcome]:
        """Refuses what cannot be read, and who stands in the file twice."""
        seen: dict[Key, int] = {}

        def again(row: RegistrationRow) -> None:
            if (line := seen.setdefault(row.key, row.line)) != row.line:
                raise RowRefused(RowProblem.AGAIN, line=line)

        return read_rows(lines, _parse, cells.title_of_person, again)

    def decide(self, rows: Sequence[RegistrationRow]) -> list[Outcome]:
        """What becomes of these rows. Refuses with NotFound or RegistrationClosed, of the event."""
        event = open_event(self._event_id, now=self._asked.now)
        self._places = self._places or Places.of(event)
        self._proofs = self._proofs or Proofs(day_that_counts(event, booked_at=self._asked.now))
        known = load_people({row.key for row in rows})
        self._forgotten |= forgotten_among({row.key for row in rows} - known.keys())
        states = states_of(event.id, {person.id for person in known.values() if person.id})
        return [self._decide(row, event, known.get(row.key), states) for row in rows]

    def _decide(
        self, row: RegistrationRow, event: Event, person: KnownPerson | None, states: dict[int, list[State]]
    ) -> Outcome:
        title = f"{formatting.full_name(*row.name)} · {row.address}"
        person_id = person.id if person and person.id else 0
        try:
            if person is None and row.key in self._forgotten:
                raise RowRefused(RowProblem.FORGOTTEN)
            live = registered_already(states.get(person_id, []))
            if live or person_id in self._came:
                return Outcome(row.line, Fate.UNCHANGED, title, reason=wording.registered_already(live))
            manual, given = self._booking(row, event, person)
        except (RowRefused, DomainError) as problem:
            return refused(row.line, title, problem)
        self._came |= {person_id} if person_id else set()
        self._decided.append((manual, given))
        return Outcome(row.line, Fate.NEW, title, _changes(manual))

    def _booking(
        self, row: RegistrationRow, event: Event, person: KnownPerson | None
    ) -> tuple[ManualBooking, Entitlement]:
        """What the office would fill in, with the ground for it. Refuses with RowRefused or what `add_by_hand` says."""
        assert self._places and self._proofs
        proofs = self._proofs.of(row.address, person)
        given = self._within_free_places(_entitlement(row, event, proofs), row, event, proofs)
        price = given.price_cents
        check_money(row, price, told=self._told or row.wanted == Wanted.LINE, amount=formatting.money(price))
        attends = attends_as(event.form, row.attends)
        needed = self._places.needed(event, attends, given.category, row.function_group)
        self._check_room(row, event, needed)
        if row.wanted == Wanted.PLACE:
            self._places.room.take([*needed, *self._of_organisation(given)])
        manual = ManualBooking(
            event_id=event.id,
            address=row.address,
            given_name=row.name[0],
            infix=row.name[1],
            family_name=row.name[2],
            category=given.category,
            organisation_name=row.organisation or given.proof.facts.get("organisation", ""),
            function=row.function,
            function_group=row.function_group,
            attends=attends,
            price_cents=price,
            told=self._told,
            waits=row.wanted == Wanted.LINE,
        )
        return manual, given

    def _within_free_places(
        self, given: Entitlement, row: RegistrationRow, event: Event, proofs: list[Proof]
    ) -> Entitlement:
        """With what the event gives beyond the free places of an organisation, once those are gone."""
        assert self._places
        if self._places.room.first_full(self._of_organisation(given)) is None:
            return given
        own = [proof for proof in proofs if proof.via == "status"]
        instead = None if row.category else beyond(event.free_places, given.proof, event.price_lines, own)
        if instead is None:
            raise OrganisationFull(organisation=given.proof.facts["organisation"])
        return instead

    def _of_organisation(self, given: Entitlement) -> list[int]:
        assert self._places
        owner = given.proof.organisation_id
        takes = counts(category=given.category, price_cents=given.price_cents, organisation_id=owner)
        return self._places.of_organisation(owner) if takes and owner is not None else []

    def _check_room(self, row: RegistrationRow, event: Event, needed: list[int]) -> None:
        assert self._places
        full = self._places.room.first_full(needed)
        if row.wanted == Wanted.PLACE and full is not None:
            raise EventFull(capacity_id=full)
        if row.wanted == Wanted.LINE and not event.waiting_list:
            raise RowRefused(RowProblem.NO_LINE)
        if row.wanted == Wanted.LINE and full is None:
            raise RowRefused(RowProblem.NOTHING_TO_WAIT_FOR)

    def fresh(self) -> "RegistrationsList":
        """For another batch that writes: who is registered and what is left is read again."""
        return RegistrationsList(self._asked, self._proofs)

    def hold(self) -> bool:
        """Within a transaction: nobody else gets a place before it ends. Whether anybody is to get one."""
        if self._decided:
            lock_event(self._event_id)
            holding.lock(holding.whole_row(self._event_id))
        return bool(self._decided)

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Register them. IntegrityError when somebody registered in this moment."""
        event = keep_event(self._event_id) if self._decided else None
        for manual, given in self._decided:
            noted = replace(manual, note=f"import, taak {job_id}")
            ground = Ground(given.proof.organisation_id, given.reason())
            add_by_hand(noted, by=by, now=now, ground=ground, event=event)


def _entitlement(row: RegistrationRow, event: Event, proofs: list[Proof]) -> Entitlement:
    """As what somebody comes: what the row names, else what the address and the person prove; the row may price it.

    Refuses with NotAdmitted.
    """
    if row.category:
        rests_on = next((proof for proof in proofs if proof.organisation_id), None)
        facts = {"organisation": rests_on.facts["organisation"]} if rests_on else {}
        organisation_id, kind = (rests_on.organisation_id, rests_on.kind) if rests_on else (None, None)
        given = as_named(event.price_lines, Proof(row.category, "office", facts, organisation_id, kind))
    else:
        given = decide(event.price_lines, proofs)
    return given if row.price_cents is None else replace(given, price_cents=row.price_cents)


def _changes(manual: ManualBooking) -> tuple[Change, ...]:
    stand = "wachtlijst" if manual.waits else "wacht op betaling" if manual.price_cents else "aangemeld"
    told = [
        Change("stand", None, stand),
        Change("komt als", None, manual.category),
        Change("prijs", None, formatting.money(manual.price_cents) if manual.price_cents else "gratis"),
        Change("organisatie", None, manual.organisation_name),
    ]
    return tuple(change for change in told if change.new)


def _parse(line: Line) -> RegistrationRow:
    return RegistrationRow(
        line=line.number,
        name=cells.name(line),
        address=cells.address(line, "e-mail"),
        organisation=cells.text(line, "organisatie", 200),
        function=cells.text(line, "functie", 120),
        function_group=cells.code(line, "functiegroep", wording.TARGET_GROUPS),
        category=cells.code(line, "categorie", wording.CATEGORIES),
        attends=cells.code(line, "vorm", _WAYS),
        wanted=cells.code(line, "stand", _WANTED) or Wanted.PLACE,
        price_cents=cells.cents(line, "prijs"),
        paid=cells.yes(line, "betaald"),
    )
