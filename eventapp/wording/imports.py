"""The Dutch words of importing: what becomes of a row, why one is refused, and what a change says."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from eventapp import formatting
from eventapp.domain.errors import DomainError
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.import_rows import Fate, RowProblem, RowRefused, Value
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.organisations import Phase
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import State
from eventapp.wording.filling import ENDS_BEFORE_BEGIN
from eventapp.wording.kinds import (
    CATEGORIES,
    FIELDS,
    FORMS,
    KINDS,
    ORGANISATION_KINDS,
    PHASES,
    REGISTRATION_MODES,
    RELATIONS,
    STATES,
    TARGET_GROUPS,
    VISIBILITIES,
)
from eventapp.wording.refusals import refusal

FATES = {
    Fate.NEW: "Nieuw",
    Fate.CHANGED: "Gewijzigd",
    Fate.UNCHANGED: "Ongewijzigd",
    Fate.REFUSED: "Geweigerd",
}
ROW_PROBLEMS = {
    RowProblem.NO_NAME: "Er staat geen naam.",
    RowProblem.NO_ADDRESS: "Er staat geen e-mailadres.",
    RowProblem.BAD_ADDRESS: "“{typed}” is geen volledig e-mailadres.",
    RowProblem.TOO_LONG: "“{column}” is te lang: hooguit {longest} tekens.",
    RowProblem.UNREADABLE_SIGNS: "In “{column}” staan tekens die niet te lezen zijn. Bewaar het bestand als UTF-8.",
    RowProblem.FORMULA: "In “{column}” staat een formule. Plak daar de waarde.",
    RowProblem.NO_DATE: "“{typed}” bij “{column}” is geen datum; schrijf bijvoorbeeld 31-12-2027.",
    RowProblem.UNKNOWN_WORD: "“{typed}” kennen wij niet bij “{column}”. Kies uit: {words}.",
    RowProblem.FIRST_DAY_MISSING: "Vul ook de eerste dag in, bij “{column}”.",
    RowProblem.AGAIN: "Dit staat ook al op regel {line}.",
    RowProblem.FORGOTTEN: (
        "Deze persoon vroeg om gewist te worden. Wil die dat nu anders, voer de persoon dan met de hand in."
    ),
    RowProblem.SPELLED_OTHERWISE: "Op regel {line} staat dezelfde persoon met een anders geschreven naam.",
    RowProblem.ORGANISATION_UNKNOWN: "De organisatie “{typed}” kennen wij niet.",
    RowProblem.ORGANISATION_TWICE: "Er zijn meer organisaties die “{name}” heten. Noem een maildomein van de goede.",
    RowProblem.ORGANISATION_NO_MEMBER: "{organisation} is geen lid of partner: daarvoor kan niemand worden opgegeven.",
    RowProblem.NAMED_UNTIL_MISSING: (
        "Dit adres hoort niet bij een maildomein van {organisation}. Vul bij “opgegeven tot” in tot en met welke dag "
        "deze persoon daar hoort."
    ),
    RowProblem.NAMED_UNTIL_PAST: "De dag bij “opgegeven tot” is al voorbij.",
    RowProblem.KIND_MISSING: "Een nieuwe organisatie heeft een soort nodig.",
    RowProblem.LOOK_ALIKE: "{domain} lijkt op {known}, van een ander. Klopt het toch, voer het dan met de hand in.",
    RowProblem.RELATION_MISSING: "Een lidmaatschap heeft een relatie nodig: lid, kernpartner of steunpartner.",
    RowProblem.NO_AMOUNT: "“{typed}” is geen bedrag.",
    RowProblem.NOT_EUROS: "Wij boeken alleen euro’s, niet “{typed}”.",
    RowProblem.NO_SETTLEMENT: "Er staat niet bij welke uitbetaling dit is.",
    RowProblem.SETTLED_OTHERWISE: "Deze regel is al geboekt met een ander bedrag: {amount}.",
    RowProblem.NO_CLOCK: "“{typed}” bij “{column}” is geen tijd; schrijf bijvoorbeeld 09.30.",
    RowProblem.NO_NUMBER: "“{typed}” bij “{column}” is geen getal van 1 tot en met {highest}.",
    RowProblem.NO_LINK: "“{typed}” bij “{column}” is geen volledig webadres; het begint met https://.",
    RowProblem.LINK_NOT_SECURE: "De link om mee te doen moet met https:// beginnen.",
    RowProblem.LINK_MISSING: "Vul bij “link” in waar men zich aanmeldt.",
    RowProblem.NO_TITLE: "Er staat geen titel.",
    RowProblem.NO_DAY: "Er staat geen datum.",
    RowProblem.NO_SUCH_TIME: "Op {day} bestaat {clock} uur niet: dan gaat de klok vooruit.",
    RowProblem.END_NOT_AFTER: ENDS_BEFORE_BEGIN,
    RowProblem.EVENT_KIND_MISSING: "Een nieuwe bijeenkomst heeft een soort nodig: in de rij, of gekozen bij de lijst.",
    RowProblem.BAD_SLUG: "“{typed}” kan geen webadres zijn: gebruik kleine letters, cijfers en losse streepjes.",
    RowProblem.NOT_A_DRAFT: (
        "Deze bijeenkomst is geen concept meer. Wijzig haar bij de bijeenkomst zelf, dan ziet u wie daarvan hoort."
    ),
    RowProblem.ENTRY_CANCELLED: "Deze afspraak is in de agenda afgezegd.",
    RowProblem.ENTRY_PAST: "Deze afspraak is al geweest.",
    RowProblem.ENTRY_BROKEN: "Deze afspraak is niet te lezen: begin of einde klopt niet.",
    RowProblem.ENTRY_PRIVATE: "Deze afspraak is privé; daarvan lezen wij niets.",
    RowProblem.ZONE_UNKNOWN: "De tijdzone “{zone}” kennen wij niet.",
    RowProblem.REPEATS_WITHOUT_END: (
        "Deze afspraak herhaalt zich zonder einde. Geef de reeks in uw agenda een laatste datum en bewaar haar opnieuw."
    ),
    RowProblem.REPEATS_TOO_OFTEN: "Deze afspraak herhaalt zich te vaak: hooguit {most} keer en elke dag kan.",
    RowProblem.REPEATS_UNREADABLE: (
        "De herhaling van deze afspraak kunnen wij niet volgen. Zet de dagen los in de agenda of in een lijst."
    ),
    RowProblem.WITHDREW: (
        "Heeft zich voor deze bijeenkomst afgemeld of is vervangen. Komt deze persoon toch, voeg die dan zelf toe."
    ),
    RowProblem.FORM_DIFFERS: "Deze bijeenkomst is er alleen in deze vorm: {form}.",
    RowProblem.PAID_ELSEWHERE: (
        "Wat elders is betaald, kunnen wij niet boeken. Zet bij “prijs” gratis: dan is de plaats zeker en vraagt "
        "niemand om geld."
    ),
    RowProblem.PRICE_UNTOLD: (
        "Hier hoort een prijs bij: {amount}. Zonder bericht weet niemand dat er betaald moet worden. Breng de lijst "
        "opnieuw met een vinkje bij “Stuur iedereen bericht”, of zet bij “prijs” gratis."
    ),
    RowProblem.NO_LINE: "Deze bijeenkomst heeft geen wachtlijst.",
    RowProblem.NOTHING_TO_WAIT_FOR: "Er is nog plaats. Laat “stand” leeg om deze persoon aan te melden.",
    RowProblem.RELATION_DIFFERS: (
        "Nu geldt “{relation}”. Een relatie wijzigt met een lidmaatschap: vul “lid vanaf” en zo nodig “lid tot” in."
    ),
}
JOB_KINDS = {
    JobKind.IMPORT_PREVIEW: "Import bekijken",
    JobKind.IMPORT: "Import doorvoeren",
    JobKind.TELL: "Mensen berichten",
    JobKind.CERTIFICATES: "Bewijzen van deelname versturen",
    JobKind.SERIES_CERTIFICATES: "Bewijzen over een reeks versturen",
    JobKind.MAILING: "Bericht rondsturen",
    JobKind.SETTLEMENT_PREVIEW: "Uitbetaling bekijken",
    JobKind.SETTLEMENT: "Uitbetaling boeken",
    JobKind.PAPERS: "Afdruk maken",
    JobKind.BULK: "Aanmeldingen bijwerken",
    JobKind.LIST: "Lijst van aanmeldingen maken",
}
# What of a job is counted; '' is what its own parameters say.
JOB_UNITS = {
    JobKind.IMPORT_PREVIEW: "rijen",
    JobKind.IMPORT: "rijen",
    JobKind.TELL: "mensen",
    JobKind.CERTIFICATES: "bewijzen",
    JobKind.SERIES_CERTIFICATES: "bewijzen",
    JobKind.MAILING: "mensen",
    JobKind.SETTLEMENT_PREVIEW: "rijen",
    JobKind.SETTLEMENT: "rijen",
    JobKind.PAPERS: "",
    JobKind.BULK: "aanmeldingen",
    JobKind.LIST: "aanmeldingen",
}
JOB_STATES = {
    JobState.WAITING: "In de wachtrij",
    JobState.RUNNING: "Bezig",
    JobState.DONE: "Klaar",
    JobState.FAILED: "Mislukt",
    JobState.CANCELLED: "Afgebroken",
}
# By type: codes of different tables may be the same text.
_CODES: dict[type[StrEnum], Mapping[Any, str]] = {
    Category: CATEGORIES,
    EventForm: FORMS,
    EventKind: KINDS,
    Field: FIELDS,
    RegistrationMode: REGISTRATION_MODES,
    Visibility: VISIBILITIES,
    OrganisationKind: ORGANISATION_KINDS,
    Phase: PHASES,
    Relation: RELATIONS,
    TargetGroup: TARGET_GROUPS,
}


def row_problem(problem: RowRefused | DomainError) -> str:
    """Why a row is refused."""
    if isinstance(problem, RowRefused):
        facts = {name: imported(fact) if isinstance(fact, StrEnum) else fact for name, fact in problem.facts.items()}
        return ROW_PROBLEMS[problem.problem].format_map(facts)
    return refusal(problem)


def registered_already(state: State | None) -> str:
    """What a list says of somebody who stands there already, in this state; None is elsewhere in the list itself."""
    if state is None:
        return "Deze persoon staat al in de lijst, met een ander adres."
    return "Is al aangemeld." if state == State.CONFIRMED else f"Is al aangemeld: {STATES[state].lower()}."


def imported(value: Value) -> str:
    """A value as a row of the preview shows it; empty when there is none."""
    if isinstance(value, StrEnum):
        return _CODES[type(value)][value]
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(imported, value)))
    if isinstance(value, datetime):
        return f"{formatting.short_date(value)} {formatting.clock(value)}"
    if isinstance(value, date):
        return formatting.short_date(value)
    return "" if value is None else str(value)
