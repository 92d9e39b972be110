"""The one form of the door: the code that couples a phone."""

from wtforms.validators import InputRequired, Length

from eventapp.web.forms import DutchForm, StrippedString


class CouplingCodeForm(DutchForm):
    code = StrippedString(
        "Koppelcode",
        description="8 tekens. Hoofdletters en spaties maken niet uit.",
        validators=[
            InputRequired("Vul de code in."),
            Length(max=40, message="Dat is te lang: een code heeft 8 tekens."),
        ],
    )
