"""What does the provider say of itself? Its addresses and keys, fetched when first needed and kept for an hour."""

import json
import time
from typing import Any, NamedTuple

import requests

from eventapp.domain.errors import SignInUnavailable
from eventapp.openid.settings import is_loopback, is_safe, origin

TIMEOUT = (3, 5)
KEPT_SECONDS = 3600
# A provider that does not answer is left alone this long, so that waiting for it does not use up our threads.
PAUSE_SECONDS = 15
# New keys are asked for when a token names an unknown one, and not more often than this.
KEYS_AGAIN_SECONDS = 30
_MOST_BYTES = 512 * 1024


class Metadata(NamedTuple):
    """The addresses that the provider names; `issuer` may hold the placeholder {tenantid}."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_body: bool


class Directory:
    """Keeps metadata and keys of one provider, for all threads of a process.

    Everything refuses with SignInUnavailable when the provider does not answer as it should.
    """

    def __init__(self, discovery_url: str) -> None:
        self._url = discovery_url
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None
        self._down_until = 0.0

    def metadata(self) -> Metadata:
        """The provider's addresses, each checked: no answer of the provider sends us anywhere unsafe."""
        if self._metadata is None or _older(self._metadata[0], KEPT_SECONDS):
            self._metadata = (time.monotonic(), self._checked(self._fetch(self._url)))
        return self._metadata[1]

    def keys(self, *, again: bool = False) -> dict[str, Any]:
        """The provider's public keys; `again` asks for new ones, unless that was done a moment ago."""
        if self._keys is None or _older(self._keys[0], KEYS_AGAIN_SECONDS if again else KEPT_SECONDS):
            self._keys = (time.monotonic(), self._fetch(self.metadata().jwks_uri))
        return self._keys[1]

    def _checked(self, found: dict[str, Any]) -> Metadata:
        names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        values = {name: found.get(name) for name in names}
        here = is_loopback(self._url)
        unsafe = [name for name, value in values.items() if not is_safe(value, on_this_machine=here)]
        # The pages that lead there allow this origin only (form-action).
        if unsafe or origin(values["authorization_endpoint"] or "") != origin(self._url):
            raise SignInUnavailable(why=f"discovery: {', '.join(unsafe) or 'authorization_endpoint'} is not safe")
        methods = found.get("token_endpoint_auth_methods_supported") or []
        return Metadata(**{name: str(value) for name, value in values.items()}, secret_in_body=_in_body(methods))

    def _fetch(self, url: str) -> dict[str, Any]:
        if time.monotonic() < self._down_until:
            raise SignInUnavailable(why="the provider did not answer a moment ago")
        try:
            return _get_json(url)
        except (requests.RequestException, ValueError) as error:
            self._down_until = time.monotonic() + PAUSE_SECONDS
            raise SignInUnavailable(why=f"{type(error).__name__} at {url}") from error


def prepare(session: requests.Session, url: str) -> requests.Session:
    """No redirects and no .netrc; the proxy of the environment for others, never for this machine."""
    session.trust_env = False
    session.max_redirects = 0
    if not is_loopback(url):
        session.proxies.update(requests.utils.get_environ_proxies(url))
    return session


def _get_json(url: str) -> dict[str, Any]:
    with (
        prepare(requests.Session(), url) as session,
        session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer,
    ):
        answer.raise_for_status()
        body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
    found = json.loads(body) if answer.status_code == 200 and len(body) <= _MOST_BYTES else None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object of a sensible size")
    return found


def _in_body(methods: object) -> bool:
    """How our secret travels: in the body where the provider names that, else in the header as the standard says."""
    return isinstance(methods, list) and "client_secret_post" in methods


def _older(since: float, seconds: float) -> bool:
    return time.monotonic() - since > seconds
