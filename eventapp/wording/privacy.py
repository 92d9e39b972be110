"""Dutch words for what is kept of people, why and how long; and for what stands in the way of being forgotten."""

from collections.abc import Iterable, Mapping

from eventapp import formatting
from eventapp.domain.erasing import Blocker, Standing
from eventapp.domain.personal_data import Ground
from eventapp.domain.retention import CARE_DAYS, INVOICE_YEARS, TERMS, Term

# Said where somebody takes their data along.
DATA_AT_THE_OFFICE = (
    "Notities van het kantoor, statussen en wie u opgaf staan hier niet bij: dit adres is ook van iemand anders, of het"
    " is niet het adres dat u het laatst bewees. Het kantoor geeft ze u als u erom vraagt."
)


def in_the_way(found: Standing) -> str:
    """One sentence to whoever asks to be forgotten."""
    return _TO_THE_PERSON[found.why].format(title=found.title)


def in_the_way_of(found: Standing) -> str:
    """The same to the office, which settles it for somebody else."""
    return _TO_THE_OFFICE[found.why].format(title=found.title)


_TO_THE_PERSON = {
    Blocker.COMING: "{title}: u bent nog aangemeld, of u meldde iemand aan. Meld eerst iedereen af.",
    Blocker.CIRCLE: "{title}: verlaat eerst de kring. Dan vervallen ook uw aanmeldingen voor de bijeenkomsten.",
    Blocker.MONEY: "Er is nog geld naar u onderweg of er komt nog een factuur. Zodra dat klaar is, kan het.",
    Blocker.STAFF: "U werkt hier als medewerker. Een beheerder beëindigt eerst uw account.",
    Blocker.OTHER_MAILBOX: "Wij kennen u ook op {title}. Over wat daar staat kunt u vanaf dit adres niet beslissen.",
}

_TO_THE_OFFICE = {
    Blocker.COMING: "{title}: deze persoon is nog aangemeld, of meldde iemand aan. Annuleer dat eerst.",
    Blocker.CIRCLE: "{title}: beëindig eerst het lidmaatschap. Dan vervallen ook de aanmeldingen voor bijeenkomsten.",
    Blocker.MONEY: "Er is nog geld naar deze persoon onderweg, of er komt nog een factuur. Daarna kan het.",
    Blocker.STAFF: "Deze persoon werkt hier als medewerker. Beëindig eerst het account.",
}


def in_the_file(what: str, number: int) -> str:
    """How much of this is in the file of one's own data."""
    return formatting.count_nl(number, *IN_THE_FILE[what])


# The lists of queries/own_data, one and many.
IN_THE_FILE = {
    "aanmeldingen": ("aanmelding", "aanmeldingen"),
    "antwoorden": ("antwoord op een vraag", "antwoorden op vragen"),
    "berichten": ("bericht aan een groep", "berichten aan een groep"),
    "bestellingen": ("bestelling", "bestellingen"),
    "bewijzen": ("bewijs van deelname", "bewijzen van deelname"),
    "bijeenkomsten": ("bijeenkomst", "bijeenkomsten"),
    "contactpersoon": ("keer contactpersoon", "keer contactpersoon"),
    "correcties": ("verbetering van uw aanwezigheid", "verbeteringen van uw aanwezigheid"),
    "deelsessies": ("keuze voor een deelsessie", "keuzes voor deelsessies"),
    "facturen": ("factuur", "facturen"),
    "foto": ("keuze over foto’s", "keuzes over foto’s"),
    "kringantwoorden": ("antwoord aan een kring", "antwoorden aan kringen"),
    "kringen": ("lidmaatschap van een kring", "lidmaatschappen van kringen"),
    "labels": ("label van het kantoor", "labels van het kantoor"),
    "lijsten": ("lijst met mensen die u bekeek", "lijsten met mensen die u bekeek"),
    "logboek": ("regel in het logboek", "regels in het logboek"),
    "mails": ("mail", "mails"),
    "notities": ("notitie van het kantoor", "notities van het kantoor"),
    "opgegeven": ("opgave door een organisatie", "opgaven door organisaties"),
    "overdrachten": ("plaats die iemand u wilde geven", "plaatsen die iemand u wilde geven"),
    "partner": ("keuze om een partner te laten weten dat u komt", "keuzes om een partner te laten weten dat u komt"),
    "presentie": ("keer vastgesteld of u er was", "keer vastgesteld of u er was"),
    "scans": ("scan aan de deur", "scans aan de deur"),
    "statussen": ("eigen status", "eigen statussen"),
    "toestemmingen": ("toestemming", "toestemmingen"),
    "uitnodigingen": ("uitnodiging", "uitnodigingen"),
    "voorkeuren": ("keuze voor aankondigingen", "keuzes voor aankondigingen"),
    "voorstellen": ("voorstel", "voorstellen"),
    "wachtlijsten": ("plek op een wachtlijst", "plekken op wachtlijsten"),
    "wensen": ("opgave van dieet of hulp", "opgaven van dieet of hulp"),
}


