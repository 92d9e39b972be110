"""What is somebody told who is booked in by another system? Worded before anything is written."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from eventapp import formatting
from eventapp.domain.association import Association
from eventapp.mail.compose import Letter, Recipient, Wording, letter, sealed, word
from eventapp.mail.patterns import NAME, Gap, kept
from eventapp.models import Event, Registration
from eventapp.queries.booking_by_api import Outlook
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.questions import asks_something
from eventapp.services import mails
from eventapp.services.booking_rows import Draft

_TICKET = "confirmed"
# Of a registration, all that the mail with the ticket depends on besides who it is for.
_SHAPING = ("event_id", "state", "category", "attends", "price_cents", "source")


def letter_for(
    draft: Draft,
    event: Event,
    association: Association,
    found: Outlook,
    programme: Mapping[str, Any],
    *,
    now: datetime,
) -> Letter:
    """The ticket or what is to be paid, in words that hold for this version of the event.

    Where nothing is asked or chosen, the mail with the ticket is worded once for everybody.
    """
    if draft.ticket is None:
        registration, _ = draft.as_objects(event)
        words: dict[str, Any] = {"until": registration.expires_at, "invoice_possible": may_pay_on_invoice(event)}
        return _whole("pay", registration, event, association, words, now=now)
    if found.asks or programme:
        registration, ticket = draft.as_objects(event)
        words = {"ticket": ticket, "asks": found.asks and asks_something(registration), **programme}
        return _whole(_TICKET, registration, event, association, words, now=now)
    shape = (bool(draft.registration["organisation_name"]), *(draft.registration[name] for name in _SHAPING))
    pattern = kept(
        (_TICKET, event.calendar_uid, event.version, association, found.words, shape),
        partial(_for_anybody, draft, event, association, now=now),
    )
    to = Recipient(draft.registration["address"], formatting.full_name(*_names(draft)))
    return sealed(_TICKET, to, pattern.filled(_values(draft, to.name)), now=now, association=association)


def _whole(
    kind: str,
    registration: Registration,
    event: Event,
    association: Association,
    words: dict[str, Any],
    *,
    now: datetime,
) -> Letter:
    to = mails.to_person(registration)
    return letter(kind, to, now=now, association=association, event=event, order=registration.order, **words)


def _for_anybody(draft: Draft, event: Event, association: Association, *, now: datetime) -> Wording:
    """The mail with the ticket for somebody who differs from all others in nothing but the gaps."""
    anybody = Draft(
        person_id=None,
        person={"given_name": Gap.GIVEN_NAME.value, "infix": "", "family_name": Gap.FAMILY_NAME.value},
        order={"token": Gap.ORDER_TOKEN.value, "address": ""},
        registration={name: draft.registration[name] for name in _SHAPING}
        | {"address": "", "organisation_name": draft.registration["organisation_name"] and Gap.ORGANISATION.value},
        ticket={"token": Gap.TICKET_TOKEN.value},
    )
    registration, ticket = anybody.as_objects(event)
    words: dict[str, Any] = {"event": event, "order": registration.order, "ticket": ticket, "asks": False}
    return word(_TICKET, mails.to_person(registration), now=now, association=association, **words)


def _values(draft: Draft, name: str) -> dict[str, str]:
    """What differs. Who has no given name is called by the whole name where a mail says only that."""
    assert draft.ticket is not None
    return {
        NAME: name,
        Gap.GIVEN_NAME: draft.person["given_name"] or name,
        Gap.ORGANISATION: draft.registration["organisation_name"],
        Gap.ORDER_TOKEN: draft.order["token"],
        Gap.TICKET_TOKEN: draft.ticket["token"],
    }


def _names(draft: Draft) -> tuple[str, str, str]:
    return draft.person["given_name"], draft.person["infix"], draft.person["family_name"]
