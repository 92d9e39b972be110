"""Adding somebody by hand, and everything about one registration."""

import re

from flask import abort, flash, render_template

from eventapp import formatting, wording
from eventapp.domain.care import CARE_BLOCKS
from eventapp.domain.errors import AlreadyRegistered, DomainError, EventFull, OrganisationFull
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.models import Registration
from eventapp.queries import logbook, money, office, office_registrations
from eventapp.queries import questions as question_queries
from eventapp.queries.changing import endings, open_hand_over, taken_over_from
from eventapp.queries.lapses import lapse_of
from eventapp.queries.outbox import dead_among
from eventapp.services import cancelling, withdrawal
from eventapp.services.adding import ManualBooking, add_by_hand
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, MONEY, READERS, blueprint
from eventapp.web.organiser.forms.small import AddressForm, CancelRegistrationForm, ManualForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404, registration_or_404
from eventapp.web.organiser.today import likely_member
from eventapp.web.terms import agreed_rows

_EVALUATION = re.compile(r"(/evaluatie/)[\w-]+")


@blueprint.route("/evenementen/<slug>/aanmeldingen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_registration(slug: str) -> Answer:
    """Add somebody by hand; above the capacity only with a tick of its own, which is logged."""
    event = event_or_404(slug)
    form = ManualForm(attends=event.form if event.form == EventForm.ONLINE else EventForm.FYSIEK)
    full = event.places.full
    if form.validate_on_submit():
        try:
            receipt = add_by_hand(_manual(event.id, form), by=actor(), now=now())
        except (EventFull, OrganisationFull) as refusal:
            full = True
            form.force.errors = [f"{wording.refusal(refusal)} Vink dit aan om toch een plaats te geven."]
        except AlreadyRegistered as refusal:
            form.refuse(refusal)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De aanmelding staat erin. De mail is onderweg.", "good")
            return back_to("registration", registration_id=receipt.registration_id)
    page = render_template("organiser/registration_new.html", event=event_or_404(slug), form=form, full=full)
    return page, 422 if form.errors else 200


def _manual(event_id: int, form: ManualForm) -> ManualBooking:
    return ManualBooking(
        event_id=event_id,
        address=form.address.data or "",
        given_name=form.given_name.data or "",
        infix=form.infix.data or "",
        family_name=form.family_name.data or "",
        organisation_name=form.organisation_name.data or "",
        function=form.function.data or "",
        function_group=TargetGroup(form.function_group.data) if form.function_group.data else None,
        attends=EventForm(form.attends.data),
        category=Category(form.category.data),
        price_cents=form.price_cents.data,
        force=bool(form.force.data),
        note=form.note.data or "",
    )


@blueprint.get("/aanmeldingen/<int:registration_id>")
@audience(Audience.STAFF, *READERS)
def registration(registration_id: int) -> Answer:
    """Everything about one person's registration."""
    return registration_page(registration_id)


def registration_page(registration_id: int, address_form: AddressForm | None = None) -> str:
    """The page, with the address form as it came back when something was wrong with it."""
    found = registration_or_404(registration_id)
    who = actor()
    waits = found.review == Review.PENDING and found.state == State.AWAITING_CONFIRMATION
    members = office.members_to_choose() if waits else []
    return render_template(
        "organiser/registration.html",
        r=found,
        live=found.state in LIVE,
        ended=endings([found]).get(found.id),
        offered=open_hand_over(found.id),
        taken_over_from=taken_over_from(found.id),
        waits=waits,
        lapsed=lapse_of(found, now=now()),
        members=members,
        guess=likely_member(found.claimed_organisation, members),
        payments=office_registrations.payments_of(found.order_id) if who.has_everywhere(*MONEY) else [],
        movements=money.movements_of(found.order_id) if who.has_everywhere(*MONEY) else [],
        mails=office_registrations.mails_of(found.id),
        dead=dead_among([found.address]).get(found.address),
        scans=office_registrations.scans_of(found.id),
        replies=_replies(found),
        asks_care=bool(question_queries.blocks_of(found.event_id) & CARE_BLOCKS) and who.has(*EDITORS),
        photo=question_queries.photo_of(found.id),
        log=logbook.of("registration", found.id),
        address_form=address_form or AddressForm(),
    )


def _replies(registration: Registration) -> list[tuple[str, str]]:
    """The ordinary questions that were answered, with the answers in words."""
    given = question_queries.answers_of(registration.id)
    asked = question_queries.questions_of(registration.event_id, closed=True)
    return [(question.label, wording.answer_text(given[question.id])) for question in asked if question.id in given]


@blueprint.get("/aanmeldingen/<int:registration_id>/mail/<int:mail_id>")
@audience(Audience.STAFF, *EDITORS)
def registration_mail(registration_id: int, mail_id: int) -> Answer:
    """The text of one mail as it was sent. Not for readers: a mail holds links that act for its recipient.

    The link to an evaluation is left out: its page says whether somebody answered, which is nobody else's business.
    """
    mail = office_registrations.mail_of(registration_id, mail_id)
    if mail is None:
        abort(404)
    text = _EVALUATION.sub(r"\1…", mail.text)
    return render_template("organiser/mail.html", mail=mail, text=text, r=registration_or_404(registration_id))


@blueprint.route("/aanmeldingen/<int:registration_id>/annulering", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def registration_cancellation(registration_id: int) -> Answer:
    """Say what withdrawing does, then do it."""
    found = registration_or_404(registration_id)
    money = withdrawal.preview(found, now=now())
    form = CancelRegistrationForm(data={"back": "voorwaarden"})
    price_cents = found.price_cents if money.on_invoice else 0
    by_terms_cents = money.by_terms_cents if money.on_invoice else money.back_cents
    form.offer(by_terms_cents=by_terms_cents, paid_cents=money.paid_cents, on_invoice_cents=price_cents)
    if form.validate_on_submit():
        try:
            kept_cents = max(0, price_cents - form.back_cents)
            back = cancelling.cancel_registration(
                registration_id, by=actor(), now=now(), back_cents=form.back_cents, kept_cents=kept_cents
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            words = f" {formatting.money_short(back)} wordt terugbetaald." if back else ""
            flash(f"De aanmelding is geannuleerd; er gaat een bericht naar {found.address}.{words}", "good")
            return back_to("registration", registration_id=registration_id)
    page = render_template(
        "organiser/registration_cancel.html",
        r=found,
        money=money,
        banked=withdrawal.by_bank(found, 0) > 0,
        rows=agreed_rows([found]),
        form=form,
    )
    return page, 422 if form.errors else 200
