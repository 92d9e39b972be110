"""Can people sign in with an account of their organisation here, and by which client of ours?"""

from typing import TYPE_CHECKING

from flask import current_app

from eventapp.links import Links

if TYPE_CHECKING:
    from eventapp.openid.client import Client


def configured() -> bool:
    """Whether the settings name a provider."""
    return bool(current_app.config["ENTRA_CLIENT_ID"])


def client() -> "Client":
    """The client of this process, made when first needed; it keeps what it fetched from the provider."""
    if "openid" not in current_app.extensions:
        # Slow to import and large; most processes and requests never need it.
        from eventapp.openid.client import Client

        config = current_app.config
        current_app.extensions["openid"] = Client(
            config["ENTRA_CLIENT_ID"],
            config["ENTRA_CLIENT_SECRET"],
            config["OIDC_DISCOVERY_URL"],
            Links(config["PUBLIC_BASE_URL"]).sign_in_return(),
        )
    made: Client = current_app.extensions["openid"]
    return made
