"""The colours of the association as a style sheet, and the mark of its browser tab.

The address holds the colours, so that an answer never changes and asks nothing of the database.
"""

from flask import Response, abort, render_template

from eventapp.domain import colours
from eventapp.web.access import Audience, audience
from eventapp.web.public import blueprint

_FOR_A_YEAR = "public, max-age=31536000, immutable"
_TYPES = {"css": "text/css", "svg": "image/svg+xml"}


@blueprint.get("/huisstijl/<chosen>.<any(css, svg):extension>")
@audience(Audience.PUBLIC)
def house_style(chosen: str, extension: str) -> Response:
    """What follows from a brand colour and an accent; 404 for colours that the settings would refuse."""
    brand, _, accent = (f"#{part}" if part else "" for part in chosen.partition("-"))
    if not (colours.is_colour(brand) and colours.is_colour(accent)):
        abort(404)
    if colours.brand_contrast(brand) < colours.READABLE or colours.accent_contrast(accent) < colours.VISIBLE:
        abort(404)
    text = render_template(
        f"public/house_style.{extension}",
        light=colours.in_the_light(brand, accent),
        dark=colours.in_the_dark(brand, accent),
    )
    return Response(text, content_type=f"{_TYPES[extension]}; charset=utf-8", headers={"Cache-Control": _FOR_A_YEAR})
