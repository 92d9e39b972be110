"""Fields that more than one form of the back office has."""

from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

# Beyond it PostgreSQL cannot count.
_MOST = 2**31 - 1


class MultipleChoices(SelectMultipleField):
    """Check boxes, of which any number may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumberField(IntegerField):
    """A whole number; what was typed is kept when it is none.

    Not a number input: a browser sends nothing at all for what it cannot read, and nothing means "no limit" here.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            read = int(text)
        except ValueError as error:
            raise ValueError("Dit is geen geheel getal.") from error
        if abs(read) > _MOST:
            raise ValueError("Dit getal is te groot.")
        self.data = read


class PlainText(TextAreaField):
    """Text of several lines, without white space around it."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").replace("\r\n", "\n").replace("\0", "").strip()
