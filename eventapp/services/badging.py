"""Printing badges: which go on the sheets, what is noted of it, and taking a print back that failed."""

from dataclasses import asdict, dataclass
from datetime import datetime

from eventapp.domain import badges as rules
from eventapp.domain.actors import Actor
from eventapp.domain.badges import Badge, Selection, Sheet, SheetKind, SortOrder
from eventapp.domain.errors import BadSheet, NotFound, NothingToPrint
from eventapp.extensions import db
from eventapp.models import BadgePrint, BadgePrintLine, Event
from eventapp.queries import badges as known
from eventapp.services.audit import note
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Wish:
    """What the office wants printed. `first_label` is the first free one; `registration_id` goes with ONE."""

    selection: Selection
    order: SortOrder
    kind: SheetKind
    sheet: Sheet
    first_label: int = 1
    registration_id: int | None = None


def chosen(event_id: int, wish: Wish) -> list[Badge]:
    """The badges that the wish asks for, as they are laid out; changes nothing."""
    everybody = rules.in_order(known.badges_of(event_id), wish.order)
    if wish.selection == Selection.ONE:
        return [badge for badge in everybody if badge.registration_id == wish.registration_id]
    if wish.selection == Selection.CHANGED:
        return rules.changed(everybody, known.printed(event_id))
    return everybody


def print_badges(event_id: int, wish: Wish, *, by: Actor, now: datetime) -> int:
    """Note which badges are printed and how each reads; answers the id of the print, from which the file is drawn.

    Refuses with NotFound, BadSheet (also for a first label that is not on the sheet) and NothingToPrint.
    """
    if wish.sheet.problem() or not 1 <= wish.first_label <= wish.sheet.labels:
        raise BadSheet(problem=wish.sheet.problem())
    with transaction() as session:
        if session.get(Event, event_id) is None:
            raise NotFound()
        found = chosen(event_id, wish)
        if not found:
            raise NothingToPrint()
        made = BadgePrint(
            event_id=event_id,
            printed_at=now,
            selection=wish.selection,
            sort_order=wish.order,
            sheet_kind=wish.kind,
            sheet=asdict(wish.sheet),
            first_label=wish.first_label,
        )
        made.lines = [
            BadgePrintLine(registration_id=badge.registration_id, position=position, digest=badge.digest)
            for position, badge in enumerate(found)
        ]
        session.add(made)
        session.flush()
        note("badges_printed", "event", event_id, by=by, now=now, event_id=event_id, badges=len(found))
        return made.id


def take_back(print_id: int, *, by: Actor, now: datetime) -> None:
    """The paper jammed: as if this print had not been, so that its badges count as new again. Refuses with NotFound."""
    with transaction() as session:
        made = session.get(BadgePrint, print_id)
        if made is None:
            raise NotFound()
        number, event_id = len(made.lines), made.event_id
        db.session.delete(made)
        note("badges_taken_back", "event", event_id, by=by, now=now, event_id=event_id, badges=number)


def ask_tickets(event_id: int, *, by: Actor, now: datetime) -> int:
    """Note that the tickets of everybody are printed; answers how many. Refuses with NothingToPrint."""
    with transaction():
        number = len(known.tickets_of(event_id))
        if not number:
            raise NothingToPrint()
        note("tickets_printed", "event", event_id, by=by, now=now, event_id=event_id, tickets=number)
        return number
