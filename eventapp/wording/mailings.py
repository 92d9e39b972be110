"""Words about messages to many: which sorts there are, how far one is, and why somebody got nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eventapp import formatting
from eventapp.domain.mailings import Choice, Delivery, Ground, LeftOut, MailingState, Stream
from eventapp.domain.registrations import LIVE, State
from eventapp.wording.circles import MEMBER_ROLES
from eventapp.wording.kinds import CATEGORIES, FIELDS, FORMS, ORGANISATION_KINDS, STATES, TARGET_GROUPS
from eventapp.wording.presence import PRESENCE

STREAMS = {
    Stream.ANNOUNCEMENT: "Aankondiging",
    Stream.EVENT: "Aan wie komen",
    Stream.CIRCLE: "Aan een kring",
}
MAILING_STATES = {
    MailingState.DRAFT: "Concept",
    MailingState.SCHEDULED: "Gepland",
    MailingState.SENDING: "Wordt verstuurd",
    MailingState.SENT: "Verstuurd",
    MailingState.CALLED_OFF: "Afgebroken",
    MailingState.STOPPED: "Niet verstuurd",
}
GROUNDS = {
    Ground.EMPLOYEE: "werkt bij een lid",
    Ground.NAMED: "opgegeven bij een lid",
    Ground.STATUS: "ambassadeur, bestuur of servicebureau",
    Ground.REGISTRATION: "aangemeld",
    Ground.CIRCLE: "lid van de kring",
}
LEFT_OUT = {
    LeftOut.OPTED_OUT: "wil hierover geen aankondigingen",
    LeftOut.DEAD_ADDRESS: "het adres klopt niet",
    LeftOut.SAME_MAILBOX: "leest dezelfde mailbox als iemand anders op de lijst",
    LeftOut.NO_ADDRESS: "geen adres bekend",
    LeftOut.NOT_CHOSEN_ANY_MORE: "hoort er intussen niet meer bij",
}
_REGISTERED = (
    (LIVE - {State.WAITLISTED}, "bent aangemeld"),
    ({State.WAITLISTED}, "op de wachtlijst staat"),
    (frozenset(State) - LIVE, "was aangemeld"),
)
MAILING_STOPPED_BEFORE = "het bericht werd gestopt"
DELIVERIES = {
    Delivery.SENT: "Verstuurd",
    Delivery.ON_ITS_WAY: "Onderweg",
    Delivery.FAILED: "Niet aangekomen",
    Delivery.LEFT_OUT: "Overgeslagen",
}


def chosen(choice: Choice, *, breakout: str = "") -> list[tuple[str, str]]:
    """What narrows a message, as rows; nothing for what narrows nothing."""
    rows = [
        ("Functiegroep", _listed(TARGET_GROUPS, choice.groups)),
        ("Soort organisatie", _listed(ORGANISATION_KINDS, choice.kinds)),
        ("Provincie", formatting.listed(sorted(choice.regions)) if choice.regions else ""),
        ("Kwam eerder bij", _listed(FIELDS, choice.fields)),
        ("Ook", "ambassadeurs, bestuur en servicebureau" if choice.statuses else ""),
        ("Aan", _ticked(len(choice.picked))),
        ("Status", _listed(STATES, choice.states)),
        ("Categorie", _listed(CATEGORIES, choice.categories)),
        ("Komt", _listed(FORMS, choice.forms).lower()),
        ("Deelsessie", breakout),
        ("Deelsessies", "nog geen keuze" if choice.undecided else ""),
        ("Betaling", "nog te betalen" if choice.unpaid else ""),
        ("Presentie", _listed(PRESENCE, choice.presence).lower()),
        ("Als", _listed(MEMBER_ROLES, choice.roles).lower()),
    ]
    return [(label, words) for label, words in rows if words]


def registered_for(events: Sequence[tuple[State, str]]) -> str:
    """What somebody is registered for, to go on after "omdat u", as "bent aangemeld voor Themadag en Webinar"."""
    clauses = []
    for states, words in _REGISTERED:
        titles = [title for state, title in events if state in states]
        clauses += [f"{words} voor {formatting.listed(titles)}"] if titles else []
    return formatting.listed(clauses)


def _ticked(number: int) -> str:
    return formatting.count_nl(number, "aangevinkte aanmelding", "aangevinkte aanmeldingen") if number else ""


def _listed(words: Mapping[Any, str], codes: Collection[Any]) -> str:
    return formatting.listed([words[code] for code in words if code in codes]) if codes else ""
