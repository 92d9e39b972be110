"""Files that are drawn for the office page by page, at once or as long work: badges, tickets and signs of an event."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from eventapp import documents, formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.domain.badges import MOST_AT_ONCE, Badge, Sheet
from eventapp.domain.errors import NotFound, NothingToPrint
from eventapp.extensions import db
from eventapp.mail import papers
from eventapp.models import BadgePrint, Event
from eventapp.queries import badges as known
from eventapp.queries.association import load_association
from eventapp.queries.badges import InRoom
from eventapp.queries.breakouts import Presenter, presenters_of
from eventapp.services.carrying_out import Work
from eventapp.services.jobs import StoredFile

PDF = "application/pdf"
BADGES, TICKETS = "badges", "tickets"


def badges_file(print_id: int) -> StoredFile:
    """The badges of one print as they read now; who does not come any more is left out.

    Refuses with NotFound, and with NothingToPrint when nobody of it comes any more.
    """
    made = known.print_by_id(print_id)
    if made is None:
        raise NotFound()
    event = db.session.get_one(Event, made.event_id)
    badges = {badge.registration_id: badge for badge in known.badges_of(event.id)}
    drawn = [badge_data(badges[line.registration_id]) for line in made.lines if line.registration_id in badges]
    if not drawn:
        raise NothingToPrint()
    content = documents.badge_pdf.badge_pdf(
        drawn,
        sheet_of(made),
        event_title=event.title,
        association=load_association().letterhead,
        first_label=made.first_label,
    )
    return StoredFile(file_name("badges", event.slug, "pdf"), PDF, content)


def sheet_of(made: BadgePrint) -> Sheet:
    """The labels on which a print was made."""
    return Sheet(**made.sheet)


def badge_data(badge: Badge) -> "documents.badge.BadgeData":
    """One badge in words, as it is printed."""
    given, surname = formatting.name_lines(badge.given_name, badge.infix, badge.family_name)
    return documents.badge.BadgeData(
        first_name=given,
        surname=surname,
        organisation=badge.organisation,
        category=badge.category,
        word=wording.CATEGORIES[badge.category],
        code=badge.code,
        no_photo=badge.no_photo,
    )


def tickets_file(event_id: int, *, demo: bool = False) -> StoredFile:
    """The tickets of everybody who comes, a page each, by name. Refuses with NotFound and NothingToPrint."""
    event = db.session.get(Event, event_id)
    if event is None:
        raise NotFound()
    tickets = known.tickets_of(event_id)
    if not tickets:
        raise NothingToPrint()
    content = documents.ticket_pdf.ticket_pdf(papers.tickets_data(tickets, demo=demo))
    return StoredFile(file_name("tickets", event.slug, "pdf"), PDF, content)


def signs_file(event: Event) -> StoredFile:
    """The sign at the door and those at the rooms, one for each round in which something goes on there."""
    sign_pdf = documents.sign_pdf
    door = sign_pdf.DoorSign(
        event_title=event.title,
        kind=wording.KINDS[event.kind],
        when=formatting.when(event.starts_at, event.ends_at),
        venue=", ".join(filter(None, (event.venue, event.city))),
        association=load_association().letterhead,
    )
    content = sign_pdf.sign_pdf(door, _room_signs(event))
    return StoredFile(file_name("borden", event.slug, "pdf"), PDF, content)


def _room_signs(event: Event) -> list["documents.sign_pdf.RoomSign"]:
    sign_pdf = documents.sign_pdf
    presenters = defaultdict(list, presenters_of(event.id))
    several_days = formatting.local_date(event.starts_at) != formatting.local_date(event.ends_at)
    found = []
    for (room, round_, starts_at, ends_at), parts in groupby(
        known.in_rooms(event.id), key=lambda one: (one.room, one.round, one.starts_at, one.ends_at)
    ):
        day = f"{formatting.short_day(starts_at)}, " if several_days else ""
        found.append(
            sign_pdf.RoomSign(
                room=room,
                round=round_,
                time=day + formatting.time_range(starts_at, ends_at),
                parts=tuple(
                    sign_pdf.RoomPart(one.title, _speakers(one, presenters[one.breakout_id]), _goes_on(one))
                    for one in parts
                ),
            )
        )
    return found


def _speakers(one: InRoom, presenters: Iterable[Presenter]) -> str:
    """As the programme says; else whoever is registered as presenting it."""
    names = [formatting.full_name(who.given_name, who.infix, who.family_name) for who in presenters]
    return one.speakers or formatting.listed(names)


def _goes_on(one: InRoom) -> str:
    return wording.goes_on_until(formatting.clock(one.until)) if one.until > one.ends_at else ""


def run(work: Work) -> None:
    """Draw a file that is too large to wait for; it stays with the job until that is swept."""
    work.report(0, total=int(work.parameters["pages"]))
    if work.parameters["what"] == BADGES:
        file = badges_file(int(work.parameters["print_id"]))
    else:
        file = tickets_file(int(work.parameters["event_id"]), demo=bool(work.parameters["demo"]))
    db.session.rollback()
    with work.batch():
        work.keep_file("pdf", file)
        work.step(int(work.parameters["pages"]))


def needs_job(pages: int) -> bool:
    """Whether it is too much to draw while somebody waits."""
    return pages > MOST_AT_ONCE
