"""What a row of a list does to what is known: tables without a database."""

from datetime import date

import pytest

from eventapp.domain import import_organisations, import_people
from eventapp.domain.errors import DomainTaken, PeriodsOverlap
from eventapp.domain.events import TargetGroup
from eventapp.domain.import_organisations import KnownOrganisation, OrganisationBook, OrganisationRow
from eventapp.domain.import_people import KnownNaming, KnownPerson, KnownStatus, NamedOrganisation, PersonRow
from eventapp.domain.import_rows import Change, Fate, RowProblem, RowRefused
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.organisations import MembershipLine
from eventapp.domain.pricing import Category, Period, Relation

TODAY = date(2027, 1, 11)
NEW_YEAR, SUMMER = date(2027, 1, 1), date(2027, 6, 30)
NAME = ("Noor", "", "Bakker")
AMBASSADEUR = KnownStatus(Category.AMBASSADEUR, Period(NEW_YEAR), "Noord", 5)
MEMBER = NamedOrganisation(7, "Zonnevlinder", Relation.LID, by_domain=False)
NOOR = KnownPerson(NAME, 3, TargetGroup.DIRECTEUR, (AMBASSADEUR,), (KnownNaming(7, Period(NEW_YEAR, SUMMER), 9),))


def row(**values) -> PersonRow:
    return PersonRow(2, values.pop("name", NAME), "noor@prive.example", **values)


def status(**values) -> PersonRow:
    return row(status=Category.AMBASSADEUR, **({"first": NEW_YEAR} | values))


@pytest.mark.parametrize(
    ("given", "organisation", "fate", "changes"),
    [
        (row(), None, Fate.UNCHANGED, []),
        (row(name=("NOOR", "", "Bakker")), None, Fate.CHANGED, [Change("naam", "Noor Bakker", "NOOR Bakker")]),
        (
            row(function_group=TargetGroup.RVT),
            None,
            Fate.CHANGED,
            [Change("functiegroep", TargetGroup.DIRECTEUR, TargetGroup.RVT)],
        ),
        (status(), None, Fate.UNCHANGED, []),
        (status(region="Noord"), None, Fate.UNCHANGED, []),
        (status(region="Oost", last=SUMMER), None, Fate.CHANGED, ["regio", "tot"]),
        (row(status=Category.BESTUUR, first=NEW_YEAR), None, Fate.CHANGED, ["status", "van"]),
        (row(named_until=SUMMER), MEMBER, Fate.UNCHANGED, []),
        (row(), MEMBER, Fate.UNCHANGED, []),
        (row(named_until=date(2028, 1, 1)), MEMBER, Fate.CHANGED, ["opgegeven tot"]),
        (row(), NamedOrganisation(8, "Spruit", Relation.GEEN, by_domain=True), Fate.UNCHANGED, []),
        (
            row(named_until=SUMMER),
            NamedOrganisation(8, "Spruit", Relation.LID, by_domain=False),
            Fate.CHANGED,
            ["organisatie", "opgegeven tot"],
        ),
    ],
)
def test_a_row_about_somebody_we_know(given, organisation, fate, changes):
    decision = import_people.decide(given, NOOR, organisation, today=TODAY)

    shown = [
        change if isinstance(wanted, Change) else change.field
        for change, wanted in zip(decision.changes, changes, strict=False)
    ]
    assert (decision.fate, shown, len(decision.changes)) == (fate, changes, len(changes))
    assert import_people.decide(given, decision.after, organisation, today=TODAY).fate == Fate.UNCHANGED


@pytest.mark.parametrize(
    ("given", "organisation", "problem"),
    [
        (row(status=Category.BESTUUR), None, RowProblem.FIRST_DAY_MISSING),
        (row(), NamedOrganisation(8, "Spruit", Relation.LID, by_domain=False), RowProblem.NAMED_UNTIL_MISSING),
        (
            row(named_until=date(2027, 1, 10)),
            NamedOrganisation(8, "Spruit", Relation.LID, by_domain=False),
            RowProblem.NAMED_UNTIL_PAST,
        ),
        (
            row(named_until=SUMMER),
            NamedOrganisation(8, "Spruit", Relation.GEEN, by_domain=False),
            RowProblem.ORGANISATION_NO_MEMBER,
        ),
    ],
)
def test_a_row_about_a_person_is_refused(given, organisation, problem):
    with pytest.raises(RowRefused) as refused:
        import_people.decide(given, NOOR, organisation, today=TODAY)

    assert refused.value.problem == problem