def swept(counts: Mapping[str, int]) -> str:
    """What the sweep of one night took away."""
    return formatting.listed(
        [formatting.count_nl(counts[name], *words) for name, words in SWEPT.items() if name in counts]
    )


# The counts of services/forgetting, one and many.
SWEPT = {
    "people": ("persoon", "mensen"),
    "registrations": ("aanmelding", "aanmeldingen"),
    "orders": ("bestelling", "bestellingen"),
    "invitations": ("uitnodiging", "uitnodigingen"),
    "hand_overs": ("overdracht", "overdrachten"),
    "circles": ("gegeven van een kring", "gegevens van kringen"),
    "care": ("opgave van dieet of hulp", "opgaven van dieet of hulp"),
    "replies": ("antwoord op een vraag", "antwoorden op vragen"),
    "photos": ("keuze over foto’s", "keuzes over foto’s"),
    "sharing": ("toestemming voor een partner", "toestemmingen voor een partner"),
    "badges": ("naam in een badge-afdruk", "namen in badge-afdrukken"),
    "corrections": ("verbetering van aanwezigheid", "verbeteringen van aanwezigheid"),
    "certificates": ("bewijs van deelname", "bewijzen van deelname"),
    "evaluations": ("gegeven van een evaluatie", "gegevens van evaluaties"),
    "proposals": ("voorstel", "voorstellen"),
    "notes": ("notitie", "notities"),
    "mails": ("mail", "mails"),
    "mailbox": ("mail in het postvak van de demo", "mails in het postvak van de demo"),
    "mailings": ("bericht aan een groep", "berichten aan een groep"),
    "sessions": ("keer inloggen", "keer inloggen"),
    "links": ("link", "links"),
    "identities": ("gekoppeld account", "gekoppelde accounts"),
    "visitors": ("controlegetal van een bezoeker", "controlegetallen van bezoekers"),
    "audit": ("regel van het logboek", "regels van het logboek"),
    "looks": ("bekeken lijst", "bekeken lijsten"),
    "answers": ("antwoord aan een ander systeem", "antwoorden aan andere systemen"),
    "job_files": ("bestand van een taak", "bestanden van taken"),
    "jobs": ("taak", "taken"),
    "bank_details": ("rekeningnummer", "rekeningnummers"),
    "invoices": ("factuur", "facturen"),
    "saved_views": ("bewaarde weergave", "bewaarde weergaven"),
    "staff": ("gegeven van een medewerker", "gegevens van medewerkers"),
}

