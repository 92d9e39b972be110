"""The form with which changes that wait are carried through."""

from wtforms import BooleanField, HiddenField

from eventapp.web.forms import DutchForm


class CarryThroughForm(DutchForm):
    """`seen` stands for what the page showed; `with_words` tells people of another title or text as well."""

    seen = HiddenField()
    with_words = BooleanField("Meld ook de nieuwe titel of tekst")
