"""What does a person print, fold once and bring along? One sheet of A4 per ticket.

The upper half is the ticket, with name, event, code and three facts; the lower half holds the programme and the route.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, balanced, block, one_line, width_of
from eventapp.documents.paper import ACCENT, BRAND, HEIGHT, INK, LINE, MM, QUIET, SOFT_INK, WHITE, WIDTH, Paper, Style
from eventapp.documents.qr import QUIET_ZONE, TICKET_SIZE, matrix, readable, stretches
from eventapp.documents.ticket import TicketData, TicketSession

_MARGIN = 18 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_FOLD = HEIGHT / 2
_FOOT = HEIGHT - 15 * MM

# The tile holds the code and its quiet zone; the code itself is 25/33 of it, so 39 mm.
_TILE = 52 * MM
_PANEL = 60 * MM
_PANEL_X = WIDTH - _MARGIN - _PANEL
_PANEL_Y = 28 * MM
_PANEL_HEIGHT = 75 * MM
_WORDS = _PANEL_X - _MARGIN - 8 * MM

_FACTS_Y = 109 * MM
_FACT_GAP = 7 * MM

_LABEL = Style(Weight.SEMIBOLD, 8.5, BRAND)
_BODY = Style(Weight.REGULAR, 10)
_SMALL = Style(Weight.REGULAR, 8.5, SOFT_INK)


def ticket_pdf(tickets: Sequence[TicketData]) -> bytes:
    """The tickets as one PDF, a page each; the same tickets give the same bytes.

    Refuses an empty sequence and a code that is not a ticket code with ValueError.
    """
    if not tickets:
        raise ValueError("no ticket to print")
    first = tickets[0]
    title = f"Ticket {first.event_title}" if len(tickets) > 1 else f"Ticket {first.event_title}: {first.holder}"
    paper = Paper(title=title, author=first.association, subject=f"{first.kind}, {first.when}")
    for ticket in tickets:
        paper.entry(ticket.holder)
        _draw(paper, ticket)
        paper.next_page()
    return paper.finish()


def _draw(paper: Paper, ticket: TicketData) -> None:
    _head(paper, ticket)
    _event_and_holder(paper, ticket)
    _code_panel(paper, ticket.code)
    _facts(paper, ticket)
    _fold(paper)
    _lower_half(paper, ticket)
    _foot(paper, ticket)


def _head(paper: Paper, ticket: TicketData) -> None:
    if ticket.demo:
        paper.box(0, 0, WIDTH, 8 * MM, ACCENT)
        line = "DEMO: dit ticket geeft geen toegang"
        paper.text_centred(WIDTH / 2, 5.5 * MM, line, Style(Weight.BOLD, 10, INK))
    name = one_line(ticket.association, Weight.SEMIBOLD, 10, 7, _CONTENT - 30 * MM)
    paper.text(_MARGIN, 18 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.text_right(WIDTH - _MARGIN, 18 * MM, "Ticket", Style(Weight.SEMIBOLD, 10, BRAND))
    paper.rule(_MARGIN, 21 * MM, _CONTENT, colour=BRAND, thick=1.4)


def _event_and_holder(paper: Paper, ticket: TicketData) -> None:
    """Kind and title from above, name and organisation from below, each at the size its place allows."""
    kind = one_line(ticket.kind, Weight.SEMIBOLD, 11, 8, _WORDS)
    paper.text(_MARGIN, 31.5 * MM, kind.lines[0], Style(Weight.SEMIBOLD, kind.size, BRAND))
    title = block(ticket.event_title, Weight.BOLD, (27, 24, 21, 18, 16, 14, 12.5), _WORDS, height=33 * MM, leading=1.14)
    title = balanced(ticket.event_title, Weight.BOLD, title, _WORDS)
    _lines(paper, _MARGIN, 34.5 * MM + title.size * 0.85, title, Weight.BOLD, INK)

    holder = block(
        ticket.holder, Weight.SEMIBOLD, (24, 21, 19, 17, 15, 13, 11.5, 10), _WORDS, height=19 * MM, leading=1.18
    )
    organisation = block(ticket.organisation, Weight.REGULAR, (12, 11, 10, 9), _WORDS, height=12 * MM, leading=1.3)
    y = _PANEL_Y + _PANEL_HEIGHT - holder.height - organisation.height + holder.size * 0.7
    y = _lines(paper, _MARGIN, y, holder, Weight.SEMIBOLD, INK)
    _lines(paper, _MARGIN, y + 0.5 * MM, organisation, Weight.REGULAR, SOFT_INK)


def _code_panel(paper: Paper, code: str) -> None:
    """The code on white with its whole quiet zone, the characters under it in the same four groups as on the page."""
    paper.box(_PANEL_X, _PANEL_Y, _PANEL, _PANEL_HEIGHT, QUIET)
    inset = (_PANEL - _TILE) / 2
    paper.box(_PANEL_X + inset, _PANEL_Y + inset, _TILE, _TILE, WHITE)
    module = _TILE / (TICKET_SIZE + 2 * QUIET_ZONE)
    x, y = _PANEL_X + inset + QUIET_ZONE * module, _PANEL_Y + inset + QUIET_ZONE * module
    paper.squares(x, y, module, stretches(matrix(code)))
    middle = _PANEL_X + _PANEL / 2
    below = _PANEL_Y + inset + _TILE
    groups = one_line(readable(code), Weight.SEMIBOLD, 11, 8, _TILE)
    paper.text_centred(middle, below + 5.2 * MM, groups.lines[0], Style(Weight.SEMIBOLD, groups.size))
    paper.text_centred(middle, below + 10.4 * MM, "Toon deze code bij de deur,", _SMALL)
    paper.text_centred(middle, below + 14.2 * MM, "op papier of op uw telefoon.", _SMALL)


def _facts(paper: Paper, ticket: TicketData) -> None:
    column = (_CONTENT - 2 * _FACT_GAP) / 3
    facts = (
        ("Wanneer", _moments(ticket.when), (ticket.doors,)),
        ("Waar", ticket.venue, ticket.address),
        ("Deelname", ticket.category, (ticket.order_reference,)),
    )
    for place, (label, main, more) in enumerate(facts):
        x = _MARGIN + place * (column + _FACT_GAP)
        paper.rule(x, _FACTS_Y, column, colour=BRAND, thick=0.8)
        paper.text(x, _FACTS_Y + 5 * MM, label, _LABEL)
        strong = block(main, Weight.SEMIBOLD, (11.5, 10.5, 9.5), column, height=20 * MM)
        strong = balanced(main, Weight.SEMIBOLD, strong, column)
        y = _lines(paper, x, _FACTS_Y + 10.2 * MM, strong, Weight.SEMIBOLD, INK) + 0.2 * MM
        left = _FOLD - 1.5 * MM - y
        rest = block("\n".join(filter(None, more)), Weight.REGULAR, (10, 9, 8), column, height=left, leading=1.3)
        _lines(paper, x, y, rest, Weight.REGULAR, SOFT_INK)


def _moments(when: str) -> str:
    """Day and time under each other; of a night the begin above the end."""
    if " uur tot " in when:
        return when.replace(" uur tot ", " uur\ntot ", 1)
    return when.replace(", ", "\n", 1)


def _fold(paper: Paper) -> None:
    paper.dashes(_FOLD)
    paper.text_right(WIDTH - _MARGIN, _FOLD - 1.2 * MM, "hier vouwen", Style(Weight.REGULAR, 7, SOFT_INK))


def _lower_half(paper: Paper, ticket: TicketData) -> None:
    top = _FOLD + 15 * MM
    if not ticket.sessions:
        _route(paper, _MARGIN, top, _CONTENT, ticket.route)
        return
    programme = _CONTENT * 0.58 if ticket.route else _CONTENT
    _programme(paper, _MARGIN, top, programme, ticket.sessions)
    if ticket.route:
        x = _MARGIN + programme + 10 * MM
        _route(paper, x, top, WIDTH - _MARGIN - x, ticket.route)


def _route(paper: Paper, x: float, y: float, width: float, route: str) -> None:
    if not route:
        return
    paper.text(x, y, "Zo komt u er", Style(Weight.SEMIBOLD, 13, BRAND))
    y += 7.5 * MM
    high = _FOOT - 12 * MM - y
    text = block(route, Weight.REGULAR, (11, 10, 9, 8.5), min(width, 130 * MM), height=high, leading=1.45)
    _lines(paper, x, y, text, Weight.REGULAR, INK)


def _programme(paper: Paper, x: float, y: float, width: float, sessions: tuple[TicketSession, ...]) -> None:
    """Every session with its room under it; close together where there are many, so that all of them are there."""
    paper.text(x, y, "Uw programma", Style(Weight.SEMIBOLD, 13, BRAND))
    y += 3.5 * MM
    lowest = _FOOT - 11 * MM
    for make in (_Row.roomy, _Row.snug, _Row.close):
        rows = _with_days([make(session, width - _TIMES) for session in sessions])
        if y + sum(row.high + _DAY * bool(row.day) for row in rows) <= lowest:
            break
    for number, row in enumerate(rows):
        if y + row.high + _DAY * bool(row.day) > lowest:
            paper.text(x, y + 5 * MM, f"en nog {len(rows) - number}: zie de ticketpagina", _SMALL)
            return
        y = _session(paper, x, y, width, row)
    paper.rule(x, y, width)


_TIMES = 27 * MM
_DAY = 8 * MM


@dataclass(frozen=True, slots=True)
class _Row:
    """A session as it is drawn: its first line stands `down` below its top; `beside` its title stands the room."""

    session: TicketSession
    title: Block
    room: Block
    high: float
    down: float
    beside: bool = False
    day: str = ""

    @classmethod
    def roomy(cls, session: TicketSession, width: float) -> "_Row":
        return cls._room_under(session, width, (10.5, 9.5, 8.5), 9.5, air=4.2 * MM)

    @classmethod
    def snug(cls, session: TicketSession, width: float) -> "_Row":
        return cls._room_under(session, width, (9.5, 9, 8.5), 8.5, air=2.4 * MM)

    @classmethod
    def _room_under(
        cls, session: TicketSession, width: float, sizes: tuple[float, ...], room_size: float, *, air: float
    ) -> "_Row":
        title = block(session.title, Weight.SEMIBOLD, sizes, width, height=9.5 * MM, leading=1.2)
        title = balanced(session.title, Weight.SEMIBOLD, title, width)
        room = one_line(session.room, Weight.REGULAR, room_size, 7.5, width)
        high = title.height + (room_size * 1.2 if session.room else 0) + air
        return cls(session, title, room, high, air * 0.45 + title.size)

    @classmethod
    def close(cls, session: TicketSession, width: float) -> "_Row":
        room = one_line(session.room, Weight.REGULAR, 8.5, 7, width * 0.4)
        left = width - width_of(room.lines[0], Weight.REGULAR, room.size) - 2 * MM
        title = one_line(session.title, Weight.SEMIBOLD, 9.5, 7.5, left)
        return cls(session, title, room, 6.4 * MM, 4.4 * MM, beside=True)


def _with_days(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, the first of each day with its day."""
    days = [row.session.day for row in rows]
    return [
        replace(row, day=day if day != before else "")
        for row, day, before in zip(rows, days, ["", *days], strict=False)
    ]