def test_a_status_that_overlaps_another_of_its_kind_is_refused():
    with pytest.raises(PeriodsOverlap):
        import_people.decide(status(first=SUMMER), NOOR, None, today=TODAY)


ZON = KnownOrganisation(
    1,
    "Zonnevlinder",
    OrganisationKind.KINDEROPVANG,
    None,
    "Zwolle",
    "Overijssel",
    frozenset({"zonnevlinder.example"}),
    (MembershipLine(Period(NEW_YEAR), 4, Relation.LID),),
)
KLIMREK = KnownOrganisation(2, "Klimrek", OrganisationKind.KINDEROPVANG, domains=frozenset({"klimrek.example"}))
TWINS = [KnownOrganisation(n, "De Brug", OrganisationKind.OVERIG) for n in (3, 4)]
KNOWN = (ZON, KLIMREK, *TWINS)


def organisation(name: str = "Zonnevlinder", **values) -> OrganisationRow:
    return OrganisationRow(2, name, **values)


@pytest.mark.parametrize(
    ("given", "fate", "fields"),
    [
        (organisation(), Fate.UNCHANGED, []),
        (organisation("ZONNEVLINDER"), Fate.CHANGED, ["naam"]),
        (organisation("Zonnevlinder B.V.", domains=("zonnevlinder.example",)), Fate.CHANGED, ["naam"]),
        (organisation(city="Assen", region="Drenthe"), Fate.CHANGED, ["plaats", "provincie"]),
        (organisation(domains=("vlinderkind.example",)), Fate.CHANGED, ["maildomeinen"]),
        (organisation(first=NEW_YEAR), Fate.UNCHANGED, []),
        (organisation(relation=Relation.LID), Fate.UNCHANGED, []),
        (organisation(relation=Relation.KERNPARTNER, first=NEW_YEAR), Fate.CHANGED, ["relatie"]),
        (organisation("Klimrek", relation=Relation.GEEN), Fate.UNCHANGED, []),
        (organisation(first=NEW_YEAR, last=SUMMER), Fate.CHANGED, ["lid tot"]),
        (
            organisation("Kiekeboot", kind=OrganisationKind.KINDEROPVANG, relation=Relation.LID, first=NEW_YEAR),
            Fate.NEW,
            ["naam", "soort", "relatie", "lid vanaf"],
        ),
    ],
)
def test_a_row_about_an_organisation(given, fate, fields):
    book = OrganisationBook(KNOWN)

    decision = import_organisations.decide(given, book, today=TODAY)
    book.put(decision.after)

    assert (decision.fate, [change.field for change in decision.changes]) == (fate, fields)
    assert import_organisations.decide(given, book, today=TODAY).fate == Fate.UNCHANGED


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (organisation("Kiekeboot", relation=Relation.LID), RowProblem.KIND_MISSING),
        (organisation("Klimrek", first=NEW_YEAR), RowProblem.RELATION_MISSING),
        (organisation("Klimrek", relation=Relation.LID), RowProblem.FIRST_DAY_MISSING),
        (organisation(relation=Relation.GEEN), RowProblem.RELATION_DIFFERS),
        (organisation("De Brug"), RowProblem.ORGANISATION_TWICE),
        (organisation(last=SUMMER), RowProblem.FIRST_DAY_MISSING),
        *(
            (organisation("Klimrek", domains=(domain,)), RowProblem.LOOK_ALIKE)
            for domain in (
                "zonnevlinder.example.evil.example",
                "mail.zonnevlinder.example",
                "zonnevlindr.example",
                "xn--zonnevlnder-ucb.example",
            )
        ),
    ],
)
def test_a_row_about_an_organisation_is_refused(given, problem):
    with pytest.raises(RowRefused) as refused:
        import_organisations.decide(given, OrganisationBook(KNOWN), today=TODAY)

    assert refused.value.problem == problem


@pytest.mark.parametrize("domains", [("zonnevlinder.example",), ("klimrek.example", "zonnevlinder.example")])
def test_a_domain_of_another_organisation_is_refused(domains):
    with pytest.raises(DomainTaken) as taken:
        import_organisations.decide(organisation("Klimrek", domains=domains), OrganisationBook(KNOWN), today=TODAY)

    assert taken.value.facts == {"domain": "zonnevlinder.example", "organisation": "Zonnevlinder"}


def test_another_period_of_membership_must_not_overlap():
    with pytest.raises(PeriodsOverlap):
        import_organisations.decide(
            organisation(first=SUMMER, relation=Relation.LID), OrganisationBook(KNOWN), today=TODAY
        )
