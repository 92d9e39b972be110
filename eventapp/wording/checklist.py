"""What is said of an event that is about to be published."""

from eventapp.domain.checklist import Advice

CHECK_ADVICE = {
    Advice.IN_THE_PAST: "Het begin ligt in het verleden.",
    Advice.NO_SUMMARY: "Nog geen samenvatting: in de agenda en in zoekresultaten staat dan alleen de titel.",
    Advice.NO_DESCRIPTION: "Nog geen beschrijving.",
    Advice.NO_CONTACT: "Nog geen contact voor vragen: men komt dan bij het secretariaat uit.",
    Advice.NO_ROUTE: "Nog niets over route en parkeren.",
    Advice.NO_LINK: "Nog geen link om online mee te doen.",
    Advice.NO_TARGET_GROUPS: "Nog geen doelgroepen: wie daarop zoekt, vindt deze bijeenkomst niet.",
    Advice.MEMBERS_KEPT_OUT: "Leden kunnen zich niet aanmelden. Klopt dat?",
    Advice.OUTSIDERS_KEPT_OUT: "Niet-leden zien de bijeenkomst, maar kunnen zich niet aanmelden. Klopt dat?",
    Advice.NO_LIMIT: "Nog geen grens aan het aantal plaatsen.",
    Advice.OPENS_TOO_LATE: "Het aanmelden begint pas na het begin: niemand kan zich aanmelden.",
    Advice.CLOSES_TOO_LATE: "Het aanmelden sluit na het begin; bij het begin sluit het sowieso.",
    Advice.CLOSED_ALREADY: "Het aanmelden is al gesloten.",
    Advice.NO_TERMS: "Nog geen annuleringsvoorwaarden: wat bij de instellingen staat geldt.",
    Advice.NO_DIETS: "Men is er tussen de middag, maar naar een dieet wordt niet gevraagd.",
}
CHECK_MISSING = {
    "title": "Een titel.",
    "starts_at": "Wanneer het begint.",
    "city": "De plaats, want het is niet alleen online.",
    "external_url": "De link waar men zich aanmeldt.",
    "prices": "Wie mag komen, en tegen welke prijs.",
}
