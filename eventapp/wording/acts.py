"""What does a line of the log say? A sentence for every act, with the facts that matter in words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from eventapp import formatting
from eventapp.domain.actors import Role
from eventapp.domain.circles import MeetingAnswer, MemberRole
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.jobs import JobKind
from eventapp.domain.payments import Outcome
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.wording.circles import MEETING_ANSWERS, MEMBER_ROLES
from eventapp.wording.fields import CHANGED_FIELDS
from eventapp.wording.imports import JOB_KINDS
from eventapp.wording.kinds import CATEGORIES, FORMS, OUTCOMES, ROLES, TARGET_GROUPS
from eventapp.wording.merging import moving
from eventapp.wording.presence import presence_counts

Facts = Mapping[str, Any]

ACTS = {
    "added_by_hand": "Met de hand toegevoegd",
    "address_changed": "Nieuw adres bevestigd",
    "address_corrected": "Ander adres ingevuld",
    "address_dead": "Adres gemeld als onbereikbaar",
    "address_proven": "Adres bevestigd",
    "address_revived": "Adres werkt weer",
    "announcements_chosen": "Gekozen welke aankondigingen komen",
    "answered": "Vragen beantwoord",
    "api_token_made": "Koppeling gemaakt",
    "api_token_revoked": "Koppeling ingetrokken",
    "attends_changed": "Komt op een andere manier",
    "badges_printed": "Badges afgedrukt",
    "badges_taken_back": "Afdruk van badges telt niet mee",
    "bank_details_given": "Rekening voor de terugbetaling doorgegeven",
    "bank_refund_changed": "Bedrag dat per bank terug moet gewijzigd",
    "bank_refund_done": "Per bank terugbetaald",
    "bank_refund_due": "Moet per bank terug",
    "bank_refund_kept": "Gaat niet terug",
    "bank_refund_lapsed": "Hoeft niet meer terug",
    "bank_refund_undone": "Terugbetaling per bank teruggedraaid",
    "blocks_chosen": "Vaste vragen gekozen",
    "booked_by_api": "Aangemeld door een ander systeem",
    "breakout_added": "Deelsessie erbij",
    "breakout_awaited": "Op de wachtlijst van een deelsessie",
    "breakout_cancelled": "Deelsessie gaat niet door",
    "breakout_changed": "Deelsessie gewijzigd",
    "breakout_removed": "Deelsessie verwijderd",
    "calendar_link_made": "Persoonlijke agendalink gemaakt",
    "calendar_link_replaced": "Persoonlijke agendalink vervangen",
    "cancelled": "Geannuleerd",
    "care_seen": "Wensen bekeken",
    "photo_withdrawn": "Toestemming voor foto’s ingetrokken",
    "care_withdrawn": "Wensen gewist, toestemming ingetrokken",
    "certificate_issued": "Bewijs van deelname gemaakt",
    "certificate_revoked": "Bewijs van deelname ingetrokken",
    "certificate_terms_changed": "Tekst van het bewijs van deelname gewijzigd",
    "changes_discarded": "Wijzigingen die klaarstonden weggegooid",
    "changes_kept": "Wijzigingen klaargezet",
    "circle_added": "Kring gemaakt",
    "circle_answered": "Antwoord gegeven over een bijeenkomst van de kring",
    "circle_asked": "Gevraagd om lid te worden",
    "circle_changed": "Gewijzigd",
    "circle_declined": "Verzoek om lid te worden afgewezen",
    "circle_ended": "Kring beëindigd",
    "circle_joined": "Lid geworden van de kring",
    "circle_left": "Laatste dag in de kring bewaard",
    "claim_approved": "Lidmaatschap bevestigd",
    "claim_refused": "Lidmaatschap niet bevestigd",
    "confirmed": "Plaats bevestigd",
    "contact_added": "Contactpersoon erbij",
    "contact_ended": "Laatste dag van een contactpersoon bewaard",
    "date_confirmed": "Komt ook op de nieuwe datum",
    "device_coupled": "Telefoon gekoppeld",
    "device_invited": "Telefoon uitgenodigd",
    "device_revoked": "Telefoon afgesloten",
    "difference_back": "Verschil terugbetaald",
    "difference_left": "Verschil niet terugbetaald",
    "disputed": "Gemeld dat de aanmelding niet klopt",
    "door_file_read": "Bestand van een telefoon ingelezen",
    "emergency_list_made": "Noodlijst gemaakt",
    "evaluation_closed": "Evaluatie gesloten",
    "evaluation_reopened": "Evaluatie weer geopend",
    "evaluation_set": "Bedankmail en evaluatie ingesteld",
    "event_cancelled": "Bijeenkomst geannuleerd",
    "event_changed": "Gewijzigd",
    "event_copied": "Gekopieerd van een eerdere bijeenkomst",
    "event_created": "Concept gemaakt",
    "event_deleted": "Concept weggegooid",
    "event_proposed": "Bijeenkomst voorgesteld",
    "event_published": "Gepubliceerd",
    "events_imported": "Evenementen ingelezen",
    "event_taken_in": "Bij een kring gezet",
    "function_group_changed": "Functiegroep gewijzigd",
    "gave_way": "Maakte plaats voor een nieuwe aanmelding",
    "hand_over_declined": "Iemand anders wil de plaats niet overnemen",
    "hand_over_offered": "Plaats aangeboden aan iemand anders",
    "hand_over_withdrawn": "Aanbod van de plaats ingetrokken",
    "handed_over": "Plaats overgedragen",
    "handed_over_at_door": "Collega kwam in de plaats, aan de deur",
    "holiday_added": "Schoolvakantie erbij",
    "holiday_removed": "Schoolvakantie verwijderd",
    "holidays_taken_over": "Schoolvakanties overgenomen",
    "identity_tied": "Microsoft-account gekoppeld",
    "identity_untied": "Microsoft-account losgemaakt",
    "invitation_accepted": "Uitnodiging geaccepteerd",
    "invitation_declined": "Uitnodiging afgeslagen",
    "invitation_reminded": "Aan de uitnodiging herinnerd",
    "invitation_reopened": "Toch weer over de uitnodiging nagedacht",
    "invitation_resent": "Uitnodiging opnieuw gestuurd",
    "invitation_withdrawn": "Uitnodiging ingetrokken",
    "invited": "Mensen uitgenodigd",
    "invoice_chosen": "Gekozen om op factuur te betalen",
    "invoice_completed": "Factuurgegevens aangevuld",
    "invoice_details_changed": "Factuurgegevens gewijzigd",
    "invoice_discarded": "Concept vervallen",
    "invoice_drafted": "Concept gemaakt",
    "invoice_issued": "Factuur gemaakt",
    "invoice_match_undone": "Bedrag ongedaan gemaakt",
    "invoice_matched": "Bedrag bij de factuur gezet",
    "invoice_resent": "Factuur opnieuw gemaild",
    "invoice_written_off": "Afgeboekt als oninbaar",
    "job_asked": "Taak gestart",
    "job_cancelled": "Taak afgebroken",
    "label_put": "Label erbij",
    "label_taken": "Label eraf",
    "lapse_seen": "Gezien dat het recht voor de bijeenkomst eindigt",
    "lapsed": "Plaats vervallen",
    "link_dismissed": "Geen lid, niet meer vragen",
    "link_restored": "Toch weer vragen",
    "linked": "Gekoppeld aan een organisatie",
    "mail_sent_again": "Mail opnieuw klaargezet",
    "mail_text_restored": "Mailtekst teruggezet",
    "mail_text_written": "Mailtekst geschreven",
    "mailing_begun": "Bericht aan een groep begonnen",
    "mailing_called_off": "Bericht aan een groep gestopt",
    "mailing_changed": "Bericht aan een groep gewijzigd",
    "mailing_discarded": "Bericht aan een groep weggegooid",
    "mailing_planned": "Bericht aan een groep gepland",
    "mailing_sent": "Bericht aan een groep verstuurd",
    "mailing_stopped": "Bericht aan een groep ging niet weg: de bijeenkomst gaat niet door of is geweest",
    "mailing_written": "Bericht aan een groep geschreven",
    "month_closed": "Maand afgesloten",
    "month_reopened": "Maand heropend",
    "naming_ended": "Laatste dag van de opgave bewaard",
    "not_handed_over_at_door": "Niet gewisseld aan de deur",
    "note_dropped": "Notitie weggegooid",
    "note_written": "Notitie geschreven",
    "offer_accepted": "Aangeboden plaats aangenomen",
    "offer_declined": "Aangeboden plaats afgeslagen",
    "offer_lapsed": "Aangeboden plaats verlopen",
    "offer_left": "Van de wachtlijst gegaan",
    "organisations_imported": "Organisaties ingelezen",
    "organisation_added": "Ingevoerd",
    "organisation_changed": "Gewijzigd",
    "organisation_imported": "Ingevoerd of gewijzigd uit een lijst",
    "organisation_merged": "Samengevoegd",
    "paid": "Betaald",
    "partner_list_seen": "Lijst voor de partner gemaakt",
    "payment_asked_anew": "Opnieuw gevraagd te betalen: de mail kon niet weg",
    "payment_forgotten": "Mollie kent de betaling niet meer",
    "people_imported": "Mensen ingelezen",
    "person_added": "Ingevoerd",
    "person_erased": "Gegevens gewist op verzoek",
    "person_imported": "Ingevoerd of gewijzigd uit een lijst",
    "person_merged": "Samengevoegd met een tweede vermelding van dezelfde persoon",
    "person_named": "Opgegeven door een organisatie",
    "person_renamed": "Naam gewijzigd",
    "place_offered": "Plaats aangeboden vanaf de wachtlijst",
    "places_divided": "Plaatsen verdeeld",
    "presence_corrected": "Presentie met de hand gewijzigd",
    "presence_fixed": "Presentie vastgesteld",
    "presence_from_list": "Presentie uit de lijst van Teams",
    "presence_ticked": "Presentie afgevinkt",
    "presence_unfixed": "Presentie weer geopend",
    "programme_changed": "Deelsessies gewijzigd",
    "programme_pasted": "Deelsessies uit een lijst erbij",
    "proposal_answered": "Antwoord gegeven over een voorstel",
    "proposal_asked": "Vraag gesteld over een voorstel",
    "proposal_declined": "Voorstel afgewezen",
    "proposal_taken": "Voorstel overgenomen als concept",
    "proposal_withdrawn": "Voorstel ingetrokken",
    "question_added": "Vraag erbij",
    "question_changed": "Vraag gewijzigd",
    "question_closed": "Vraag gesloten",
    "question_removed": "Vraag verwijderd",
    "question_reopened": "Vraag weer gesteld",
    "questions_moved": "Vraag verplaatst",
    "refund_by_hand": "Met de hand terugbetaald",
    "refund_planned": "Terugbetaling gepland",
    "registered": "Aangemeld via het formulier",
    "registrations_imported": "Aanmeldingen ingelezen",
    "reminders_set": "Herinneringen ingesteld",
    "resent": "Mail opnieuw verstuurd",
    "revenue_rule_added": "Boekingsregel erbij",
    "revenue_rule_removed": "Boekingsregel verwijderd",
    "role_given": "Rol voor één bijeenkomst of kring gegeven",
    "role_taken_back": "Rol voor één bijeenkomst of kring beëindigd",
    "round_added": "Ronde erbij",
    "round_changed": "Ronde gewijzigd",
    "round_removed": "Ronde verwijderd",
    "series_planned": "Bijeenkomsten van de kring gepland",
    "settings_changed": "Instellingen gewijzigd",
    "settlements_imported": "Uitbetalingen ingelezen",
    "sharing_agreed": "Naam en organisatie mogen naar de partner",
    "sharing_withdrawn": "Naam gaat niet meer naar de partner",
    "signed_in": "Ingelogd",
    "signed_out_everywhere": "Overal uitgelogd",
    "speaker_added": "Spreekt bij een deelsessie",
    "speaker_removed": "Spreekt niet meer bij een deelsessie",
    "staff_added": "Medewerker toegevoegd",
    "staff_ended": "Toegang van een medewerker beëindigd",
    "status_added": "Status gegeven",
    "status_ended": "Laatste dag van de status bewaard",
    "tickets_printed": "Tickets van iedereen in één bestand",
    "visibility_described": "Bijdrage en bezoekers ingevuld",
    "waiting_moved": "Verplaatst op de wachtlijst",
    "waitlisted": "Op de wachtlijst gezet",
    "walked_in": "Binnengelaten zonder aanmelding",
    "year_closed": "Jaar afgesloten",
    "year_reopened": "Jaar heropend",
}
SUBJECTS = {
    "address": "Adres",
    "api_token": "Koppeling",
    "calendar_feed": "Agendalink",
    "circle": "Kring",
    "closed_month": "Boekhoudmaand",
    "device": "Telefoon aan de deur",
    "domain": "Maildomein",
    "event": "Bijeenkomst",
    "identity": "Microsoft-account",
    "invitation": "Uitnodiging",
    "invoice": "Factuur",
    "job": "Taak",
    "mail": "Mail",
    "mail_preference": "Voorkeuren voor mail",
    "mail_text": "Mailtekst",
    "mailing": "Bericht aan een groep",
    "order": "Bestelling",
    "organisation": "Organisatie",
    "person": "Persoon",
    "registration": "Aanmelding",
    "revenue": "Boekingsregel",
    "proposal": "Voorstel",
    "session": "Aanmelden op de site",
    "settings": "Instellingen",
    "staff": "Medewerker",
    "year_closing": "Jaar",
}
ERASED_BY = {"self": ", door de persoon zelf", "office": ", door het kantoor", "again": ", opnieuw na een back-up"}
ACTOR_KINDS = {
    "person": "Deelnemers",
    "visitor": "Bezoekers",
    "staff": "Medewerkers",
    "device": "Telefoons aan de deur",
    "api": "Andere systemen",
    "system": "Het systeem zelf",
}


def act(code: str, facts: Facts) -> str:
    """The sentence of one line: "Gewijzigd: begin, locatie, 32 mails"."""
    return ACTS[code] + "".join(clause(code, facts) for clause in _CLAUSES)


def _about(code: str, facts: Facts) -> str:
    """What it was about, after a colon or between quotation marks."""
    if code in _ABOUT:
        return _ABOUT[code](facts)
    return f" “{facts['title']}”" if facts.get("title") else ""


def _changed(code: str, facts: Facts) -> str:
    names = CHANGED_FIELDS.get(code)
    told = [names.get(name, name) for name in facts["changed"]] if names else []
    gone = f" met {facts['gone']}" if facts.get("gone") else ""
    moved = f"{gone}: {moving(facts['moved'])}" if "moved" in facts else ""
    return (": " + ", ".join(told) if told else "") + moved


def _domains(code: str, facts: Facts) -> str:
    if not code.startswith("organisation_"):
        return ""
    return "".join(
        [f", {one} erbij" for one in facts.get("added", ())] + [f", {one} eraf" for one in facts.get("removed", ())]
    )


def _days(code: str, facts: Facts) -> str:
    """From which day until which; of a holiday the first day stands with its name."""
    if code.startswith("holiday"):
        return ""
    days = [(word, facts[name]) for word, name in (("vanaf", "first"), ("tot en met", "last")) if facts.get(name)]
    return (", " + " ".join(f"{word} {_day(day)}" for word, day in days)) if days else ""


def _amount(code: str, facts: Facts) -> str:
    """The money, by whichever name the use case gave it."""
    names = {
        "by_bank_cents": " per bank",
        "back_cents": " terug",
        "refund_cents": " terug",
        "gross_cents": "",
        "cents": "",
        "amount_cents": "",
    }
    return "".join(f", {formatting.money_short(facts[name])}{what}" for name, what in names.items() if facts.get(name))


def _numbers(code: str, facts: Facts) -> str:
    counted = {
        "people": ("aanmelding", "aanmeldingen"),
        "count": ("regel", "regels"),
        "meetings": ("bijeenkomst", "bijeenkomsten"),
        "sessions": ("sessie", "sessies"),
        "ticked": ("vinkje", "vinkjes"),
        "heads": ("bezoeker", "bezoekers"),
    }
    words = [
        formatting.count_nl(facts[name], *forms)
        for name, forms in counted.items()
        if isinstance(facts.get(name), int) and facts[name]
    ]
    printed = facts.get("badges") or facts.get("tickets")
    return (f": {printed}" if printed else "") + "".join(f", {word}" for word in words)


def _mails(_code: str, facts: Facts) -> str:
    return ", " + formatting.count_nl(facts["mails"], "mail", "mails") if facts.get("mails") else ""


def _forced(_code: str, facts: Facts) -> str:
    return ", boven de capaciteit" if facts.get("forced") else ""


def _why(code: str, facts: Facts) -> str:
    """What the office wrote with it; of some acts the reason is a code of ours, and no text."""
    coded = code in ("refund_planned", "not_handed_over_at_door")
    text = facts.get("note") or ("" if coded else facts.get("why") or facts.get("reason"))
    return f" (“{text}”)" if text else ""


_CLAUSES = (_forced, _about, _changed, _domains, _days, _amount, _numbers, _mails, _why)


def _day(text: str) -> str:
    return formatting.short_date(date.fromisoformat(text))


def _coded(codes: Any, words: Mapping[Any, str], name: str) -> Callable[[Facts], str]:
    """A fact that is a code of ours, in lower-case words after a colon."""

    def told(facts: Facts) -> str:
        return f": {words[codes(facts[name])].lower()}" if facts.get(name) else ""

    return told


def _named(name: str) -> Callable[[Facts], str]:
    """A fact that is a name, after a colon."""

    def told(facts: Facts) -> str:
        return f": {facts[name]}" if facts.get(name) else ""

    return told


def _role_of(facts: Facts) -> str:
    return f": {ROLES[Role(facts['role'])].lower()}" + (f", {facts['whom']}" if facts.get("whom") else "")


def _as_what(facts: Facts) -> str:
    """As what somebody came in; not who named them, which is another person."""
    category = facts.get("category")
    word = f" als {CATEGORIES[Category(category)].lower()}" if category else ""
    return word + (f", namens {facts['organisation']}" if facts.get("organisation") else "")


def _imported(facts: Facts) -> str:
    words = {"new": "nieuw", "changed": "gewijzigd", "unchanged": "ongewijzigd", "refused": "geweigerd"}
    told = [f"{facts[name]} {word}" for name, word in words.items() if facts.get(name)]
    return ": " + ", ".join(told) if told else ""


def _moved_in_line(facts: Facts) -> str:
    return f" van {facts['was']} naar {facts['place']}" if "was" in facts else ""


def _reminders(facts: Facts) -> str:
    days = [formatting.count_nl(days, "dag", "dagen") for days in facts.get("days", ())]
    times = [*days, *(["vlak voor het begin"] if facts.get("online") else [])]
    return f": {formatting.listed(times)} van tevoren" if days else f": {times[0]}" if times else ": geen"


def _evaluation(facts: Facts) -> str:
    asks = f"evaluatie met {formatting.count_nl(facts['questions'], 'vraag', 'vragen')}" if facts.get("asks") else ""
    told = [word for word in ("bedankmail" if facts.get("thanks") else "", asks) if word]
    return f": {formatting.listed(told)}" if told else ": geen van beide"


def _presence(facts: Facts) -> str:
    return f": {presence_counts({PresenceStatus(code): number for code, number in facts['people'].items() if number})}"


def _until(facts: Facts) -> str:
    return f", tot {formatting.moment(datetime.fromisoformat(facts['until']))}" if facts.get("until") else ""


def _month(facts: Facts) -> str:
    return f": {formatting.month_year(date.fromisoformat(facts['month'] + '-01'))}" if facts.get("month") else ""


_ABOUT: Mapping[str, Callable[[Facts], str]] = {
    "added_by_hand": _as_what,
    "person_erased": lambda facts: ERASED_BY[facts["how"]],
    "attends_changed": _coded(EventForm, FORMS, "attends"),
    "bank_details_given": _named("iban"),
    "booked_by_api": _as_what,
    "circle_added": _named("name"),
    "circle_answered": _coded(MeetingAnswer, MEETING_ANSWERS, "answer"),
    "circle_joined": _coded(MemberRole, MEMBER_ROLES, "role"),
    "evaluation_set": _evaluation,
    "event_copied": _named("title"),
    "event_proposed": _named("title"),
    "event_taken_in": _named("circle"),
    "events_imported": _imported,
    "function_group_changed": _coded(TargetGroup, TARGET_GROUPS, "function_group"),
    "holiday_added": _named("name"),
    "holiday_removed": _named("name"),
    "holidays_taken_over": _named("year"),
    "invoice_issued": _named("number"),
    "invoice_match_undone": _named("number"),
    "invoice_matched": _named("number"),
    "invoice_written_off": _named("number"),
    "job_asked": _coded(JobKind, JOB_KINDS, "kind"),
    "label_put": _named("label"),
    "label_taken": _named("label"),
    "link_dismissed": _named("domain"),
    "link_restored": _named("domain"),
    "month_closed": _month,
    "month_reopened": _month,
    "naming_ended": _named("organisation"),
    "organisations_imported": _imported,
    "paid": _coded(Outcome, OUTCOMES, "outcome"),
    "payment_asked_anew": _until,
    "people_imported": _imported,
    "person_named": _named("organisation"),
    "place_offered": _until,
    "presence_fixed": _presence,
    "registered": _as_what,
    "registrations_imported": _imported,
    "reminders_set": _reminders,
    "role_given": _role_of,
    "role_taken_back": _role_of,
    "settlements_imported": _imported,
    "staff_added": _coded(str, ROLES, "role"),
    "status_added": _coded(Category, CATEGORIES, "category"),
    "status_ended": _coded(Category, CATEGORIES, "category"),
    "waiting_moved": _moved_in_line,
    "year_closed": _named("year"),
    "year_reopened": _named("year"),
}
