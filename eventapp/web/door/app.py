"""The shell of the door app: the same for everybody, without a name in it; the phone brings its own token."""

from flask import render_template

from eventapp import wording
from eventapp.web.access import Audience, audience
from eventapp.web.door import blueprint


@blueprint.get("/deur")
@audience(Audience.VISITOR)
def door() -> str:
    categories = {category.value: word for category, word in wording.CATEGORIES.items()}
    return render_template("door/app.html", categories=categories)
