"""The settings of the association as one value."""

import sqlalchemy as sa

from eventapp.domain.association import Association
from eventapp.extensions import db
from eventapp.models import Setting

_SETTINGS = sa.select(Setting.name, Setting.value)


def load_association() -> Association:
    rows = db.session.execute(_SETTINGS)
    return Association.from_settings({row.name: row.value for row in rows})
