"""The Dutch words of the account: what each figure is called and what it means, on screen, on paper and in the file."""

from datetime import datetime
from typing import Any, NamedTuple

from eventapp import formatting
from eventapp.domain.account import ALL, NONE, Figure
from eventapp.domain.events import Field
from eventapp.wording.kinds import CATEGORIES, FIELDS, FORMS, KINDS, ORGANISATION_KINDS, RELATIONS, TARGET_GROUPS


class Meaning(NamedTuple):
    """What a figure or a column is called, and what it counts."""

    word: str
    sentence: str


ACCOUNT_FIGURES = {
    Figure.MEETINGS: Meaning(
        "Bijeenkomsten per doelgroep en vakgebied",
        "Bijeenkomsten van de vereniging die in dit jaar begonnen, doorgingen en voorbij zijn. Externe evenementen "
        "tellen hier niet mee. Wie zich op meer doelgroepen of vakgebieden richt, telt in elk vakje; in een totaal "
        "telt elke bijeenkomst één keer.",
    ),
    Figure.ATTENDANCE: Meaning(
        "Aanmeldingen en aanwezigen",
        "Van dezelfde bijeenkomsten. Wie drie keer kwam, telt hier drie keer.",
    ),
    Figure.REACH: Meaning(
        "Bereik onder de leden",
        "Elke lidorganisatie staat in één van de drie groepen; samen zijn dat alle leden van dit jaar.",
    ),
    Figure.PEOPLE: Meaning(
        "Mensen",
        "Verschillende mensen die ten minste één keer aanwezig waren. Wie in twee kringen zit of voor twee "
        "organisaties kwam, telt in het totaal één keer, en in elke hoedanigheid waarin hij of zij kwam ook.",
    ),
    Figure.ORGANISATIONS: Meaning(
        "Organisaties",
        "Verschillende organisaties in ons bestand van wie ten minste één mens aanwezig was: wie namens haar kwam, of "
        "een mailadres bij haar domein heeft. Geteld naar wat zij op die dag voor de vereniging waren; wie in het jaar "
        "lid werd, kan bij twee groepen staan. In het totaal telt elke organisatie één keer.",
    ),
    Figure.NO_SHOW: Meaning(
        "Wegblijvers",
        "Bij bijeenkomsten waarvan de presentie is vastgesteld. Het percentage is het aantal wegblijvers van de "
        "verwachte mensen.",
    ),
    Figure.WAITING: Meaning(
        "Druk op de wachtlijst",
        "Wachtenden per 100 plaatsen, over alle bijeenkomsten met een grens aan het aantal plaatsen. De wachtlijst "
        "van een deelsessie telt niet mee.",
    ),
    Figure.APPRECIATION: Meaning(
        "Waardering",
        "Het gemiddelde cijfer (1 tot en met 10) uit de evaluaties, per soort bijeenkomst en jaar. Een bijeenkomst "
        "met minder dan 5 antwoorden telt niet mee: dan was te raden wie wat gaf.",
    ),
    Figure.OUTSIDERS: Meaning(
        "Buiten de leden",
        "Organisaties in ons bestand die geen lid en geen partner waren op de dag dat er iemand van hen aanwezig was.",
    ),
    Figure.MEMBERS: Meaning(
        "Leden op weg naar het doel",
        "Lidorganisaties aan het einde van het jaar, of vandaag zolang het jaar loopt. Begin, plus wie lid werd, "
        "min wie stopte, is het einde. Wie per 31 december opzegt, telt dat jaar nog mee en is het volgende jaar "
        "gestopt.",
    ),
    Figure.VISIBILITY: Meaning(
        "Zichtbaarheid naar buiten",
        "Agendapunten waarvoor men zich niet bij ons aanmeldt: externe evenementen, en bijeenkomsten met aanmelden "
        "elders of zonder aanmelden.",
    ),
}

