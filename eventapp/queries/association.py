"""The settings of the association as one value."""

from functools import lru_cache

import sqlalchemy as sa

from eventapp.domain.association import Association
from eventapp.models import Setting
from eventapp.straight import ReadyStatement

_SETTINGS = ReadyStatement(sa.select(Setting.name, Setting.value))


def load_association() -> Association:
    """As they are set now. Equal settings are the same object."""
    return _association(tuple(_SETTINGS.all()))


@lru_cache(maxsize=16)
def _association(settings: tuple[tuple[str, str], ...]) -> Association:
    return Association.from_settings(dict(settings))
