"""Whom does a token of the provider name? Issuer and subject that never change, and the address and tenant of today."""

import re
from collections.abc import Mapping
from typing import Any

from eventapp.domain.accounts import Account
from eventapp.domain.errors import SignInNotProven
from eventapp.formatting import parse_address

PLACEHOLDER = "{tenantid}"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def issuer_of(claims: Mapping[str, Any], template: str) -> str:
    """Which issuer this token must name. Entra's metadata for all tenants holds a placeholder for the token's own.

    A token without a well-formed tenant matches nothing there.
    """
    tenant = claims.get("tid")
    known = isinstance(tenant, str) and _GUID.fullmatch(tenant) is not None
    return template.replace(PLACEHOLDER, str(tenant)) if known else template


def account_from(claims: Mapping[str, Any]) -> Account:
    """The account behind checked claims. Refuses with SignInNotProven when nothing in them names it for good.

    A tenant counts only when the issuer is that tenant's own and the account is at home there: a guest belongs to
    another organisation. Entra's `sub` differs per program, so there the object id names the account.
    """
    issuer, tenant = str(claims.get("iss", "")), str(claims.get("tid", "")).lower()
    of_tenant = _GUID.fullmatch(tenant) is not None and f"/{tenant}/" in f"{issuer.lower()}/"
    subject = claims.get("oid") if of_tenant else claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= 255 and 0 < len(issuer) <= 300):
        raise SignInNotProven(why="the token names nobody")
    at_home = of_tenant and not _is_guest(claims, issuer)
    return Account(issuer=issuer, subject=subject, tenant=tenant if at_home else "", address=_address(claims))


def _is_guest(claims: Mapping[str, Any], issuer: str) -> bool:
    """Entra names the provider that somebody really signed in at when that is not the tenant itself."""
    return claims.get("idp", issuer) != issuer or str(claims.get("acct", "0")) == "1"


def _address(claims: Mapping[str, Any]) -> str:
    """The address in the token as our forms write it, '' when there is none: what it says is a claim and no proof."""
    for name in ("email", "preferred_username"):
        try:
            return parse_address(str(claims.get(name, "")))
        except ValueError:
            continue
    return ""