ACCOUNT_COLUMNS = {
    (Figure.MEETINGS, "all"): Meaning("Totaal", "Alle bijeenkomsten samen, elk één keer."),
    (Figure.ATTENDANCE, "meetings"): Meaning("Bijeenkomsten", "Die doorgingen en voorbij zijn."),
    (Figure.ATTENDANCE, "registered"): Meaning(
        "Aangemeld", "Bevestigde aanmeldingen. Wie zich afmeldde of op de wachtlijst bleef, telt niet mee."
    ),
    (Figure.ATTENDANCE, "attended"): Meaning(
        "Aanwezig",
        "Wie er was volgens de vastgestelde presentie: ter plaatse of online, ook gasten en waarnemers. Zolang de "
        "presentie niet is vastgesteld, telt niemand.",
    ),
    (Figure.REACH, "members"): Meaning("Leden", "Organisaties die op ten minste één dag van het jaar lid waren."),
    (Figure.REACH, "took_part"): Meaning("Deden mee", "Van wie dit jaar ten minste één mens aanwezig was."),
    (Figure.REACH, "earlier"): Meaning(
        "Niet meer", "Van wie dit jaar niemand aanwezig was, en in een eerder jaar wel."
    ),
    (Figure.REACH, "never"): Meaning("Nog nooit", "Van wie voor zover wij weten nog nooit iemand aanwezig was."),
    (Figure.PEOPLE, "people"): Meaning("Mensen", "Verschillende mensen die ten minste één keer aanwezig waren."),
    (Figure.ORGANISATIONS, "organisations"): Meaning(
        "Organisaties", "Verschillende organisaties van wie ten minste één mens aanwezig was."
    ),
    (Figure.NO_SHOW, "no_show"): Meaning(
        "Wegblijvers",
        "Wie ja had gezegd en zonder bericht wegbleef. Wie zich afmeldde, ook op de dag zelf, is dat niet.",
    ),
    (Figure.NO_SHOW, "expected"): Meaning("Verwacht", "Aanwezigen en wegblijvers samen."),
    (Figure.WAITING, "meetings"): Meaning("Met wachtlijst", "Bijeenkomsten waarvoor iemand op de wachtlijst stond."),
    (Figure.WAITING, "waited"): Meaning("Wachtenden", "Aanmeldingen die op enig moment op de wachtlijst stonden."),
    (Figure.WAITING, "placed"): Meaning(
        "Kregen een plaats", "Van die wachtenden: wie alsnog een plaats kreeg en hield."
    ),
    (Figure.WAITING, "places"): Meaning("Plaatsen", "De plaatsen van alle bijeenkomsten met een grens."),
    (Figure.APPRECIATION, "mean"): Meaning("Cijfer", "Het gemiddelde van alle cijfers, niet dat van de gemiddelden."),
    (Figure.APPRECIATION, "answers"): Meaning("Antwoorden", "Hoeveel cijfers er zijn gegeven."),
    (Figure.APPRECIATION, "asked"): Meaning("Respons", "De antwoorden als deel van wie het is gevraagd."),
    (Figure.OUTSIDERS, "organisations"): Meaning(
        "Niet-leden", "Zulke organisaties van wie dit jaar iemand aanwezig was."
    ),
    (Figure.OUTSIDERS, "later_members"): Meaning(
        "Daarna lid", "Daarvan lid geworden na die dag, tot vandaag of tot de dag waarop het jaar werd afgesloten."
    ),
    (Figure.OUTSIDERS, "unknown"): Meaning(
        "Zonder organisatie", "Mensen die als niet-lid kwamen van een organisatie die niet in ons bestand staat."
    ),
    (Figure.OUTSIDERS, "open"): Meaning(
        "Open bijeenkomsten", "Bijeenkomsten waarvoor niet-leden zich konden aanmelden, gratis of tegen een prijs."
    ),
    (Figure.MEMBERS, "start"): Meaning("Begin", "Lid op 31 december van het jaar ervoor."),
    (Figure.MEMBERS, "joined"): Meaning("Lid geworden", "Een lidmaatschap dat dit jaar begon."),
    (Figure.MEMBERS, "left"): Meaning("Gestopt", "Een lidmaatschap waarvan de eerste dag erna in dit jaar valt."),
    (Figure.MEMBERS, "end"): Meaning("Einde", "Lid op 31 december, of vandaag."),
    (Figure.VISIBILITY, "items"): Meaning("Agendapunten", "Zulke agendapunten die dit jaar begonnen en voorbij zijn."),
    (Figure.VISIBILITY, "contributed"): Meaning(
        "Met bijdrage", "Waar de vereniging iets bijdroeg: een stand, een lezing."
    ),
    (Figure.VISIBILITY, "counted"): Meaning("Geteld", "Waarvan het aantal bezoekers met de hand is ingevuld."),
    (Figure.VISIBILITY, "heads"): Meaning("Bezoekers", "De ingevulde aantallen bij elkaar."),
}

# As short as the head of a narrow column.
SHORT_FIELDS = {
    Field.PEDAGOGIEK: "Pedag.",
    Field.HR: "HR",
    Field.FINANCIEN: "Financ.",
    Field.HUISVESTING: "Huisv.",
    Field.ICT: "ICT",
    Field.ALGEMEEN: "Algem.",
}


def year_closed(at: datetime, by: str, *, unfixed: int) -> str:
    """Since when the numbers of a year stand, and what they lack."""
    lacks = formatting.count_nl(unfixed, "bijeenkomst", "bijeenkomsten")
    more = f" Van {lacks} was de presentie toen niet vastgesteld; wie daar was, telt niet mee." if unfixed else ""
    return f"Afgesloten op {formatting.long_date(at)} door {by}.{more}"


def year_provisional(*, over: bool, unfixed: int) -> str:
    """Why the numbers of a year may still change."""
    why = "Het jaar is nog niet afgesloten" if over else "Het jaar loopt nog"
    lacks = formatting.count_nl(unfixed, "bijeenkomst", "bijeenkomsten")
    more = f" Van {lacks} is de presentie nog niet vastgesteld; wie daar was, telt nog niet mee." if unfixed else ""
    return f"{why}.{more}"


_DIMENSIONS: dict[str, dict[Any, str]] = {
    "kind": {**KINDS, **ORGANISATION_KINDS},
    "form": dict(FORMS),
    "group": dict(TARGET_GROUPS),
    "field": dict(FIELDS),
    "category": dict(CATEGORIES),
    "relation": dict(RELATIONS),
}
_NOTHING = {"group": "Geen doelgroep", "field": "Geen vakgebied"}


def account_row(figure: Figure, row: str) -> str:
    """What a row of a figure is of, such as "Webinar"; '' of the row with everything."""
    if row == ALL:
        return ""
    dimension, _, code = row.rpartition(":")
    return _word(dimension or ("group" if figure == Figure.MEETINGS else "kind"), code)


def account_column(figure: Figure, column: str) -> Meaning:
    """What a column of a figure counts."""
    if figure == Figure.MEETINGS and column != ALL:
        return Meaning(_word("field", column), "")
    if figure == Figure.APPRECIATION:
        column = column.partition("-")[0]
    return ACCOUNT_COLUMNS[figure, column]


def _word(dimension: str, code: str) -> str:
    if code == NONE:
        return _NOTHING.get(dimension, "Niet bekend")
    return _DIMENSIONS[dimension][code]
