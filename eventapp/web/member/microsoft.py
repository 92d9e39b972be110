"""Signing in with an account of one's organisation: to the provider, back from it, and the button that signs in.

The provider sends the browser back with a GET, which by the rule of the house changes nothing: it trades the code it
carries at the provider, keeps in this browser's own signed cookie whom that names, and shows a button. Only the button
signs in.
"""

from flask import abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import wording
from eventapp.domain.accounts import Account
from eventapp.domain.errors import (
    DomainError,
    SignInDeclined,
    SignInNotProven,
    SignInUnavailable,
    SignInWithoutAddress,
    TooManyRequests,
)
from eventapp.queries.identities import address_of
from eventapp.services import signing_in
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.errors import STATUSES
from eventapp.web.member import away, blueprint
from eventapp.web.member.sign_in import asked, enter, local_path
from eventapp.web.openid import client, configured
from eventapp.web.visitor import visitor_key

_PROVIDERS_FAULT = {"server_error", "temporarily_unavailable"}


@blueprint.post("/inloggen/microsoft")
@audience(Audience.VISITOR)
def microsoft() -> tuple[str, int] | Response:
    """Send this browser to the provider, with what only this browser can bring back."""
    _require_configured()
    try:
        trip = client().start()
    except SignInUnavailable as refusal:
        return _refused(refusal)
    next_path = local_path(request.args.get("volgende", ""))
    away.leave(state=trip.state, nonce=trip.nonce, verifier=trip.verifier, next=next_path)
    return redirect(trip.url, 303)


@blueprint.get("/inloggen/microsoft/terug")
@audience(Audience.VISITOR)
def microsoft_return() -> tuple[str, int] | Response:
    """Back from the provider. What another browser began, or this one long ago, is worth nothing."""
    _require_configured()
    trip = away.come_back()
    try:
        if trip is None or request.args.get("state") != trip["state"]:
            raise SignInNotProven(why="another browser's trip, or an old one")
        account = _account(trip["nonce"], trip["verifier"])
    except (SignInDeclined, SignInNotProven, SignInUnavailable, SignInWithoutAddress) as refusal:
        return _refused(refusal)
    away.found_account(account, trip["next"])
    return redirect(url_for("member.microsoft_account"))


@blueprint.get("/inloggen/microsoft/verder")
@audience(Audience.VISITOR)
def microsoft_account() -> str | Response:
    """As whom one is going to be signed in, and the one button."""
    _require_configured()
    waiting = away.waiting_account()
    if waiting is None:
        return redirect(url_for("member.sign_in"))
    return render_template("member/microsoft.html", address=address_of(waiting[0]))


@blueprint.post("/inloggen/microsoft/verder")
@audience(Audience.VISITOR)
def microsoft_sign_in() -> tuple[str, int] | Response:
    """Sign in with a known account; one that is new here has its address proven by mail first."""
    _require_configured()
    waiting = away.waiting_account()
    if waiting is None:
        return _refused(SignInNotProven(why="pressed too late"))
    account, next_path = waiting
    if signed_in := signing_in.sign_in_with_account(account, now=now()):
        return enter(signed_in, next_path)
    try:
        secret = signing_in.request_link(account.address, visitor_key=visitor_key(), next_path=next_path, now=now())
    except TooManyRequests as refusal:
        return _refused(refusal)
    away.agree()
    return asked(account.address, secret, next_path)


def _account(nonce: str, verifier: str) -> Account:
    """Whom the provider names, by trading the code that came along."""
    if error := request.args.get("error", ""):
        raise (SignInUnavailable if error in _PROVIDERS_FAULT else SignInDeclined)(why=error)
    account = client().finish(request.args.get("code", ""), nonce=nonce, verifier=verifier, now=now())
    if not address_of(account):
        raise SignInWithoutAddress()
    return account


def _require_configured() -> None:
    if not configured():
        abort(404)


def _refused(refusal: DomainError) -> tuple[str, int]:
    """The calm page; the log gets the reason, which holds no secret."""
    current_app.logger.warning("sign-in with an account elsewhere: %s %r", refusal.code, refusal.facts.get("why", ""))
    return render_template("member/microsoft_refused.html", sentence=wording.refusal(refusal)), STATUSES[refusal.code]
