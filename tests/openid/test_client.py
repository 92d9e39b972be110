"""Our side of OpenID Connect against a real provider process: one good token, and every way in which one is not."""

import time

import pytest

from config import TestConfig
from eventapp.domain.accounts import Account
from eventapp.domain.errors import DomainError, SignInNotProven, SignInUnavailable
from eventapp.openid import metadata
from eventapp.openid.client import Client, Trip
from tests.oidc import RunningProvider, running_provider
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, OBJECT, TENANT

NOW = TestConfig.NOW
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
RETURN = "http://127.0.0.1:8000/inloggen/microsoft/terug"


def client_of(provider: RunningProvider, **more: str) -> Client:
    settings = provider.settings
    secret = more.get("secret", settings["ENTRA_CLIENT_SECRET"])
    return Client(settings["ENTRA_CLIENT_ID"], secret, settings["OIDC_DISCOVERY_URL"], RETURN)


def code_of(provider: RunningProvider, trip: Trip) -> str:
    back = provider.request("GET", trip.url).headers["Location"]
    return back.partition("code=")[2].partition("&")[0]


def account(provider: RunningProvider, client: Client | None = None) -> Account:
    """A whole trip."""
    client = client or client_of(provider)
    trip = client.start()
    return client.finish(code_of(provider, trip), nonce=trip.nonce, verifier=trip.verifier, now=NOW)


def refusal(provider: RunningProvider, client: Client | None = None) -> type[DomainError]:
    with pytest.raises(DomainError) as refused:
        account(provider, client)
    assert CLIENT_SECRET not in str(refused.value.facts)
    return type(refused.value)


def test_good_token_names_the_account(provider):
    issuer = f"{provider.url}/{TENANT}/v2.0"

    assert account(provider) == Account(issuer, OBJECT, TENANT, "marieke@zonnevlinder.example")


def test_provider_of_one_issuer_names_its_subject(provider):
    provider.control(issuer=provider.url, account={"sub": "user-7", "email": "jan@id.example"})

    assert account(provider) == Account(provider.url, "user-7", "", "jan@id.example")


@pytest.mark.parametrize(
    "fault",
    [
        {"sign": "none"},
        {"sign": "other"},
        {"sign": "secret"},
        {"claims": {"aud": "another-program"}},
        {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
        {"claims": {"nonce": "of another trip"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": int(NOW.timestamp()) - 121}},
        {"claims": {"nbf": int(NOW.timestamp()) + 121}},
        {"claims": {"iat": int(NOW.timestamp()) + 121}},
        {"claims": {"exp": None}},
        {"claims": {"iss": "https://login.evil.example/v2.0"}},
        {"claims": {"tid": OTHER_TENANT}},
        {"claims": {"tid": ""}},
        {"claims": {"oid": None}},
    ],
    ids=str,
)
def test_token_that_is_not_good_is_refused(provider, fault):
    provider.control(**fault)

    assert refusal(provider) is SignInNotProven


def test_code_works_once_and_with_its_own_verifier_only(provider):
    client = client_of(provider)
    trip, other = client.start(), client.start()
    code, stolen = code_of(provider, trip), code_of(provider, other)
    client.finish(code, nonce=trip.nonce, verifier=trip.verifier, now=NOW)

    with pytest.raises(SignInNotProven):
        client.finish(code, nonce=trip.nonce, verifier=trip.verifier, now=NOW)
    with pytest.raises(SignInNotProven):
        client.finish(stolen, nonce=other.nonce, verifier=trip.verifier, now=NOW)


def test_new_keys_are_fetched_when_a_token_names_one(provider, monkeypatch):
    client = client_of(provider)
    account(provider, client)
    provider.control(rotate=True)
    monkeypatch.setattr(metadata, "KEYS_AGAIN_SECONDS", -1)

    assert account(provider, client).subject == OBJECT
    assert (provider.calls()["/keys"], provider.calls()["/.well-known/openid-configuration"]) == (2, 1)


def test_provider_with_trouble_is_unavailable(provider):
    provider.control(token="500")
    broken = refusal(provider)
    provider.control(token="right")

    assert (broken, refusal(provider, client_of(provider, secret="verlopen"))) == (SignInUnavailable, SignInUnavailable)


def test_provider_that_is_silent_is_left_alone_for_a_moment(provider, monkeypatch):
    monkeypatch.setattr(metadata, "TIMEOUT", (0.2, 0.2))
    provider.control(slow=3)
    client = client_of(provider)
    asked = time.monotonic()

    with pytest.raises(SignInUnavailable):
        client.start()
    with pytest.raises(SignInUnavailable):
        client.start()

    assert time.monotonic() - asked < 2
    assert provider.calls()["/.well-known/openid-configuration"] == 1


def test_provider_that_is_gone_is_unavailable():
    with running_provider() as gone:
        client = client_of(gone)

    with pytest.raises(SignInUnavailable):
        client.start()


@pytest.mark.parametrize(
    "named",
    [
        {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://login.evil.example/authorize"},
        {"authorization_endpoint": None},
        {"issuer": ["a"]},
    ],
)
def test_discovery_cannot_send_us_anywhere_unsafe(provider, named):
    provider.control(discovery=named)

    with pytest.raises(SignInUnavailable):
        client_of(provider).start()
