"""Clauses made of facts: how a membership stands, whom a price is for, why somebody comes in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from eventapp import formatting
from eventapp.domain.lapses import Lapse, LapseKind
from eventapp.domain.organisations import OrganisationKind, membership_on
from eventapp.domain.pricing import Category, MembershipPeriod
from eventapp.wording.kinds import CATEGORIES, CATEGORIES_PLURAL, ORGANISATION_KINDS, ORGANISATION_KINDS_PLURAL

_RELATION_NOUNS = {
    Category.LID: "Lidmaatschap",
    Category.KERNPARTNER: "Kernpartnerschap",
    Category.STEUNPARTNER: "Steunpartnerschap",
}


def membership(periods: Iterable[MembershipPeriod], on: date) -> str:
    """How it stands with a membership on this day, as a clause: "sinds 01-01-2024, eindigt op 30-06-2027"."""
    found = membership_on(periods, on)
    if found is None:
        return ""
    if found.last is not None and found.last < on:
        return f"geëindigd op {formatting.short_date(found.last)}"
    begin = f"{'begint op' if found.first > on else 'sinds'} {formatting.short_date(found.first)}"
    return begin if found.last is None else f"{begin}, eindigt op {formatting.short_date(found.last)}"


def lapse(found: Lapse, organisation: str, category: Category) -> str:
    """What ends before the gathering: "Lidmaatschap van Regenjas eindigt op 30-06-2027"."""
    what = {
        LapseKind.MEMBERSHIP: f"{_RELATION_NOUNS.get(category, 'Lidmaatschap')} van {organisation}",
        LapseKind.NAMING: f"Opgave door {organisation}",
        LapseKind.STATUS: f"Status {CATEGORIES[category].lower()}",
    }[found.kind]
    return f"{what} eindigt op {formatting.short_date(found.last)}" if found.last else f"{what} geldt dan niet"


def price_group(category: Category, kinds: Iterable[OrganisationKind] = ()) -> str:
    """Whom a price line speaks to: "leden", "leden (gemeenten)", and of those who are no member just "gemeenten"."""
    named = [word for kind, word in ORGANISATION_KINDS_PLURAL.items() if kind in set(kinds)]
    which = formatting.listed(named)
    if category == Category.NIET_LID and which:
        return which
    return f"{CATEGORIES_PLURAL[category]} ({which})" if which else CATEGORIES_PLURAL[category]


def reason(facts: Mapping[str, Any]) -> str:
    """Why somebody comes in this category, as a clause: "lid via @spruit.example, lidmaatschap sinds 1-1-2024"."""
    category = CATEGORIES[Category(facts["category"])].lower()
    via = facts.get("via", "none")
    if facts.get("beyond_free"):
        within = {name: fact for name, fact in facts.items() if name != "beyond_free"}
        return f"{reason(within)}; de gratis plaatsen van de organisatie ({facts['beyond_free']}) waren vergeven"
    since = formatting.short_date(date.fromisoformat(facts["since"])) if facts.get("since") else ""
    if via in ("domain", "named", "tenant") and not since:
        kind = f", {ORGANISATION_KINDS[OrganisationKind(facts['kind'])].lower()}" if facts.get("kind") else ""
        if via == "tenant":
            return f"{category} via het Microsoft-account van {facts['organisation']}{kind}"
        by = f"@{facts['detail']} ({facts['organisation']}{kind})" if via == "domain" else facts["organisation"] + kind
        return f"{category} via {by}"
    if via == "domain":
        return f"{category} via @{facts['detail']} ({facts['organisation']}), lidmaatschap sinds {since}"
    if via == "tenant":
        return f"{category} via het Microsoft-account van {facts['organisation']}, lidmaatschap sinds {since}"
    if via == "named":
        named_by = facts["detail"] or "het secretariaat"
        return f"{category} via {facts['organisation']}, opgegeven door {named_by}, lidmaatschap sinds {since}"
    if via == "invitation":
        return f"{category}, op uitnodiging"
    if via == "guest":
        return f"{category}, gast van {facts['guest_of']}" if facts.get("guest_of") else f"{category}, als gast"
    if via == "circle":
        return f"{category}, als lid van de kring"
    if via == "office" and facts.get("organisation"):
        return f"{category} via {facts['organisation']}, toegekend door het secretariaat"
    if via == "office":
        return f"{category}, toegekend door het secretariaat"
    return f"{category} sinds {since}" if since else category
