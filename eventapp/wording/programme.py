"""The Dutch words of the programme and of dividing the places: problems of a pasted list, and what is full for whom."""

from eventapp.domain.places import Places
from eventapp.domain.programme_lists import RowProblem

PROGRAMME_ROW_PROBLEMS = {
    RowProblem.NO_TITLE: "De titel ontbreekt.",
    RowProblem.NO_ROUND: "De ronde ontbreekt.",
    RowProblem.UNKNOWN_ROUND: "Deze ronde is er niet. Schrijf het nummer of de naam; “2+3” loopt door in ronde 3.",
    RowProblem.BAD_SIZE: "Plaatsen is een getal, of leeg als er geen grens is.",
    RowProblem.TOO_LONG: "Een van de teksten is te lang.",
    RowProblem.TWICE: "Deze titel staat al in deze ronde.",
}
_FORMS = {"fysiek": "op locatie", "online": "online"}


def filling(places: Places) -> str:
    """For example "18 van 24, 3 wachten"."""
    words = str(places.taken) if places.size is None else f"{places.taken} van {places.size}"
    if places.waiting:
        words += f", {places.waiting} {'wacht' if places.waiting == 1 else 'wachten'}"
    return words


def waits_for(kind: str, ref: str, name: str) -> str:
    """What the line is for: "De hele bijeenkomst", "Plaatsen voor raden van toezicht", "Plaatsen online"."""
    if kind == "pool":
        return f"Plaatsen voor {name or 'anderen'}"
    return f"Plaatsen {_FORMS[ref]}" if kind == "form" else "De hele bijeenkomst"


def still_left(kind: str, ref: str, name: str, left: int) -> str:
    """How many there are, for whom: "Er zijn nog 2 plaatsen op locatie"."""
    if not left:
        return nothing_left(kind, ref, name)
    in_pool = f" voor {name or 'anderen'}" if kind == "pool" else ""
    whom = f" {_FORMS[ref]}" if kind == "form" else in_pool
    return f"Er is nog 1 plaats{whom}" if left == 1 else f"Er zijn nog {left} plaatsen{whom}"


def no_place_for_one(kind: str, ref: str, name: str) -> str:
    """The same about one person of several."""
    in_pool = f" bij de plaatsen voor {name or 'anderen'}" if kind == "pool" else ""
    return f"Voor deze persoon is er geen plaats meer{f' {_FORMS[ref]}' if kind == 'form' else in_pool}."


def nothing_left(kind: str, ref: str, name: str) -> str:
    """What is full, for whom: "Er zijn geen plaatsen meer voor raden van toezicht"."""
    if kind == "pool":
        return f"Er zijn geen plaatsen meer voor {name or 'anderen'}"
    return f"Er zijn geen plaatsen meer {_FORMS[ref]}" if kind == "form" else "Alle plaatsen zijn bezet"
