"""The log of the whole house: who did what when, narrowed by who, what and when, page after page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import render_template, request, url_for

from eventapp import wording
from eventapp.domain.logbook import hidden_from
from eventapp.domain.looks import PeopleList
from eventapp.formatting import full_name
from eventapp.models import AuditEntry, Event
from eventapp.queries import logbook as log
from eventapp.queries import office
from eventapp.queries.events import event_by_slug
from eventapp.queries.logbook import Cursor, Thing, Wanted
from eventapp.queries.merging import PERSON, former_ids
from eventapp.queries.people import person_by_id
from eventapp.web.access import Audience, audience
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.shared import actor
from eventapp.web.own_numbers import own_number

_NAMES = ("wie", "soort", "nummer", "bijeenkomst", "persoon", "van", "tot")

# The subjects of which a line names somebody.
_ABOUT_PEOPLE = ("order", "person", "registration")


class About(NamedTuple):
    """What a line is about, as a link."""

    name: str
    url: str


@blueprint.get("/logboek")
@audience(Audience.STAFF, *MONEY)
@lists_people(PeopleList.LOG)
def logbook() -> str:
    """One page of the lines asked for, newest first; a number of all of them would mean reading all of them."""
    args: dict[str, Any] = {name: text for name in _NAMES if (text := request.args.get(name, "").strip()[:100])}
    event = event_by_slug(args["bijeenkomst"]) if "bijeenkomst" in args else None
    person_id = own_number(args.get("persoon"))
    hidden = hidden_from(actor())
    page = log.page(_wanted(args, event, person_id, hidden), before=_cursor(request.args.get("voor", "")))
    about = labels(page.rows)
    names_people(sum(subject in _ABOUT_PEOPLE for subject, _key in about))
    older = f"{page.older.at.isoformat()}~{page.older.id}" if page.older else None
    return render_template(
        "organiser/logbook.html",
        page=page,
        args=args,
        event=event,
        person=person_by_id(person_id) if person_id else None,
        staff=office.staff(),
        subjects={code: words for code, words in wording.SUBJECTS.items() if code not in hidden},
        labels=about,
        older=url_for("organiser.logbook", **args, voor=older) if older else None,
        newest=url_for("organiser.logbook", **args) if "voor" in request.args else None,
    )


def _wanted(args: Mapping[str, str], event: Event | None, person_id: int | None, hidden: Iterable[str]) -> Wanted:
    kind, _, key = args.get("wie", "").partition("-")
    number = own_number(args.get("nummer"))
    unknown_event = -1 if "bijeenkomst" in args else None
    return Wanted(
        actor_kind=kind,
        actor_id=own_number(key),
        subject=args.get("soort", ""),
        subject_ids=(number,) if number is not None else (),
        event_id=event.id if event else unknown_event,
        person_ids=(person_id, *former_ids(PERSON, person_id)) if person_id is not None else (),
        first=_day(args.get("van")),
        last=_day(args.get("tot")),
        hidden=tuple(hidden),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _cursor(text: str) -> Cursor | None:
    """Where an older page begins; anything else than we wrote is the first page."""
    at, _, key = text.partition("~")
    number = own_number(key)
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return Cursor(found, number) if number is not None and found.tzinfo else None


def labels(entries: Iterable[AuditEntry], *, whose: bool = True) -> dict[tuple[str, int], About]:
    """What these lines are about, named as it is called now, by subject and id; `whose` names the person too."""
    found: dict[tuple[str, int], About] = {}
    for (subject, key), thing in log.things(entries).items():
        found[subject, key] = About(_name(subject, thing, whose), _url(subject, key, thing))
    return found


def _name(subject: str, thing: Thing, whose: bool) -> str:
    who = ""
    if whose and thing.person:
        who = full_name(thing.person.given_name, thing.person.infix, thing.person.family_name) or "(gewist)"
    return ", ".join(filter(None, (who, thing.name))) or wording.SUBJECTS[subject]


def _url(subject: str, key: int, thing: Thing) -> str:
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "circle": ("circle", {"slug": thing.slug}),
        "event": ("event", {"slug": thing.slug}),
        "invoice": ("invoice", {"invoice_id": key}),
        "order": ("registration", {"registration_id": thing.registration_id}),
        "organisation": ("organisation", {"organisation_id": key}),
        "person": ("person", {"person_id": key}),
        "registration": ("registration", {"registration_id": key}),
    }
    endpoint, values = known[subject]
    return url_for(f"organiser.{endpoint}", **values)
