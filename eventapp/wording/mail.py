"""Dutch for mail: its kinds, what the office can have filled in, and why one did not arrive."""

from collections.abc import Mapping

from eventapp.domain.mailings import CALLED_OFF_SINCE, NOBODY_ANY_MORE, OPTED_OUT_SINCE

MAIL_KINDS: Mapping[str, str] = {
    "confirmed": "Bevestiging met ticket",
    "reminder": "Herinnering, dagen vooraf",
    "join_soon": "Herinnering online, een uur vooraf",
    "pay": "Nog te betalen",
    "waitlisted": "Op de wachtlijst",
    "place_offered": "Er is een plaats vrij",
    "event_changed": "Bijeenkomst gewijzigd",
    "registration_cancelled": "Afmelding bevestigd",
    "event_cancelled": "Bijeenkomst gaat niet door",
    "programme_open": "Programma open om te kiezen",
    "programme_reminder": "Nog geen deelsessies gekozen",
    "thanks": "Bedankt, met de vraag wat men ervan vond",
    "invitation": "Uitnodiging",
    "invitation_reminder": "Herinnering aan een uitnodiging",
    "hand_over": "Plaats aangeboden aan een ander",
    "handed_over": "Plaats overgenomen",
    "hand_over_declined": "Plaats niet overgenomen",
    "invoice": "Factuur of creditfactuur",
    "invoice_reminder": "Herinnering aan een factuur",
}
PLACEHOLDER_WORDS: Mapping[str, str] = {
    "voornaam": "de voornaam van de ontvanger",
    "naam": "de hele naam van de ontvanger",
    "organisatie": "de organisatie bij de aanmelding",
    "evenement": "de titel van de bijeenkomst",
    "datum": "de dag, zoals donderdag 4 februari 2027",
    "tijd": "begin en einde, zoals 09.30-16.30 uur",
    "plaats": "de zaal met het adres, of online",
    "vereniging": "de naam van de vereniging",
    "kring": "de naam van de kring",
}
_NOT_SENT = {
    "too late to be of use": "Te laat: de mail zou niet meer kloppen en is niet verstuurd",
    "the address is known not to work": "Niet verstuurd: dit adres klopt niet",
    OPTED_OUT_SINCE: "Niet verstuurd: meldde zich intussen af voor aankondigingen",
    CALLED_OFF_SINCE: "Niet verstuurd: het bericht werd gestopt",
    NOBODY_ANY_MORE: "Niet verstuurd: deze persoon is gewist",
    "no answer in time": "De mailserver gaf geen antwoord",
    "connection lost": "De verbinding met de mailserver viel weg",
}
_BEGINNINGS = (
    ("recipient refused: 5", "De mailserver van de ontvanger kent dit adres niet of weigert het"),
    ("recipient refused: 4", "De mailserver van de ontvanger neemt nu niets aan"),
    ("mail refused: 5", "De mailserver weigert deze mail"),
    ("mail refused: 4", "De mailserver neemt deze mail nu niet aan"),
    ("sender refused", "De mailserver weigert ons als afzender"),
    ("mail server refuses us", "De mailserver laat ons niet toe"),
    ("no connection", "De mailserver is niet bereikbaar"),
    ("cannot be drawn", "Een bijlage kon niet worden gemaakt"),
)


def mail_problem(last_error: str) -> str:
    """Why a mail did not leave, in a sentence; the code of the mail server stays behind it for who knows those."""
    if last_error in _NOT_SENT:
        return f"{_NOT_SENT[last_error]}."
    said = next((words for beginning, words in _BEGINNINGS if last_error.startswith(beginning)), "")
    _, _, code = last_error.partition(": ")
    return f"{said} ({code})." if said and code else f"{said}." if said else last_error
