"""Mail domains as they are kept, periods that fit together, and what is missing before anybody is recognised."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import (
    DomainError,
    EndsBeforeStart,
    FreeMailDomain,
    NotAMailDomain,
    NotATenantId,
    PeriodsOverlap,
)
from eventapp.domain.organisations import (
    MembershipLine,
    OrganisationDetails,
    OrganisationKind,
    changed_names,
    check_periods,
    membership_on,
    missing_for_recognition,
    read_domain,
    read_domains,
    read_tenants,
)
from eventapp.domain.pricing import MembershipPeriod, Period, Relation

OLD = Period(date(2020, 1, 1), date(2022, 12, 31))
NOW_ON = Period(date(2024, 1, 1))
LATER = Period(date(2030, 1, 1))


TENANT = "5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11"


def details(**changes) -> OrganisationDetails:
    plain = {"name": "Zonnevlinder", "kind": OrganisationKind.KINDEROPVANG, "relation": Relation.LID}
    return OrganisationDetails(**(plain | changes))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("zonnevlinder.example", "zonnevlinder.example"),
        ("@zonnevlinder.example", "zonnevlinder.example"),
        ("  @ZonneVlinder.EXAMPLE. ", "zonnevlinder.example"),
        ("jan+vnk@zonnevlinder.example", "zonnevlinder.example"),
        ("mail.zonnevlinder.example", "mail.zonnevlinder.example"),
        ("kc-2.example", "kc-2.example"),
        ("4you.example", "4you.example"),
        ("brêge.example", "xn--brge-hpa.example"),
        ("BRÊGE.example", "xn--brge-hpa.example"),
        ("bre\u0302ge.example", "xn--brge-hpa.example"),
        ("xn--brge-hpa.example", "xn--brge-hpa.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        ("gmail.com.example", "gmail.com.example"),
    ],
)
def test_domain_is_kept_as_addresses_are_compared(typed, kept):
    assert read_domain(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "zonnevlinder",
        "zonne vlinder.example",
        "zonne..example",
        ".example",
        "-zonne.example",
        "zonne-.example",
        "zonne_vlinder.example",
        "https://zonnevlinder.example",
        "zonnevlinder.example/contact",
        "www.zonnevlinder.example",
        "*.zonnevlinder.example",
        "192.168.1.10",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5) + ".example",
        "zonnevlinder.example evil.example",
    ],
)
def test_what_can_be_no_mail_domain_is_refused(typed):
    with pytest.raises(NotAMailDomain) as refusal:
        read_domain(typed)

    assert refusal.value.facts == {"typed": typed}


@pytest.mark.parametrize("typed", ["straße.example", "zonne。example", "xn--ab.brêge.example"])
def test_domain_that_would_become_another_one_is_refused(typed):
    with pytest.raises(NotAMailDomain):
        read_domain(typed)


@pytest.mark.parametrize("typed", ["gmail.com", "@GMail.com.", "jan@ziggo.nl", "gratismail.example"])
def test_free_mail_is_refused(typed):
    with pytest.raises(FreeMailDomain) as refusal:
        read_domain(typed)

    assert refusal.value.facts == {"domain": mail_domain(typed)}


@given(st.text(max_size=30))
def test_kept_domain_is_what_its_own_addresses_are_recognised_by(typed):
    try:
        kept = read_domain(typed)
    except DomainError:
        return

    assert read_domain(kept) == kept == mail_domain(f"jan@{kept}")


def test_domains_are_kept_once_and_sorted():
    typed = ["zonnevlinder.example", "@Zonnevlinder.example", "jan@opvang.example"]

    assert read_domains(typed) == ("opvang.example", "zonnevlinder.example")


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [NOW_ON],
        [NOW_ON, OLD],
        [OLD, Period(date(2023, 1, 1))],
        [Period(date(2024, 5, 1), date(2024, 5, 1))],
    ],
)
def test_periods_that_share_no_day_fit(periods):
    check_periods(periods)


@pytest.mark.parametrize(
    ("periods", "error", "row"),
    [
        ([OLD, Period(date(2024, 1, 2), date(2024, 1, 1))], EndsBeforeStart, 1),
        ([OLD, Period(date(2022, 12, 31))], PeriodsOverlap, 1),
        ([NOW_ON, LATER], PeriodsOverlap, 1),
        ([LATER, NOW_ON], PeriodsOverlap, 1),
        ([OLD, OLD], PeriodsOverlap, 1),
        ([Period(date(2019, 1, 1)), LATER, OLD], PeriodsOverlap, 2),
        ([OLD, Period(date(2021, 1, 1), date(2021, 2, 1))], PeriodsOverlap, 1),
    ],
)
def test_period_that_does_not_fit_is_named_by_its_place(periods, error, row):
    with pytest.raises(error) as refusal:
        check_periods(periods)

    assert refusal.value.facts == {"row": row}


@pytest.mark.parametrize(
    ("periods", "day", "found"),
    [
        ([], date(2026, 1, 1), None),
        ([OLD, NOW_ON], date(2026, 1, 1), NOW_ON),
        ([OLD, NOW_ON], date(2022, 12, 31), OLD),
        ([OLD, NOW_ON], date(2023, 1, 1), NOW_ON),
        ([LATER, OLD], date(2026, 1, 1), LATER),
        ([OLD], date(2026, 1, 1), OLD),
        ([Period(date(2023, 1, 1)), OLD], date(2021, 1, 1), Period(date(2020, 1, 1))),
        ([Period(date(2023, 1, 1), date(2023, 6, 1)), OLD], date(2024, 1, 1), Period(OLD.first, date(2023, 6, 1))),
    ],
)
def test_membership_that_counts_joins_periods_without_a_gap(periods, day, found):
    members = [MembershipPeriod(period.first, period.last) for period in periods]

    assert membership_on(members, day) == (found and MembershipPeriod(found.first, found.last))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"relation": Relation.KERNPARTNER, "periods": (MembershipLine(NOW_ON),)}, ["domains"]),
        ({"domains": ("a.example",)}, []),
        ({"periods": (MembershipLine(OLD),)}, ["periods", "domains"]),
        ({"tenants": (TENANT,), "periods": (MembershipLine(NOW_ON),)}, []),
        ({"domains": ("a.example",), "periods": (MembershipLine(OLD),)}, ["periods"]),
        ({"domains": ("a.example",), "periods": (MembershipLine(LATER),)}, []),
        ({"domains": ("a.example",), "periods": (MembershipLine(OLD), MembershipLine(NOW_ON))}, []),
        ({"domains": ("a.example",), "periods": (MembershipLine(NOW_ON, relation=Relation.GEEN),)}, []),
    ],
)
def test_what_is_missing_before_anybody_is_recognised(changes, missing):
    assert missing_for_recognition(details(**changes), on=date(2026, 1, 1)) == missing


def test_last_day_still_counts():
    last_day = details(domains=("a.example",), periods=(MembershipLine(OLD),))

    assert missing_for_recognition(last_day, on=date(2022, 12, 31)) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, []),
        ({"city": "Assen"}, ["city"]),
        ({"periods": (MembershipLine(OLD, 1),), "relation": Relation.GEEN}, ["relation", "periods"]),
    ],
)
def test_fingerprint_differs_when_a_detail_does(changes, names):
    after = details(**changes)

    assert changed_names(details(), after) == names
    assert (after.fingerprint == details().fingerprint) == (not names)


@pytest.mark.parametrize("typed", [TENANT, f"  {TENANT.upper()} "])
def test_tenant_id_is_kept_in_one_shape(typed):
    assert read_tenants([typed, TENANT]) == (TENANT,)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "zonnevlinder.onmicrosoft.example",
        TENANT[:-1],
        TENANT.replace("-", ""),
        f"{{{TENANT}}}",
        TENANT.replace("5", "g"),
        "00000000-0000-0000-0000-000000000000",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
    ],
)
def test_what_is_no_tenant_of_an_organisation_is_refused(typed):
    with pytest.raises(NotATenantId) as refusal:
        read_tenants([typed])

    assert refusal.value.facts == {"typed": typed}
