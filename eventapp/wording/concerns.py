"""What the lines of Vandaag are called, and the sentence that says what somebody can do about them."""

from eventapp.domain.concerns import Concern, Urgency

URGENCIES = {Urgency.NOW: "Eerst", Urgency.WEEK: "Deze week", Urgency.LATER: "Goed om te weten"}

CONCERNS = {
    Concern.REFUNDS: "Terugbetalingen die niet lukten",
    Concern.OUTCOMES: "Betalingen die anders liepen",
    Concern.UNASKED: "De betaaldienst gaf geen antwoord",
    Concern.UNPAID_AFTER_ALL: "Plaats gegeven, factuur toch niet betaald",
    Concern.TOO_MUCH: "Te veel betaald via Mollie",
    Concern.MAILS: "Mails die niet aankwamen",
    Concern.JOBS: "Taken die mislukten",
    Concern.OFFERED: "Aangeboden plaatsen zonder antwoord",
    Concern.CLAIMS: "Werkt deze persoon bij een lid?",
    Concern.CIRCLES: "Verzoeken om lid te worden van een kring",
    Concern.LINKING: "Koppelen: aan het mailadres niet herkend",
    Concern.PROPOSALS: "Ambassadeurs stellen een bijeenkomst voor",
    Concern.DRAFTS: "Concepten dicht bij hun datum",
    Concern.CHANGES: "Wijzigingen die nog niet zijn doorgevoerd",
    Concern.PRESENCE: "Presentie vaststellen",
    Concern.LAPSES: "Lidmaatschap of status eindigt voor de bijeenkomst",
    Concern.MOVED: "Geld dat buiten ons om ging",
    Concern.BANK: "Terug te betalen per bank",
    Concern.CREDITS: "Creditfacturen die nog niet konden worden gemaakt",
    Concern.OVERDUE: "Facturen die nog niet konden worden gemaakt",
    Concern.UNREADY: "Op factuur kan hier nog niet",
    Concern.UNPAID: "Nog niet betaald",
    Concern.WAITING: "Op de wachtlijst",
}

CONCERN_HELP = {
    Concern.REFUNDS: "Probeer het opnieuw, of betaal terug per bank.",
    Concern.OUTCOMES: "Kijk of er nog iets moet gebeuren.",
    Concern.UNASKED: "Deze plaatsen blijven vastgehouden tot we weten of er is betaald. We vragen het vanzelf opnieuw.",
    Concern.UNPAID_AFTER_ALL: "De betaling van deze facturen is ongedaan gemaakt nadat de plaats was bevestigd. De "
    "plaats en het ticket blijven staan; annuleer zo nodig zelf.",
    Concern.TOO_MUCH: "Deze facturen waren al (deels) betaald toen er ook via Mollie geld binnenkwam, of zijn daarna "
    "gecrediteerd. Er gaat niets vanzelf terug. Betaal terug op de pagina van de aanmelding, of maak ongedaan wat er "
    "niet hoort te staan.",
    Concern.MAILS: "Klopt het adres? Corrigeer het bij de aanmelding, dan gaat de mail opnieuw.",
    Concern.JOBS: "Van de laatste zeven dagen. Wat al gedaan was, blijft gedaan.",
    Concern.OFFERED: "Wie niet op tijd antwoordt, verliest de plaats aan de volgende.",
    Concern.CLAIMS: "Zij zeggen bij een lid te werken, maar hun mailadres bewijst dat niet.",
    Concern.CIRCLES: "Zij wachten op een ja of nee.",
    Concern.LINKING: "Zeg bij welke organisatie zij horen.",
    Concern.PROPOSALS: "Neem het over, vraag iets, of zeg waarom niet.",
    Concern.DRAFTS: "Binnen zes weken, en nog niet gepubliceerd.",
    Concern.CHANGES: "Bezoekers zien nog hoe het was. Voer de wijzigingen door, of gooi ze weg.",
    Concern.PRESENCE: "Daarna gaan bedankmail, evaluatie en bewijzen de deur uit.",
    Concern.LAPSES: "Categorie en prijs veranderen niet vanzelf. Overleg zo nodig, en wijzig of annuleer de aanmelding "
    "zelf.",
    Concern.MOVED: "Teruggehaald door de bank, of buiten dit programma om terugbetaald.",
    Concern.BANK: "Zij betaalden op factuur en krijgen geld terug.",
    Concern.CREDITS: "Deze mensen zijn afgemeld. De creditfactuur komt vanzelf zodra is ingevuld wat ontbreekt.",
    Concern.OVERDUE: "Zij hadden er al moeten zijn. Op de pagina van elk concept staat wat er ontbreekt.",
    Concern.UNREADY: "Deze bijeenkomsten staan betalen op factuur toe, maar zonder deze gegevens kan er geen factuur "
    "worden gemaakt. De keuze staat daarom niet op het formulier. Vul ze in bij Instellingen, en btw bij Geld.",
    Concern.UNPAID: "De plaats is vastgehouden tot er is betaald.",
    Concern.WAITING: "Zij schuiven vanzelf door als er een plaats vrijkomt.",
}
