"""The settings of the association as one value."""

import sqlalchemy as sa

from eventapp.domain.association import Association
from eventapp.extensions import db
from eventapp.models import Setting


def load_association() -> Association:
    rows = db.session.execute(sa.select(Setting.name, Setting.value))
    return Association.from_settings({row.name: row.value for row in rows})
