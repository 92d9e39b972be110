"""The Dutch words for codes, states, kinds and refusals."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from eventapp import formatting
from eventapp.domain.actors import Role
from eventapp.domain.admission import Result
from eventapp.domain.errors import DomainError
from eventapp.domain.events import (
    EventForm,
    EventKind,
    EventState,
    Field,
    RegistrationMode,
    TargetGroup,
    Visibility,
    Window,
)
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.organisations import OrganisationKind, membership_on
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.pricing import Admission, Category, Period, Relation
from eventapp.domain.registrations import Review, State

KINDS = {
    EventKind.THEMADAG: "Themadag",
    EventKind.LEDENBIJEENKOMST: "Ledenbijeenkomst",
    EventKind.INSPIRATIEBIJEENKOMST: "Inspiratiebijeenkomst",
    EventKind.KENNISKRING: "Kenniskring",
    EventKind.ALV: "Algemene ledenvergadering",
    EventKind.WERKBEZOEK: "Werkbezoek",
    EventKind.WEBINAR: "Webinar",
    EventKind.PARTNERACTIVITEIT: "Partneractiviteit",
    EventKind.REGIONALE_ACTIVITEIT: "Regionale activiteit",
    EventKind.OVERLEG: "Overleg",
    EventKind.EXTERN: "Extern",
    EventKind.MASTERCLASS: "Masterclass",
    EventKind.KOPGROEP: "Kopgroep",
    EventKind.REGIOTOUR: "Regiotour",
    EventKind.TRAINING: "Training",
    EventKind.STUDIEREIS: "Studiereis",
}
EVENT_STATES = {
    EventState.DRAFT: "Concept",
    EventState.PUBLISHED: "Gepubliceerd",
    EventState.CANCELLED: "Geannuleerd",
}
FORMS = {EventForm.FYSIEK: "Fysiek", EventForm.ONLINE: "Online", EventForm.HYBRIDE: "Hybride"}
VISIBILITIES = {
    Visibility.OPENBAAR: "Openbaar",
    Visibility.LEDEN: "Voor leden",
    Visibility.BESLOTEN: "Besloten (niet in de agenda)",
}
REGISTRATION_MODES = {
    RegistrationMode.HIER: "Aanmelden via deze site",
    RegistrationMode.ELDERS: "Aanmelden op een andere site",
    RegistrationMode.GEEN: "Geen aanmelding nodig",
}
FIELDS = {
    Field.PEDAGOGIEK: "Pedagogische ontwikkeling",
    Field.HR: "HR",
    Field.FINANCIEN: "Financiën",
    Field.HUISVESTING: "Huisvesting",
    Field.ICT: "ICT",
    Field.ALGEMEEN: "Algemeen",
}
TARGET_GROUPS = {
    TargetGroup.RVT: "Raad van toezicht",
    TargetGroup.BESTUURDER: "Bestuurder",
    TargetGroup.DIRECTEUR: "Directeur of manager",
    TargetGroup.ORGANISATIEDESKUNDIGE: "Organisatiedeskundige",
    TargetGroup.KWALITEITSMEDEWERKER: "Kwaliteitsmedewerker",
    TargetGroup.MEDEWERKER: "Medewerker",
    TargetGroup.OVERIG: "Overig",
}
TARGET_GROUPS_PLURAL = {
    TargetGroup.RVT: "raden van toezicht",
    TargetGroup.BESTUURDER: "bestuurders",
    TargetGroup.DIRECTEUR: "directeuren en managers",
    TargetGroup.ORGANISATIEDESKUNDIGE: "organisatiedeskundigen",
    TargetGroup.KWALITEITSMEDEWERKER: "kwaliteitsmedewerkers",
    TargetGroup.MEDEWERKER: "medewerkers",
    TargetGroup.OVERIG: "overige belangstellenden",
}
CATEGORIES = {
    Category.LID: "Lid",
    Category.AMBASSADEUR: "Ambassadeur",
    Category.KERNPARTNER: "Kernpartner",
    Category.STEUNPARTNER: "Steunpartner",
    Category.BESTUUR: "Bestuur",
    Category.SERVICEBUREAU: "Servicebureau",
    Category.SPREKER: "Spreker",
    Category.WAARNEMEND: "Waarnemend",
    Category.NIET_LID: "Niet-lid",
}
CATEGORIES_PLURAL = {
    Category.LID: "leden",
    Category.AMBASSADEUR: "ambassadeurs",
    Category.KERNPARTNER: "kernpartners",
    Category.STEUNPARTNER: "steunpartners",
    Category.BESTUUR: "bestuursleden",
    Category.SERVICEBUREAU: "het servicebureau",
    Category.SPREKER: "sprekers",
    Category.WAARNEMEND: "waarnemers",
    Category.NIET_LID: "niet-leden",
}
ADMISSIONS = {
    Admission.GRATIS: "Gratis",
    Admission.PRIJS: "Tegen prijs",
    Admission.UITNODIGING: "Op uitnodiging",
    Admission.NIET: "Niet",
}
BEYOND_FREE = {
    BeyondFree.REFUSED: "Kan zich niet meer aanmelden",
    BeyondFree.PAYS: "Betaalt",
}
RELATIONS = {
    Relation.LID: "Lid",
    Relation.KERNPARTNER: "Kernpartner",
    Relation.STEUNPARTNER: "Steunpartner",
    Relation.GEEN: "Geen lid",
}
ORGANISATION_KINDS = {
    OrganisationKind.KINDEROPVANG: "Kinderopvang",
    OrganisationKind.PRIMAIR_ONDERWIJS: "Primair onderwijs",
    OrganisationKind.GEINTEGREERD: "Onderwijs en opvang samen",
    OrganisationKind.GEMEENTE: "Gemeente",
    OrganisationKind.JEUGDHULP: "Jeugdhulp",
    OrganisationKind.WELZIJN: "Welzijn",
    OrganisationKind.BRANCHE: "Brancheorganisatie",
    OrganisationKind.KENNISINSTELLING: "Kennisinstelling",
    OrganisationKind.DIENSTVERLENER: "Dienstverlener",
    OrganisationKind.OVERIG: "Overig",
}
ORGANISATION_KINDS_PLURAL = {
    OrganisationKind.KINDEROPVANG: "kinderopvangorganisaties",
    OrganisationKind.PRIMAIR_ONDERWIJS: "schoolbesturen",
    OrganisationKind.GEINTEGREERD: "organisaties voor onderwijs en opvang samen",
    OrganisationKind.GEMEENTE: "gemeenten",
    OrganisationKind.JEUGDHULP: "jeugdhulporganisaties",
    OrganisationKind.WELZIJN: "welzijnsorganisaties",
    OrganisationKind.BRANCHE: "brancheorganisaties",
    OrganisationKind.KENNISINSTELLING: "kennisinstellingen",
    OrganisationKind.DIENSTVERLENER: "dienstverleners",
    OrganisationKind.OVERIG: "overige organisaties",
}
STATES = {
    State.AWAITING_CONFIRMATION: "Wacht op bevestiging",
    State.AWAITING_PAYMENT: "Wacht op betaling",
    State.WAITLISTED: "Wachtlijst",
    State.OFFERED: "Plaats aangeboden",
    State.CONFIRMED: "Aangemeld",
    State.CANCELLED: "Geannuleerd",
    State.EXPIRED: "Verlopen",
}
# For the person themself, while the office decides about a claim.
AT_OFFICE = "Wacht op het secretariaat"
REVIEWS = {
    Review.NONE: "",
    Review.PENDING: "Lidmaatschap te beoordelen",
    Review.APPROVED: "Lidmaatschap bevestigd door het secretariaat",
    Review.REFUSED: "Lidmaatschap niet bevestigd",
}
ROLES = {
    Role.BEHEERDER: "Beheerder",
    Role.COORDINATOR: "Coördinator",
    Role.SECRETARIAAT: "Secretariaat",
    Role.PENNINGMEESTER: "Penningmeester",
    Role.KRINGCOORDINATOR: "Kringcoördinator",
    Role.LEZER: "Lezer",
    Role.DEURVRIJWILLIGER: "Deurvrijwilliger",
}
ATTEMPTS = {
    AttemptStatus.NEW: "Wordt gestart",
    AttemptStatus.UNKNOWN: "Onbekend: wordt nagevraagd",
    AttemptStatus.REFUSED: "Niet gelukt",
    AttemptStatus.OPEN: "Open",
    AttemptStatus.PENDING: "Onderweg",
    AttemptStatus.PAID: "Betaald",
    AttemptStatus.FAILED: "Mislukt",
    AttemptStatus.CANCELED: "Afgebroken",
    AttemptStatus.EXPIRED: "Verlopen",
    AttemptStatus.UNCLEAR: "Onduidelijk: wordt nagevraagd",
}
OUTCOMES = {
    Outcome.CONFIRMED: "Plaats bevestigd",
    Outcome.PAID_LATE: "Te laat betaald, plaats toch gegeven",
    Outcome.PAID_WITHOUT_PLACE: "Betaald terwijl het vol was, wordt terugbetaald",
    Outcome.PAID_TWICE: "Dubbel betaald, wordt terugbetaald",
    Outcome.PAID_AFTER_CANCEL: "Betaald na annulering, wordt terugbetaald",
    Outcome.DIFFERS: "Bedrag of kenmerk klopt niet: graag nakijken",
}
REFUNDS = {
    RefundState.PLANNED: "Gepland",
    RefundState.SENT: "Verstuurd",
    RefundState.UNKNOWN: "Onbekend: wordt nagevraagd",
    RefundState.DONE: "Terugbetaald",
    RefundState.FAILED: "Mislukt",
}
DOOR_RESULTS = {
    Result.ADMITTED: "Welkom",
    Result.ALREADY_IN: "Al binnen",
    Result.LEFT: "Vertrokken",
    Result.NOT_INSIDE: "Was niet binnen",
    Result.UNDONE: "Ongedaan gemaakt",
    Result.OVERRIDDEN: "Toegelaten door de organisatie",
    Result.UNPAID: "Nog niet betaald of bevestigd",
    Result.CANCELLED: "Geannuleerd",
    Result.REPLACED: "Ticket is vervangen",
    Result.WRONG_EVENT: "Ticket voor een andere bijeenkomst",
    Result.WRONG_DAY: "Ticket voor een andere dag",
    Result.WRONG_SESSION: "Andere deelsessie",
    Result.UNKNOWN: "Onbekend ticket",
}
WINDOWS = {
    Window.OPEN: "Aanmelden kan nu.",
    Window.NOT_YET: "Aanmelden kan nog niet.",
    Window.CLOSED: "De aanmelding is gesloten.",
    Window.PAST: "Deze bijeenkomst is geweest.",
    Window.CANCELLED: "Deze bijeenkomst gaat niet door.",
    Window.DRAFT: "Deze bijeenkomst is nog niet gepubliceerd.",
    Window.ELSEWHERE: "Aanmelden gaat via een andere site.",
    Window.NONE: "Aanmelden is niet nodig.",
}
REFUSALS = {
    "refused": "Dat kan nu niet.",
    "event_full": "Alle plaatsen zijn bezet.",
    "organisation_full": "De gratis plaatsen van {organisation} zijn vergeven.",
    "no_free_place_left": "De gratis plaatsen van {organisation} zijn vergeven. Overleg met {function}.",
    "already_registered": "Deze persoon is al aangemeld voor deze bijeenkomst.",
    "not_admitted": "Deze bijeenkomst is niet voor iedereen toegankelijk.",
    "registration_closed": "Aanmelden kan nu niet.",
    "payment_not_possible": "Online betalen kan op dit moment niet. Neem contact op met het secretariaat.",
    "payment_unavailable": "De betaaldienst reageert niet. Uw plaats blijft vastgehouden; probeer het zo opnieuw.",
    "nothing_to_pay": "Er is niets (meer) te betalen.",
    "other_ground": "Met dit adres gelden andere voorwaarden. Meld u opnieuw aan met het nieuwe adres.",
    "illegal_step": "Dat kan niet meer: de aanmelding is intussen gewijzigd.",
    "unknown_link": "Deze link kennen wij niet. Misschien is hij niet helemaal meegekopieerd.",
    "expired_link": "Deze link is verlopen.",
    "used_link": "Deze link is al gebruikt.",
    "already_cancelled": "Deze aanmelding was al geannuleerd.",
    "too_late_to_cancel": "De bijeenkomst is al begonnen; afmelden via deze pagina kan niet meer.",
    "paid_needs_office": "Voor deze plaats is betaald. Neem contact op met het secretariaat om af te melden.",
    "changed_meanwhile": "Iemand anders heeft dit intussen gewijzigd. Bekijk de nieuwe versie en probeer het opnieuw.",
    "slug_taken": "Dit webadres is al in gebruik.",
    "not_publishable": "Er ontbreekt nog iets om te kunnen publiceren.",
    "only_drafts": "Alleen een concept zonder aanmeldingen kan worden verwijderd.",
    "event_over": "Deze bijeenkomst is voorbij of gaat niet door.",
    "not_a_mail_domain": "“{typed}” is geen maildomein; schrijf wat achter de @ staat, zoals organisatie.nl.",
    "free_mail_domain": "{domain} is gratis mail: dat adres bewijst niets.",
    "domain_taken": "{domain} hoort al bij {organisation}.",
    "ends_before_start": "De laatste dag ligt voor de eerste dag.",
    "periods_overlap": "Deze periode valt samen met een andere. Beëindig eerst de ene voordat de andere begint.",
    "name_taken": "Bij {address} staat al iemand met deze naam. Eén adres met één naam is één persoon.",
    "period_is_over": "Deze periode is al voorbij en blijft staan zoals zij was.",
    "not_allowed": "U heeft geen toegang tot deze pagina.",
    "not_found": "Deze pagina bestaat niet (meer).",
    "too_many_requests": "Er zijn te veel verzoeken achter elkaar gedaan. Probeer het over een kwartier opnieuw.",
}


def refusal(error: DomainError) -> str:
    """The sentence for a refusal."""
    if error.code == "registration_closed" and "window" in error.facts:
        return WINDOWS[Window(error.facts["window"])]
    return REFUSALS[error.code].format_map(error.facts)


def membership(periods: Iterable[Period], on: date) -> str:
    """How it stands with a membership on this day, as a clause: "sinds 01-01-2024, eindigt op 30-06-2027"."""
    found = membership_on(periods, on)
    if found is None:
        return ""
    if found.last is not None and found.last < on:
        return f"geëindigd op {formatting.short_date(found.last)}"
    begin = f"{'begint op' if found.first > on else 'sinds'} {formatting.short_date(found.first)}"
    return begin if found.last is None else f"{begin}, eindigt op {formatting.short_date(found.last)}"


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
    if via in ("domain", "named") and not since:
        kind = f", {ORGANISATION_KINDS[OrganisationKind(facts['kind'])].lower()}" if facts.get("kind") else ""
        by = f"@{facts['detail']} ({facts['organisation']}{kind})" if via == "domain" else facts["organisation"] + kind
        return f"{category} via {by}"
    if via == "domain":
        return f"{category} via @{facts['detail']} ({facts['organisation']}), lidmaatschap sinds {since}"
    if via == "named":
        named_by = facts["detail"] or "het secretariaat"
        return f"{category} via {facts['organisation']}, opgegeven door {named_by}, lidmaatschap sinds {since}"
    if via == "office" and facts.get("organisation"):
        return f"{category} via {facts['organisation']}, toegekend door het secretariaat"
    if via == "office":
        return f"{category}, toegekend door het secretariaat"
    return f"{category} sinds {since}" if since else category
