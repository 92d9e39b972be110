"""What does this browser remember of a trip to the provider? Kept in its own signed cookie, for minutes."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import session

from eventapp.domain.accounts import Account
from eventapp.services.signing_in import LINK_LIVES
from eventapp.web.clock import now

_TRIP = "account_trip"
_FOUND = "account_found"
# How long somebody may be away, how long the button works after coming back, and how long a mail may take after that.
AWAY = timedelta(minutes=15)
DECIDING = timedelta(minutes=10)
PROVING = DECIDING + LINK_LIVES


def leave(**memory: str) -> None:
    """Remember what only this browser may bring back."""
    session[_TRIP] = {**memory, "at": now().timestamp()}


def come_back() -> dict[str, Any] | None:
    """What it was remembered for, once, unless that is too long ago."""
    return _fresh(session.pop(_TRIP, None), AWAY)


def found_account(account: Account, next_path: str) -> None:
    """Remember who came back, until the button is pressed."""
    session[_FOUND] = {"account": asdict(account), "next": next_path, "agreed": False, "at": now().timestamp()}


def waiting_account() -> tuple[Account, str] | None:
    """Who came back a moment ago, and where to go next."""
    found = _fresh(session.get(_FOUND), DECIDING)
    return (Account(**found["account"]), found["next"]) if found else None


def agree() -> None:
    """The button was pressed; now the address is to be proven by mail in this same browser."""
    session[_FOUND] = {**session[_FOUND], "agreed": True}


def account_to_tie() -> Account | None:
    """The account that asked here to have its address proven, as long as the mail about it works."""
    found = _fresh(session.get(_FOUND), PROVING)
    return Account(**found["account"]) if found and found["agreed"] else None


def _fresh(memory: dict[str, Any] | None, lasts: timedelta) -> dict[str, Any] | None:
    return memory if memory and now().timestamp() - memory["at"] < lasts.total_seconds() else None
