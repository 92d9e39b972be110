"""The list of events: its columns, which of them we know, and how drafts are made and changed by it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

import sqlalchemy as sa

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError, SlugTaken
from eventapp.domain.event_details import RESERVED_SLUGS, SLUG_LENGTH, EventDetails
from eventapp.domain.events import EventKind, RegistrationMode
from eventapp.domain.import_events import EventDecision, EventRow, KnownEvent, decide, find
from eventapp.domain.import_rows import Change, Fate, RowProblem, RowRefused, Value
from eventapp.domain.pricing import Admission, Category, PriceLine
from eventapp.extensions import db
from eventapp.models import Event
from eventapp.services import organising
from eventapp.services.importing import cells
from eventapp.services.importing.files import Columns, Line
from eventapp.services.importing.known_events import addresses_in_use, hold_events, load_events
from eventapp.services.importing.outcomes import Asked, Outcome, read_rows, refused

_SHOWN = 100
_MOST_PLACES = 100_000


class EventsList:
    """Events with their day, place, price and words. They become drafts; what is published is never changed."""

    columns: ClassVar[Columns] = Columns(
        {
            "kenmerk": ("id", "uid", "nummer", "extern id"),
            "titel": ("naam", "onderwerp", "bijeenkomst", "evenement"),
            "soort": ("type", "soort bijeenkomst"),
            "datum": ("dag", "begindatum", "startdatum"),
            "van": ("begin", "begintijd", "starttijd", "aanvang", "tijd", "tijden"),
            "einddatum": ("datum tot", "datum einde", "laatste dag", "t/m", "tot en met"),
            "tot": ("einde", "eindtijd"),
            "vorm": (),
            "locatie": ("gebouw", "zaal", "naam locatie"),
            "adres": ("straat", "straat en nummer", "bezoekadres"),
            "postcode": (),
            "plaats": ("stad", "plaatsnaam"),
            "online link": ("link om mee te doen", "deelnamelink", "teamslink"),
            "doelgroepen": ("doelgroep", "voor wie"),
            "vakgebieden": ("vakgebied",),
            "plaatsen": ("aantal plaatsen", "capaciteit", "maximum"),
            "prijs lid": ("prijs leden",),
            "prijs niet-lid": ("prijs niet-leden", "prijs overig"),
            "zichtbaarheid": ("zichtbaar",),
            "aanmelden": ("aanmelding", "manier van aanmelden"),
            "link": ("aanmeldlink", "link naar de andere site", "website"),
            "samenvatting": ("in één zin",),
            "tekst": ("beschrijving", "omschrijving"),
            "contact": ("contactpersoon",),
            "webadres": ("slug",),
        },
        required=("titel", "datum"),
        long=frozenset({"tekst", "doelgroepen", "vakgebieden"}),
    )
    example: ClassVar[tuple[str, ...]] = (
        "VB-1;Kenniskring Huisvesting;Kenniskring;21-01-2027;09.30;;11.30;Online;;;;;https://vergadering.example/kring;"
        "Organisatiedeskundige;Huisvesting;60;gratis;;Openbaar;hier;;Samen over nieuwbouw;;;",
        "VB-2;Masterclass Leiderschap;Masterclass;20-05-2027;9:00;;17:00;Fysiek;Buitenplaats Het Eiken;Eikenlaan 2;"
        "3941 AB;Doorn;;Bestuurder, Directeur of manager;Algemeen;24;145;245,00;Openbaar;hier;;;"
        "Een dag over leiding geven.;masterclass@kindcentra.example;",
        "VB-3;Landelijke ikc-dag;Extern;5 oktober 2027;09.30-16.30;;;Fysiek;;;;Ede;;;;;;;Openbaar;elders;"
        "https://ikc-dag.example/aanmelden;;;;",
    )
    batch: ClassVar[int] = 25

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._kind = EventKind(asked.chosen["kind"]) if asked.chosen.get("kind") else None
        self._known: list[KnownEvent] = []
        self._decided: list[tuple[EventRow, KnownEvent | None, EventDecision]] = []
        # By what the events that rows were about may be named, with the line of that row.
        self._taken: dict[str, int] = {}

    @staticmethod
    def read(lines: Sequence[Line]) -> list[EventRow | Outcome]:
        """Refuses what cannot be read, and what the file says twice."""
        seen: dict[str, int] = {}

        def again(row: EventRow) -> None:
            marks = _marks(row.sign, row.slug)
            _refuse_taken(marks, seen, row.line)
            seen.update(dict.fromkeys(marks, row.line))

        return read_rows(lines, _parse, lambda line: line.values.get("titel", "")[:200], again)

    def decide(self, rows: Sequence[EventRow]) -> list[Outcome]:
        """What becomes of these rows."""
        self._known = load_events(rows)
        in_use = addresses_in_use({row.slug for row in rows if row.slug})
        return [self._decide(row, in_use) for row in rows]

    def _decide(self, row: EventRow, in_use: dict[str, int]) -> Outcome:
        title = f"{row.title} · {formatting.short_date(row.day)}"
        known = find(row, self._known)
        try:
            _refuse_taken(_marks(row.sign, row.slug), self._taken, row.line)
            if row.slug and in_use.get(row.slug, known.id if known else None) != (known.id if known else None):
                raise SlugTaken(slug=row.slug)
            decision = decide(row, known, kind=self._kind)
        except (RowRefused, DomainError) as problem:
            return refused(row.line, title, problem)
        if known:
            # Another row of the same title and day is not about this one too.
            self._known.remove(known)
            marks = _marks(known.sign_after(row), decision.after.slug, known.calendar_uid)
            if known.has_sign_of_another:
                marks |= _marks(known.external_id)
            self._taken.update(dict.fromkeys(marks, row.line))
        if decision.fate != Fate.UNCHANGED:
            self._decided.append((row, known, decision))
        before = known.details if known else None
        return Outcome(row.line, decision.fate, title, tuple(_changes(before, decision)))

    def fresh(self) -> "EventsList":
        """For another batch that writes: everything is read again."""
        fresh = EventsList(self._asked)
        fresh._taken = self._taken
        return fresh

    def hold(self) -> bool:
        """Within a transaction: let nobody else change what we are about to change. Whether there is anything."""
        ids = [known.id for _, known, _ in self._decided if known]
        if ids:
            hold_events(ids)
        return bool(ids)

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Make the new drafts, change the others. IntegrityError when somebody made one of them in this moment."""
        for row, known, decision in self._decided:
            if known is None:
                organising.create_event(decision.after, by=by, now=now, external_id=row.sign)
                continue
            organising.change_event(known.id, decision.after, version=known.version, by=by, now=now)
            if (sign := known.sign_after(row)) != known.external_id:
                signed = sa.update(Event).where(Event.id == known.id).values(external_id=sign)
                db.session.execute(signed.execution_options(synchronize_session=False))


