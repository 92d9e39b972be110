"""What the administrator reads when `eventapp doctor` finds something wrong; its own lines are in English."""

from collections.abc import Sequence


def alarm_subject(where: str, number: int) -> str:
    what = "1 punt is" if number == 1 else f"{number} punten zijn"
    return f"{where}: {what} niet in orde"


def alarm_text(where: str, ailments: Sequence[str]) -> str:
    found = "\n".join(f"* {one}" for one in ailments)
    return (
        f"Bij het nakijken van {where} was dit niet in orde:\n\n{found}\n\n"
        "Kijk op de machine met `eventapp doctor`. Zolang het zo blijft, komt deze mail bij elke keer nakijken weer.\n"
    )
