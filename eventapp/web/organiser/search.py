"""The search over everything, which stands on top of each page."""

from flask import render_template, request

from eventapp.queries import search as known
from eventapp.queries.search import Sight
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.organiser import MONEY, READERS, blueprint
from eventapp.web.organiser.circles import own_circles
from eventapp.web.organiser.shared import Answer, actor


@blueprint.get("/zoeken")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def search() -> Answer:
    """What fits, a few of each kind, as far as somebody sees it."""
    who, text = actor(), request.args.get("q", "").strip()[:100]
    sight = Sight(
        own=who.own(*READERS),
        circles=own_circles(who),
        people=who.has_everywhere(*READERS),
        money=who.has_everywhere(*MONEY),
    )
    return render_template(
        "organiser/search.html",
        text=text,
        found=known.search(text, sight),
        limit=known.SHOWN,
        short=len(text) < known.SHORTEST,
    )
