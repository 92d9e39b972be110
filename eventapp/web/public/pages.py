"""The pages every site needs: privacy, accessibility, and what search engines should leave alone."""

from datetime import datetime, timedelta

from flask import current_app, render_template
from werkzeug.wrappers import Response

from eventapp import documents
from eventapp.domain.personal_data import PROCESSINGS
from eventapp.mail.compose import links
from eventapp.queries import circles as circle_queries
from eventapp.queries import events as event_queries
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.openid import configured
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated
from eventapp.wording import privacy as words

_LOOKS_BACK = timedelta(days=365)
_CLOSED_TO_ROBOTS = (
    "/beheer",
    "/bestelling",
    "/ticket",
    "/mijn",
    "/inloggen",
    "/deur",
    "/deelnemen",
    "/uitnodiging",
    "/bewijs",
    "/evaluatie",
    "/postvak",
    "/api",
)


@blueprint.get("/privacy")
@audience(Audience.PUBLIC)
def privacy() -> Response:
    return validated("privacy", _privacy)


def _privacy() -> str:
    """Drawn from the table that the nightly sweep goes by."""
    shown = [(*words.PROCESSINGS[one.code], one) for one in PROCESSINGS if one.shown]
    rows = [
        (what, f"{why} Op grond van {words.GROUNDS[one.ground]}. Hoe lang: {words.kept(one.terms)}.")
        for what, why, one in shown
    ]
    return render_template("public/privacy.html", kept=rows, microsoft=configured())


@blueprint.get("/toegankelijkheid")
@audience(Audience.PUBLIC)
def accessibility() -> Response:
    return validated("toegankelijkheid", lambda: render_template("public/accessibility.html"))


@blueprint.get("/sitemap.xml")
@audience(Audience.PUBLIC)
def sitemap() -> Response:
    """Every page that strangers may find: what lies ahead, what was in the last year, and the pages around it."""
    base = links().base
    pages: list[tuple[str, datetime | None]] = [
        (f"{base}{path}", None) for path in ("/", "/kringen", "/privacy", "/toegankelijkheid")
    ]
    pages += [(links().circle(circle.slug), circle.updated_at) for circle in circle_queries.public_circles()]
    pages += [(links().event(slug), changed) for slug, changed in event_queries.pages(since=now() - _LOOKS_BACK)]
    return validated(pages, lambda: documents.sitemap.sitemap(pages), mimetype="application/xml")


@blueprint.get("/robots.txt")
@audience(Audience.PUBLIC)
def robots() -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED_TO_ROBOTS)]
    lines += ["", f"Sitemap: {links().base}/sitemap.xml"]
    if current_app.config["DEMO"]:
        lines = ["User-agent: *", "Disallow: /"]
    return validated(lines, lambda: "\n".join(lines) + "\n", mimetype="text/plain")
