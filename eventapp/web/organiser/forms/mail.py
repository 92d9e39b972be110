"""Forms about mail: what the office says in it, and when it reminds people."""

import re
from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from eventapp import wording
from eventapp.domain.errors import UnknownPlaceholder
from eventapp.domain.mail_texts import LONGEST_SUBJECT, LONGEST_TEXT, Words, check
from eventapp.domain.reminders import MOST_DAYS, MOST_REMINDERS, Plan
from eventapp.web.forms import DutchForm, StrippedString, at_most
from eventapp.web.own_numbers import own_number


class MailTextForm(DutchForm):
    """Empty is ours. `seen` is the text that was there when the page was opened."""

    subject = StrippedString("Onderwerp", validators=[at_most(LONGEST_SUBJECT)])
    opening = TextAreaField("Onder de eerste zin", validators=[at_most(LONGEST_TEXT)])
    closing = TextAreaField("Aan het einde", validators=[at_most(LONGEST_TEXT)])
    seen = HiddenField()
    step = StrippedString()

    def __init__(self, *args: Any, allowed: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allowed = tuple(allowed)

    def words(self) -> Words:
        parts = (
            (field.data or "").replace("\r\n", "\n").strip() for field in (self.subject, self.opening, self.closing)
        )
        return Words(*parts)

    def seen_id(self) -> int | None:
        return own_number(self.seen.data)

    def validate_subject(self, field: StrippedString) -> None:
        self._check(field.data)

    def validate_opening(self, field: TextAreaField) -> None:
        self._check(field.data)

    def validate_closing(self, field: TextAreaField) -> None:
        self._check(field.data)

    def _check(self, text: str | None) -> None:
        try:
            check(text or "", self._allowed)
        except UnknownPlaceholder as error:
            raise ValidationError(wording.refusal(error)) from error


class RemindersForm(DutchForm):
    """On which days before an event people are reminded."""

    days = StrippedString("Dagen vooraf")
    online = BooleanField("Een uur vooraf aan wie online meedoet, met de link")

    @classmethod
    def of(cls, plan: Plan) -> "RemindersForm":
        return cls(data={"days": ", ".join(map(str, plan.days)), "online": plan.online})

    def read(self) -> list[int]:
        return [int(number) for number in re.split(r"[\s,;]+", self.days.data or "") if number]

    def validate_days(self, _field: StrippedString) -> None:
        try:
            days = self.read()
        except ValueError as error:
            raise ValidationError("Schrijf hele getallen met een komma ertussen, zoals 7, 1.") from error
        if len(set(days)) > MOST_REMINDERS or any(not 1 <= day <= MOST_DAYS for day in days):
            raise ValidationError(f"Kies hooguit {MOST_REMINDERS} herinneringen, van 1 tot {MOST_DAYS} dagen vooraf.")
