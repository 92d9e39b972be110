"""The words and forms that only the pages of the back office use: lines of the log, names as lists sort them."""

from eventapp import formatting, wording
from eventapp.models import AuditEntry, Person
from eventapp.web.organiser import blueprint


@blueprint.app_template_filter("act_words")
def act_words(entry: AuditEntry) -> str:
    """What happened, in words with the facts that matter."""
    return wording.act(entry.act, entry.facts)


@blueprint.app_template_filter("person_sort_name")
def person_sort_name(person: Person) -> str:
    """The name as a list is sorted; what is left of an erased person."""
    return formatting.sort_name(person.given_name, person.infix, person.family_name) or "(gewist)"


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(text: str) -> str:
    """The clause as the beginning of a line; names inside it keep their capitals."""
    return text[:1].upper() + text[1:]
