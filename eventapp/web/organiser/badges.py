"""Paper for the day itself: badges on labels, signs for the rooms, and all tickets in one file."""

from typing import Any

from flask import abort, current_app, flash, render_template, request

from eventapp import formatting
from eventapp.documents.badge import COLOURS
from eventapp.domain import badges as rules
from eventapp.domain.badges import SHEETS, Badge, Selection, SheetKind
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.events import EventForm
from eventapp.domain.jobs import JobKind
from eventapp.domain.looks import PeopleList
from eventapp.models import BadgePrint, Event
from eventapp.queries import badges as known
from eventapp.services import badging, drawing, jobs
from eventapp.services.badging import Wish
from eventapp.services.jobs import StoredFile
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.badges import SIZES, BadgeForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.sent_files import sent_file

_PATH = "/evenementen/<slug>/badges"


@blueprint.route(_PATH, methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.BADGES)
@checks_own_csrf
def badges(slug: str) -> Answer:
    """Whose badges on which labels, with the first sheet as it will be; a second button makes the file."""
    event = event_or_404(slug)
    if event.form == EventForm.ONLINE:
        return render_template("organiser/badges.html", event=event, form=None)
    form = BadgeForm(data=_as_last_time(event))
    everybody = known.badges_of(event.id)
    printed = known.printed(event.id)
    one = _one(form, everybody)
    new = len(rules.changed(everybody, printed))
    form.offer(len(everybody), new, _name(one) if one else "", before=bool(printed))
    good = form.validate_on_submit()
    if good and request.form.get("stap") == "afdrukken":
        try:
            print_id = badging.print_badges(event.id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
            good = False
        else:
            return _to_file(slug, print_id)
    wish = form.read() if good else _usual(form)
    return _page(event_or_404(slug), form, wish, set(printed)), 422 if form.errors else 200


def _as_last_time(event: Event) -> dict[str, Any]:
    """The labels, the order and the sizes of the last print of this event; else the first kind there is."""
    kind, sheet, order, before = SheetKind.L4784, SHEETS[SheetKind.L4784], None, False
    for last, _ in known.prints_of(event.id)[:1]:
        kind, sheet, order, before = last.sheet_kind, drawing.sheet_of(last), last.sort_order, True
    asked = request.args.get("aanmelding", "")
    selection = Selection.ONE if asked else Selection.CHANGED if before else Selection.ALL
    values: dict[str, Any] = {"kind": kind.value, "first_label": 1, "selection": selection.value, "aanmelding": asked}
    values |= {"order": order.value} if order else {}
    return values | {name: getattr(sheet, name) for name in ("columns", "rows", *SIZES)}


def _one(form: BadgeForm, everybody: list[Badge]) -> Badge | None:
    """The one person that is asked for, if their badge is among these; else nobody is offered alone."""
    found = next((badge for badge in everybody if str(badge.registration_id) == form.aanmelding.data), None)
    if found is None and form.selection.data == Selection.ONE.value:
        form.selection.data = Selection.ALL.value
    return found


def _usual(form: BadgeForm) -> Wish:
    """What the picture shows before anything was chosen, or while something chosen cannot be."""
    known_kind = form.kind.data in list(SHEETS)
    return form.read_as(SHEETS[SheetKind(form.kind.data) if known_kind else SheetKind.L4784])


def _page(event: Event, form: BadgeForm, wish: Wish, had_one: set[int]) -> str:
    found = badging.chosen(event.id, wish)
    names_people(len(found))
    free = wish.first_label - 1
    coming = {badge.registration_id for badge in known.badges_of(event.id)}
    return render_template(
        "organiser/badges.html",
        event=event,
        form=form,
        sheet=wish.sheet,
        page=(rules.PAGE_WIDTH, rules.PAGE_HEIGHT),
        labels=[None] * free + [drawing.badge_data(badge) for badge in found[: wish.sheet.labels - free]],
        colours=COLOURS,
        count=len(found),
        sheets=-(-(free + len(found)) // wish.sheet.labels) if found else 0,
        prints=known.prints_of(event.id),
        most=rules.MOST_AT_ONCE,
        gone=known.names_of(had_one - coming),
        tickets=len(coming),
    )


def _name(badge: Badge) -> str:
    return formatting.full_name(badge.given_name, badge.infix, badge.family_name)


def _to_file(slug: str, print_id: int) -> Answer:
    """On to the file, or to the job that makes it when there is much to draw."""
    event = event_or_404(slug)
    made = _print_or_404(event, print_id)
    if not drawing.needs_job(len(made.lines)):
        return back_to("badges_pdf", slug=slug, print_id=print_id)
    parameters = {"what": drawing.BADGES, "event_id": event.id, "print_id": print_id, "pages": len(made.lines)}
    return back_to("job", job_id=jobs.enqueue(JobKind.PAPERS, parameters, by=actor(), now=now()))


def _print_or_404(event: Event, print_id: int) -> BadgePrint:
    made = known.print_by_id(print_id)
    if made is None or made.event_id != event.id:
        raise NotFound()
    return made


@blueprint.get(f"{_PATH}/<int:print_id>.pdf")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.BADGES)
def badges_pdf(slug: str, print_id: int) -> Answer:
    """One print again, as its badges read now. What is too large to wait for is made by a job."""
    made = _print_or_404(event_or_404(slug), print_id)
    if drawing.needs_job(len(made.lines)):
        abort(404)
    names_people(len(made.lines))
    return _shown(drawing.badges_file(print_id))


@blueprint.post(f"{_PATH}/<int:print_id>/bestand")
@audience(Audience.STAFF, *EDITORS)
def badges_again(slug: str, print_id: int) -> Answer:
    """Make the file of a print again, however large."""
    return _to_file(slug, print_id)


@blueprint.post(f"{_PATH}/<int:print_id>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def badges_removal(slug: str, print_id: int) -> Answer:
    """The print failed: its badges count as new again."""
    _print_or_404(event_or_404(slug), print_id)
    badging.take_back(print_id, by=actor(), now=now())
    flash("Deze afdruk telt niet mee; de badges gelden weer als nieuw.", "good")
    return back_to("badges", slug=slug)


@blueprint.get("/evenementen/<slug>/borden.pdf")
@audience(Audience.STAFF, *READERS)
def signs(slug: str) -> Answer:
    """The sign at the door, and one for each room and round."""
    return _shown(drawing.signs_file(event_or_404(slug)))


@blueprint.post("/evenementen/<slug>/tickets")
@audience(Audience.STAFF, *EDITORS)
def tickets(slug: str) -> Answer:
    """All tickets in one file: it is noted who asked for them, then they are drawn."""
    event = event_or_404(slug)
    event_id = event.id
    number = badging.ask_tickets(event_id, by=actor(), now=now())
    if not drawing.needs_job(number):
        return back_to("tickets_pdf", slug=slug)
    parameters = {"what": drawing.TICKETS, "event_id": event_id, "pages": number, "demo": current_app.config["DEMO"]}
    return back_to("job", job_id=jobs.enqueue(JobKind.PAPERS, parameters, by=actor(), now=now()))


@blueprint.get("/evenementen/<slug>/tickets.pdf")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.TICKETS)
def tickets_pdf(slug: str) -> Answer:
    """The tickets of everybody, a page each."""
    event = event_or_404(slug)
    number = len(known.tickets_of(event.id))
    if drawing.needs_job(number):
        abort(404)
    names_people(number)
    return _shown(drawing.tickets_file(event.id, demo=current_app.config["DEMO"]))


def _shown(file: StoredFile) -> Answer:
    return sent_file(file.content, file.content_type, file.name, attached=False)
