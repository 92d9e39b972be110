"""What goes over when two records become one, as a clause: "12 aanmeldingen en 2 maildomeinen"."""

from collections.abc import Mapping

from eventapp import formatting

# By the name of the table; one that is not here is counted among the other data, and goes over all the same.
_ROWS = {
    "registrations": ("aanmelding", "aanmeldingen"),
    "orders": ("bestelling", "bestellingen"),
    "organisation_domains": ("maildomein", "maildomeinen"),
    "organisation_tenants": ("Microsoft-tenant", "Microsoft-tenants"),
    "memberships": ("periode van lidmaatschap", "periodes van lidmaatschap"),
    "organisation_people": ("opgave", "opgaven"),
    "organisation_contacts": ("contactpersoon", "contactpersonen"),
    "organisation_invoicing": ("set factuurgegevens", "sets factuurgegevens"),
    "person_addresses": ("adres", "adressen"),
    "person_statuses": ("status", "statussen"),
    "person_notes": ("notitie", "notities"),
    "invitations": ("uitnodiging", "uitnodigingen"),
}


def moving(amounts: Mapping[str, int]) -> str:
    """How much of what, the most telling first; "niets" when nothing hangs on it."""
    known = [formatting.count_nl(amounts[name], *_ROWS[name]) for name in _ROWS if amounts.get(name)]
    others = sum(number for name, number in amounts.items() if name not in _ROWS)
    rest = [formatting.count_nl(others, "ander gegeven", "andere gegevens")] if others else []
    return formatting.listed([*known, *rest]) or "niets"
