"""What search engines read of an event: schema.org/Event, without the link of a meeting and without people."""

import re
from datetime import datetime
from typing import Any

from eventapp import formatting, wording
from eventapp.domain.events import EventForm, EventState, RegistrationMode, Window
from eventapp.domain.pricing import Admission
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.web import current_association

_ATTENDANCE = {EventForm.FYSIEK: "Offline", EventForm.ONLINE: "Online", EventForm.HYBRIDE: "Mixed"}
_DUTCH_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Z]{2}")
_LONGEST = 500


def structured_data(found: Event, *, now: datetime) -> dict[str, Any]:
    """The event as JSON-LD; what is not known is left out, as an empty fact is a wrong one."""
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": found.title,
        "description": found.summary or found.description[:_LONGEST] or found.title,
        "startDate": formatting.iso(found.starts_at),
        "endDate": formatting.iso(found.ends_at),
        **_status(found),
        "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[found.form]}EventAttendanceMode",
        "location": _location(found),
        "organizer": _organizer(found),
        "inLanguage": "nl",
        "url": links().event(found.slug),
        "offers": _offers(found, now=now),
    }
    return {name: value for name, value in data.items() if value}


def _organizer(found: Event) -> Any:
    """The association, and with it the partner who offers it."""
    association = current_association()
    own = {"@type": "Organization", "name": association.name, "url": association.website or links().agenda()}
    return [own, {"@type": "Organization", "name": found.partner_name}] if found.partner_name else own


def _status(found: Event) -> dict[str, str]:
    if found.state == EventState.CANCELLED:
        return {"eventStatus": "https://schema.org/EventCancelled"}
    if found.moved_from is None:
        return {"eventStatus": "https://schema.org/EventScheduled"}
    return {
        "eventStatus": "https://schema.org/EventRescheduled",
        "previousStartDate": formatting.iso(found.moved_from),
    }


def _location(found: Event) -> Any:
    """One place, or the one in a room and the one online; of a meeting the page here, never its own address."""
    room = {"@type": "Place", "name": found.venue or found.city, "address": _address(found)}
    online = {"@type": "VirtualLocation", "url": links().event(found.slug)}
    return {EventForm.FYSIEK: room, EventForm.ONLINE: online, EventForm.HYBRIDE: [room, online]}[found.form]


def _address(found: Event) -> dict[str, str]:
    dutch = _DUTCH_POSTCODE.fullmatch(found.postcode.upper())
    said = {
        "@type": "PostalAddress",
        "streetAddress": found.street,
        "postalCode": found.postcode,
        "addressLocality": found.city,
        "addressCountry": "NL" if dutch else "",
    }
    return {name: value for name, value in said.items() if value}


_AVAILABILITY = {Window.OPEN: "InStock", Window.NOT_YET: "PreOrder"}


def _offers(found: Event, *, now: datetime) -> list[dict[str, str]]:
    """What it costs for whom; where one registers elsewhere we do not know."""
    if found.registration != RegistrationMode.HIER:
        return []
    window = found.window(now)
    availability = "SoldOut" if found.places.full else _AVAILABILITY.get(window, "SoldOut")
    opens = found.opens_at or found.published_at
    return [
        {
            "@type": "Offer",
            "name": wording.price_group(line.category, line.kinds) if line.kinds else wording.CATEGORIES[line.category],
            "price": f"{line.price_cents // 100}.{line.price_cents % 100:02d}",
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{availability}",
            **({"validFrom": formatting.iso(opens)} if opens else {}),
            "url": links().register(found.slug),
        }
        for line in found.price_lines
        if line.admission in (Admission.GRATIS, Admission.PRIJS)
    ]
