"""Certificates of attendance of an event: what they say, who has one, sending them, and taking one back."""

from flask import Response, abort, flash, render_template

from eventapp.domain.certificates import contact_minutes, readable
from eventapp.domain.errors import NotFound
from eventapp.domain.looks import PeopleList
from eventapp.extensions import db
from eventapp.models import Certificate, Event
from eventapp.queries.certificates import Entitled, entitled, event_scope, terms_of
from eventapp.services import certifying
from eventapp.web.access import Audience, audience
from eventapp.web.certificates import as_file
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.presence import CertificateTermsForm, ReopeningForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_PATH = "/evenementen/<slug>/bewijzen"


@blueprint.route(_PATH, methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.CERTIFICATES)
@checks_own_csrf
def certificates(slug: str) -> Answer:
    """Who was there and has one or not, and the form with what stands on it."""
    event = event_or_404(slug)
    form = CertificateTermsForm(obj=terms_of(event.id))
    if form.validate_on_submit():
        certifying.set_terms(event.id, form.read(), by=actor(), now=now())
        flash("Bewaard. Bewijzen die al zijn gegeven, blijven zoals ze zijn.", "good")
        return back_to("certificates", slug=slug)
    event = event_or_404(slug)
    found = entitled(event) if event.presence_fixed_at else []
    names_people(len(found))
    page = render_template(
        "organiser/certificates.html",
        event=event,
        form=form,
        people=found,
        readable=readable,
        usual=contact_minutes(event.starts_at, event.ends_at, None),
        to_send=sum(not (one.certificate and one.certificate.revoked_at) for one in found),
    )
    return page, 422 if form.errors else 200


@blueprint.post(f"{_PATH}/verzending")
@audience(Audience.STAFF, *EDITORS)
def certificates_sending(slug: str) -> Answer:
    """Mail everybody theirs, by a worker."""
    event = event_or_404(slug)
    return back_to("job", job_id=certifying.ask_all(event.id, by=actor(), now=now()))


@blueprint.post(f"{_PATH}/<int:registration_id>/verzending")
@audience(Audience.STAFF, *EDITORS)
def certificate_sending(slug: str, registration_id: int) -> Answer:
    """Mail one person theirs, also when they got it before."""
    one = _one_or_404(event_or_404(slug), registration_id)
    address, moment = one.registration.address, now()
    certifying.mail(registration_id, by=actor(), now=moment, again=f"-{moment:%Y%m%d%H%M%S}")
    flash(f"Het bewijs gaat naar {address}.", "good")
    return back_to("certificates", slug=slug)


@blueprint.post(f"{_PATH}/<int:registration_id>/uitgifte")
@audience(Audience.STAFF, *EDITORS)
def certificate_issue(slug: str, registration_id: int) -> Answer:
    """Make one, also in the place of one that was taken back."""
    _one_or_404(event_or_404(slug), registration_id)
    certifying.issue(registration_id, by=actor(), now=now(), anew=True)
    flash("Het bewijs is gemaakt.", "good")
    return back_to("certificates", slug=slug)


@blueprint.get(f"{_PATH}/<int:certificate_id>.pdf")
@audience(Audience.STAFF, *EDITORS)
def certificate_pdf(slug: str, certificate_id: int) -> Response:
    """One as it was given."""
    return as_file(_certificate_or_404(event_or_404(slug), certificate_id))


@blueprint.route(f"{_PATH}/<int:certificate_id>/intrekking", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def certificate_revocation(slug: str, certificate_id: int) -> Answer:
    """Take one back, with a reason."""
    event = event_or_404(slug)
    given, form = _certificate_or_404(event, certificate_id), ReopeningForm()
    if given.revoked_at:
        return back_to("certificates", slug=slug)
    if form.validate_on_submit():
        certifying.revoke(given.id, reason=form.reason.data or "", by=actor(), now=now())
        flash("Het bewijs is ingetrokken; de controlepagina zegt dat.", "good")
        return back_to("certificates", slug=slug)
    page = render_template("organiser/certificate_revoke.html", event=event, given=given, form=form)
    return page, 422 if form.errors else 200


def _one_or_404(event: Event, registration_id: int) -> Entitled:
    for one in entitled(event):
        if one.registration.id == registration_id:
            return one
    raise NotFound()


def _certificate_or_404(event: Event, certificate_id: int) -> Certificate:
    given = db.session.get(Certificate, certificate_id)
    if given is None or given.scope != event_scope(event.id):
        abort(404)
    return given
