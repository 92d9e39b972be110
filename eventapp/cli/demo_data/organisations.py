"""The demo's organisations: members in twelve provinces, partners, and others that come along now and then."""

from datetime import date
from typing import NamedTuple

from eventapp.cli.demo_data.calendar import YEAR, DemoCalendar
from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.pricing import Relation
from eventapp.models import Membership, Organisation, OrganisationDomain

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
_SECOND_DOMAINS = {"opgroei": "opgroei-scholen.example", "tweeklank": "tweeklank-opvang.example"}
_LEAVES, _JOINS = "regenjas", "noorderkind"

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
        _organisation(slug, name, kind, relation=relation, membership=Membership(starts_on=date(2022, 1, 1)))
        for slug, name, kind, relation in _PARTNERS
    ]
    others = [_organisation(slug, name, kind, region=region) for slug, name, kind, region in _OTHERS]
    return [*members, *partners, *others]


def _member(member: _Member, calendar: DemoCalendar) -> Organisation:
    starts_on = date(calendar.year, 4, 1) if member.slug == _JOINS else date(member.since, 1, 1)
    ends_on = date(calendar.year, 6, 30) if member.slug == _LEAVES else None
    organisation = _organisation(
        member.slug,
        member.name,
        member.kind,
        relation=Relation.LID,
        city=member.city,
        region=member.region,
        membership=Membership(starts_on=starts_on, ends_on=ends_on),
    )
    if second := _SECOND_DOMAINS.get(member.slug):
        organisation.domains.append(OrganisationDomain(domain=second))
    return organisation


def _organisation(
    slug: str,
    name: str,
    kind: OrganisationKind,
    *,
    relation: Relation = Relation.GEEN,
    city: str = "",
    region: str = "",
    membership: Membership | None = None,
) -> Organisation:
    return Organisation(
        name=name,
        kind=kind,
        relation=relation,
        city=city,
        region=region,
        domains=[OrganisationDomain(domain=f"{slug}.example")],
        memberships=[membership] if membership else [],
    )
