"""What may somebody need at table and to get in, and who may be in a photo? What the law calls special stands apart.

Diets and needs can reveal health or belief: they need a consent of their own and are kept no longer than needed.
"""

from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import ConsentNeeded
from eventapp.domain.events import EventForm

# Which text somebody agreed with; the texts are in wording, and an old one is never changed.
CARE_CONSENT = "2026-11"
PHOTO_TEXT = "2026-11"
LONGEST_REMARK = 300


class Block(StrEnum):
    """The standard questions that an event can ask besides its own."""

    DIET = "diet"
    ACCESS = "access"
    PHOTO = "photo"


CARE_BLOCKS = frozenset({Block.DIET, Block.ACCESS})


class Diet(StrEnum):
    VEGETARISCH = "vegetarisch"
    VEGANISTISCH = "veganistisch"
    HALAL = "halal"
    GLUTENVRIJ = "glutenvrij"
    LACTOSEVRIJ = "lactosevrij"
    NOTENALLERGIE = "notenallergie"


class AccessNeed(StrEnum):
    ROLSTOEL = "rolstoel"
    RINGLEIDING = "ringleiding"
    TOLK = "tolk"


class Care(NamedTuple):
    """What somebody needs; all of it empty says that nothing is needed, which tells nothing about health or belief."""

    diets: frozenset[Diet] = frozenset()
    diet_other: str = ""
    access: frozenset[AccessNeed] = frozenset()
    access_other: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.diets or self.diet_other or self.access or self.access_other)


def blocks_for(blocks: frozenset[Block], attends: EventForm) -> frozenset[Block]:
    """The standard questions for somebody who comes in this way: who stays at home gets no lunch and no photo."""
    return blocks & {Block.ACCESS} if attends == EventForm.ONLINE else blocks


def within(blocks: frozenset[Block], care: Care) -> Care:
    """As much of it as is asked."""
    return Care(
        diets=care.diets if Block.DIET in blocks else frozenset(),
        diet_other=care.diet_other if Block.DIET in blocks else "",
        access=care.access if Block.ACCESS in blocks else frozenset(),
        access_other=care.access_other if Block.ACCESS in blocks else "",
    )


def check_consent(care: Care, *, consent: bool) -> None:
    """Nothing special is kept without consent. Refuses with ConsentNeeded."""
    if care.says_something and not consent:
        raise ConsentNeeded()
