"""What the office says of its own in mails, in general and for one event, and when an event reminds people."""

from flask import flash, render_template, url_for

from eventapp import wording
from eventapp.domain.errors import ChangedMeanwhile, NotFound
from eventapp.domain.mail_texts import PLACEHOLDERS, Words
from eventapp.mail.samples import sample
from eventapp.models import Event
from eventapp.queries import mail_texts as known
from eventapp.services import mail_texts, reminding
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.mail import MailTextForm, RemindersForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404, in_frame

_GENERAL = "/berichten/teksten"
_OF_EVENT = "/evenementen/<slug>/berichten"


@blueprint.get(_GENERAL)
@audience(Audience.STAFF, *EDITORS)
def mail_texts_list() -> Answer:
    """Every kind of mail that the office may change."""
    return render_template("organiser/mail_texts.html", event=None, form=None, changed=known.changed_kinds(None))


@blueprint.route(_OF_EVENT, methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_mail(slug: str) -> Answer:
    """When one event reminds people, and what its mails say differently."""
    event = event_or_404(slug)
    form = RemindersForm.of(known.reminders_of(event.id))
    if form.validate_on_submit():
        reminding.set_reminders(event.id, form.read(), online=bool(form.online.data), by=actor(), now=now())
        flash("De herinneringen zijn bewaard.", "good")
        return back_to("event_mail", slug=slug)
    changed, general = known.changed_kinds(event.id), known.changed_kinds(None)
    page = render_template("organiser/mail_texts.html", event=event, form=form, changed=changed, general=general)
    return page, 422 if form.errors else 200


@blueprint.route(f"{_GENERAL}/<kind>", methods=["GET", "POST"])
@blueprint.route(f"{_OF_EVENT}/<kind>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def mail_text(kind: str, slug: str = "") -> Answer:
    """Write the text of one kind; another button mails a proof to whoever is at work."""
    event = _event(kind, slug)
    form = _form(kind, event)
    told = ""
    if form.validate_on_submit():
        if form.step.data == "proef":
            told = mail_texts.send_proof(kind, event.id if event else None, form.words(), by=actor(), now=now())
        elif _said(kind, event, form):
            flash("De tekst is bewaard en geldt voor mails die vanaf nu worden geschreven.", "good")
            return back_to("mail_text", kind=kind, slug=slug or None)
    return _page(
        kind, event_or_404(slug) if slug else None, form, told
    ), 422 if form.errors or form.form_errors else 200


@blueprint.post(f"{_GENERAL}/<kind>/origineel")
@blueprint.post(f"{_OF_EVENT}/<kind>/origineel")
@audience(Audience.STAFF, *EDITORS)
def mail_text_original(kind: str, slug: str = "") -> Answer:
    """Put our own text back; what was written stays in the history."""
    event = _event(kind, slug)
    event_id = event.id if event else None
    last = next(iter(known.history(kind, event_id)), None)
    mail_texts.say(kind, event_id, Words(), seen=last.id if last else None, by=actor(), now=now())
    flash("De oorspronkelijke tekst geldt weer.", "good")
    return back_to("mail_text", kind=kind, slug=slug or None)


@blueprint.route(f"{_GENERAL}/<kind>/voorbeeld", methods=["GET", "POST"])
@blueprint.route(f"{_OF_EVENT}/<kind>/voorbeeld", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def mail_text_sample(kind: str, slug: str = "") -> Answer:
    """The mail to an example person, with what was typed so far, for the frame in the page. Stores nothing."""
    event = _event(kind, slug)
    form = _form(kind, event)
    if form.is_submitted() and not form.validate():
        return render_template("organiser/mail_text_problem.html", form=form), 422
    made = sample(kind, event, form.words().over(known.words_for(kind, None)), now=now())
    return in_frame(made)


def _event(kind: str, slug: str) -> Event | None:
    if kind not in PLACEHOLDERS:
        raise NotFound()
    return event_or_404(slug) if slug else None


def _form(kind: str, event: Event | None) -> MailTextForm:
    last = next(iter(known.history(kind, event.id if event else None)), None)
    values = {"subject": last.subject, "opening": last.opening, "closing": last.closing} if last else {}
    return MailTextForm(data=values | {"seen": str(last.id) if last else ""}, allowed=PLACEHOLDERS[kind])


def _said(kind: str, event: Event | None, form: MailTextForm) -> bool:
    try:
        event_id = event.id if event else None
        mail_texts.say(kind, event_id, form.words(), seen=form.seen_id(), by=actor(), now=now())
    except ChangedMeanwhile as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(kind: str, event: Event | None, form: MailTextForm, told: str) -> str:
    event_id = event.id if event else None
    with_words = form.words().over(known.words_for(kind, None))
    slug = event.slug if event else None
    return render_template(
        "organiser/mail_text.html",
        event=event,
        kind=kind,
        form=form,
        told=told,
        subject="" if form.errors else sample(kind, event, with_words, now=now()).subject,
        placeholders=[(name, wording.PLACEHOLDER_WORDS[name]) for name in PLACEHOLDERS[kind]],
        history=known.history(kind, event_id),
        general=known.words_for(kind, None) if event else Words(),
        here=url_for("organiser.mail_text", kind=kind, slug=slug),
        frame=url_for("organiser.mail_text_sample", kind=kind, slug=slug),
        original=url_for("organiser.mail_text_original", kind=kind, slug=slug),
    )
