"""The pages every site needs: privacy, accessibility, and what search engines should leave alone."""

from flask import current_app, render_template
from werkzeug.wrappers import Response

from eventapp.web.access import Audience, audience
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated

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
    return validated("privacy", lambda: render_template("public/privacy.html"))


@blueprint.get("/toegankelijkheid")
@audience(Audience.PUBLIC)
def accessibility() -> Response:
    return validated("toegankelijkheid", lambda: render_template("public/accessibility.html"))


@blueprint.get("/robots.txt")
@audience(Audience.PUBLIC)
def robots() -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED_TO_ROBOTS)]
    if current_app.config["DEMO"]:
        lines = ["User-agent: *", "Disallow: /"]
    return validated(lines, lambda: "\n".join(lines) + "\n", mimetype="text/plain")
