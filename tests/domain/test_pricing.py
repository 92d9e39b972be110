"""Who comes in, in which category and at what price: every category, every admission, every edge of a membership."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.event_kinds import default_lines
from eventapp.domain.events import EventKind
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import (
    BY_HAND_ONLY,
    OUTSIDER,
    Admission,
    Category,
    Entitlement,
    MembershipPeriod,
    OrganisationFacts,
    Period,
    PriceLine,
    Proof,
    Relation,
    decide,
    line_for,
    more_than_niet_lid,
    needs_proof,
    organisation_proof,
    status_proof,
)
from eventapp.domain.times import local_date

THEMADAG = date(2027, 4, 14)
SINCE = date(2024, 1, 1)
OPVANG, GEMEENTE, JEUGDHULP = OrganisationKind.KINDEROPVANG, OrganisationKind.GEMEENTE, OrganisationKind.JEUGDHULP


def free(category: Category, *kinds: OrganisationKind) -> PriceLine:
    return PriceLine(category, Admission.GRATIS, 0, frozenset(kinds))


def priced(category: Category, cents: int, *kinds: OrganisationKind) -> PriceLine:
    return PriceLine(category, Admission.PRIJS, cents, frozenset(kinds))


def proven(*categories: Category) -> list[Proof]:
    return [Proof(category, "status") for category in categories]


def member(*periods: Period, relation: Relation = Relation.LID) -> OrganisationFacts:
    related = tuple(MembershipPeriod(period.first, period.last, relation) for period in periods)
    return OrganisationFacts(7, "Zonnevlinder", related, OPVANG)


def from_outside(kind: OrganisationKind) -> Proof:
    """What an address at a known organisation proves that is no member."""
    known = OrganisationFacts(8, "Voorbeeldstad", (), kind)
    return organisation_proof(known, via="domain", detail="voorbeeldstad.example", on=THEMADAG)


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize(
    ("admission", "price_cents", "admitted"),
    [
        (Admission.GRATIS, 0, True),
        (Admission.PRIJS, 9500, True),
        (Admission.UITNODIGING, 0, False),
        (Admission.NIET, 0, False),
    ],
)
def test_each_category_comes_in_only_free_or_at_a_price(category, admission, price_cents, admitted):
    lines, proofs = [PriceLine(category, admission, price_cents)], proven(category)

    if admitted:
        ground = OUTSIDER if category == Category.NIET_LID else proofs[0]
        assert decide(lines, proofs) == Entitlement(category, price_cents, ground)
    else:
        with pytest.raises(NotAdmitted) as refusal:
            decide(lines, proofs)
        assert refusal.value.facts == {"category": category.value, "admission": admission.value}


@pytest.mark.parametrize("category", [category for category in Category if category != Category.NIET_LID])
def test_everybody_is_a_niet_lid_as_well(category):
    entitlement = decide([priced(Category.NIET_LID, 9500)], proven(category))

    assert (entitlement.category, entitlement.price_cents) == (Category.NIET_LID, 9500)


def test_the_lowest_admitted_price_wins_whatever_the_order_of_proofs():
    lines = [priced(Category.LID, 4500), free(Category.AMBASSADEUR), priced(Category.NIET_LID, 9500)]

    for proofs in (proven(Category.LID, Category.AMBASSADEUR), proven(Category.AMBASSADEUR, Category.LID)):
        assert decide(lines, proofs).category == Category.AMBASSADEUR


def test_an_invitation_is_no_price_of_zero():
    lines = [PriceLine(Category.AMBASSADEUR, Admission.UITNODIGING), priced(Category.LID, 4500)]

    assert decide(lines, proven(Category.AMBASSADEUR, Category.LID)).category == Category.LID


@pytest.mark.parametrize("cents", [0, 9500])
def test_ties_go_by_the_order_of_categories(cents):
    everybody = list(Category)
    lines = [PriceLine(c, Admission.PRIJS if cents else Admission.GRATIS, cents) for c in reversed(everybody)]

    for rank, first in enumerate(everybody):
        assert decide(lines, proven(*reversed(everybody[rank:]))).category == first


@pytest.mark.parametrize(
    ("proofs", "category", "admission"),
    [
        ([], Category.NIET_LID, Admission.NIET),
        (proven(Category.STEUNPARTNER), Category.STEUNPARTNER, Admission.UITNODIGING),
        (proven(Category.KERNPARTNER), Category.KERNPARTNER, Admission.NIET),
    ],
)
def test_a_refusal_names_the_best_proof_and_what_the_event_says_of_it(proofs, category, admission):
    lines = [free(Category.LID), PriceLine(Category.STEUNPARTNER, Admission.UITNODIGING)]

    with pytest.raises(NotAdmitted) as refusal:
        decide(lines, proofs)

    assert refusal.value.facts == {"category": category.value, "admission": admission.value}


@pytest.mark.parametrize(
    ("period", "day", "counts"),
    [
        (Period(THEMADAG), date(2027, 4, 13), False),
        (Period(THEMADAG), THEMADAG, True),
        (Period(SINCE, THEMADAG), THEMADAG, True),
        (Period(SINCE, THEMADAG), date(2027, 4, 15), False),
        (Period(THEMADAG, THEMADAG), THEMADAG, True),
        (Period(SINCE), date(2099, 12, 31), True),
    ],
)
def test_membership_counts_from_its_first_to_its_last_day(period, day, counts):
    assert period.covers(day) is counts
    proof = organisation_proof(member(period), via="domain", detail="zonnevlinder.example", on=day)
    assert proof.category == (Category.LID if counts else Category.NIET_LID)
    assert (status_proof(Category.BESTUUR, period, on=day) is not None) is counts


@pytest.mark.parametrize(
    ("starts_at", "counts"),
    [
        (datetime(2027, 6, 30, 21, 59, tzinfo=UTC), True),
        (datetime(2027, 6, 30, 22, 0, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 23, 0, tzinfo=UTC), True),
    ],
)
def test_the_day_of_an_event_turns_at_midnight_in_amsterdam(starts_at, counts):
    february_to_june = Period(date(2027, 2, 1), date(2027, 6, 30))

    proof = organisation_proof(member(february_to_june), via="domain", detail="", on=local_date(starts_at))

    assert more_than_niet_lid([proof]) is counts


EDGES = [
    (datetime(2027, 1, 31, 22, 59, tzinfo=UTC), False),
    (datetime(2027, 1, 31, 23, 0, tzinfo=UTC), True),
    (datetime(2027, 2, 1, 22, 59, tzinfo=UTC), True),
    (datetime(2027, 6, 29, 22, 0, tzinfo=UTC), True),
    (datetime(2027, 6, 30, 21, 59, tzinfo=UTC), True),
    (datetime(2027, 6, 30, 22, 0, tzinfo=UTC), False),
]
ADMISSIONS = [(Admission.GRATIS, 0), (Admission.PRIJS, 9500), (Admission.UITNODIGING, 0), (Admission.NIET, 0)]
NARROWINGS = [frozenset(), frozenset({OPVANG}), frozenset({GEMEENTE, OPVANG}), frozenset({GEMEENTE})]
RELATIONS = [Relation.LID, Relation.KERNPARTNER, Relation.STEUNPARTNER]
STATUSES = [Category.AMBASSADEUR, Category.BESTUUR, Category.SERVICEBUREAU]
FEBRUARY_TO_JUNE = Period(date(2027, 2, 1), date(2027, 6, 30))


def outcome(line: PriceLine, proof: Proof) -> Entitlement | None:
    try:
        return decide([line], [proof])
    except NotAdmitted:
        return None


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge[0].isoformat())
@pytest.mark.parametrize("relation", RELATIONS)
def test_an_organisation_brings_its_people_in_on_its_days_and_where_a_line_speaks_to_it(relation, edge):
    starts_at, counts = edge
    category = Category(relation.value)

    for (admission, cents), kinds in product(ADMISSIONS, NARROWINGS):
        facts = member(FEBRUARY_TO_JUNE, relation=relation)
        proof = organisation_proof(facts, via="domain", detail="", on=local_date(starts_at))
        found = outcome(PriceLine(category, admission, cents, kinds), proof)

        spoken_to = not kinds or OPVANG in kinds
        comes_in = counts and spoken_to and admission in (Admission.GRATIS, Admission.PRIJS)
        expected = Entitlement(category, cents, proof, OPVANG if kinds else None) if comes_in else None
        assert (admission, kinds, found) == (admission, kinds, expected)


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge[0].isoformat())
@pytest.mark.parametrize("category", STATUSES)
def test_a_status_counts_on_its_days_and_is_of_no_organisation(category, edge):
    starts_at, counts = edge

    for (admission, cents), kinds in product(ADMISSIONS, NARROWINGS):
        proof = status_proof(category, FEBRUARY_TO_JUNE, on=local_date(starts_at))
        found = outcome(PriceLine(category, admission, cents, kinds), proof or OUTSIDER)

        comes_in = counts and not kinds and admission in (Admission.GRATIS, Admission.PRIJS)
        expected = Entitlement(category, cents, proof) if comes_in else None
        assert (admission, kinds, found) == (admission, kinds, expected)


REGIOTOUR = [free(Category.LID), priced(Category.NIET_LID, 6000), free(Category.NIET_LID, GEMEENTE)]


@pytest.mark.parametrize(
    ("proofs", "category", "cents", "kind", "proof_needed"),
    [
        ([], Category.NIET_LID, 6000, None, False),
        ([from_outside(GEMEENTE)], Category.NIET_LID, 0, GEMEENTE, True),
        ([from_outside(JEUGDHULP)], Category.NIET_LID, 6000, None, False),
        (proven(Category.LID), Category.LID, 0, None, True),
        ([*proven(Category.LID), from_outside(GEMEENTE)], Category.LID, 0, None, True),
    ],
    ids=["nobody", "municipality", "another non-member", "member", "member and municipality"],
)
def test_municipalities_come_free_and_the_rest_pays(proofs, category, cents, kind, proof_needed):
    found = decide(REGIOTOUR, proofs)

    assert (found.category, found.price_cents, found.kind) == (category, cents, kind)
    assert needs_proof(found) is proof_needed


def test_the_reason_of_a_narrowed_price_names_the_organisation_and_its_kind():
    assert decide(REGIOTOUR, [from_outside(GEMEENTE)]).reason() == {
        "category": "niet-lid",
        "via": "domain",
        "organisation": "Voorbeeldstad",
        "detail": "voorbeeldstad.example",
        "kind": "gemeente",
    }


def test_at_the_general_price_nothing_rests_on_where_an_outsider_works():
    assert decide(REGIOTOUR, [from_outside(JEUGDHULP)]).reason() == {"category": "niet-lid", "via": "none"}


def test_a_price_of_ones_own_needs_the_proof_also_when_it_is_not_free():
    lines = [priced(Category.NIET_LID, 6000), priced(Category.NIET_LID, 2500, GEMEENTE)]

    found = decide(lines, [from_outside(GEMEENTE)])

    assert (found.price_cents, needs_proof(found)) == (2500, True)


def test_a_line_for_a_kind_goes_before_the_general_one_also_when_it_says_less():
    lines = [priced(Category.NIET_LID, 6000), PriceLine(Category.NIET_LID, Admission.NIET, 0, frozenset({GEMEENTE}))]

    with pytest.raises(NotAdmitted) as refusal:
        decide(lines, [from_outside(GEMEENTE)])

    assert refusal.value.facts == {"category": "niet-lid", "admission": "niet"}


def test_of_two_lines_that_name_a_kind_the_one_that_names_fewer_speaks():
    wide, narrow = priced(Category.LID, 1000, OPVANG, GEMEENTE), priced(Category.LID, 2000, OPVANG)

    for lines in ([free(Category.LID), wide, narrow], [narrow, wide, free(Category.LID)]):
        assert line_for(lines, Category.LID, OPVANG) == narrow
        assert line_for(lines, Category.LID, GEMEENTE) == wide
        assert line_for(lines, Category.LID, JEUGDHULP) == free(Category.LID)


def test_a_line_that_names_a_kind_says_nothing_to_who_is_of_no_organisation():
    assert line_for([free(Category.LID, OPVANG)], Category.LID, None) is None


@st.composite
def said_lines(draw) -> list[PriceLine]:
    """What an event may say: each category and set of kinds once."""
    kinds = st.frozensets(st.sampled_from(OrganisationKind), max_size=3)
    keys = draw(st.lists(st.tuples(st.sampled_from(Category), kinds), unique=True, max_size=12))
    admissions = st.sampled_from(Admission)
    said = [(category, draw(admissions), named) for category, named in keys]
    prices = st.integers(1, 100_000)
    return [PriceLine(c, how, draw(prices) if how == Admission.PRIJS else 0, named) for c, how, named in said]


given_proofs = st.lists(
    st.builds(
        Proof,
        st.sampled_from(Category),
        st.sampled_from(["domain", "status", "named", "office"]),
        kind=st.none() | st.sampled_from(OrganisationKind),
    ),
    max_size=4,
)


@given(said_lines(), given_proofs)
def test_nobody_gets_the_price_of_a_category_or_kind_that_was_not_proven(lines, proofs):
    try:
        found = decide(lines, proofs)
    except NotAdmitted:
        return

    proven_kinds = {(proof.category, proof.kind) for proof in proofs} | {(Category.NIET_LID, None)}
    open_to_them = [
        line
        for line in lines
        if line.admits and any(line == line_for(lines, category, kind) for category, kind in proven_kinds)
    ]
    assert found.category in {category for category, _ in proven_kinds}
    assert (found.category, found.price_cents) in {(line.category, line.price_cents) for line in open_to_them}
    assert found.proof == OUTSIDER or found.proof in proofs


@given(said_lines(), given_proofs)
def test_what_looks_like_a_stranger_pays_the_strangers_price(lines, proofs):
    """Whatever goes to the checkout unproven is exactly what somebody without any proof would pay."""
    try:
        found = decide(lines, proofs)
    except NotAdmitted:
        return

    if not needs_proof(found):
        assert found == Entitlement(Category.NIET_LID, line_for(lines, Category.NIET_LID, None).price_cents, OUTSIDER)


@given(said_lines(), given_proofs, st.randoms(use_true_random=False))
def test_no_order_of_lines_or_proofs_makes_a_difference(lines, proofs, chance):
    mixed_lines, mixed_proofs = chance.sample(lines, len(lines)), chance.sample(proofs, len(proofs))

    def said(these_lines: list[PriceLine], these_proofs: list[Proof]) -> object:
        try:
            found = decide(these_lines, these_proofs)
        except NotAdmitted as refusal:
            return refusal.facts["category"]
        return found.category, found.price_cents

    assert said(mixed_lines, mixed_proofs) == said(lines, proofs)


def test_of_two_periods_the_one_that_covers_the_day_gives_the_reason():
    left_and_came_back = member(Period(date(2021, 1, 1), date(2022, 12, 31)), Period(date(2026, 1, 1)))

    proof = organisation_proof(left_and_came_back, via="domain", detail="zonnevlinder.example", on=THEMADAG)

    assert proof == Proof(
        Category.LID,
        "domain",
        {"organisation": "Zonnevlinder", "detail": "zonnevlinder.example", "since": "2026-01-01"},
        organisation_id=7,
        kind=OPVANG,
    )


@pytest.mark.parametrize(
    ("relation", "category"),
    [
        (Relation.LID, Category.LID),
        (Relation.KERNPARTNER, Category.KERNPARTNER),
        (Relation.STEUNPARTNER, Category.STEUNPARTNER),
        (Relation.GEEN, Category.NIET_LID),
    ],
)
def test_what_an_organisation_is_decides_what_its_people_are(relation, category):
    proof = organisation_proof(member(Period(SINCE), relation=relation), via="domain", detail="", on=THEMADAG)

    assert proof.category == category


def test_the_reason_is_a_snapshot_of_category_ground_and_facts():
    proof = organisation_proof(member(Period(SINCE)), via="domain", detail="zonnevlinder.example", on=THEMADAG)

    entitlement = decide([free(Category.LID)], [proof])

    assert entitlement.reason() == {
        "category": "lid",
        "via": "domain",
        "organisation": "Zonnevlinder",
        "detail": "zonnevlinder.example",
        "since": "2024-01-01",
    }


@pytest.mark.parametrize(
    ("category", "cents", "needed"),
    [
        (Category.LID, 0, True),
        (Category.LID, 14500, True),
        (Category.AMBASSADEUR, 0, True),
        (Category.NIET_LID, 0, True),
        (Category.NIET_LID, 24500, False),
    ],
)
def test_only_the_outsiders_price_is_paid_without_proof_of_the_address(category, cents, needed):
    assert needs_proof(Entitlement(category, cents, Proof(category, "none"))) is needed


@pytest.mark.parametrize("kind", EventKind)
def test_defaults_have_one_line_per_category_and_none_for_those_given_by_hand(kind):
    categories = [line.category for line in default_lines(kind)]

    assert sorted(categories) == sorted(set(Category) - BY_HAND_ONLY)
