"""A small OpenID provider for tests, a program of its own that speaks HTTP: `python -m tests.oidc_provider`.

It prints its address, then serves discovery, keys, authorize and token; `POST /control` sets what its next answers are:

    account     claims of whoever signs in (tid, oid, email, …)
    time        seconds since 1970 that its tokens are made at
    issuer      what discovery says; {tenantid} stands for the tenant of the account. Default: with the placeholder
    claims      claims put over those of the token, last of all
    sign        "right", "none", "other" (a key it does not publish) or "secret" (HS256 with the client's secret)
    token       "right", or a status such as 500 that the token endpoint answers with
    error       what authorize answers instead of a code, such as access_denied
    rotate      true: from now on another key
    slow        seconds that discovery and keys take
    discovery   members put over those of the discovery document
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwk, jwt
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "vnk-aanmelden", "geheim-van-de-proef"
TENANT, OBJECT = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
DEFAULTS: dict[str, Any] = {
    "account": {"tid": TENANT, "oid": OBJECT, "sub": "per-program", "email": "marieke@zonnevlinder.example"},
    "time": 0,
    "issuer": "",
    "claims": {},
    "sign": "right",
    "token": "right",
    "error": "",
    "rotate": False,
    "slow": 0,
    "discovery": {},
}

app = Flask(__name__)
now: dict[str, Any] = {}
codes: dict[str, dict[str, str]] = {}
keys: list[jwk.RSAKey] = []
calls: dict[str, int] = {}


def new_key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})


def reset() -> None:
    now.clear()
    now.update(json.loads(json.dumps(DEFAULTS)))
    codes.clear()
    calls.clear()
    keys[1:] = []


@app.before_request
def _count() -> None:
    calls[request.path] = calls.get(request.path, 0) + 1


@app.post("/reset")
def control_reset() -> Response:
    reset()
    return jsonify({})


@app.post("/control")
def control() -> Response:
    values = request.get_json()
    assert values.keys() <= DEFAULTS.keys(), values
    if values.get("rotate"):
        keys.append(new_key())
    now.update(values)
    return jsonify({})


@app.get("/calls")
def called() -> Response:
    return jsonify(calls)


@app.get("/.well-known/openid-configuration")
def discovery() -> Response:
    time.sleep(now["slow"])
    base = request.host_url.rstrip("/")
    document = {
        "issuer": now["issuer"] or f"{base}/{{tenantid}}/v2.0",
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }
    return jsonify(document | now["discovery"])


@app.get("/keys")
def published() -> Response:
    return jsonify({"keys": [keys[-1].as_dict(private=False)]})


@app.get("/authorize")
def authorize() -> Any:
    asked = request.args
    assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code"), asked
    assert (asked["code_challenge_method"], "openid" in asked["scope"].split()) == ("S256", True), asked
    if now["error"]:
        return redirect(f"{asked['redirect_uri']}?{urlencode({'error': now['error'], 'state': asked['state']})}")
    code = secrets.token_urlsafe(16)
    codes[code] = dict(asked)
    return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")


@app.post("/token")
def token() -> Any:
    """Once per code, to the client itself, with the verifier of the challenge."""
    if now["token"] != "right":
        return "broken", int(now["token"])
    given = request.form
    if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return jsonify({"error": "invalid_client"}), 401
    asked = codes.pop(given.get("code", ""), None)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
    if asked is None or asked["code_challenge"] != challenge.decode().rstrip("="):
        return jsonify({"error": "invalid_grant"}), 400
    if asked["redirect_uri"] != given.get("redirect_uri"):
        return jsonify({"error": "invalid_grant"}), 400
    answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600}
    return jsonify(answer | {"id_token": signed(claims_for(asked))})


def claims_for(asked: dict[str, str]) -> dict[str, Any]:
    base = request.host_url.rstrip("/")
    issuer = now["issuer"] or f"{base}/{{tenantid}}/v2.0"
    made = {
        "iss": issuer.replace("{tenantid}", now["account"].get("tid", "")),
        "aud": CLIENT_ID,
        "iat": int(now["time"]),
        "nbf": int(now["time"]),
        "exp": int(now["time"]) + 3600,
        "nonce": asked["nonce"],
    }
    return made | now["account"] | now["claims"]


def signed(claims: dict[str, Any]) -> str:
    if now["sign"] == "none":
        parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": keys[-1].kid}, claims)]
        return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])
    if now["sign"] == "secret":
        key = jwk.OctKey.import_key(CLIENT_SECRET)
        return jwt.encode({"alg": "HS256", "kid": keys[-1].kid}, claims, key, algorithms=["HS256"])
    key = keys[-1] if now["sign"] == "right" else jwk.RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": keys[-1].kid}, claims, key)


def main() -> None:
    keys.append(new_key())
    reset()
    server = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, app, threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
