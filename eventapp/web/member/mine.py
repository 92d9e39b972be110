"""What is mine? The registrations, people and sessions at the address that this browser proved."""

import json
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from eventapp import formatting, wording
from eventapp.domain.addresses import masked
from eventapp.domain.admission import TicketState
from eventapp.domain.events import EventState, is_public
from eventapp.domain.invitations import InvitationState
from eventapp.domain.pricing import Period, Relation
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.times import local_date
from eventapp.models import Event, Invitation, Order, Person, PersonAddress, Registration
from eventapp.queries import member as member_queries
from eventapp.queries.certificates import there_among
from eventapp.queries.contacts import contact_roles, namings_at
from eventapp.queries.identities import identities_at, organisation_of_tenant
from eventapp.queries.invitations import invitations_to
from eventapp.queries.membership import organisation_of
from eventapp.queries.own_data import own_data
from eventapp.queries.proposals import ambassadors_at, proposals_at
from eventapp.services import identities, signing_in
from eventapp.web import presenting
from eventapp.web.access import Audience, audience, current_address, current_session
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.member.circles import my_circles
from eventapp.web.member.orders import TONES, may_give_back, waits_for_office
from eventapp.web.own_numbers import own_number
from eventapp.wording.privacy import DATA_AT_THE_OFFICE, in_the_file


class MineRow(NamedTuple):
    """One registration, every word ready; an address is '' where there is nothing to open."""

    title: str
    url: str
    kind_word: str
    block: formatting.DayBlock
    iso: str
    when: str
    where: str
    state_word: str
    tone: str
    held_until: datetime | None
    urgent: bool
    order_url: str
    ticket_url: str
    cancel_url: str
    certificate_url: str


class MinePerson(NamedTuple):
    """The registrations of one person at this address: what is still to come, and what is past or ended."""

    name: str
    coming: list[MineRow]
    past: list[MineRow]


class MineOrganisation(NamedTuple):
    """What the mail domain of an address says today; `membership` is a clause such as "sinds 01-01-2024"."""

    name: str
    relation: str
    membership: str
    counts: bool


@blueprint.get("/mijn")
@audience(Audience.MEMBER)
def mine() -> str:
    """What I registered for with this address."""
    address = _address()
    names = [_name(person) for person in member_queries.people_at(address)]
    found = member_queries.registrations_at(address)
    people = _by_person(found, address, there_among([one.id for one in found]), now=now())
    return render_template(
        "member/mine.html",
        address=address,
        names=names,
        people=people,
        shared=len(names) > 1 or len(people) > 1,
        organisation=_organisation(address, now=now()),
        account=_account(),
        namings=_named(address, several=len(names) > 1, now=now()),
        roles=contact_roles(address, on=local_date(now())),
        circles=my_circles(address, several=len(names) > 1),
        ambassador=bool(ambassadors_at(address, on=local_date(now()))),
        proposals=len(proposals_at(address)),
    )


@blueprint.get("/mijn/gegevens")
@audience(Audience.MEMBER)
def details() -> str:
    """Who we think is at this address, and where it is signed in."""
    address = _address()
    here, people = current_session(), member_queries.people_at(address)
    known = own_data(address)
    # What hangs on a person alone is shown at the very mailbox where the file holds it.
    here_too = {one.id for one, found in zip(people, known["mensen"], strict=True) if "statussen" in found}
    return render_template(
        "member/mine_details.html",
        address=address,
        people=[_known(person, address, whole=person.id in here_too) for person in people],
        organisation=_organisation(address, now=now()),
        accounts=identities_at(address),
        namings=_named(address, several=len(people) > 1, now=now(), only=here_too),
        here=here.id if here else None,
        invitations=[_invited(one, now=now()) for one in invitations_to(address)],
        sessions=member_queries.sessions_of(address, now=now()),
        kept=_counted(known),
        left_out=DATA_AT_THE_OFFICE if any("bij_het_kantoor" in person for person in known["mensen"]) else "",
    )


def _counted(known: dict[str, Any]) -> list[str]:
    """What is in the file and how many of each, over all people here."""
    lists = {what: rows for what, rows in known.items() if isinstance(rows, list) and what != "mensen"}
    numbers = Counter({what: len(rows) for what, rows in lists.items()})
    for person in known["mensen"]:
        numbers.update({what: len(rows) for what, rows in person.items() if isinstance(rows, list)})
    return [in_the_file(what, number) for what, number in sorted(numbers.items()) if number]


