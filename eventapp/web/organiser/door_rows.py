"""How does each phone at the door stand in the office's list, and is there a desk among them?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eventapp import wording
from eventapp.domain.actors import Scope
from eventapp.domain.rehearsal import read_failed
from eventapp.models import ApiToken


class DoorRow(NamedTuple):
    """One phone as the list shows it. `state` and `rehearsal` are a word with the tone of its badge."""

    id: int
    name: str
    may: str
    state: tuple[str, str]
    coupled_at: datetime | None
    last_used_at: datetime | None
    waiting: int
    rehearsal: tuple[str, str]
    rehearsed_at: datetime | None
    release: str
    closed: bool

    @property
    def awaits_coupling(self) -> bool:
        return self.coupled_at is None and not self.closed


def door_rows(devices: Sequence[ApiToken]) -> list[DoorRow]:
    """Every phone of an event, in the order given."""
    return [_row(device) for device in devices]


def desks(devices: Sequence[ApiToken]) -> list[str]:
    """The names of the phones that find people by name without network, closed ones left out."""
    return [device.name for device in devices if Scope.NAMES in device.scope_set and not device.revoked_at]


def _row(device: ApiToken) -> DoorRow:
    return DoorRow(
        id=device.id,
        name=device.name,
        may=wording.device_may(device.scope_set),
        state=_state(device),
        coupled_at=device.coupled_at,
        last_used_at=device.last_used_at,
        waiting=device.waiting,
        rehearsal=_rehearsal(device),
        rehearsed_at=device.rehearsed_at,
        release=device.app_release,
        closed=device.revoked_at is not None,
    )


def _state(device: ApiToken) -> tuple[str, str]:
    if device.revoked_at:
        return "Afgesloten", "quiet"
    return ("Gekoppeld", "good") if device.coupled_at else ("Wacht op koppelen", "wait")


def _rehearsal(device: ApiToken) -> tuple[str, str]:
    if device.rehearsed_at is None:
        return "nog niet", "quiet"
    failed = read_failed(device.rehearsal_failed)
    return wording.rehearsal_words(failed), "wait" if failed else "good"
