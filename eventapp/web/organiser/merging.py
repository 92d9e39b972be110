"""Samenvoegen: two organisations, or two people, that turn out to be one."""

from typing import Any

from flask import flash, render_template, request, url_for
from wtforms import HiddenField

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.queries import organisations as known_organisations
from eventapp.queries import people as known_people
from eventapp.queries.merging import INVOICING, ORGANISATION, PERSON, Kind, Plan, one_of, plan
from eventapp.services.merging import merge
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.filters import word
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to

_FOUND_SHOWN = 20
_FIELD_WORDS = {**wording.ORGANISATION_FIELDS, INVOICING: "factuurgegevens", "function_group": "functiegroep"}


class MergeForm(DutchForm):
    """`seen` is the fingerprint of what was shown; the chosen values come as take-<field>."""

    seen = HiddenField()

    @staticmethod
    def take() -> set[str]:
        """The fields of which the value of the one that goes was chosen."""
        chosen = (name for name, value in request.form.items() if value == "verdwijnt")
        return {name.removeprefix("take-") for name in chosen if name.startswith("take-")}


@blueprint.get("/organisaties/<int:organisation_id>/samenvoeging")
@audience(Audience.STAFF, *EDITORS)
def organisation_merge_search(organisation_id: int) -> Answer:
    """Look for the other one."""
    text = _text()
    found = known_organisations.organisations(text=text, on=local_date(now())) if text else []
    others = [(one.id, one.name, ", ".join(row.domain for row in one.domains)) for one in found]
    return _search(ORGANISATION, organisation_id, text, others)


@blueprint.get("/mensen/<int:person_id>/samenvoeging")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.PEOPLE)
def person_merge_search(person_id: int) -> Answer:
    """Look for the other one."""
    text = _text()
    found = known_people.found(text).rows if len(text) >= known_people.SHORTEST_SEARCH else []
    names_people(len(found))
    others = [(one.id, _name(PERSON, one), ", ".join(row.address for row in one.addresses)) for one in found]
    return _search(PERSON, person_id, text, others)


@blueprint.route("/organisaties/<int:organisation_id>/samenvoeging/<int:other_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_merge(organisation_id: int, other_id: int) -> Answer:
    """Beside each other, what goes over, and then the deed: the second goes up in the first."""
    form = MergeForm()
    if form.validate_on_submit() and _merged(ORGANISATION, organisation_id, other_id, form):
        return back_to("organisation", organisation_id=organisation_id)
    return _page(ORGANISATION, organisation_id, other_id, form)


@blueprint.route("/mensen/<int:person_id>/samenvoeging/<int:other_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_merge(person_id: int, other_id: int) -> Answer:
    """The same for two people."""
    form = MergeForm()
    if form.validate_on_submit() and _merged(PERSON, person_id, other_id, form):
        return back_to("person", person_id=person_id)
    return _page(PERSON, person_id, other_id, form)


def _text() -> str:
    return request.args.get("zoek", "").strip()[:100]


def _name(kind: Kind, row: Any) -> str:
    return row.name if kind is ORGANISATION else formatting.full_name(row.given_name, row.infix, row.family_name)


def _urls(kind: Kind, kept_id: int, other_id: int | None = None) -> dict[str, str]:
    """Where to go from here: back to the one that stays, to the search, and with another one to the comparison."""
    page, key = f"organiser.{kind.subject}", f"{kind.subject}_id"

    def merge_url(kept: int, other: int) -> str:
        values: dict[str, Any] = {key: kept, "other_id": other}
        return url_for(f"{page}_merge", **values)

    own: dict[str, Any] = {key: kept_id}
    urls = {
        "list": url_for("organiser.organisations" if kind is ORGANISATION else "organiser.people"),
        "back": url_for(page, **own),
        "search": url_for(f"{page}_merge_search", **own),
    }
    if other_id:
        urls |= {"here": merge_url(kept_id, other_id), "swap": merge_url(other_id, kept_id)}
    return urls


def _search(kind: Kind, kept_id: int, text: str, others: list[tuple[int, str, str]]) -> Answer:
    kept = one_of(kind, kept_id)
    rows = [
        (name, detail, _urls(kind, kept_id, other_id)["here"])
        for other_id, name, detail in others
        if other_id != kept_id
    ]
    return render_template(
        "organiser/merge_search.html",
        people=kind is PERSON,
        name=_name(kind, kept),
        urls=_urls(kind, kept_id),
        text=text,
        rows=rows[:_FOUND_SHOWN],
        more=len(rows) > _FOUND_SHOWN,
    )


def _merged(kind: Kind, kept_id: int, other_id: int, form: MergeForm) -> bool:
    try:
        merge(kind, kept_id, other_id, take=form.take(), seen=form.seen.data, by=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    flash("Samengevoegd. Het oude adres van de pagina leidt voortaan hierheen.", "good")
    return True


def _page(kind: Kind, kept_id: int, other_id: int, form: MergeForm) -> Answer:
    planned = plan(kind, kept_id, other_id)
    kept, gone = one_of(kind, kept_id), one_of(kind, other_id)
    chosen = form.take()
    form.seen.data = planned.fingerprint
    page = render_template(
        "organiser/merge.html",
        people=kind is PERSON,
        form=form,
        name=_name(kind, kept),
        other=_name(kind, gone),
        urls=_urls(kind, kept_id, other_id),
        fields=[
            (field, _FIELD_WORDS.get(field, field), *(_shown(side[field]) for side in (planned.kept, planned.gone)))
            for field in planned.kept
        ],
        differing=planned.differing,
        stays={field: _stays(planned, field, chosen) for field in planned.kept},
        lists=list(zip(_labels(kind), _lists(kind, kept), _lists(kind, gone), strict=True)),
        moving=wording.moving(planned.moving),
    )
    return page, 422 if form.errors else 200


def _shown(value: Any) -> str:
    return word(value) if hasattr(value, "value") else str(value or "")


def _stays(planned: Plan, field: str, chosen: set[str]) -> str:
    return "verdwijnt" if planned.from_gone(field, take=field in chosen) else "blijft"


def _labels(kind: Kind) -> list[str]:
    return ["Maildomeinen", "Lidmaatschap"] if kind is ORGANISATION else ["Adressen", "Statussen"]


def _lists(kind: Kind, row: Any) -> list[list[str]]:
    """What each has besides its fields, as words."""
    if kind is ORGANISATION:
        periods = [f"{wording.RELATIONS[period.relation]} {_days(period)}" for period in row.periods]
        return [sorted(known.domain for known in row.domains), periods]
    statuses = [f"{wording.CATEGORIES[status.category]} {_days(status.period)}" for status in row.statuses]
    return [sorted({known.address for known in row.addresses}), statuses]


def _days(period: Any) -> str:
    last = f" tot en met {formatting.short_date(period.last)}" if period.last else ""
    return f"{'van' if last else 'sinds'} {formatting.short_date(period.first)}{last}"
