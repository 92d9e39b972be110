"""Koppelen: people nobody recognised, one decision for a person or a mail domain, and the money that may go back."""

from datetime import date

from flask import abort, flash, render_template, request, url_for
from werkzeug.utils import redirect

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError, EndsBeforeStart, NotFound
from eventapp.domain.linking import usual_last_day
from eventapp.domain.looks import PeopleList
from eventapp.domain.pricing import Relation
from eventapp.domain.times import local_date
from eventapp.models import Organisation
from eventapp.queries import linking as known
from eventapp.queries.linking import Group, Whom
from eventapp.queries.organisations import organisation_by_id
from eventapp.services import differences, enrolling
from eventapp.services import linking as services
from eventapp.services.linking import Effect
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.linking import LinkForm, QuickOrganisationForm, to_choose
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.organiser.today import likely_member
from eventapp.web.own_numbers import own_number

_SHOWN = 50


@blueprint.get("/koppelen")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.LINKING)
def linking() -> Answer:
    """Who waits for a decision, which differences may go back, and who was put aside."""
    groups = known.groups(now=now())
    proposals, dismissals = known.proposals(), known.dismissals()
    names_people(sum(len(group.people) for group in groups[:_SHOWN]) + len(proposals) + len(dismissals))
    return render_template(
        "organiser/linking.html",
        groups=groups[:_SHOWN],
        total=len(groups),
        proposals=proposals,
        dismissals=dismissals,
        page_of=page_of,
    )


def page_of(group: Group) -> str:
    """Where to decide about these people."""
    if group.domain:
        return url_for("organiser.link_domain", domain=group.domain)
    return url_for("organiser.link_person", person_id=group.people[0].person.id)


