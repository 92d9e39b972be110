"""The Dutch sentence for every refusal."""

from eventapp.domain.errors import DomainError
from eventapp.domain.events import Window
from eventapp.wording.kinds import WINDOWS

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
