"""The Dutch words for codes, states and kinds."""

from eventapp.domain.actors import Role
from eventapp.domain.admission import Result
from eventapp.domain.cancellation import Ending
from eventapp.domain.event_details import Told
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
from eventapp.domain.organisations import OrganisationKind, Phase
from eventapp.domain.payments import AttemptStatus, Outcome, RefundProblem, RefundState
from eventapp.domain.pricing import Admission, Category, Relation
from eventapp.domain.registrations import Review, State
from eventapp.wording.filling import JOIN_LINK

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
    EventKind.PLATFORM: "Platformbijeenkomst",
    EventKind.ADVIESRAAD: "Regiegroep of adviesraad",
    EventKind.KENNISTAFEL: "Kennistafel of dialoogsessie",
    EventKind.LEERSESSIE: "Leersessie",
    EventKind.CONGRES: "Congres of lezing",
}
EVENT_STATES = {
    EventState.DRAFT: "Concept",
    EventState.PUBLISHED: "Gepubliceerd",
    EventState.CANCELLED: "Geannuleerd",
}
TOLD = {
    Told.TIME: "tijd",
    Told.PLACE: "plaats",
    Told.ONLINE: JOIN_LINK.lower(),
    Told.TITLE: "titel",
    Told.TEXT: "tekst",
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
    BeyondFree.WAITS: "Komt op de wachtlijst",
}
RELATIONS = {
    Relation.LID: "Lid",
    Relation.KERNPARTNER: "Kernpartner",
    Relation.STEUNPARTNER: "Steunpartner",
    Relation.GEEN: "Geen lid",
}
PHASES = {
    Phase.AFSTEMMING: "Afstemming",
    Phase.SAMENWERKING: "Samenwerking",
    Phase.OP_WEG: "Op weg naar integratie",
    Phase.GEINTEGREERD: "Geïntegreerd",
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
BEING_CHECKED = "Lidmaatschap wordt nagekeken"
# For whoever booked, while a colleague has a link of their own to press.
AWAITING_COLLEAGUE = "Bevestigt zelf nog"
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
    Outcome.PAID_BESIDES_INVOICE: "Dubbel betaald: de factuur was al verwerkt. Voorstel: betaal dit terug",
    Outcome.PAID_AFTER_CANCEL: "Betaald na annulering, wordt terugbetaald",
    Outcome.PAID_IN_PART: "Betaald voor meer mensen dan er nog kwamen, de rest wordt terugbetaald",
    Outcome.DIFFERS: "Bedrag of kenmerk klopt niet: graag nakijken",
    Outcome.FORGOTTEN: "Mollie kent deze betaling niet meer; de plaats wordt niet langer vastgehouden",
}
REFUNDS = {
    RefundState.PLANNED: "Gepland",
    RefundState.SENT: "Verstuurd",
    RefundState.UNKNOWN: "Onbekend: wordt nagevraagd",
    RefundState.DONE: "Terugbetaald",
    RefundState.FAILED: "Mislukt",
}
REFUND_PROBLEMS = {
    RefundProblem.KEY: "Mollie weigert onze sleutel; het gaat vanzelf door zodra die klopt",
    RefundProblem.AWAY: "Mollie gaf geen duidelijk antwoord; wordt vanzelf nagevraagd",
    RefundProblem.TWIN: "Mollie weigert hetzelfde bedrag binnen een uur; gaat daarna vanzelf door",
    RefundProblem.NOTHING_LEFT: "Er is bij Mollie niets meer over om terug te betalen",
    RefundProblem.REFUSED: "Mollie weigerde deze terugbetaling",
    RefundProblem.RETURNED: "De bank stuurde het geld terug of de terugbetaling is ingetrokken",
}
ENDINGS = {
    Ending.HANDED_OVER: "Overgedragen",
    Ending.ON_THE_DAY: "Afgemeld op de dag",
}
DOOR_RESULTS = {
    Result.ADMITTED: "Welkom",
    Result.ALREADY_IN: "Al binnen",
    Result.LEFT: "Vertrokken",
    Result.NOT_INSIDE: "Was niet binnen",
    Result.UNDONE: "Ongedaan gemaakt",
    Result.OVERRIDDEN: "Toegelaten door de organisatie",
    Result.SWAPPED: "Kwam in plaats van een collega",
    Result.NOT_SWAPPED: "Niet gewisseld",
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
