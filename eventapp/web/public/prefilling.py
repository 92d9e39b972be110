"""Who is signed in fills in less: name, function and organisation are known, and "namens wie?" can be asked at once."""

from datetime import datetime

from eventapp.models import Event
from eventapp.queries import member as member_queries
from eventapp.services import on_behalf, people
from eventapp.services.on_behalf import Side
from eventapp.services.quoting import day_that_counts
from eventapp.web.access import current_address, current_session
from eventapp.web.public.forms import RegistrationForm


def fill_in(form: RegistrationForm) -> None:
    """What this browser's own address told us before; nothing for who is not signed in."""
    address = current_address()
    if address is None:
        return
    form.email.data = address
    latest = member_queries.latest_registration(address)
    known = member_queries.people_at(address)
    person = latest.person if latest else (known[0] if len(known) == 1 else None)
    if person is not None:
        form.given_name.data, form.infix.data = person.given_name, person.infix
        form.family_name.data = person.family_name
    if latest is not None:
        form.organisation.data, form.function.data = latest.organisation_name, latest.function
    group = (latest and latest.function_group) or (person and person.function_group)
    form.function_group.data = group.value if group else ""


def tenant_of(form: RegistrationForm) -> str:
    """The tenant of the account this browser signed in with, when the form names the very address of it; else ''."""
    here = current_session()
    return here.tenant if here and form.email.data == here.address else ""


def sides_of(event: Event, form: RegistrationForm, *, now: datetime) -> list[Side]:
    """The organisations to choose from: only for who proved this very address, as others may not learn who is known."""
    address = current_address()
    if address is None or form.email.data != address:
        return []
    person = people.find(address, form.given_name.data, form.infix.data, form.family_name.data)
    if person is None:
        return []
    found = on_behalf.sides(event, person, address, on=day_that_counts(event, booked_at=now))
    return found if len(found) > 1 else []
