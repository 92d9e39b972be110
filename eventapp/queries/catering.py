"""What do the kitchen and the hosts need to know? Counts without names."""

from collections import Counter
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.care import AccessNeed, Diet
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import CareAnswer, Registration


class Catering(NamedTuple):
    """Of everybody who is coming. `eating` are those on location; `answered` of them said what they need, or nothing.

    `combinations` counts people with the same set of diets, the largest group first. Remarks stand by themselves, in
    alphabetical order, so that their place tells nothing about who wrote them.
    """

    eating: int
    answered: int
    diets: dict[Diet, int]
    combinations: list[tuple[frozenset[Diet], int]]
    diet_remarks: list[str]
    access: dict[AccessNeed, int]
    access_remarks: list[str]

    @property
    def not_answered(self) -> int:
        return self.eating - self.answered


def catering_for(event_id: int) -> Catering:
    """What is needed at an event; of those who withdrew nothing counts."""
    rows = db.session.execute(
        sa.select(Registration.attends, CareAnswer)
        .outerjoin(CareAnswer, CareAnswer.registration_id == Registration.id)
        .where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
    ).all()
    on_location = [row.CareAnswer for row in rows if row.attends != EventForm.ONLINE]
    eaters = [row.care for row in on_location if row is not None]
    everybody = [row.CareAnswer.care for row in rows if row.CareAnswer is not None]
    together = Counter(care.diets for care in eaters if care.diets)
    return Catering(
        eating=len(on_location),
        answered=len(eaters),
        diets={diet: sum(diet in care.diets for care in eaters) for diet in Diet},
        combinations=sorted(together.items(), key=lambda found: (-found[1], sorted(found[0]))),
        diet_remarks=sorted((care.diet_other for care in eaters if care.diet_other), key=str.casefold),
        access={need: sum(need in care.access for care in everybody) for need in AccessNeed},
        access_remarks=sorted((care.access_other for care in everybody if care.access_other), key=str.casefold),
    )
