"""How does somebody get to the provider and back? With state, nonce and PKCE, and a check of all that comes back."""

from datetime import datetime
from typing import Any, NamedTuple, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from eventapp.domain.accounts import Account
from eventapp.domain.errors import SignInNotProven, SignInUnavailable
from eventapp.domain.tokens import new_token
from eventapp.openid.claims import account_from, issuer_of
from eventapp.openid.metadata import TIMEOUT, Directory, Metadata, prepare

SCOPE = "openid profile email"
# Signatures by a key that only the provider has: never "none", never our own secret as a key.
ALGORITHMS = ["RS256", "PS256", "ES256"]
CLOCK_SKEW_SECONDS = 120
_OUR_FAULT = {"invalid_client", "unauthorized_client", "invalid_request", "redirect_uri_mismatch"}


class Trip(NamedTuple):
    """Where to send a browser, and what that browser must keep to itself until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


class Client:
    """Our side of one provider; threads may share it."""

    def __init__(self, client_id: str, client_secret: str, discovery_url: str, redirect_uri: str) -> None:
        self._id = client_id
        self._secret = client_secret
        self._redirect_uri = redirect_uri
        self._directory = Directory(discovery_url)

    def start(self) -> Trip:
        """A new trip. Refuses with SignInUnavailable when the provider does not answer."""
        metadata = self._directory.metadata()
        state, nonce, verifier = new_token(), new_token(), new_token()
        with self._session(metadata) as session:
            url, _ = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                # Whoever sits at a shared computer sees which account it is going to be.
                prompt="select_account",
            )
        return Trip(url, state, nonce, verifier)

    def finish(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Account:
        """Trade the code for a token and say whom it names.

        Refuses with SignInUnavailable when the provider does not answer or does not accept us, and with
        SignInNotProven for a code or token that is not good.
        """
        token = self._token(code, verifier)
        claims = self._claims(str(token.get("id_token", "")), token.get("access_token"), nonce, now)
        return account_from(claims)

    def _session(self, metadata: Metadata) -> OAuth2Session:
        session = OAuth2Session(
            self._id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post" if metadata.secret_in_body else "client_secret_basic",
        )
        prepare(session, metadata.token_endpoint)
        return session

    def _token(self, code: str, verifier: str) -> dict[str, Any]:
        metadata = self._directory.metadata()
        try:
            with self._session(metadata) as session:
                return session.fetch_token(
                    metadata.token_endpoint, code=code, code_verifier=verifier, timeout=TIMEOUT, allow_redirects=False
                )
        except AuthlibBaseError as error:
            kind = SignInUnavailable if error.error in _OUR_FAULT else SignInNotProven
            raise kind(why=f"token endpoint: {error.error}") from error
        except (requests.RequestException, ValueError) as error:
            raise SignInUnavailable(why=f"token endpoint: {type(error).__name__}") from error

    def _claims(self, id_token: str, access_token: object, nonce: str, now: datetime) -> CodeIDToken:
        """The claims of a token that is signed, ours, of this trip and of now."""
        issuer = self._directory.metadata().issuer
        options = {
            "iss": {"essential": True, "validate": lambda claims, value: value == issuer_of(claims, issuer)},
            "aud": {"essential": True, "value": self._id},
        }
        expected = {"nonce": nonce, "client_id": self._id, "access_token": access_token}
        try:
            decoded = self._decoded(id_token)
            claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
            claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise SignInNotProven(why=f"token: {error or type(error).__name__}") from error
        return claims

    def _decoded(self, id_token: str) -> jwt.Token:
        """Read with the provider's keys; an unknown one may be new, since providers replace theirs."""
        try:
            return jwt.decode(id_token, self._keys(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._keys(again=True), algorithms=ALGORITHMS)

    def _keys(self, *, again: bool = False) -> KeySet:
        return KeySet.import_key_set(cast(KeySetSerialization, self._directory.keys(again=again)))