def _marks(sign: str | None, slug: str = "", calendar_uid: str = "") -> set[str]:
    """By what a row may name an event."""
    return {one for one in (sign, calendar_uid, slug and f"webadres:{slug}") if one}


def _refuse_taken(marks: set[str], taken: dict[str, int], line: int) -> None:
    """Refuses with RowRefused when a row of another line was about the event of one of these marks."""
    for mark in marks:
        if taken.get(mark, line) != line:
            raise RowRefused(RowProblem.AGAIN, line=taken[mark])


def _changes(before: EventDetails | None, decision: EventDecision) -> Iterator[Change]:
    for name in decision.changed:
        old = _shown(getattr(before, name)) if before else None
        yield Change(wording.EVENT_FIELDS[name], old, _shown(getattr(decision.after, name)))


def _shown(value: Value) -> Value:
    """As the preview says it: prices in words, a long text cut off."""
    if isinstance(value, frozenset) and any(isinstance(one, PriceLine) for one in value):
        return ", ".join(sorted(map(_price_words, value)))
    if type(value) is str and len(value) > _SHOWN:
        return value[:_SHOWN] + "…"
    return value


def _price_words(line: PriceLine) -> str:
    what = formatting.money(line.price_cents) if line.price_cents else wording.ADMISSIONS[line.admission].lower()
    return f"{wording.CATEGORIES[line.category].lower()} {what}"


