"""The demo's people: about four hundred, at organisations, on their own, and with every trap a name can hold."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from eventapp.cli.demo_data import names
from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.organisations import relation_of
from eventapp.domain.events import TargetGroup
from eventapp.domain.names import fold
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.times import local_date
from eventapp.models import Organisation, OrganisationPerson, Person, PersonAddress, PersonStatus

PER_MEMBER, PER_PARTNER, PER_OTHER, ON_FREE_MAIL = 13, 2, 3, 14
_FREE_MAIL = "gratismail.example"
_OWN_FIRM = "eigenwijs.example"
_KNOWN_SINCE = timedelta(days=400)

_FUNCTIONS = (
    (TargetGroup.BESTUURDER, "Bestuurder"),
    (TargetGroup.DIRECTEUR, "Directeur kindcentrum"),
    (TargetGroup.DIRECTEUR, "Locatiemanager"),
    (TargetGroup.DIRECTEUR, "Clustermanager"),
    (TargetGroup.RVT, "Lid raad van toezicht"),
    (TargetGroup.ORGANISATIEDESKUNDIGE, "HR-adviseur"),
    (TargetGroup.ORGANISATIEDESKUNDIGE, "Controller"),
    (TargetGroup.ORGANISATIEDESKUNDIGE, "Adviseur huisvesting"),
    (TargetGroup.ORGANISATIEDESKUNDIGE, "Beleidsmedewerker ICT"),
    (TargetGroup.KWALITEITSMEDEWERKER, "Pedagogisch coach"),
    (TargetGroup.KWALITEITSMEDEWERKER, "Intern begeleider"),
    (TargetGroup.MEDEWERKER, "Pedagogisch medewerker"),
    (TargetGroup.MEDEWERKER, "Leerkracht"),
)
_OUTSIDE_FUNCTIONS = (
    (TargetGroup.OVERIG, "Beleidsadviseur"),
    (TargetGroup.OVERIG, "Onderzoeker"),
    (TargetGroup.DIRECTEUR, "Teammanager"),
    (TargetGroup.BESTUURDER, "Directeur-bestuurder"),
)


@dataclass(frozen=True)
class Guest:
    """Somebody who may come: the person, and how they would fill in the form."""

    person: Person
    address: str
    organisation: Organisation | None
    organisation_name: str
    group: TargetGroup
    function: str

    @property
    def member(self) -> bool:
        return self.organisation is not None and relation_of(self.organisation) == Relation.LID


class PeopleMaker:
    """Draws names and addresses; the same random numbers give the same people."""

    def __init__(self, calendar: DemoCalendar, numbers: random.Random) -> None:
        self._since: datetime = calendar.now - _KNOWN_SINCE
        self._year = calendar.year
        self._numbers = numbers
        self._taken: set[str] = set()

    def guests(self, organisations: list[Organisation]) -> list[Guest]:
        """Everybody: the special ones first, then the crowd of each organisation, then those without one."""
        by_domain = {row.domain: organisation for organisation in organisations for row in organisation.domains}
        guests = [*self._traps(by_domain), *self._ambassadors()]
        for organisation in organisations:
            guests += [self._drawn(organisation) for _ in range(_crowd(organisation))]
        return [*guests, *(self._drawn(None) for _ in range(ON_FREE_MAIL))]

    def supervisor(self, organisation: Organisation) -> OrganisationPerson:
        """Somebody of the supervisory board, with a private address, named by this member."""
        person = Person(created_at=self._since)
        person.rename(*names.SUPERVISOR)
        PersonAddress.of(person, self._address(names.SUPERVISOR, _FREE_MAIL)).proven_at = self._since
        ends_on = date(self._year + 1, 12, 31)
        return OrganisationPerson(
            organisation=organisation, person=person, starts_on=local_date(self._since), ends_on=ends_on
        )

    def _traps(self, by_domain: dict[str, Organisation]) -> Iterator[Guest]:
        for given, infix, family, domain in names.TRAPS:
            yield self._guest((given, infix, family), by_domain[domain], domain)
        given, infix, family, domains = names.TWO_ORGANISATIONS
        twice = self._guest((given, infix, family), by_domain[domains[0]], domains[0])
        PersonAddress.of(twice.person, self._address((given, infix, family), domains[1])).proven_at = self._since
        yield twice
        *both, mailbox = names.ONE_MAILBOX
        for name in both:
            yield self._guest(name, by_domain[mailbox.partition("@")[2]], "", mailbox)

    def _ambassadors(self) -> Iterator[Guest]:
        for given, infix, family, region in names.AMBASSADORS:
            guest = self._guest((given, infix, family), None, _OWN_FIRM)
            starts_on = date(self._year - 1, 1, 1)
            guest.person.statuses = [PersonStatus(category=Category.AMBASSADEUR, region=region, starts_on=starts_on)]
            yield guest

    def _drawn(self, organisation: Organisation | None) -> Guest:
        infix, family = self._numbers.choice(names.FAMILY)
        name = (self._numbers.choice(names.GIVEN), infix, family)
        domain = self._numbers.choice(organisation.domains).domain if organisation else _FREE_MAIL
        return self._guest(name, organisation, domain)

    def _guest(
        self, name: tuple[str, str, str], organisation: Organisation | None, domain: str, address: str = ""
    ) -> Guest:
        person = Person(created_at=self._since)
        person.rename(*name)
        address = address or self._address(name, domain)
        PersonAddress.of(person, address).proven_at = self._since
        inside = organisation is not None and relation_of(organisation) == Relation.LID
        group, function = self._numbers.choice(_FUNCTIONS if inside else _OUTSIDE_FUNCTIONS)
        return Guest(person, address, organisation, organisation.name if organisation else "", group, function)

    def _address(self, name: tuple[str, str, str], domain: str) -> str:
        """Name at domain, with a number when somebody else has that already."""
        given, infix, family = (re.sub(r"[^a-z0-9-]", "", fold(part)) for part in name)
        local = ".".join(part for part in (given, infix + family) if part)
        candidates = (f"{local}{number}@{domain}" for number in ("", *range(2, 100)))
        address = next(candidate for candidate in candidates if candidate not in self._taken)
        self._taken.add(address)
        return address


def _crowd(organisation: Organisation) -> int:
    crowds = {Relation.LID: PER_MEMBER, Relation.GEEN: PER_OTHER}
    return crowds.get(relation_of(organisation), PER_PARTNER)
