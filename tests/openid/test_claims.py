"""Whom does a token name? Tables over what providers, guests and forgers write."""

import pytest

from eventapp.domain.accounts import Account, vouches
from eventapp.domain.errors import SignInNotProven
from eventapp.openid.claims import account_from, issuer_of

TENANT, OTHER = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
ENTRA = "https://login.microsoftonline.com/{tenantid}/v2.0"
HOME = f"https://login.microsoftonline.com/{TENANT}/v2.0"
CLAIMS = {"iss": HOME, "tid": TENANT, "oid": "object", "sub": "pairwise", "email": "Jan@Zonnevlinder.Example"}


@pytest.mark.parametrize(
    ("tenant", "template", "issuer"),
    [
        (TENANT, ENTRA, HOME),
        (TENANT, HOME, HOME),
        (OTHER, HOME, HOME),
        ("x/v2.0/../y", ENTRA, ENTRA),
        (f"{TENANT}\n", ENTRA, ENTRA),
        (7, ENTRA, ENTRA),
        (None, "https://id.example", "https://id.example"),
    ],
)
def test_issuer_of_all_tenants_is_that_of_the_token_and_of_one_provider_its_own(tenant, template, issuer):
    assert issuer_of({"tid": tenant}, template) == issuer


def test_entra_account_is_its_object_id_with_tenant_and_address():
    assert account_from(CLAIMS) == Account(HOME, "object", TENANT, "jan@zonnevlinder.example")


@pytest.mark.parametrize(
    "more",
    [
        {"idp": f"https://sts.windows.net/{OTHER}/"},
        {"idp": "live.com"},
        {"acct": 1},
        {"acct": "1"},
    ],
)
def test_guest_is_of_no_tenant(more):
    assert account_from(CLAIMS | more).tenant == ""


@pytest.mark.parametrize("more", [{"idp": HOME}, {"acct": 0}])
def test_who_is_at_home_is_no_guest(more):
    assert account_from(CLAIMS | more).tenant == TENANT


def test_tenant_that_is_not_the_issuers_counts_for_nothing():
    account = account_from({**CLAIMS, "iss": "https://id.example/"})

    assert account == Account("https://id.example/", "pairwise", "", "jan@zonnevlinder.example")


@pytest.mark.parametrize("lost", ["oid", "iss"])
def test_token_that_names_nobody_is_refused(lost):
    with pytest.raises(SignInNotProven):
        account_from({name: claim for name, claim in CLAIMS.items() if name not in (lost, "sub")})


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email": "jan@a.example", "preferred_username": "j@b.example"}, "jan@a.example"),
        ({"email": "", "preferred_username": "j@b.example"}, "j@b.example"),
        ({"email": "geen adres", "preferred_username": "j_extern#EXT#"}, ""),
        ({"email": ["jan@a.example"]}, ""),
        ({"email": "jan@zonnevlinder.example.evil.example"}, "jan@zonnevlinder.example.evil.example"),
        ({}, ""),
    ],
)
def test_address_is_read_as_forms_read_it(claims, address):
    assert account_from({"iss": HOME, "tid": TENANT, "oid": "object", **claims}).address == address


@pytest.mark.parametrize(
    ("tenant_of", "domain_of", "believed"), [(1, 1, True), (1, 2, False), (1, None, False), (None, None, False)]
)
def test_tenant_vouches_for_its_own_domain_only(tenant_of, domain_of, believed):
    assert vouches(tenant_of, domain_of) is believed