def _known(person: Person, address: str, *, whole: bool) -> tuple[str, list[tuple[str, str]], list[str], str]:
    """Name, addresses and statuses, and where all of it can be erased."""
    erase_url = url_for("member.erasing_person", person_id=person.id)
    return _name(person), _addresses(person, address), _statuses(person) if whole else [], erase_url


@blueprint.get("/mijn/gegevens.json")
@audience(Audience.MEMBER)
def own_file() -> Response:
    """All of it as a file, to keep or to take elsewhere."""
    content = json.dumps(own_data(_address()), ensure_ascii=False, indent=1)
    name = f"mijn-gegevens-{local_date(now()).isoformat()}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/json", headers=disposition)


@blueprint.post("/mijn/uitlogging")
@audience(Audience.MEMBER)
def signing_out_everywhere() -> Response:
    """End every session of this address, this one too."""
    signing_in.sign_out_everywhere(_address(), now=now())
    session.clear()
    return redirect(url_for("member.sign_in"), 303)


@blueprint.post("/mijn/ontkoppeling")
@audience(Audience.MEMBER)
def untying() -> Response:
    """An account elsewhere may sign in with this address no more; what it opened ends, this browser too if it did."""
    identity_id = own_number(request.form.get("account")) or 0
    identities.untie(identity_id, address=_address(), now=now())
    return redirect(url_for("member.details"), 303)


def _address() -> str:
    """The guard let nobody pass without one."""
    address = current_address()
    assert address is not None
    return address


def _account() -> str:
    """With which account this browser signed in, as a clause, '' when it was by mail."""
    here = current_session()
    if here is None or here.identity_id is None:
        return ""
    found = organisation_of_tenant(here.tenant)
    return f"het Microsoft-account van {found.name}" if found else "een Microsoft-account"


def _name(person: Person) -> str:
    return formatting.full_name(person.given_name, person.infix, person.family_name)


def _invited(invitation: Invitation, *, now: datetime) -> tuple[str, str, str, str]:
    """The event, when that is, as whom one was invited with how it stands, and the page as long as it can be answered.

    What was taken back of a closed event is told without saying what it is.
    """
    event, stands = invitation.event, invitation.standing(now)
    name = formatting.full_name(*invitation.guest.name)
    words = f"{name}: {wording.INVITATION_STATES[stands].lower()}" if name else wording.INVITATION_STATES[stands]
    if stands == InvitationState.WITHDRAWN and not is_public(event.state, event.visibility):
        return "Een besloten bijeenkomst", "", words, ""
    page = url_for("public.invitation", token=invitation.token) if stands == InvitationState.INVITED else ""
    return event.title, formatting.when(event.starts_at, event.ends_at), words, page


def _by_person(found: Iterable[Registration], address: str, there: set[int], *, now: datetime) -> list[MinePerson]:
    """Grouped by who attends, in the order of lists; what is over comes last first. `there`: it is fixed they were."""
    groups: dict[int, list[Registration]] = {}
    for registration in found:
        groups.setdefault(registration.person_id, []).append(registration)
    ordered = sorted(groups.values(), key=lambda group: (group[0].person.sort_key, group[0].person_id))
    return [_person(group, address, there, now=now) for group in ordered]


def _person(group: Sequence[Registration], address: str, there: set[int], *, now: datetime) -> MinePerson:
    coming = [r for r in group if _still_to_come(r, now=now)]
    past = [r for r in reversed(group) if r not in coming]
    return MinePerson(
        _name(group[0].person),
        [_row(registration, address, there, now=now) for registration in coming],
        [_row(registration, address, there, now=now) for registration in past],
    )


def _still_to_come(registration: Registration, *, now: datetime) -> bool:
    """What somebody counts on, or counted on until the association called it off."""
    withdrawn, off = registration.cancelled_at, registration.event.cancelled_at
    called_off = withdrawn is not None and off is not None and withdrawn >= off
    return registration.event.ends_at > now and (registration.state in LIVE or called_off)


