"""One act for many registrations: what it will do in numbers, doing it, and what became of each."""

from typing import Any

from flask import render_template, request
from wtforms.fields.choices import SelectChoice

from eventapp import formatting, wording
from eventapp.domain.bulk import AT_ONCE, BulkAct
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.registration_lists import Listing, read
from eventapp.models import Event
from eventapp.queries import registration_lists as known
from eventapp.queries.breakouts import breakout_by_slug
from eventapp.queries.events import event_by_slug
from eventapp.services import bulk as acting
from eventapp.services.bulk_preview import preview
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.registration_lists import BulkCancelForm, BulkChoiceForm, BulkForm, BulkLabelForm
from eventapp.web.organiser.lists import breakouts_to_choose
from eventapp.web.organiser.registration_lists import list_url
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.own_numbers import own_numbers

_FORMS: dict[BulkAct, type[BulkForm]] = {
    BulkAct.CONFIRM: BulkForm,
    BulkAct.CANCEL: BulkCancelForm,
    BulkAct.LABEL: BulkLabelForm,
    BulkAct.UNLABEL: BulkLabelForm,
    BulkAct.BREAKOUT: BulkChoiceForm,
    BulkAct.MOVE: BulkChoiceForm,
}
_ACT = "any(bevestiging, annulering, label, 'label-weg', deelsessie, verplaatsing)"


@blueprint.route(f"/aanmeldingen/samen/<{_ACT}:act>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def bulk(act: str) -> Answer:
    """Say what will happen to the rows that were ticked, or to all that the filters show; then do it to those rows."""
    wanted = BulkAct(act)
    form = _FORMS[wanted]()
    if not form.is_submitted():
        form.slug.data, form.ids.data = request.args.get("evenement", ""), ",".join(map(str, asked_for()))
    event = event_or_404(form.slug.data) if form.slug.data else None
    if isinstance(form, BulkChoiceForm):
        form.to.choices = _choices(wanted, event)
    if form.validate_on_submit():
        job_id = acting.ask(wanted, form.registration_ids, _facts(wanted, form, event), by=actor(), clock=now)
        return back_to("job", job_id=job_id)
    return _page(wanted, form, event)


def _page(act: BulkAct, form: BulkForm, event: Event | None) -> Answer:
    refused, seen = None, None
    try:
        seen = preview(act, form.registration_ids, now=now())
    except DomainError as refusal:
        refused = wording.refusal(refusal)
    if seen and not seen.ids:
        return nobody_ticked(wording.BULK_ACTS[act], event)
    page = render_template(
        "organiser/bulk.html",
        act=act,
        form=form,
        event=event,
        preview=seen,
        refused=refused,
        at_once=AT_ONCE,
        labels=known.labels_in_use(event.id if event else None),
        back=list_url(event, _listing()),
    )
    return page, 422 if form.errors or refused else 200


def nobody_ticked(title: str, event: Event | None) -> str:
    """What is said of an act of which nothing was ticked."""
    back = list_url(event, _listing())
    return render_template("organiser/nobody_ticked.html", title=title, event=event, back=back)


def asked_event() -> Event | None:
    """The event whose list this comes from; None for that of all."""
    slug = request.args.get("evenement", "")
    return event_or_404(slug) if slug else None


def _listing() -> Listing:
    return read(request.args.items(multi=True))


def asked_for() -> list[int]:
    """The ids that were ticked; with `alles` every one that the filters show, on whatever page."""
    if request.args.get("alles"):
        event = asked_event()
        return known.ids(_listing(), event.id if event else None, now=now())
    return list(dict.fromkeys(own_numbers(request.args.getlist("id"))))


def _choices(act: BulkAct, event: Event | None) -> list[SelectChoice]:
    if act == BulkAct.BREAKOUT:
        if event is None:
            raise NotFound()
        return [SelectChoice(slug, words) for slug, words in breakouts_to_choose(event)]
    coming = known.events_to_move_to(event.id if event else None, now=now())
    return [SelectChoice(one.slug, f"{one.title}, {formatting.short_date(one.starts_at)}") for one in coming]


def _facts(act: BulkAct, form: BulkForm, event: Event | None) -> dict[str, Any]:
    """What the act needs besides the rows, as plain values."""
    if isinstance(form, BulkCancelForm):
        return {"back": form.back.data}
    if isinstance(form, BulkLabelForm):
        return {"label": form.label.data}
    if not isinstance(form, BulkChoiceForm):
        return {}
    found = (
        breakout_by_slug(event.id, form.to.data) if act == BulkAct.BREAKOUT and event else event_by_slug(form.to.data)
    )
    if found is None:
        raise NotFound()
    return {"breakout_id" if act == BulkAct.BREAKOUT else "event_id": found.id}
