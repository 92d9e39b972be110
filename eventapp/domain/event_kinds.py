"""What does a kind of gathering usually look like? What a new event starts with; the organiser changes it freely."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import NamedTuple

from eventapp.domain.cancellation import Term
from eventapp.domain.care import Block
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine
from eventapp.domain.questions import QuestionKind
from eventapp.domain.times import from_local


class QuestionTemplate(NamedTuple):
    """A question that belongs with a kind; the office words it anew where that fits better."""

    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False


class Template(NamedTuple):
    """What a kind fills in. Times are Dutch clock times; a line "tegen prijs" has no amount, which nobody can guess."""

    prices: tuple[PriceLine, ...]
    begins: time
    ends: time
    days: int = 1
    form: EventForm = EventForm.FYSIEK
    visibility: Visibility = Visibility.OPENBAAR
    registration: RegistrationMode = RegistrationMode.HIER
    groups: frozenset[TargetGroup] = frozenset()
    fields: frozenset[Field] = frozenset()
    capacity: int | None = None
    waiting_list: bool = True
    terms: tuple[Term, ...] = ()
    invoice_allowed: bool = True
    blocks: frozenset[Block] = frozenset()
    questions: tuple[QuestionTemplate, ...] = ()

    def details(self, kind: EventKind, title: str, day: date) -> EventDetails:
        """An event of this kind on this day."""
        return EventDetails(
            title=title,
            kind=kind,
            form=self.form,
            starts_at=from_local(day, self.begins),
            ends_at=from_local(day + timedelta(days=self.days - 1), self.ends),
            visibility=self.visibility,
            registration=self.registration,
            capacity=self.capacity,
            target_groups=self.groups,
            fields=self.fields,
            prices=frozenset(line for line in self.prices if line.admission != Admission.NIET),
            cancellation_terms=self.terms,
            invoice_allowed=self.invoice_allowed,
        )


def template_of(kind: EventKind) -> Template:
    """What this kind fills in beforehand."""
    return _TEMPLATES[kind]


def default_lines(kind: EventKind) -> list[PriceLine]:
    """What the kind says to each whole category; at a price whose amount is not known yet, one asks."""
    general = [line for line in template_of(kind).prices if not line.kinds]
    return [_without_amount(line) for line in general]


def standing(prices: frozenset[PriceLine]) -> frozenset[PriceLine]:
    """The lines that can stand: without its amount, a price is not said yet."""
    return frozenset(line for line in prices if line.admission != Admission.PRIJS or line.price_cents)


def _without_amount(line: PriceLine) -> PriceLine:
    return replace(line, admission=Admission.UITNODIGING) if line.admission == Admission.PRIJS else line


def _lines(said: Mapping[Category, Admission]) -> tuple[PriceLine, ...]:
    return tuple(PriceLine(category, admission) for category, admission in said.items())


_FREE, _INVITED, _AT_A_PRICE = Admission.GRATIS, Admission.UITNODIGING, Admission.PRIJS
_MEMBERS_ONLY = {
    Category.LID: _FREE,
    Category.BESTUUR: _FREE,
    Category.SERVICEBUREAU: _FREE,
    Category.AMBASSADEUR: _INVITED,
    Category.KERNPARTNER: _INVITED,
    Category.STEUNPARTNER: _INVITED,
    Category.NIET_LID: Admission.NIET,
}
_MEMBERS = _lines(_MEMBERS_ONLY)
_WITH_AMBASSADORS = _lines({**_MEMBERS_ONLY, Category.AMBASSADEUR: _FREE})
_OPEN = _lines(dict.fromkeys(_MEMBERS_ONLY, _FREE))
_INVITATION = _lines(dict.fromkeys(_MEMBERS_ONLY, _INVITED))
_FOR_MONEY = _lines({**_MEMBERS_ONLY, Category.LID: _AT_A_PRICE, Category.NIET_LID: _AT_A_PRICE})
_OUTSIDERS_PAY = _lines({**_MEMBERS_ONLY, Category.AMBASSADEUR: _FREE, Category.NIET_LID: _AT_A_PRICE})
_TOWNS_FREE = PriceLine(Category.NIET_LID, _FREE, kinds=frozenset({OrganisationKind.GEMEENTE}))

_FOOD = frozenset({Block.DIET, Block.ACCESS})
_WHOLE_DAY = frozenset({*_FOOD, Block.PHOTO})
_TO_GET_IN = frozenset({Block.ACCESS})
_LEADERS = frozenset(
    {TargetGroup.RVT, TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR, TargetGroup.ORGANISATIEDESKUNDIGE}
)
_GENERAL = frozenset({Field.ALGEMEEN})

_TEMPLATES: Mapping[EventKind, Template] = {
    EventKind.THEMADAG: Template(_WITH_AMBASSADORS, time(9, 30), time(16, 30), fields=_GENERAL, blocks=_WHOLE_DAY),
    EventKind.LEDENBIJEENKOMST: Template(
        _MEMBERS, time(13, 30), time(16, 30), fields=_GENERAL, blocks=frozenset({Block.ACCESS, Block.PHOTO})
    ),
    EventKind.INSPIRATIEBIJEENKOMST: Template(
        _WITH_AMBASSADORS, time(13), time(16, 30), groups=_LEADERS, blocks=_TO_GET_IN
    ),
    EventKind.KENNISKRING: Template(
        _MEMBERS,
        time(9, 30),
        time(11, 30),
        form=EventForm.ONLINE,
        groups=frozenset({TargetGroup.ORGANISATIEDESKUNDIGE, TargetGroup.MEDEWERKER}),
    ),
    EventKind.ALV: Template(
        _MEMBERS,
        time(14),
        time(17),
        form=EventForm.HYBRIDE,
        visibility=Visibility.LEDEN,
        groups=frozenset({TargetGroup.BESTUURDER}),
        fields=_GENERAL,
        blocks=_TO_GET_IN,
        questions=(
            QuestionTemplate(
                QuestionKind.YES_NO,
                "Stemt u namens uw organisatie?",
                "Per lidorganisatie stemt één persoon.",
                required=True,
            ),
        ),
    ),
    EventKind.WERKBEZOEK: Template(
        _MEMBERS,
        time(10),
        time(14),
        capacity=20,
        blocks=_FOOD,
        questions=(QuestionTemplate(QuestionKind.TEXT, "Wat wilt u graag zien of weten?"),),
    ),
    EventKind.WEBINAR: Template(_OPEN, time(16), time(17), form=EventForm.ONLINE, waiting_list=False),
    EventKind.PARTNERACTIVITEIT: Template(
        _MEMBERS, time(14), time(15, 30), form=EventForm.ONLINE, invoice_allowed=False
    ),
    EventKind.REGIONALE_ACTIVITEIT: Template(
        _OPEN, time(15), time(17), fields=_GENERAL, invoice_allowed=False, blocks=_TO_GET_IN
    ),
    EventKind.OVERLEG: Template(
        _INVITATION,
        time(10),
        time(11, 30),
        form=EventForm.ONLINE,
        visibility=Visibility.BESLOTEN,
        waiting_list=False,
        invoice_allowed=False,
    ),
    EventKind.EXTERN: Template(
        _MEMBERS, time(9, 30), time(16, 30), registration=RegistrationMode.ELDERS, invoice_allowed=False
    ),
    EventKind.MASTERCLASS: Template(_FOR_MONEY, time(9), time(17), capacity=24, blocks=_FOOD),
    EventKind.KOPGROEP: Template(
        _INVITATION,
        time(10),
        time(12),
        form=EventForm.ONLINE,
        visibility=Visibility.BESLOTEN,
        groups=frozenset({TargetGroup.BESTUURDER, TargetGroup.OVERIG}),
        waiting_list=False,
        invoice_allowed=False,
    ),
    EventKind.REGIOTOUR: Template((*_MEMBERS, _TOWNS_FREE), time(8, 30), time(17, 30), capacity=48, blocks=_FOOD),
    EventKind.TRAINING: Template(_WITH_AMBASSADORS, time(9, 30), time(16, 30), capacity=20, blocks=_FOOD),
    EventKind.STUDIEREIS: Template(
        _FOR_MONEY,
        time(8),
        time(18),
        days=3,
        capacity=24,
        terms=(Term(60, 100), Term(30, 50)),
        blocks=_FOOD,
    ),
    EventKind.PLATFORM: Template(
        _INVITATION,
        time(13),
        time(16),
        visibility=Visibility.BESLOTEN,
        waiting_list=False,
        invoice_allowed=False,
        blocks=_TO_GET_IN,
    ),
    EventKind.ADVIESRAAD: Template(
        _INVITATION,
        time(13),
        time(15),
        form=EventForm.ONLINE,
        visibility=Visibility.BESLOTEN,
        waiting_list=False,
        invoice_allowed=False,
    ),
    EventKind.KENNISTAFEL: Template(
        _INVITATION,
        time(13),
        time(16),
        visibility=Visibility.BESLOTEN,
        capacity=20,
        waiting_list=False,
        invoice_allowed=False,
        blocks=_TO_GET_IN,
    ),
    EventKind.LEERSESSIE: Template(
        _MEMBERS,
        time(10),
        time(12),
        form=EventForm.ONLINE,
        groups=frozenset({TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR, TargetGroup.MEDEWERKER}),
        capacity=25,
        questions=(QuestionTemplate(QuestionKind.TEXT, "Welke casus brengt u in?"),),
    ),
    EventKind.CONGRES: Template(_OUTSIDERS_PAY, time(9, 30), time(17), fields=_GENERAL, blocks=_WHOLE_DAY),
}
