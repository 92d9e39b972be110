"""The forms with which the office divides the places of an event: a part for some, and fysiek and online apart."""

from typing import Any

from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from eventapp import wording
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.models import Pool
from eventapp.services.dividing import PoolDetails
from eventapp.web.forms import DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, WholeNumberField

_IN_RANGE = NumberRange(min=0, max=100_000, message=wording.UP_TO_100_000)


class PoolForm(DutchForm):
    name = StrippedString(
        "Voor wie, in woorden",
        validators=[
            DataRequired("Schrijf op voor wie dit deel is."),
            at_most(100),
        ],
    )
    size = WholeNumberField("Aantal plaatsen", validators=[InputRequired("Vul het aantal plaatsen in."), _IN_RANGE])
    categories = MultipleChoices("Wie komt als", choices=choices(wording.CATEGORIES))
    function_groups = MultipleChoices("Wie werkt als", choices=choices(wording.TARGET_GROUPS))

    def validate_function_groups(self, field: MultipleChoices) -> None:
        if not field.data and not self.categories.data:
            raise ValidationError("Kies minstens één categorie of functiegroep.")

    def read(self) -> PoolDetails:
        """What was filled in; only after `validate`."""
        return PoolDetails(
            name=self.name.data,
            size=self.size.data or 0,
            categories=frozenset(map(Category, self.categories.data or ())),
            function_groups=frozenset(map(TargetGroup, self.function_groups.data or ())),
        )


def fill_from(pool: Pool, size: int | None) -> dict[str, Any]:
    """What the form shows of a pool."""
    return {
        "name": pool.name,
        "size": size,
        "categories": pool.categories.split(),
        "function_groups": pool.function_groups.split(),
    }


class FormsForm(DutchForm):
    """How many on location and online; both empty is no division."""

    fysiek = WholeNumberField("Plaatsen op locatie", validators=[Optional(), _IN_RANGE])
    online = WholeNumberField("Plaatsen online", validators=[Optional(), _IN_RANGE])

    def read(self) -> dict[EventForm, int | None]:
        """What was filled in; only after `validate`."""
        return {EventForm.FYSIEK: self.fysiek.data, EventForm.ONLINE: self.online.data}
