"""Circles for everybody: which there are, what each is and when it meets, and asking to join one."""

from collections.abc import Iterable

from flask import abort, redirect, render_template, session, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from eventapp import formatting, wording
from eventapp.domain.circles import JoinPolicy
from eventapp.domain.errors import DomainError, UsedLink
from eventapp.domain.events import TargetGroup, Visibility, Window, is_public
from eventapp.mail.compose import links
from eventapp.models import Circle, Event
from eventapp.queries import circles as circle_queries
from eventapp.services import circle_joining
from eventapp.services.knowing import Somebody
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import AddressField, DutchForm, StrippedString, checks_own_csrf
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated
from eventapp.web.public.feeds import agenda_calendar
from eventapp.web.public.forms import function_group_field
from eventapp.web.visitor import visitor_key


class JoinForm(DutchForm):
    """Who wants to join a circle."""

    email = AddressField("E-mailadres", [DataRequired(wording.OWN_ADDRESS_MISSING), Length(max=254)])
    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [DataRequired(wording.OWN_SURNAME_MISSING), Length(max=100)])
    function_group = function_group_field()
    message = TextAreaField("Wilt u iets toelichten?", [Optional(), Length(max=500)])

    def somebody(self) -> Somebody:
        return Somebody(self.email.data, self.given_name.data, self.infix.data, self.family_name.data)

    def group(self) -> TargetGroup | None:
        return TargetGroup(self.function_group.data) if self.function_group.data else None


def public_circle(slug: str) -> Circle:
    """The circle at this address, if the public may see it; else it is 404."""
    found = circle_queries.circle_by_slug(slug)
    if found is None or found.visibility == Visibility.BESLOTEN:
        abort(404)
    return found


@blueprint.get("/kringen")
@audience(Audience.PUBLIC)
def circles() -> Response:
    """Every circle, with its next meeting."""
    found = circle_queries.public_circles()
    coming = circle_queries.next_meetings([circle.id for circle in found], now=now(), listed_only=True)
    rows = [(circle, coming.get(circle.id)) for circle in found]
    facts = [(c.id, c.version, c.updated_at, e and (e.id, e.version, e.updated_at)) for c, e in rows]
    return validated(facts, lambda: render_template("public/circles.html", rows=[(c, e, _who(c)) for c, e in rows]))


def _shown(meetings: Iterable[Event]) -> list[Event]:
    """One meeting may be closed although its circle is not."""
    return [event for event in meetings if is_public(event.state, event.visibility)]


def _who(circle: Circle) -> str:
    """For whom, in a few words."""
    groups = [wording.TARGET_GROUPS_PLURAL[row.code] for row in sorted(circle.groups, key=lambda row: row.code)]
    return f"voor {formatting.listed(groups)}" if groups else ""


@blueprint.get("/kringen/<slug>")
@audience(Audience.PUBLIC)
def circle(slug: str) -> Response:
    """One circle: its dates, for whom it is, and how one joins or comes along once."""
    found, at = public_circle(slug), now()
    meetings = _shown(circle_queries.meetings_of(found.id))
    coming = [event for event in meetings if event.ends_at > at]
    later = circle_queries.successor_of(found.id)
    rows = [presenting.event_row(event, now=at, url=url_for("public.event", slug=event.slug)) for event in coming]
    past = [event for event in meetings if event.ends_at <= at]
    facts = (found.id, found.version, found.updated_at, later and later.slug, rows, [e.id for e in past])

    def page() -> str:
        open_once = [event for event in coming if event.window(at) == Window.OPEN]
        return render_template(
            "public/circle.html",
            circle=found,
            canonical=links().circle(slug),
            rows=rows,
            past=[(formatting.long_date(event.starts_at), event.title) for event in past],
            who=_who(found),
            once=open_once[:1] if found.sit_in else [],
            joinable=found.ended_at is None and found.join_policy != JoinPolicy.CLOSED,
            hosts=sorted(row.organisation.name for row in found.hosts),
            later=later,
        )

    return validated(facts, page)


@blueprint.get("/kringen/<slug>.ics")
@audience(Audience.PUBLIC)
def circle_ics(slug: str) -> Response:
    """The meetings of a circle, to subscribe to."""
    found = public_circle(slug)
    meetings = _shown(circle_queries.meetings_of(found.id))
    facts = (found.id, found.version, [(event.id, event.version, event.updated_at) for event in meetings])
    name = f"{found.name} ({current_association().short_name})"
    key = f"kring-{found.id}"
    return validated(facts, lambda: agenda_calendar(meetings, name=name, key=key), mimetype="text/calendar")


@blueprint.route("/kringen/<slug>/lid-worden", methods=["GET", "POST"])
@audience(Audience.VISITOR)
@checks_own_csrf
def joining(slug: str) -> Response | str | tuple[str, int]:
    """Ask to join; what happens next is in the mail, whoever it is."""
    found = public_circle(slug)
    form = JoinForm()
    if form.validate_on_submit():
        try:
            circle_joining.ask(
                found.id,
                form.somebody(),
                function_group=form.group(),
                message=form.message.data or "",
                visitor_key=visitor_key(),
                now=now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            session["asked_to_join"] = {"slug": slug, "address": form.email.data}
            return redirect(url_for("public.joining_sent", slug=slug), code=303)
    page = render_template("public/circle_join.html", circle=public_circle(slug), form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/kringen/<slug>/lid-worden/verzonden")
@audience(Audience.VISITOR)
def joining_sent(slug: str) -> Response | str:
    """The address, large; the same whether or not it was known."""
    kept = session.get("asked_to_join")
    if not kept or kept["slug"] != slug:
        return redirect(url_for("public.circle", slug=slug), code=303)
    return render_template("public/circle_sent.html", circle=public_circle(slug), address=kept["address"])


@blueprint.get("/kringen/bevestigen/<token>")
@audience(Audience.LINK)
def joining_proof(token: str) -> str:
    """Who is about to join what, and one button."""
    request, used = circle_joining.linked(token, now=now())
    return render_template("public/circle_proof.html", request=request, circle=request.circle, used=used)


@blueprint.post("/kringen/bevestigen/<token>")
@audience(Audience.LINK)
def joining_proof_given(token: str) -> Response | str:
    try:
        outcome = circle_joining.prove(token, now=now())
    except UsedLink:
        return joining_proof(token)
    if outcome.member_token:
        return redirect(url_for("member.circle", token=outcome.member_token), code=303)
    text = f"De coördinator van {outcome.circle_name} bekijkt uw aanvraag. U hoort het per mail."
    return render_template("shared/plain.html", title="Dank u wel", text=text)
