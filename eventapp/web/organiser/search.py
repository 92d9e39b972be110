"""The search over everything, which stands on top of each page."""

from flask import render_template, request

from eventapp.domain.looks import PeopleList
from eventapp.queries import search as known
from eventapp.queries.search import Sight
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import MONEY, READERS, blueprint
from eventapp.web.organiser.circles import own_circles
from eventapp.web.organiser.shared import Answer, actor


@blueprint.get("/zoeken")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.SEARCH)
def search() -> Answer:
    """What fits, a few of each kind, as far as somebody sees it."""
    who, text = actor(), request.args.get("q", "").strip()[:100]
    sight = Sight(
        own=who.own(*READERS),
        circles=own_circles(who),
        people=who.has_everywhere(*READERS),
        money=who.has_everywhere(*MONEY),
    )
    found = known.search(text, sight)
    names_people(len(found.people) + len(found.registrations))
    return render_template(
        "organiser/search.html",
        text=text,
        found=found,
        limit=known.SHOWN,
        short=len(text) < known.SHORTEST,
    )
