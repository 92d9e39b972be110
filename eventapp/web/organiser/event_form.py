"""How does the form of an event, or of one section of it, show a refusal?"""

from eventapp import wording
from eventapp.domain.errors import DomainError, SlugTaken
from eventapp.web.forms import DutchForm


def show_refusal(form: DutchForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, SlugTaken) and "slug" in form:
        form["slug"].errors = [wording.REFUSALS["slug_taken"]]
    else:
        form.refuse(refusal)
