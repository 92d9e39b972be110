"""That somebody was forgotten, without who it was; and what each nightly sweep took away."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class Erasure(Base):
    """One row for each address of who asked to be forgotten. `mark` is a keyed hash of that address with the name."""

    __tablename__ = "erasures"

    mark: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SweepReport(Base):
    """How many of each were emptied or removed by one sweep that found anything."""

    __tablename__ = "sweep_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    swept_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
