"""The Dutch words of questions and answers, and the texts with which somebody agrees."""

from collections.abc import Iterable

from eventapp.domain.care import AccessNeed, Block, Diet
from eventapp.domain.questions import NO, YES, Problem, QuestionKind, Value

__all__ = [
    "ACCESS_NEEDS",
    "ACCESS_NEEDS_COUNTED",
    "ANSWER_PROBLEMS",
    "BLOCKS",
    "CARE_CONSENTS",
    "DIETS",
    "KEEP_WORDS",
    "PHOTO_TEXTS",
    "QUESTION_KINDS",
    "answer_text",
    "diets_together",
]

QUESTION_KINDS = {
    QuestionKind.TEXT: "Open vraag",
    QuestionKind.CHOICE: "Keuze: één antwoord",
    QuestionKind.MULTIPLE: "Keuze: meer antwoorden",
    QuestionKind.YES_NO: "Ja of nee",
    QuestionKind.NUMBER: "Getal",
}
ANSWER_PROBLEMS = {
    Problem.MISSING: "Deze vraag is verplicht.",
    Problem.TOO_LONG: "Maak dit korter: hooguit 1000 tekens.",
    Problem.NOT_AN_OPTION: "Kies een van de antwoorden.",
    Problem.NOT_A_NUMBER: "Vul een heel getal in, bijvoorbeeld 2.",
}
BLOCKS = {
    Block.DIET: "Dieetwensen",
    Block.ACCESS: "Toegankelijkheid",
    Block.PHOTO: "Foto's",
}
DIETS = {
    Diet.VEGETARISCH: "Vegetarisch",
    Diet.VEGANISTISCH: "Veganistisch",
    Diet.HALAL: "Halal",
    Diet.GLUTENVRIJ: "Glutenvrij",
    Diet.LACTOSEVRIJ: "Lactosevrij",
    Diet.NOTENALLERGIE: "Notenallergie",
}
ACCESS_NEEDS = {
    AccessNeed.ROLSTOEL: "Ik kom met een rolstoel",
    AccessNeed.RINGLEIDING: "Ik gebruik een ringleiding",
    AccessNeed.TOLK: "Ik kom met een tolk",
}
ACCESS_NEEDS_COUNTED = {
    AccessNeed.ROLSTOEL: "Rolstoel",
    AccessNeed.RINGLEIDING: "Ringleiding",
    AccessNeed.TOLK: "Tolk",
}
# By version, as stored with a consent. An old text stays: it says what somebody agreed with.
CARE_CONSENTS = {
    "2026-11": "Ik geef toestemming om wat ik hier invul te gebruiken voor mijn deelname aan deze bijeenkomst.",
}
PHOTO_TEXTS = {
    "2026-11": "Mag u herkenbaar op een foto staan die wij van deze bijeenkomst laten zien?",
}
# How many days after the event an answer may be kept, as the office chooses; the last is as long as the registration.
KEEP_WORDS = {
    14: "tot 14 dagen na de bijeenkomst",
    30: "tot 30 dagen na de bijeenkomst",
    90: "tot 3 maanden na de bijeenkomst",
    365: "tot een jaar na de bijeenkomst",
    730: "tot 2 jaar na de bijeenkomst, net als de aanmelding",
}


def answer_text(value: Value) -> str:
    """An answer in words: "ja", "Bus", "HR, ICT", "3"."""
    if isinstance(value, bool):
        return YES if value else NO
    return ", ".join(value) if isinstance(value, list) else str(value)


def diets_together(diets: Iterable[Diet]) -> str:
    """A combination as one line: "glutenvrij + halal"."""
    return " + ".join(DIETS[diet].lower() for diet in Diet if diet in set(diets))
