"""Registrations of one event or of all as a list: filters, columns and order stand in the address; views are kept."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request, url_for
from werkzeug.utils import redirect

from eventapp.domain.bulk import BulkAct
from eventapp.domain.events import EventForm
from eventapp.domain.looks import PeopleList
from eventapp.domain.registration_lists import Listing, is_long, read
from eventapp.models import Event
from eventapp.queries import breakouts, office
from eventapp.queries import registration_lists as known
from eventapp.queries.registration_rows import beside
from eventapp.services import saved_views
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import READERS, blueprint
from eventapp.web.organiser.forms.registration_lists import ViewForm
from eventapp.web.organiser.shared import Answer, actor, event_or_404


def asked() -> Listing:
    """The list that the address of this request asks for."""
    return read(request.args.items(multi=True))


@blueprint.get("/evenementen/<slug>/aanmeldingen")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.REGISTRATIONS)
def registrations(slug: str) -> Answer:
    """The registrations of one event."""
    return _list(event_or_404(slug))


@blueprint.get("/aanmeldingen")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.REGISTRATIONS)
def all_registrations() -> Answer:
    """The registrations of all events."""
    return _list(None)


def _list(event: Event | None) -> str:
    listing, who = asked(), actor()
    number = max(1, request.args.get("pagina", 1, type=int))
    has_programme = event is not None and bool(breakouts.rounds_of(event.id))
    event_id = event.id if event else None
    own = None if event else who.own(*READERS)
    page = known.page(listing, event_id, own=own, number=number, now=now())
    names_people(len(page.rows))
    columns = listing.shown(one_event=event is not None, programme=has_programme)
    usual = Listing().shown(one_event=event is not None, programme=has_programme)
    listing = replace(listing, columns=() if columns == usual else columns)

    def page_url(number: int) -> str:
        return list_url(event, listing, pagina=number)

    return render_template(
        "organiser/registrations.html",
        event=event,
        page=page,
        listing=listing,
        columns=columns,
        usual=usual,
        beside=beside(page.rows, columns),
        counts=office.counts_by_state(event_id, own),
        labels=known.labels_in_use(event_id, own),
        has_programme=has_programme,
        long=is_long(page.total),
        hybrid=event is None or event.form == EventForm.HYBRIDE,
        acts=[act for act in BulkAct if act != BulkAct.BREAKOUT or has_programme],
        views=known.views_of(who.id or 0),
        view_form=ViewForm(
            formdata=None, data={"query": urlencode(listing.pairs()), "slug": event.slug if event else ""}
        ),
        list_url=list_url,
        plain_url=list_url(event, Listing()),
        previous=page_url(number - 1) if number > 1 else None,
        next=page_url(number + 1) if page.more else None,
    )


def list_url(event: Event | None, listing: Listing | str, endpoint: str = "registrations", **more: Any) -> str:
    """The address of a list, or of a file of it, with these filters and columns; text is a query as a view keeps it."""
    where: dict[str, Any] = {"slug": event.slug} if event else {}
    query = listing if isinstance(listing, str) else urlencode(listing.pairs())
    path = url_for(f"organiser.{endpoint if event else f'all_{endpoint}'}", **where, **more)
    return path + (("&" if "?" in path else "?") + query if query else "")


@blueprint.post("/aanmeldingen/weergaven")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@checks_own_csrf
def view_keeping() -> Answer:
    """Keep a view under a name."""
    form = ViewForm()
    event = event_or_404(form.slug.data) if form.slug.data else None
    if form.validate_on_submit():
        saved_views.keep(form.name.data, form.query.data or "", by=actor(), now=now())
        flash(f"De weergave “{form.name.data}” is bewaard.", "good")
    else:
        flash("Geef de weergave een naam van hooguit 60 tekens.", "bad")
    return redirect(list_url(event, form.query.data or ""), 303)


@blueprint.post("/aanmeldingen/weergaven/<int:view_id>/verwijdering")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def view_dropping(view_id: int) -> Answer:
    """Throw a view of one's own away."""
    saved_views.drop(view_id, by=actor())
    flash("De weergave is weg.", "good")
    slug = request.form.get("slug", "")
    return redirect(list_url(event_or_404(slug) if slug else None, Listing()), 303)