def _parse(line: Line) -> EventRow:
    title = cells.text(line, "titel", 200)
    if not title:
        raise RowRefused(RowProblem.NO_TITLE)
    day, begins, last_day, ends = _when(line)
    return EventRow(
        line=line.number,
        title=title,
        day=day,
        begins=begins,
        last_day=last_day,
        ends=ends,
        external_id=cells.text(line, "kenmerk", 200),
        slug=_slug(line),
        kind=cells.code(line, "soort", wording.KINDS),
        said=_said(line),
        prices=tuple(_prices(line)),
    )


def _when(line: Line) -> tuple[date, time | None, date | None, time | None]:
    """First day and time, last day and time. Each column may hold both; "van" may hold two times."""
    day, at_day = cells.day_and_clock(line, "datum")
    from_day, begins, also_ends = _moment(line, "van")
    last_day, at_last_day = cells.day_and_clock(line, "einddatum")
    until_day, ends, _ = _moment(line, "tot")
    first = day or from_day
    if first is None:
        raise RowRefused(RowProblem.NO_DAY)
    return first, begins or at_day, last_day or until_day, ends or at_last_day or also_ends


def _moment(line: Line, column: str) -> tuple[date | None, time | None, time | None]:
    try:
        return *cells.day_and_clock(line, column), None
    except RowRefused as problem:
        if problem.problem != RowProblem.NO_DATE:
            raise
        return None, *cells.clocks(line, column)


_TEXTS = {
    "venue": ("locatie", 200),
    "street": ("adres", 200),
    "postcode": ("postcode", 12),
    "city": ("plaats", 100),
    "summary": ("samenvatting", 300),
    "description": ("tekst", 20_000),
    "contact": ("contact", 200),
}


def _said(line: Line) -> dict[str, Any]:
    """What the row says of the other details; an empty cell says nothing."""
    said: dict[str, Any] = {name: cells.text(line, *column) for name, column in _TEXTS.items()}
    said |= {
        "form": cells.code(line, "vorm", wording.FORMS),
        "visibility": cells.code(line, "zichtbaarheid", wording.VISIBILITIES),
        "registration": cells.code(line, "aanmelden", wording.REGISTRATION_MODES),
        "external_url": cells.link(line, "link", 500),
        "online_url": cells.link(line, "online link", 500),
        "capacity": cells.number(line, "plaatsen", _MOST_PLACES),
        "target_groups": cells.codes(line, "doelgroepen", wording.TARGET_GROUPS),
        "fields": cells.codes(line, "vakgebieden", wording.FIELDS),
    }
    if said["online_url"].startswith("http://"):
        raise RowRefused(RowProblem.LINK_NOT_SECURE)
    if said["registration"] == RegistrationMode.ELDERS and not said["external_url"]:
        raise RowRefused(RowProblem.LINK_MISSING)
    return {name: value for name, value in said.items() if value}


def _prices(line: Line) -> Iterator[PriceLine]:
    for column, category in (("prijs lid", Category.LID), ("prijs niet-lid", Category.NIET_LID)):
        if line.values.get(column, "").lower() in _NO_AMOUNT and column not in line.formulas:
            yield PriceLine(category, _NO_AMOUNT[line.values[column].lower()])
        elif (cents := cells.cents(line, column)) is not None:
            yield PriceLine(category, Admission.PRIJS if cents else Admission.GRATIS, cents)


_NO_AMOUNT = {
    "niet": Admission.NIET,
    "geen toegang": Admission.NIET,
    "op uitnodiging": Admission.UITNODIGING,
    "uitnodiging": Admission.UITNODIGING,
}


def _slug(line: Line) -> str:
    typed = cells.text(line, "webadres", SLUG_LENGTH).rpartition("/")[2]
    if typed and (typed in RESERVED_SLUGS or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", typed)):
        raise RowRefused(RowProblem.BAD_SLUG, typed=typed)
    return typed
