"""A member's own page of a circle, by the link from the mail: every meeting with ja, nee or verhinderd, and leaving."""

from typing import NamedTuple

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.circles import MeetingAnswer, Standing
from eventapp.domain.errors import DomainError, UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.times import local_date
from eventapp.models import CircleMember, Person
from eventapp.queries.circles import Attending, attending_of, member_by_token, memberships_at
from eventapp.services import circle_answers, circle_members
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, StrippedString, at_most, checks_own_csrf, choices
from eventapp.web.member import blueprint


class AnswerForm(DutchForm):
    """Ja, nee or verhinderd; the buttons themselves are the choice."""

    answer = RadioField(
        "Komt u?", [InputRequired("Kies ja, nee of verhinderd.")], choices=choices(wording.MEETING_ANSWERS)
    )
    reason = StrippedString("Reden", [Optional(), at_most(300)])


class PlainForm(DutchForm):
    """One button."""


class MeetingRow(NamedTuple):
    """One meeting on the page of a member, every word ready; `open` while one can still answer."""

    slug: str
    title: str
    when: str
    where: str
    block: formatting.DayBlock
    iso: str
    standing_word: str
    tone: str
    reason: str
    open: bool
    ticket_token: str
    standing: Standing


class CircleLine(NamedTuple):
    """One membership among what is mine: the name, since when, and the page; `person` only at a shared mailbox."""

    name: str
    person: Person | None
    days: str
    url: str
    over: bool


@blueprint.get("/kringen/lid/<token>")
@audience(Audience.LINK)
def circle(token: str) -> str:
    """Every meeting while I am in it, and how I stand."""
    member = _member(token)
    rows = [_row(one) for one in attending_of(member)]
    return render_template(
        "member/circle.html",
        member=member,
        circle=member.circle,
        days=wording.membership_days(member.joined_on, member.left_on),
        coming=[row for row in rows if row.open],
        past=[row for row in reversed(rows) if not row.open],
        left=member.left_on is not None,
        form=PlainForm(),
    )


@blueprint.route("/kringen/lid/<token>/<slug>", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def circle_meeting(token: str, slug: str) -> Response | str | tuple[str, int]:
    """One meeting: three buttons, and a reason if one likes."""
    member = _member(token)
    found = next((one for one in attending_of(member) if one.event.slug == slug), None)
    if found is None:
        raise UnknownLink()
    form = AnswerForm()
    if form.validate_on_submit():
        said = MeetingAnswer(form.answer.data)
        try:
            circle_answers.answer(token, found.event.id, said, reason=form.reason.data or "", now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_THANKS[said], "good")
            return redirect(url_for("member.circle", token=token), code=303)
        member = _member(token)
        found = next(one for one in attending_of(member) if one.event.slug == slug)
    page = render_template(
        "member/circle_meeting.html",
        member=member,
        circle=member.circle,
        row=_row(found),
        form=form,
        token=token,
        several=len(memberships_at(member.address)) > 1,
    )
    return page, 422 if form.errors else 200


_THANKS = {
    MeetingAnswer.JA: "Fijn, u komt.",
    MeetingAnswer.NEE: "Wij hebben genoteerd dat u niet komt.",
    MeetingAnswer.VERHINDERD: "Jammer dat u verhinderd bent; wij hebben het genoteerd.",
}


@blueprint.route("/kringen/lid/<token>/afscheid", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def circle_leaving(token: str) -> Response | str:
    """Leave the circle: today is the last day, and what comes after goes back."""
    member = _member(token)
    form = PlainForm()
    if form.validate_on_submit():
        by = Actor("person", member.address, member.person_id)
        circle_members.leave(token, by=by, now=now())
        return redirect(url_for("member.circle", token=token), code=303)
    coming = [row for row in (_row(one) for one in attending_of(member)) if row.open]
    return render_template("member/circle_leave.html", member=member, circle=member.circle, coming=coming, form=form)


def _member(token: str) -> CircleMember:
    """Refuses with UnknownLink, also for who was forgotten."""
    found = member_by_token(token)
    if found is None or not found.address:
        raise UnknownLink()
    return found


def _row(one: Attending) -> MeetingRow:
    event, ticket = one.event, one.registration.ticket if one.registration else None
    off = event.state == EventState.CANCELLED
    return MeetingRow(
        slug=event.slug,
        title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        where=presenting.where(event),
        block=formatting.day_block(event.starts_at),
        iso=formatting.iso(event.starts_at),
        standing_word="Gaat niet door" if off else wording.OWN_STANDINGS[one.standing],
        tone="bad" if off else wording.STANDING_TONES[one.standing],
        reason=one.reason,
        open=event.state == EventState.PUBLISHED and event.starts_at > now(),
        ticket_token=ticket.token if ticket else "",
        standing=one.standing,
    )


def my_circles(address: str, *, several: bool) -> list[CircleLine]:
    """The memberships at this address: those that go on first, and what ended; whose, where `several` share it."""
    today = local_date(now())
    lines = [
        CircleLine(
            member.circle.name,
            member.person if several else None,
            wording.membership_days(member.joined_on, member.left_on),
            url_for("member.circle", token=member.token),
            member.left_on is not None and member.left_on < today,
        )
        for member in memberships_at(address)
    ]
    return sorted(lines, key=lambda line: line.over)