def _row(registration: Registration, address: str, there: set[int], *, now: datetime) -> MineRow:
    event, order = registration.event, registration.order
    ticket = registration.ticket if event.ends_at > now else None
    own = order.address == address
    state_word, tone = _state(registration, now=now)
    return MineRow(
        title=event.title,
        url=url_for("public.event", slug=event.slug) if is_public(event.state, event.visibility) else "",
        kind_word=wording.KINDS[event.kind],
        block=formatting.day_block(event.starts_at),
        iso=formatting.iso(event.starts_at),
        when=formatting.when(event.starts_at, event.ends_at),
        where=presenting.where(event),
        state_word=state_word,
        tone=tone,
        held_until=registration.expires_at if registration.state in LIVE else None,
        urgent=registration.state == State.AWAITING_PAYMENT,
        order_url=url_for("member.order", token=order.token) if own else "",
        ticket_url=url_for("member.ticket", token=ticket.token) if ticket else "",
        cancel_url=_cancel_url(registration, order if own else None) if may_give_back(registration, now=now) else "",
        certificate_url=_certificate_url(registration) if registration.id in there else "",
    )


def _certificate_url(registration: Registration) -> str:
    """By the last ticket that was not replaced, which one has who came without a valid one too."""
    tokens = [ticket.token for ticket in registration.tickets if ticket.state != TicketState.REPLACED]
    return url_for("member.own_certificate", token=tokens[-1]) if tokens else ""


def _state(registration: Registration, *, now: datetime) -> tuple[str, str]:
    """The badge: its word and its tone."""
    event: Event = registration.event
    if event.state == EventState.CANCELLED:
        return "Gaat niet door", "bad"
    if registration.state == State.CONFIRMED and event.ends_at <= now:
        return "Geweest", "quiet"
    if registration.state in LIVE and waits_for_office(registration):
        return wording.AT_OFFICE, "wait"
    return wording.STATES[registration.state], TONES.get(registration.state, "wait")


def _cancel_url(registration: Registration, order: Order | None) -> str:
    """By the order when it is one's own, else by the ticket, which gives no right to the rest of an order."""
    if order is not None:
        return url_for("member.own_cancellation", token=order.token, registration_id=registration.id)
    ticket = registration.ticket
    return url_for("member.ticket_cancellation", token=ticket.token) if ticket else ""


def _organisation(address: str, *, now: datetime) -> MineOrganisation | None:
    found = organisation_of(address)
    if found is None:
        return None
    today, periods = local_date(now), found.periods
    relation = found.relation_near(today)
    is_related = relation != Relation.GEEN
    return MineOrganisation(
        found.name,
        wording.RELATIONS[relation].lower(),
        wording.membership(periods, today) if is_related else "",
        is_related and any(period.covers(today) for period in periods),
    )


def _named(address: str, *, several: bool, now: datetime, only: Container[int] | None = None) -> list[str]:
    """By which organisations, until when, of everybody here or `only` some; at a shared mailbox with the name."""
    return [
        f"{f'{_name(naming.person)} is' if several else 'U bent'} opgegeven door {naming.organisation.name}"
        f" tot en met {formatting.short_date(naming.ends_on)}."
        for naming in namings_at(address, on=local_date(now))
        if only is None or naming.person_id in only
    ]


def _addresses(person: Person, address: str) -> list[tuple[str, str]]:
    """The address signed in with, and the others half hidden: who reads this mailbox need not read those."""
    ordered = sorted(person.addresses, key=lambda known: known.address != address)
    return [_shown(known, here=known.address == address) for known in ordered]


def _shown(known: PersonAddress, *, here: bool) -> tuple[str, str]:
    if here:
        return known.address, "hiermee bent u ingelogd"
    return masked(known.address), "bevestigd" if known.proven_at else "nog niet bevestigd"


def _statuses(person: Person) -> list[str]:
    """Each with its period, the oldest first: "Ambassadeur Noord, sinds 01-01-2026"."""
    return [
        f"{' '.join(filter(None, (wording.CATEGORIES[status.category], status.region)))}, {_period(status.period)}"
        for status in sorted(person.statuses, key=lambda status: status.starts_on)
    ]


def _period(period: Period) -> str:
    first = formatting.short_date(period.first)
    return f"{first} t/m {formatting.short_date(period.last)}" if period.last else f"sinds {first}"
