"""Dull tickets, lists and calendar entries, and names with every trap, for the tests of documents."""

import io
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfReader

from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.calendar import CalendarEntry
from eventapp.documents.matrix import MatrixSheet
from eventapp.documents.ticket import TicketData, TicketSession
from eventapp.domain.matrix import Mark, Meeting, Member, Stay, build
from eventapp.domain.presence import PresenceStatus

CODE = "T7K2M9QWXZ3JH8P0RTVB"
MORNING = datetime(2027, 4, 14, 7, 12, tzinfo=UTC)
_FIRST_MEETING = datetime(2026, 9, 10, 7, tzinfo=UTC)

# As a list sorts them, and as people say them.
TRAP_NAMES = (
    ("Meulen, Jan-Willem van der", "Jan-Willem van der Meulen"),
    ("Yıldız, Fatma", "Fatma Yıldız"),
    ("Hoff-Müller, Zoë van 't", "Zoë van 't Hoff-Müller"),
    ("Ancona, Ĳsbrand d'", "Ĳsbrand d'Ancona"),
    ("Veld, M. (Marieke) in 't", "M. (Marieke) in 't Veld"),
    ("Fuente-El Idrissi, prof. dr. A. de la", "prof. dr. A. de la Fuente-El Idrissi"),
    ("Suharti", "Suharti"),
)
HOSTILE_NAMES = (
    "<b>Vet</b> & <img src='x'>",
    "=1+1",
    "(kl\\ammer",
    "محمد عبد الله",
    "דוד לוי",
    "王小明",
    "👩‍👩‍👧 Kim",
    "W" * 80,
)


def make_ticket(**changes: Any) -> TicketData:
    """A ticket for a themadag with a programme of two sessions."""
    ticket = TicketData(
        event_title="Themadag 2027: Van samen naar één",
        kind="Themadag",
        when="woensdag 14 april 2027, 09.30-16.30 uur",
        venue="Congrescentrum De Driehoek",
        holder="Jan-Willem van der Meulen",
        category="Lid",
        code=CODE,
        contact="Vragen? Mail naar secretariaat@vnk.example.",
        association="Vereniging Netwerk Kindcentra",
        doors="Inloop vanaf 09.00 uur",
        address=("Voorbeeldplein 12", "3511 AB Utrecht"),
        route="Met de trein: acht minuten lopen vanaf het station.",
        organisation="Stichting Zonnevlinder",
        sessions=(
            TicketSession("11.15-12.00", "Doorgaande lijn 0-7", "Zaal 2"),
            TicketSession("13.30-14.15", "Eén cao, kan dat?", "Zaal 4"),
        ),
        order_reference="Aanmelding 2027-0042",
    )
    return replace(ticket, **changes)


def make_row(number: int = 0, **changes: Any) -> AttendanceRow:
    """A row with one of the names that hold a trap."""
    sort_name, full_name = TRAP_NAMES[number % len(TRAP_NAMES)]
    row = AttendanceRow(sort_name, full_name, "Stichting De Brêge", "Directeur-bestuurder", "Lid")
    return replace(row, **changes)


def make_list(rows: int | tuple[AttendanceRow, ...] = 3, **changes: Any) -> AttendanceList:
    """A list of a kenniskring with as many rows, or with these."""
    attendance = AttendanceList(
        event_title="Kenniskring HR",
        when="donderdag 18 maart 2027, 09.30-11.30 uur",
        place="Zwolle",
        association="Vereniging Netwerk Kindcentra",
        rows=tuple(make_row(number) for number in range(rows)) if isinstance(rows, int) else rows,
        printed_at=MORNING,
    )
    return replace(attendance, **changes)


def make_matrix(
    people: int = 3, meetings: int = 5, *, name: str = "", fixed: bool = True, held: int | None = None
) -> MatrixSheet:
    """Somebody is at every meeting but the last, which is a no-show; the second meeting is cancelled.

    With `held` only so many are over, and everybody sent word for the next one.
    """
    starts = [_FIRST_MEETING + timedelta(weeks=2 * place) for place in range(meetings)]
    series = [
        Meeting(place, at, at + timedelta(hours=2), cancelled=place == 1, fixed=fixed)
        for place, at in enumerate(starts)
    ]
    stay = Stay(date(2026, 1, 1), None, "Stichting De Brêge")
    members = [Member(one, name or f"Achternaam{one:03}, Voornaam", (stay,)) for one in range(people)]
    marks = {(one, place): Mark(PresenceStatus.AANWEZIG) for one in range(people) for place in range(meetings - 1)}
    marks |= {(one, meetings - 1): Mark(PresenceStatus.AFWEZIG, no_show=True) for one in range(people)}
    now = _FIRST_MEETING + timedelta(days=365)
    if held is not None:
        now = starts[held] - timedelta(hours=1)
        marks = {key: mark for key, mark in marks.items() if key[1] < held}
        marks |= {(one, held): Mark(PresenceStatus.MET_BERICHT) for one in range(people)}
    matrix = build(series, members, marks, now=now)
    return MatrixSheet("Kenniskring HR", "seizoen 2026-2027", "Vereniging Netwerk Kindcentra", matrix, MORNING)


def make_entry(**changes: Any) -> CalendarEntry:
    """A calendar entry of an afternoon in winter."""
    entry = CalendarEntry(
        uid="registration-7@vnk.example",
        sequence=0,
        stamp=datetime(2027, 1, 5, 10, tzinfo=UTC),
        start=datetime(2027, 2, 4, 12, tzinfo=UTC),
        end=datetime(2027, 2, 4, 15, 30, tzinfo=UTC),
        summary="Inspiratiebijeenkomst toezicht: samen verantwoord",
        organizer=("Vereniging Netwerk Kindcentra", "secretariaat@vnk.example"),
        description="Inloop vanaf 12.30 uur.",
        location="De Kazernehof, Amersfoort",
        url="https://aanmelden.vnk.example/agenda/toezicht",
        attendee=("Fatma Yıldız", "fatma@zonnevlinder.example"),
        alarms=(timedelta(days=1),),
    )
    return replace(entry, **changes)


def read_pdf(data: bytes) -> PdfReader:
    """The PDF, opened for reading."""
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes, page: int = 0) -> str:
    """The words of one page with single spaces."""
    return " ".join(read_pdf(data).pages[page].extract_text().split())


def picture_of(data: bytes, folder: Path, *, dpi: int = 100) -> Image.Image:
    """The first page as poppler draws it."""
    (folder / "page.pdf").write_bytes(data)
    command = ["pdftoppm", "-r", str(dpi), "-singlefile", "-png", str(folder / "page.pdf"), str(folder / "page")]
    subprocess.run(command, check=True, timeout=60)
    with Image.open(folder / "page.png") as picture:
        return picture.convert("RGB")