@blueprint.route("/koppelen/domeinen/<domain>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.LINKING)
@checks_own_csrf
def link_domain(domain: str) -> Answer:
    """Everybody at one mail domain: first what it does, then the click."""
    return _decide(Whom(domain=domain), LinkForm())


@blueprint.route("/koppelen/mensen/<int:person_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.LINKING)
@checks_own_csrf
def link_person(person_id: int) -> Answer:
    """One person, until a last day."""
    return _decide(Whom(person_id=person_id), LinkForm(data={"until": usual_last_day(local_date(now()))}))


def _decide(whom: Whom, form: LinkForm) -> Answer:
    if form.validate_on_submit():
        try:
            effect = services.link(whom, form.organisation(), until=_until(whom, form), by=actor(), now=now())
        except NotFound:
            raise
        except EndsBeforeStart as refusal:
            form.until.errors = [*form.until.errors, wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(" ".join(["Gekoppeld.", *done_words(effect)]), "good")
            return back_to("linking")
    return _page(whom, form, QuickOrganisationForm(formdata=None))


def _until(whom: Whom, form: LinkForm) -> date | None:
    if whom.person_id is None:
        return None
    return form.until.data or usual_last_day(local_date(now()))


def _page(whom: Whom, form: LinkForm, quick: QuickOrganisationForm) -> Answer:
    group = known.group_of(whom, now=now())
    if group is None:
        flash("Hier is niemand (meer) om te koppelen.", "info")
        return back_to("linking")
    names_people(len(group.people))
    organisations = known.organisations_to_choose()
    chosen = _chosen(group, organisations)
    if not quick.is_submitted():
        quick.name.data, quick.relation.data = group.named_organisation, Relation.LID.value
    effect = services.effect(whom, chosen.id, until=_until(whom, form), now=now()) if chosen else None
    form.organisation_id.data = str(chosen.id) if chosen else ""
    page = render_template(
        "organiser/link.html",
        group=group,
        whom=whom,
        form=form,
        quick=quick,
        chosen=chosen,
        resembled=known.resembled(whom.domain) if whom.domain else None,
        is_member=chosen is not None and _counts_today(chosen),
        choices=to_choose(organisations),
        sentences=effect_words(effect) if effect else [],
    )
    return page, 422 if form.errors or quick.errors else 200


def _chosen(group: Group, organisations: list[tuple[int, str]]) -> Organisation | None:
    """What was chosen; else the one that these people most probably meant."""
    asked = request.values.get("organisatie") or request.form.get("organisation_id", "")
    if not asked:
        guess = likely_member(group.named_organisation, organisations)
        asked = str(guess[0]) if guess else ""
    return organisation_by_id(own_number(asked) or 0)


def _counts_today(organisation: Organisation) -> bool:
    today = local_date(now())
    return any(period.covers(today) for period in organisation.periods)


def effect_words(effect: Effect) -> list[str]:
    """What the click will do, one sentence for each thing that happens."""
    sentences = []
    if effect.approved:
        sentences.append(f"{_count(effect.approved, 'aanvraag wordt', 'aanvragen worden')} goedgekeurd.")
    if effect.cheaper:
        many = _count(effect.cheaper, "onbetaalde aanmelding krijgt", "onbetaalde aanmeldingen krijgen")
        sentences.append(f"{many} de prijs van deze organisatie, na bevestiging van het adres.")
    if effect.proposed:
        many = _count(effect.proposed, "betaalde aanmelding", "betaalde aanmeldingen")
        money = formatting.money_short(effect.proposed_cents)
        sentences.append(f"Voor {many} stellen wij voor samen {money} terug te betalen. U beslist daar daarna over.")
    if effect.stays:
        sentences.append(f"{_count(effect.stays, 'aanmelding houdt', 'aanmeldingen houden')} categorie en prijs.")
    return sentences


def done_words(effect: Effect) -> list[str]:
    """The same afterwards, shorter."""
    parts = []
    if effect.approved:
        parts.append(f"{_count(effect.approved, 'aanvraag', 'aanvragen')} goedgekeurd.")
    if effect.cheaper:
        parts.append(f"{_count(effect.cheaper, 'aanmelding', 'aanmeldingen')} kreeg een lagere prijs.")
    if effect.proposed:
        parts.append(f"Beslis hieronder over {_count(effect.proposed, 'terugbetaling', 'terugbetalingen')}.")
    return parts


def _count(number: int, one: str, more: str) -> str:
    return formatting.count_nl(number, one, more)


@blueprint.post("/koppelen/organisaties")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.LINKING)
@checks_own_csrf
def linked_organisation() -> Answer:
    """Make the organisation that these people come from, and go on deciding with it chosen."""
    whom = _whom()
    form = QuickOrganisationForm()
    if form.validate_on_submit():
        try:
            organisation_id = enrolling.save_organisation(form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De organisatie staat erin; controleer het gevolg en koppel.", "good")
            place = {"domain": whom.domain} if whom.domain else {"person_id": whom.person_id}
            endpoint = "organiser.link_domain" if whom.domain else "organiser.link_person"
            return redirect(url_for(endpoint, organisatie=organisation_id, **place), 303)
    return _page(whom, LinkForm(formdata=None), form)


def _whom() -> Whom:
    domain, person_id = request.form.get("domein", "")[:255], own_number(request.form.get("persoon"))
    if bool(domain) == (person_id is not None) or not domain.isprintable():
        abort(400)
    return Whom(domain=domain, person_id=person_id)


@blueprint.post("/koppelen/afwijzingen")
@audience(Audience.STAFF, *EDITORS)
def link_dismissals() -> Answer:
    """These people are of no member; do not ask again."""
    services.dismiss(_whom(), by=actor(), now=now())
    flash("Onthouden: geen lid. Onderaan deze pagina kunt u dat ongedaan maken.", "good")
    return back_to("linking")


@blueprint.post("/koppelen/afwijzingen/<int:dismissal_id>/einde")
@audience(Audience.STAFF, *EDITORS)
def link_dismissal_end(dismissal_id: int) -> Answer:
    """Ask about them again after all."""
    services.restore(dismissal_id, by=actor(), now=now())
    flash("Ongedaan gemaakt.", "good")
    return back_to("linking")


@blueprint.post("/koppelen/verschillen/<int:proposal_id>/terugbetaling")
@audience(Audience.STAFF, *EDITORS)
def difference_refund(proposal_id: int) -> Answer:
    """The difference goes back."""
    try:
        cents = differences.give(proposal_id, by=actor(), now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        flash(f"{wording.refusal(refusal)} Er is niets terugbetaald.", "bad")
    else:
        flash(wording.goes_back(cents), "good")
    return back_to("linking")


@blueprint.post("/koppelen/verschillen/<int:proposal_id>/afsluiting")
@audience(Audience.STAFF, *EDITORS)
def difference_left(proposal_id: int) -> Answer:
    """Nothing goes back."""
    differences.leave(proposal_id, by=actor(), now=now())
    flash("Er wordt niets terugbetaald.", "good")
    return back_to("linking")
