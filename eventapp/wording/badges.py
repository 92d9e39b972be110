"""The Dutch words of printing badges: sheets, orders, whose, and what is wrong with a sheet."""

from eventapp.domain.badges import Selection, SheetKind, SheetProblem, SortOrder

SHEETS = {
    SheetKind.L4784: "Avery L4784: 10 etiketten van 80 × 50 mm",
    SheetKind.L7418: "Avery L7418: 8 kaartjes van 86,5 × 55,5 mm",
    SheetKind.A6: "A6: 4 kaarten op een vel, om te snijden",
    SheetKind.FREE: "Eigen maten",
}
SORT_ORDERS = {
    SortOrder.FAMILY_NAME: "Op achternaam",
    SortOrder.ORGANISATION: "Op organisatie",
    SortOrder.ARRIVAL: "Zoals aangemeld",
}
SELECTIONS = {
    Selection.ALL: "Iedereen",
    Selection.CHANGED: "Alleen nieuw en gewijzigd",
    Selection.ONE: "Eén badge",
}
SHEET_PROBLEMS = {
    SheetProblem.TOO_WIDE: "Deze labels passen niet naast elkaar op een vel A4 van 210 mm breed.",
    SheetProblem.TOO_HIGH: "Deze labels passen niet onder elkaar op een vel A4 van 297 mm hoog.",
    SheetProblem.TOO_SMALL: "Een label is ten minste 40 mm breed en 25 mm hoog; kleiner is een naam niet te lezen.",
}
