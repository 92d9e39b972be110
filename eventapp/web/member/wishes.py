"""What somebody wants to hear about: the page behind the link in every announcement, with one tap per subject."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import Field
from eventapp.queries.mail_preferences import preference_by_token
from eventapp.services import mail_wishes
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint

_EVERYTHING = "alles"


@blueprint.get("/voorkeuren/<token>")
@audience(Audience.LINK)
def wishes(token: str) -> str:
    """Of which subjects there are announcements, each with its button. Looking changes nothing."""
    kept = preference_by_token(token)
    if kept is None:
        raise UnknownLink()
    topics = [(one, kept.wishes.wants(one)) for one in Field]
    return render_template("member/wishes.html", topics=topics, wishes=kept.wishes, token=token)


@blueprint.post("/voorkeuren/<token>/keuze")
@audience(Audience.LINK)
def wish(token: str) -> Response:
    """Yes or no to one subject, or to all of them."""
    topic = request.form.get("onderwerp", "")
    if topic not in (_EVERYTHING, *Field):
        abort(400)
    topics = list(Field) if topic == _EVERYTHING else [Field(topic)]
    mail_wishes.choose(token, topics, wanted=request.form.get("wens") == "ja", now=now())
    return redirect(url_for("member.wishes", token=token), code=303)
