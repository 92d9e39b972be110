"""Who acts for an organisation in the demo: two contact persons, of whom one receives its invoices."""

from datetime import date, datetime

from eventapp.cli.demo_data.people import Guest
from eventapp.models import Organisation, OrganisationContact

# The mail domain of the organisation; the first of its people is its contact person.
_ORGANISATIONS = (("zonnevlinder.example", True), ("opgroei.example", False))


def make_contacts(
    guests: list[Guest], organisations: list[Organisation], *, year: int, now: datetime
) -> list[OrganisationContact]:
    """A contact person each for two members."""
    of_domain = {row.domain: organisation for organisation in organisations for row in organisation.domains}
    return [
        _contact(
            next(guest for guest in guests if guest.address.endswith(f"@{domain}")), of_domain[domain], bills, year, now
        )
        for domain, bills in _ORGANISATIONS
    ]


def _contact(guest: Guest, organisation: Organisation, bills: bool, year: int, now: datetime) -> OrganisationContact:
    return OrganisationContact(
        organisation=organisation,
        person=guest.person,
        address=guest.address,
        starts_on=date(year - 1, 1, 1),
        receives_invoices=bills,
        added_by="Sietske Secretariaat",
        created_at=now,
    )
