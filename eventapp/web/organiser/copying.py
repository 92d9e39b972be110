"""A new event like an earlier one: choose it, see what comes along, say when."""

from flask import flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.copying import UNASKED
from eventapp.domain.series import a_year_later
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries.copying import Luggage, events_to_copy, luggage_of
from eventapp.services import copying
from eventapp.web import presenting
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.new_event import CopyForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.terms import terms_text


@blueprint.get("/evenementen/kopie", endpoint="events_to_copy")
@audience(Audience.STAFF, *EDITORS)
def choice_of_event() -> Answer:
    """Which one? The newest first, found by title."""
    text = request.args.get("zoek", "").strip()
    return render_template("organiser/event_copy_choice.html", events=events_to_copy(text), text=text)


@blueprint.route("/evenementen/<slug>/kopie", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS, reach=Reach.HOUSE)
@checks_own_csrf
def event_copy(slug: str) -> Answer:
    """What comes along, and on which day and under which title the new one is."""
    event = event_or_404(slug)
    luggage = luggage_of(event.id)
    (day,) = a_year_later([local_date(event.starts_at)])
    form = CopyForm(
        data={"title": event.title, "day": max(day, local_date(now())), "parts": sorted(UNASKED)},
    )
    form.offer(luggage.parts)
    if form.validate_on_submit():
        new_slug = copying.copy_event(event.id, form.read(), by=actor(), now=now())
        flash("De kopie is bewaard als concept. U ziet haar alleen hier; publiceren doet u als alles klopt.", "good")
        return back_to("event", slug=new_slug)
    page = render_template(
        "organiser/event_copy.html", event=event, form=form, along=_along(event), notes=_notes(luggage)
    )
    return page, 422 if form.errors else 200


def _along(event: Event) -> list[tuple[str, str]]:
    """The details that always come along, in words."""
    rows = [
        ("Soort en vorm", f"{wording.KINDS[event.kind]}, {wording.FORMS[event.form].lower()}"),
        ("Tijd", f"zoals nu: {formatting.when(event.starts_at, event.ends_at)}"),
        ("Waar", ", ".join(presenting.place_lines(event))),
        ("Aangeboden door", f"partner {event.partner_name}" if event.partner_name else ""),
        ("Toegang en prijs", presenting.price_text(event.price_lines)),
        ("Plaatsen", str(event.places.size) if event.places.size is not None else "geen grens"),
        ("Afmelden", terms_text(event)),
    ]
    return [(label, words) for label, words in rows if words]


def _notes(luggage: Luggage) -> dict[str, str]:
    """Under each part what it is."""
    blocks = [wording.BLOCKS[block] for block in luggage.blocks]
    kinds = [wording.MAIL_KINDS[kind] for kind in luggage.mail_kinds]
    plan = luggage.plan
    days = [formatting.count_nl(one, "dag", "dagen") for one in plan.days] if plan else []
    return {
        "programme": _programme(luggage),
        "speakers": f"Namen bij {formatting.count_nl(luggage.speakers, 'deelsessie', 'deelsessies')}.",
        "division": formatting.count_nl(luggage.pools, "deel", "delen") + ", met niets bezet.",
        "questions": _few([*luggage.questions, *blocks]),
        "reminders": f"{formatting.listed(days) or 'Geen'} van tevoren.",
        "mail_texts": _few(kinds),
    }


def _programme(luggage: Luggage) -> str:
    """How much there is, and what it is about; of repeats the title stands once."""
    rounds = formatting.count_nl(len(luggage.rounds), "ronde", "rondes")
    breakouts = formatting.count_nl(len(luggage.breakouts), "deelsessie", "deelsessies")
    titles = list(dict.fromkeys(luggage.breakouts))
    return f"{rounds}, {breakouts}: {_few(titles)}" if titles else f"{rounds}."


def _few(words: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(words) - 5
    return f"{', '.join(words[:5])} en nog {more}." if more > 0 else f"{', '.join(words)}."