# What it is, and why we keep it; to the people it is about.
PROCESSINGS = {
    "registering": (
        "Naam, e-mailadres, organisatie, functie",
        "Om u een plaats te geven, te ontvangen en bericht te sturen.",
    ),
    "asking_others": (
        "Wie wij uitnodigen, en wie u vraagt in uw plaats te komen",
        "Om die persoon te kunnen vragen.",
    ),
    "standing": (
        "Dat u bij een organisatie hoort of een eigen status hebt",
        "Om te weten wie erin mag en tegen welke prijs.",
    ),
    "presence": ("Of en wanneer u aanwezig was", "Voor de presentielijst en de jaarcijfers van de vereniging."),
    "answers": ("Antwoorden op vragen van een bijeenkomst", "Om de dag voor te bereiden."),
    "care": (
        "Dieetwensen en wat u nodig heeft om erbij te zijn",
        "Alleen als u dat wilt, met een eigen toestemming die u altijd kunt intrekken. Ze staan niet in mails of "
        "lijsten; de keuken krijgt aantallen zonder namen.",
    ),
    "sharing": (
        "Of een partner mag weten dat u komt",
        "Alleen bij wat een partner aanbiedt, en alleen als u dat aangeeft. De partner krijgt dan uw naam en "
        "organisatie, nooit uw mailadres. Intrekken kan altijd, op de pagina van uw ticket.",
    ),
    "proposing": ("Wat u als ambassadeur voorstelt", "Om er een bijeenkomst van te maken."),
    "photos": ("Of u op de foto wilt", "Om daar rekening mee te houden. Het maakt voor uw deelname niet uit."),
    "evaluation": (
        "Wat u van een bijeenkomst vond",
        "Om het beter te doen en voor de jaarcijfers, zonder uw naam. Wij bewaren dát u antwoordde, los van wat.",
    ),
    "circles": ("Lidmaatschap van kringen, en waarom u niet kunt", "Om u uit te nodigen en plaats te houden."),
    "mail": ("De mails die wij u sturen", "Om te kunnen zien wat u kreeg en het opnieuw te sturen."),
    "announcing": (
        "Berichten aan groepen, en of u aankondigingen wilt",
        "Werkt u bij een lid, dan mailen wij u af en toe over bijeenkomsten. In elke aankondiging meldt u zich met één "
        "druk op de knop af.",
    ),
    "signing_in": (
        "Waar u bent ingelogd, en vanwaar u boekte (als controlegetal)",
        "Om u binnen te laten en misbruik tegen te gaan.",
    ),
    "invoicing": (
        "Facturen en betalingen",
        "Omdat de wet dat vraagt. De betaling zelf doet Mollie, en daarvan bewaren wij geen bankgegevens.",
    ),
    "books": ("Wie de uitbetalingen van Mollie boekte", "Om de boeken te kunnen nalopen."),
    "paying_back": ("Uw rekeningnummer, als wij per bank terugbetalen", "Om het geld over te maken."),
    "invoice_details": ("Factuurgegevens van een organisatie", "Om facturen aan het goede adres te sturen."),
    "certificates": (
        "Bewijzen van deelname",
        "Zodat ze te controleren blijven. De controlepagina noemt uw naam afgekort.",
    ),
    "notes": ("Een notitie van het kantoor", "Om een afspraak met u niet te vergeten."),
    "log": ("Wanneer u zich aanmeldde en wat er wijzigde", "Om fouten te kunnen herstellen en misbruik te zien."),
    "looking": (
        "Wie van ons een lijst bekeek of meenam waarop u staat",
        "Om verantwoording af te leggen over wie uw gegevens zag. Welke namen op de lijst stonden, bewaren wij niet.",
    ),
    "long_work": ("Bestanden die het kantoor inleest of laat maken", "Om een lijst in één keer te verwerken."),
    "office": ("Medewerkers: account, en wie iets besloot", "Om te weten wie wat mag en deed."),
    "published": (
        "Sprekers en contactpersonen in een programma",
        "Wie spreekt, staat met naam in het gepubliceerde programma.",
    ),
    "refusing": (
        "Dat u geen aankondigingen wilt, of gewist wilde worden",
        "Als controlegetal, zodat wij uw nee niet vergeten.",
    ),
}
GROUNDS = {
    Ground.AGREEMENT: "uitvoering van de overeenkomst",
    Ground.CONSENT: "uw toestemming",
    Ground.LAW: "wettelijke plicht",
    Ground.INTEREST: "gerechtvaardigd belang",
}
_AFTER = {
    "registrations": "na de bijeenkomst",
    "withdrawn": "na de bijeenkomst, als u zich afmeldde",
    "invitations": "na de bijeenkomst of de aanvraag",
    "remarks": "na de bijeenkomst",
    "mails": "na het versturen",
    "audit": "na de handeling",
    "looks": "na het bekijken",
    "sessions": "na het einde",
    "links": "na het einde",
    "identities": "na de laatste keer inloggen",
    "visitors": "na het boeken",
    "answers": "na de vraag van een ander systeem",
    "job_files": "na het werk, met regels en al",
    "jobs": "na het werk",
    "bank_details": "na de overboeking",
    "certificates": "na het uitreiken",
    "notes": "na het schrijven",
    "proposals": "na de beslissing, of na het voorstel als die uitbleef",
    "saved_views": "na het bewaren, als er een zoekwoord in staat",
    "mailings": "na het versturen",
    "staff": "na het einde van het account of de handeling",
}
_OWN = {
    "care_days": f"{CARE_DAYS} dagen na de bijeenkomst, of tot u zich afmeldt",
    "question": "zo lang als bij de vraag staat, en nooit langer dan de aanmelding",
    "invoice_years": f"{INVOICE_YEARS} jaar na het einde van het jaar",
    "while_known": "zolang het geldt, en daarna zo lang als uw laatste aanmelding",
    "while_member": "zolang de organisatie bij ons bekend is",
    "published": "zolang het programma te lezen is",
    "only_added": "blijft: aan de boeken wordt alleen toegevoegd",
    "for_good": "blijft, zonder naam of adres",
}


def kept(terms: Iterable[str]) -> str:
    """All of them, each said once."""
    return "; ".join(dict.fromkeys(map(until, terms)))


def until(term: str) -> str:
    """How long, in words: "2 jaar na de bijeenkomst"."""
    return _OWN[term] if term in _OWN else f"{_length(TERMS[term])} {_AFTER[term]}"


def _length(term: Term) -> str:
    lengths = ((term.years, "jaar", "jaar"), (term.days, "dag", "dagen"), (term.hours, "uur", "uur"))
    return formatting.listed([formatting.count_nl(*one) for one in lengths if one[0]])
