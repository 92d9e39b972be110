"""What is under way when the demo opens: registrations that wait for their person, for money, or for the office.

They come in through the use cases themselves, so that their mails, with links that work, are in the mailbox.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eventapp.domain.actors import VISITOR
from eventapp.domain.events import TargetGroup
from eventapp.extensions import db
from eventapp.models import Event, Order
from eventapp.services import confirming, one_time, registering
from eventapp.services.registering import Basis, Booking, Colleague
from eventapp.services.registering_together import register_together


@dataclass(frozen=True)
class _Newcomer:
    slug: str
    name: tuple[str, str, str]
    address: str
    organisation: str
    function: str
    group: TargetGroup
    hours_ago: int
    basis: Basis = Basis.OUTSIDER


_THEME_DAY, _SUPERVISION, _MASTERCLASS = "themadag", "inspiratiebijeenkomst-toezicht", "masterclass-leiderschap"
_WAITING = (
    _Newcomer(
        _THEME_DAY,
        ("Jet", "ten", "Wacht"),
        "jet.tenwacht@zonnevlinder.example",
        "Kinderopvang Zonnevlinder",
        "Pedagogisch coach",
        TargetGroup.KWALITEITSMEDEWERKER,
        5,
    ),
    _Newcomer(
        _THEME_DAY,
        ("Mo", "", "Nogniet"),
        "mo.nogniet@opgroei-scholen.example",
        "Stichting Opgroei",
        "Leerkracht",
        TargetGroup.MEDEWERKER,
        26,
    ),
    _Newcomer(
        _SUPERVISION,
        ("Betty", "van", "Straks"),
        "betty.vanstraks@gemeente-polderdam.example",
        "Gemeente Polderdam",
        "Beleidsadviseur",
        TargetGroup.OVERIG,
        2,
    ),
    _Newcomer(
        _MASTERCLASS,
        ("Geert", "", "Opweg"),
        "geert.opweg@speelwijs.example",
        "Speelwijs Kinderopvang",
        "Locatiemanager",
        TargetGroup.DIRECTEUR,
        3,
    ),
    _Newcomer(
        _MASTERCLASS,
        ("Nora", "de", "Nieuwe"),
        "nora.denieuwe@nieuweschool.example",
        "Nieuwe School",
        "Directeur",
        TargetGroup.DIRECTEUR,
        6,
    ),
    _Newcomer(
        _MASTERCLASS,
        ("Sem", "", "Onbekend"),
        "sem.onbekend@nieuweschool.example",
        "De Nieuwe School",
        "Intern begeleider",
        TargetGroup.KWALITEITSMEDEWERKER,
        4,
    ),
)
_CLAIMS = (
    _Newcomer(
        _THEME_DAY,
        ("Puck", "", "Thuismail"),
        "puck.thuismail@gratismail.example",
        "Kindcentra De Ontdekhoek",
        "Intern begeleider",
        TargetGroup.KWALITEITSMEDEWERKER,
        20,
        Basis.CLAIM,
    ),
    _Newcomer(
        _THEME_DAY,
        ("Otis", "de", "Vrager"),
        "otis@kompas-kring.example",
        "Kompaskring",
        "Controller",
        TargetGroup.ORGANISATIEDESKUNDIGE,
        4,
        Basis.CLAIM,
    ),
    _Newcomer(
        _THEME_DAY,
        ("Lot", "van der", "Zoek"),
        "lot.vanderzoek@nieuweschool.example",
        "Nieuwe School",
        "Leerkracht",
        TargetGroup.MEDEWERKER,
        3,
        Basis.CLAIM,
    ),
)


@dataclass(frozen=True)
class _Group:
    """Somebody who brought colleagues, and pressed the button behind the mailed link."""

    slug: str
    booker: tuple[str, str, str, str]
    colleagues: tuple[Colleague, ...]
    organisation: str
    hours_ago: int


_GROUPS = (
    _Group(
        _THEME_DAY,
        ("Roos", "de", "Meenemer", "roos.demeenemer@zonnevlinder.example"),
        (
            Colleague("Teun", "", "Samen", "teun.samen@zonnevlinder.example"),
            Colleague("Ilse", "van", "Elders", "ilse.vanelders@opgroei-scholen.example"),
        ),
        "Kinderopvang Zonnevlinder",
        7,
    ),
    _Group(
        _MASTERCLASS,
        ("Sjoerd", "", "Betaler", "sjoerd.betaler@speelwijs.example"),
        (Colleague("Fenna", "", "Betaler", "fenna.betaler@speelwijs.example"),),
        "Speelwijs Kinderopvang",
        2,
    ),
)


def under_way(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load: a few await confirmation or payment, three wait for the office.

    Two groups were booked together: one waits for one colleague, the other for the money.
    """
    for group in _GROUPS:
        _register_together(group, events, now=now)
    for newcomer in _WAITING:
        _register(newcomer, events, now=now)
    for newcomer in _CLAIMS:
        order_id = _register(newcomer, events, now=now)
        at = now - timedelta(hours=newcomer.hours_ago) + timedelta(minutes=9)
        confirming.prove(_own_link(order_id, newcomer.address, now=at), now=at)


def _register(newcomer: _Newcomer, events: list[Event], *, now: datetime) -> int:
    event = next(event for event in events if event.slug.startswith(newcomer.slug))
    given, infix, family = newcomer.name
    booking = Booking(
        event_id=event.id,
        address=newcomer.address,
        given_name=given,
        infix=infix,
        family_name=family,
        organisation_name=newcomer.organisation,
        function=newcomer.function,
        function_group=newcomer.group,
        attends=event.form,
        basis=newcomer.basis,
    )
    return registering.register(booking, by=VISITOR, now=now - timedelta(hours=newcomer.hours_ago)).order_id


def _register_together(group: _Group, events: list[Event], *, now: datetime) -> None:
    event = next(event for event in events if event.slug.startswith(group.slug))
    given, infix, family, address = group.booker
    booking = Booking(
        event_id=event.id,
        address=address,
        given_name=given,
        infix=infix,
        family_name=family,
        organisation_name=group.organisation,
        function="Directeur",
        function_group=TargetGroup.DIRECTEUR,
        attends=event.form,
        colleagues=group.colleagues,
    )
    at = now - timedelta(hours=group.hours_ago)
    order_id = register_together(booking, by=VISITOR, now=at).order_id
    at += timedelta(minutes=6)
    confirming.prove(_own_link(order_id, address, now=at), now=at)


def _own_link(order_id: int, address: str, *, now: datetime) -> str:
    """A link like the mailed one, whose secret nobody else knows."""
    starts_at = db.session.get_one(Order, order_id).event.starts_at
    return one_time.make(confirming.PURPOSE, subject_id=order_id, address=address, expires_at=starts_at, now=now)
