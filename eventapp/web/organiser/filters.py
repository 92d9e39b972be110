"""The words and forms that only the pages of the back office use: lines of the log, names as lists sort them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from eventapp import formatting, wording
from eventapp.domain.pricing import Category
from eventapp.models import AuditEntry, Person
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.forms.event import FIELD_WORDS
from eventapp.web.organiser.forms.invoice import BUYER_WORDS
from eventapp.web.organiser.forms.organisation import ORGANISATION_WORDS

_ACTS = {
    "added_by_hand": "Met de hand toegevoegd",
    "address_changed": "Nieuw adres bevestigd",
    "address_corrected": "Ander adres ingevuld",
    "address_proven": "Adres bevestigd",
    "answered": "Vragen beantwoord",
    "certificate_issued": "Bewijs van deelname gemaakt",
    "certificate_revoked": "Bewijs van deelname ingetrokken",
    "certificate_terms_changed": "Tekst van het bewijs van deelname gewijzigd",
    "presence_fixed": "Presentie vastgesteld",
    "presence_unfixed": "Presentie weer geopend",
    "presence_from_list": "Presentie uit de lijst van Teams",
    "presence_ticked": "Presentie afgevinkt",
    "presence_corrected": "Presentie met de hand gewijzigd",
    "visibility_described": "Bijdrage en bezoekers ingevuld",
    "badges_printed": "Badges afgedrukt",
    "badges_taken_back": "Afdruk van badges telt niet mee",
    "booked_by_api": "Aangemeld door een ander systeem",
    "blocks_chosen": "Vaste vragen gekozen",
    "cancelled": "Geannuleerd",
    "breakout_added": "Deelsessie erbij",
    "breakout_cancelled": "Deelsessie gaat niet door",
    "breakout_changed": "Deelsessie gewijzigd",
    "breakout_removed": "Deelsessie verwijderd",
    "care_seen": "Wensen bekeken",
    "care_withdrawn": "Wensen gewist, toestemming ingetrokken",
    "claim_approved": "Lidmaatschap bevestigd",
    "claim_refused": "Lidmaatschap niet bevestigd",
    "confirmed": "Plaats bevestigd",
    "contact_added": "Contactpersoon erbij",
    "contact_ended": "Laatste dag van een contactpersoon bewaard",
    "difference_back": "Verschil terugbetaald",
    "difference_left": "Verschil niet terugbetaald",
    "device_coupled": "Telefoon gekoppeld",
    "device_invited": "Telefoon uitgenodigd",
    "device_revoked": "Telefoon afgesloten",
    "evaluation_closed": "Evaluatie gesloten",
    "evaluation_reopened": "Evaluatie weer geopend",
    "evaluation_set": "Bedankmail en evaluatie ingesteld",
    "handed_over_at_door": "Collega kwam in de plaats, aan de deur",
    "not_handed_over_at_door": "Niet gewisseld aan de deur",
    "emergency_list_made": "Noodlijst gemaakt",
    "event_cancelled": "Bijeenkomst geannuleerd",
    "event_changed": "Gewijzigd",
    "event_created": "Concept gemaakt",
    "event_published": "Gepubliceerd",
    "invitation_accepted": "Uitnodiging geaccepteerd",
    "invited": "Mensen uitgenodigd",
    "invoice_details_changed": "Factuurgegevens gewijzigd",
    "invoice_completed": "Factuurgegevens aangevuld",
    "invoice_discarded": "Concept vervallen",
    "invoice_drafted": "Concept gemaakt",
    "invoice_issued": "Factuur gemaakt",
    "invoice_match_undone": "Bedrag ongedaan gemaakt",
    "invoice_matched": "Bedrag bij de factuur gezet",
    "invoice_resent": "Factuur opnieuw gemaild",
    "invoice_written_off": "Afgeboekt als oninbaar",
    "lapse_seen": "Gezien dat het recht voor de bijeenkomst eindigt",
    "lapsed": "Plaats vervallen",
    "link_dismissed": "Geen lid, niet meer vragen",
    "link_restored": "Toch weer vragen",
    "linked": "Gekoppeld aan een organisatie",
    "organisation_added": "Ingevoerd",
    "organisation_changed": "Gewijzigd",
    "organisation_merged": "Samengevoegd",
    "mail_sent_again": "Mail opnieuw verstuurd",
    "mail_text_restored": "Oorspronkelijke tekst van een mail teruggezet",
    "mail_text_written": "Tekst van een mail geschreven",
    "mailing_begun": "Bericht aan een groep begonnen",
    "mailing_called_off": "Bericht aan een groep gestopt",
    "mailing_changed": "Bericht aan een groep gewijzigd",
    "mailing_discarded": "Bericht aan een groep weggegooid",
    "mailing_planned": "Bericht aan een groep gepland",
    "mailing_sent": "Bericht aan een groep verstuurd",
    "mailing_stopped": "Bericht aan een groep ging niet weg: de bijeenkomst gaat niet door of is geweest",
    "mailing_written": "Bericht aan een groep geschreven",
    "naming_ended": "Laatste dag van de opgave bewaard",
    "paid": "Betaald",
    "organisation_imported": "Ingevoerd of gewijzigd uit een lijst",
    "person_imported": "Ingevoerd of gewijzigd uit een lijst",
    "person_added": "Ingevoerd",
    "person_merged": "Samengevoegd met een tweede vermelding van dezelfde persoon",
    "person_named": "Opgegeven door een organisatie",
    "person_renamed": "Naam gewijzigd",
    "function_group_changed": "Functiegroep gewijzigd",
    "places_divided": "Plaatsen verdeeld",
    "programme_pasted": "Deelsessies uit een lijst erbij",
    "question_added": "Vraag erbij",
    "question_changed": "Vraag gewijzigd",
    "question_closed": "Vraag gesloten",
    "question_removed": "Vraag verwijderd",
    "question_reopened": "Vraag weer gesteld",
    "questions_moved": "Vraag verplaatst",
    "refund_planned": "Terugbetaling gepland",
    "registered": "Aangemeld via het formulier",
    "reminders_set": "Herinneringen ingesteld",
    "resent": "Mail opnieuw verstuurd",
    "round_added": "Ronde erbij",
    "round_changed": "Ronde gewijzigd",
    "round_removed": "Ronde verwijderd",
    "speaker_added": "Spreekt bij een deelsessie",
    "speaker_removed": "Spreekt niet meer bij een deelsessie",
    "status_added": "Status gegeven",
    "status_ended": "Laatste dag van de status bewaard",
    "tickets_printed": "Tickets van iedereen in één bestand",
    "walked_in": "Binnengelaten zonder aanmelding",
}
_WITH_TITLE = {act for act in _ACTS if act.startswith(("breakout_", "round_", "speaker_"))}
_NAMES = {**BUYER_WORDS, **FIELD_WORDS, **ORGANISATION_WORDS}


@blueprint.app_template_filter("act_words")
def act_words(entry: AuditEntry) -> str:
    """The act in words with the facts that matter; an act without words shows its code."""
    facts = entry.facts
    words = _ACTS.get(entry.act, entry.act)
    if facts.get("forced"):
        words += ", boven de capaciteit"
    if facts.get("title") and entry.act in _WITH_TITLE:
        words += f" “{facts['title']}”"
    if changed := facts.get("changed"):
        words += ": " + ", ".join(_NAMES.get(name, name) for name in changed)
    if "moved" in facts:
        words += f" met {facts['gone']}" if facts.get("gone") else ""
        words += f": {wording.moving(facts['moved'])}"
    words += "".join(f", {domain} erbij" for domain in facts.get("added", ()))
    words += "".join(f", {domain} eraf" for domain in facts.get("removed", ()))
    if entry.subject == "person":
        words += _standing_words(facts)
    if facts.get("note") or facts.get("reason"):
        words += f" (“{facts.get('note') or facts.get('reason')}”)"
    if number := facts.get("badges") or facts.get("tickets"):
        words += f": {number}"
    if mails := facts.get("mails"):
        words += ", " + formatting.count_nl(mails, "mail", "mails")
    return words


def _standing_words(facts: Mapping[str, Any]) -> str:
    """On what somebody stands from which day until which: ": ambassadeur, vanaf 01-01-2027"."""
    category = facts.get("category")
    what = wording.CATEGORIES[Category(category)].lower() if category else facts.get("organisation", "")
    days = [(word, facts[name]) for word, name in (("vanaf", "first"), ("tot en met", "last")) if facts.get(name)]
    dated = [f"{word} {formatting.short_date(date.fromisoformat(day))}" for word, day in days]
    return f": {what}, {' '.join(dated)}" if what else ""


@blueprint.app_template_filter("person_sort_name")
def person_sort_name(person: Person) -> str:
    """The name as a list is sorted; what is left of an erased person."""
    return formatting.sort_name(person.given_name, person.infix, person.family_name) or "(gewist)"


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(text: str) -> str:
    """The clause as the beginning of a line; names inside it keep their capitals."""
    return text[:1].upper() + text[1:]
