"""The forms with which a new event begins: of a kind, or like an earlier one."""

from wtforms import DateField, RadioField
from wtforms.validators import Optional

from eventapp import wording
from eventapp.domain.events import EventKind
from eventapp.web.forms import DutchForm, choices


class KindForm(DutchForm):
    """Sent with GET: it only says which form comes next."""

    class Meta:
        csrf = False

    kind = RadioField(
        "Wat voor bijeenkomst wordt het?",
        name="soort",
        choices=choices(wording.KINDS),
        default=EventKind.THEMADAG.value,
    )
    day = DateField("Op welke dag?", [Optional()], name="dag")