def _session(paper: Paper, x: float, y: float, width: float, row: _Row) -> float:
    """Draw one under y; returns where the next one begins."""
    if row.day:
        paper.text(x, y + 5.6 * MM, row.day, Style(Weight.SEMIBOLD, 10, BRAND))
        y += _DAY
    paper.rule(x, y, width)
    time = one_line(row.session.time, Weight.REGULAR, min(10.5, row.title.size + 1), 8, _TIMES - 3 * MM)
    paper.text(x, y + row.down, time.lines[0], Style(Weight.REGULAR, time.size))
    below = _lines(paper, x + _TIMES, y + row.down, row.title, Weight.SEMIBOLD, INK)
    style = Style(Weight.REGULAR, row.room.size, SOFT_INK)
    if row.beside:
        paper.text_right(x + width, y + row.down, row.room.lines[0], style)
    else:
        paper.text(x + _TIMES, below, row.room.lines[0], style)
    return y + row.high


def _foot(paper: Paper, ticket: TicketData) -> None:
    paper.rule(_MARGIN, _FOOT - 5 * MM, _CONTENT, colour=LINE)
    contact = one_line(ticket.contact, Weight.REGULAR, 9, 7, _CONTENT)
    paper.text(_MARGIN, _FOOT, contact.lines[0], Style(Weight.REGULAR, contact.size, SOFT_INK))


def _lines(paper: Paper, x: float, y: float, lines: Block, weight: Weight, colour: str) -> float:
    """Draw the lines from y downwards; returns where the next line would stand."""
    style = Style(weight, lines.size, colour)
    for line in lines.lines:
        paper.text(x, y, line, style)
        y += lines.step
    return y
