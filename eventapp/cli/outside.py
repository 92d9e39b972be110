"""The ways out of the house that the settings choose, with one clear line when a setting is wrong."""

from collections.abc import Mapping
from typing import Any

from config import UnsafeSetting
from eventapp.mail.transports import Transport, transport_from


def mail_transport(settings: Mapping[str, Any]) -> Transport | None:
    """How mail leaves, or None when no way is set. Refuses with UnsafeSetting."""
    try:
        return transport_from(settings)
    except ValueError as error:
        raise UnsafeSetting(str(error)) from error
