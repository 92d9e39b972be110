"""The settings of the association as one value."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from eventapp.domain.association import Association
from eventapp.models import Setting
from eventapp.straight import ReadyStatement

_SETTINGS = ReadyStatement(sa.select(Setting.name, Setting.value))


def settings_seen() -> Any:
    """A column for somebody else's statement: all settings as one text, equal for as long as none is changed."""
    length = sa.cast(sa.func.length(Setting.value), sa.String)
    setting = Setting.name.concat("=").concat(length).concat(":").concat(Setting.value)
    # A literal, as a ready statement takes it: the function would write one of its own into it each time.
    between: Any = sa.literal_column("';'")
    every = sa.select(sa.func.coalesce(sa.func.aggregate_strings(setting, between), ""))
    return every.scalar_subquery().label("settings")


def load_association() -> Association:
    """As they are set now. Equal settings are the same object."""
    return _association(tuple(sorted(_SETTINGS.all())))


@lru_cache(maxsize=16)
def _association(settings: tuple[tuple[str, str], ...]) -> Association:
    return Association.from_settings(dict(settings))


@lru_cache(maxsize=16)
def association_of(seen: str) -> Association:
    """The same from the text of `settings_seen`, which needs no statement of its own."""
    settings, at = dict[str, str](), 0
    while at < len(seen):
        length_at, value_at = seen.index("=", at) + 1, seen.index(":", at) + 1
        end = value_at + int(seen[length_at : value_at - 1])
        settings[seen[at : length_at - 1]] = seen[value_at:end]
        at = end + 1
    return _association(tuple(sorted(settings.items())))
