"""The demo's organisations: members in twelve provinces, partners, and others that come along now and then."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from eventapp.cli.demo_data.calendar import YEAR, DemoCalendar
from eventapp.domain.organisations import OrganisationKind, Phase
from eventapp.domain.pricing import Relation
from eventapp.models import (
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationInvoicing,
    OrganisationTenant,
)

_OPVANG = OrganisationKind.KINDEROPVANG
_SCHOOL = OrganisationKind.PRIMAIR_ONDERWIJS
_SAMEN = OrganisationKind.GEINTEGREERD


class _Member(NamedTuple):
    slug: str
    name: str
    kind: OrganisationKind
    city: str
    region: str
    since: int


_MEMBERS = (
    _Member("zonnevlinder", "Kinderopvang Zonnevlinder", _OPVANG, "Amersfoort", "Utrecht", 2021),
    _Member("de-paddenstoel", "De Paddenstoel Kinderopvang", _OPVANG, "Assen", "Drenthe", 2022),
    _Member("wolkenkind", "Stichting Wolkenkind", _OPVANG, "Middelburg", "Zeeland", 2023),
    _Member("spruit-en-zo", "Spruit & Zo", _OPVANG, "Lelystad", "Flevoland", 2024),
    _Member("hinkelbaan", "Kinderopvang Hinkelbaan", _OPVANG, "Arnhem", "Gelderland", 2021),
    _Member("klimrek", "Klimrek Kinderopvang", _OPVANG, "Breda", "Noord-Brabant", 2022),
    _Member("kiekeboot", "De Kiekeboot", _OPVANG, "Sneek", "Fryslân", 2025),
    _Member("regenjas", "Regenjas Kinderopvang", _OPVANG, "Gouda", "Zuid-Holland", 2021),
    _Member("scholengroep-de-dijk", "Scholengroep De Dijk", _SCHOOL, "Hoorn", "Noord-Holland", 2021),
    _Member("stichting-lerend-land", "Stichting Lerend Land", _SCHOOL, "Emmen", "Drenthe", 2022),
    _Member("po-veenrand", "PO Veenrand", _SCHOOL, "Stadskanaal", "Groningen", 2023),
    _Member("openbaar-onderwijs-waterkant", "Openbaar Onderwijs Waterkant", _SCHOOL, "Dordrecht", "Zuid-Holland", 2021),
    _Member("kompaskring", "Kompaskring Primair Onderwijs", _SCHOOL, "Roermond", "Limburg", 2024),
    _Member("de-breg", "Stichting De Brêge", _SCHOOL, "Drachten", "Fryslân", 2022),
    _Member("ijsselkroon", "Scholenstichting IJsselkroon", _SCHOOL, "Deventer", "Overijssel", 2021),
    _Member("kleurkrans-po", "Kleurkrans PO", _SCHOOL, "Almere", "Flevoland", 2025),
    _Member("kc-de-fladderboom", "Kindcentrum De Fladderboom", _SAMEN, "Assen", "Drenthe", 2021),
    _Member("tweeklank", "Tweeklank Kindcentra", _SAMEN, "Zwolle", "Overijssel", 2021),
    _Member("opgroei", "Stichting Opgroei", _SAMEN, "Rotterdam", "Zuid-Holland", 2021),
    _Member("kindkracht-oost", "Kindkracht Oost", _SAMEN, "Enschede", "Overijssel", 2022),
    _Member("de-ontdekhoek", "Kindcentra De Ontdekhoek", _SAMEN, "Eindhoven", "Noord-Brabant", 2023),
    _Member("vlechtwerk", "Vlechtwerk Onderwijs en Opvang", _SAMEN, "Haarlem", "Noord-Holland", 2022),
    _Member("kc-het-kompas", "Kindcentrum Het Kompas", _SAMEN, "Goes", "Zeeland", 2024),
    _Member("veelkleur", "Stichting Veelkleur", _SAMEN, "Maastricht", "Limburg", 2021),
    _Member("noorderkind", "Noorderkind", _SAMEN, "Groningen", "Groningen", YEAR),
)
_PHASES = {_SAMEN: Phase.GEINTEGREERD, _SCHOOL: Phase.AFSTEMMING}
_TENANTS = {
    "zonnevlinder": "5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11",
    "opgroei": "c2a7d1be-3f44-4c0e-9d0a-71b6f0e5d922",
}
_INVOICED = {"zonnevlinder", "scholengroep-de-dijk"}
_SECOND_DOMAINS = {"opgroei": "opgroei-scholen.example", "tweeklank": "tweeklank-opvang.example"}
_JOINS = "noorderkind"

_PARTNERS_SINCE, _ONCE_SUPPORTED = date(2022, 1, 1), "vtoi-nvtk"
_PARTNERS = (
    ("bmk", "Brancheorganisatie Maatschappelijke Kinderopvang", OrganisationKind.BRANCHE, Relation.KERNPARTNER),
    ("po-raad", "PO-Raad", OrganisationKind.BRANCHE, Relation.KERNPARTNER),
    ("vtoi-nvtk", "VTOI-NVTK", OrganisationKind.BRANCHE, Relation.KERNPARTNER),
    ("bouwadvies", "Bouwadvies voor Kindcentra", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
    ("hr-wijzer", "HR-wijzer", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
    ("cijfers-en-co", "Cijfers & Co", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
    ("recht-dichtbij", "Recht Dichtbij", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
    ("ict-samen", "ICT Samen", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
    ("orgmodel", "Orgmodel", OrganisationKind.DIENSTVERLENER, Relation.STEUNPARTNER),
)
_OTHERS = (
    ("gemeente-voorbeeldstad", "Gemeente Voorbeeldstad", OrganisationKind.GEMEENTE, "Utrecht"),
    ("gemeente-polderdam", "Gemeente Polderdam", OrganisationKind.GEMEENTE, "Groningen"),
    ("jeugdhulp-de-brug", "Jeugdhulp De Brug", OrganisationKind.JEUGDHULP, "Gelderland"),
    ("hogeschool-testland", "Hogeschool Testland", OrganisationKind.KENNISINSTELLING, "Noord-Brabant"),
    ("welzijn-samenop", "Welzijn Samenop", OrganisationKind.WELZIJN, "Overijssel"),
    ("stichting-schoolpad", "Stichting Schoolpad", OrganisationKind.PRIMAIR_ONDERWIJS, "Limburg"),
    ("speelwijs", "Speelwijs Kinderopvang", OrganisationKind.KINDEROPVANG, "Noord-Holland"),
    ("ouderplatform-de-kring", "Ouderplatform De Kring", OrganisationKind.OVERIG, "Zuid-Holland"),
    ("advies-aan-zet", "Advies aan Zet", OrganisationKind.DIENSTVERLENER, "Fryslân"),
    ("lectoraat-jong", "Lectoraat Jong", OrganisationKind.KENNISINSTELLING, "Flevoland"),
)


def make_organisations(calendar: DemoCalendar) -> list[Organisation]:
    """Members first, then partners, then the others; each with its mail domains and its periods."""
    members = [_member(member, calendar) for member in _MEMBERS]
    partners = [
        _organisation(slug, name, kind, memberships=_once_supporting(slug, relation))
        for slug, name, kind, relation in _PARTNERS
    ]
    others = [_organisation(slug, name, kind, region=region) for slug, name, kind, region in _OTHERS]
    return [*members, *partners, *others]


def _member(member: _Member, calendar: DemoCalendar) -> Organisation:
    starts_on = date(calendar.year, 4, 1) if member.slug == _JOINS else date(member.since, 1, 1)
    organisation = _organisation(
        member.slug,
        member.name,
        member.kind,
        city=member.city,
        region=member.region,
        memberships=[Membership(relation=Relation.LID, starts_on=starts_on)],
    )
    _complete(organisation, member)
    if second := _SECOND_DOMAINS.get(member.slug):
        organisation.domains.append(OrganisationDomain(domain=second))
    return organisation


def _organisation(
    slug: str,
    name: str,
    kind: OrganisationKind,
    *,
    city: str = "",
    region: str = "",
    memberships: Sequence[Membership] = (),
) -> Organisation:
    return Organisation(
        name=name,
        kind=kind,
        city=city,
        region=region,
        domains=[OrganisationDomain(domain=f"{slug}.example")],
        memberships=list(memberships),
    )


def relation_of(organisation: Organisation) -> Relation:
    """What it is to the association by its last period; GEEN without one."""
    return organisation.memberships[-1].relation if organisation.memberships else Relation.GEEN


def _once_supporting(slug: str, relation: Relation) -> list[Membership]:
    """One partner began as a steunpartner, so that a history of two relations shows."""
    membership = Membership(relation=relation, starts_on=_PARTNERS_SINCE)
    if slug != _ONCE_SUPPORTED:
        return [membership]
    before = Membership(
        relation=Relation.STEUNPARTNER,
        starts_on=date(2019, 1, 1),
        ends_on=membership.starts_on - timedelta(days=1),
    )
    return [before, membership]


def _complete(organisation: Organisation, member: _Member) -> None:
    """The phase, which goes with the kind, and for some of them a tenant and where invoices go."""
    organisation.phase = _PHASES.get(member.kind, Phase.SAMENWERKING)
    if tenant := _TENANTS.get(member.slug):
        organisation.tenants.append(OrganisationTenant(tenant_id=tenant))
    if member.slug in _INVOICED:
        organisation.invoicing = OrganisationInvoicing(
            legal_name=f"Stichting {member.name.removeprefix('Stichting ')}",
            attention="Crediteurenadministratie",
            street="Voorbeeldstraat",
            house_number="12",
            postcode="1234 AB",
            city=member.city,
            country="NL",
            kvk="00123456",
            address=f"crediteuren@{member.slug}.example",
            reference="Scholing",
        )
