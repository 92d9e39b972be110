"""Which payment provider do the settings choose?"""

from collections.abc import Mapping
from typing import Any

from eventapp.payments.gateway import Gateway
from eventapp.payments.silence import Silence


def gateway_from(config: Mapping[str, Any], silence: Silence | None = None) -> Gateway | None:
    """The provider of MOLLIE_API_KEY, or None without a key: nothing can then be paid through us.

    Who has other things to do than wait for it gives the `silence` that all its threads share.

    Refuses with payments.settings.UnsafeSetting what would give the key away.
    """
    if not config["MOLLIE_API_KEY"]:
        return None
    # Mollie's client is slow to import, and most processes and requests never need it.
    from eventapp.payments.mollie import MollieGateway

    return MollieGateway(config["MOLLIE_API_KEY"], config["MOLLIE_API_ENDPOINT"], silence=silence)
