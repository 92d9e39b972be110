"""What did you think of it? One page by the link from the mail, answered once."""

from contextlib import suppress

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp.domain.errors import ExpiredLink, UnknownLink, UsedLink
from eventapp.domain.evaluation import Plan, Stage, last_day, stage
from eventapp.extensions import db
from eventapp.models import EvaluationInvite, Event
from eventapp.queries.evaluation import evaluation_of, invite_by_token
from eventapp.services import evaluating
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.evaluation import ReplyForm, reply_form
from eventapp.web.forms import checks_own_csrf
from eventapp.web.member import blueprint


@blueprint.route("/evaluatie/<token>", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def evaluation(token: str) -> Response | str | tuple[str, int]:
    """The questions, or thanks for the answers. It names nobody: links get forwarded."""
    invite = _invite(token)
    plan = _plan(invite)
    form = reply_form(plan)
    if form.validate_on_submit():
        # Used or closed meanwhile: the page says which of the two.
        with suppress(UsedLink, ExpiredLink):
            evaluating.answer(token, form.reply(), now=now())
        return redirect(url_for("member.evaluation", token=token), code=303)
    return _page(invite, form), 422 if form.errors else 200


def _invite(token: str) -> EvaluationInvite:
    found = invite_by_token(token)
    if found is None:
        raise UnknownLink()
    return found


def _plan(invite: EvaluationInvite) -> Plan:
    return evaluation_of(_event(invite)).plan


def _event(invite: EvaluationInvite) -> Event:
    return db.session.get_one(Event, invite.event_id)


def _page(invite: EvaluationInvite, form: ReplyForm) -> str:
    event = _event(invite)
    closes_at = evaluation_of(event).closes_at
    return render_template(
        "member/evaluation.html",
        event=event,
        form=form,
        answered=invite.answered,
        open=stage(closes_at, now=now()) == Stage.OPEN,
        until=last_day(closes_at) if closes_at else None,
    )
