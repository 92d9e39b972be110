"""Organisations: members, partners and others, with their periods of membership and their mail domains."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.pricing import OrganisationFacts, Period, Relation
from eventapp.extensions import db
from eventapp.models.types import coded


class Organisation(db.Model):
    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[OrganisationKind] = mapped_column(coded(OrganisationKind))
    relation: Mapped[Relation] = mapped_column(coded(Relation), default=Relation.GEEN)
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    region: Mapped[str] = mapped_column(sa.String(60), default="")

    domains: Mapped[list["OrganisationDomain"]] = relationship(back_populates="organisation")
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", order_by="Membership.starts_on"
    )

    def facts(self) -> OrganisationFacts:
        """What deciding about price and admission needs to know."""
        periods = tuple(Period(membership.starts_on, membership.ends_on) for membership in self.memberships)
        return OrganisationFacts(self.id, self.name, self.relation, periods, self.kind)


class OrganisationDomain(db.Model):
    """A mail domain; it belongs to one organisation only."""

    __tablename__ = "organisation_domains"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str] = mapped_column(sa.String(255), unique=True)

    organisation: Mapped[Organisation] = relationship(back_populates="domains")


class Membership(db.Model):
    """A period in which the organisation was a member or partner; both days included, history is kept."""

    __tablename__ = "memberships"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
