"""Who looked at which list of people: of the whole house, narrowed, and as a file."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for

from eventapp import formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.documents.money_sheet import Cell, MoneySheet
from eventapp.domain.actors import Role
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.models import Event, ListLook
from eventapp.queries import looks as known
from eventapp.queries import office
from eventapp.queries.association import load_association
from eventapp.queries.events import event_by_slug
from eventapp.queries.looks import WantedLooks
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.money import FILE_KINDS, day_asked
from eventapp.web.organiser.shared import Answer
from eventapp.web.own_numbers import own_number

_NAMES = ("wie", "lijst", "bijeenkomst", "vorm", "van", "tot")


@blueprint.get("/logboek/lijsten")
@audience(Audience.STAFF, Role.BEHEERDER)
def looks() -> Answer:
    """One page of them, newest first."""
    args, event, wanted = _asked()
    number = max(1, request.args.get("pagina", 1, type=int))
    page = known.page(wanted, number)

    def page_url(number: int) -> str:
        return url_for("organiser.looks", **args, pagina=number)

    return render_template(
        "organiser/looks.html",
        page=page,
        args=args,
        event=event,
        staff=office.staff(),
        looker=looker,
        about=about,
        previous=page_url(number - 1) if number > 1 else None,
        next=page_url(number + 1) if page.more else None,
    )


@blueprint.get("/logboek/lijsten.<any(csv, xlsx):extension>")
@audience(Audience.STAFF, Role.BEHEERDER)
def looks_file(extension: str) -> Answer:
    """The same as a file."""
    rows = known.for_file(_asked()[2])
    sheet = MoneySheet(
        title="Wie bekeek welke lijst",
        about=formatting.count_nl(len(rows), "regel", "regels"),
        association=load_association().letterhead,
        heads=("Van", "Tot", "Wie", "Lijst", "Waarvan", "Hoe", "Keer", "Mensen"),
        rows=tuple(map(_row, rows)),
        printed_at=now(),
        page="Bekeken lijsten",
    )
    make, content_type = FILE_KINDS[extension]
    name = file_name("bekeken-lijsten", "alles", extension, on=local_date(now()))
    return Response(
        make(sheet), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _row(look: ListLook) -> tuple[Cell, ...]:
    first, last = formatting.moment(look.first_at), formatting.moment(look.last_at)
    how = "meegenomen" if look.as_file else "bekeken"
    of = about(look)[0]
    return first, last, looker(look), wording.LISTS[look.which], of, how, str(look.times), str(look.people)


def looker(look: ListLook) -> str:
    """Who it was, named as they are called now."""
    if look.staff:
        return look.staff.name or look.staff.address
    if look.person:
        name = formatting.full_name(look.person.given_name, look.person.infix, look.person.family_name)
        return f"{name or '(gewist)'}, contactpersoon"
    return f"{look.token.name}, {'telefoon' if look.token.event_id else 'koppeling'}" if look.token else ""


def about(look: ListLook) -> tuple[str, str]:
    """What the list was of, and where that is; of neither event, circle nor organisation it is the house."""
    if look.event:
        title = f"{look.event.title}, {formatting.short_date(look.event.starts_at)}"
        return title, url_for("organiser.event", slug=look.event.slug)
    if look.circle:
        return look.circle.name, url_for("organiser.circle", slug=look.circle.slug)
    if look.organisation:
        return look.organisation.name, url_for("organiser.organisation", organisation_id=look.organisation.id)
    return "", ""


def _asked() -> tuple[Mapping[str, Any], Event | None, WantedLooks]:
    """What the address asks for; what makes no sense is left out, but for an event that is not there."""
    args = {name: text for name in _NAMES if (text := request.args.get(name, "").strip()[:100])}
    event = event_by_slug(args["bijeenkomst"]) if "bijeenkomst" in args else None
    which = args.get("lijst", "")
    wanted = WantedLooks(
        staff_id=own_number(args.get("wie")),
        which=PeopleList(which) if which in list(PeopleList) else None,
        event_id=event.id if event else -1 if "bijeenkomst" in args else None,
        files_only=args.get("vorm") == "bestand",
        first=day_asked(args, "van"),
        last=day_asked(args, "tot"),
    )
    return args, event, wanted
