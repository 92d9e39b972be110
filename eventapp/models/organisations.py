"""Organisations: members, partners and others, with their periods of membership and what they are recognised by."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.organisations import OrganisationKind, Phase, relation_near
from eventapp.domain.pricing import MembershipPeriod, OrganisationFacts, Relation
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class Organisation(Base):
    """What it is to the association, its periods say. An id is never given twice: old ones are forwarded."""

    __tablename__ = "organisations"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[OrganisationKind] = mapped_column(coded(OrganisationKind))
    phase: Mapped[Phase | None] = mapped_column(coded(Phase))
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    region: Mapped[str] = mapped_column(sa.String(60), default="")

    domains: Mapped[list["OrganisationDomain"]] = relationship(back_populates="organisation")
    tenants: Mapped[list["OrganisationTenant"]] = relationship(back_populates="organisation")
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", order_by="Membership.starts_on"
    )
    invoicing: Mapped["OrganisationInvoicing | None"] = relationship(back_populates="organisation")

    @property
    def periods(self) -> tuple[MembershipPeriod, ...]:
        return tuple(membership.period for membership in self.memberships)

    def facts(self) -> OrganisationFacts:
        """What deciding about price and admission needs to know."""
        return OrganisationFacts(self.id, self.name, self.periods, self.kind)

    def relation_near(self, day: date) -> Relation:
        """What it is to the association: on this day, else next, else last; GEEN when it never was anything."""
        return relation_near(self.periods, day)


class OrganisationDomain(Base):
    """A mail domain; it belongs to one organisation only."""

    __tablename__ = "organisation_domains"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str] = mapped_column(sa.String(255), unique=True)

    organisation: Mapped[Organisation] = relationship(back_populates="domains")


class OrganisationTenant(Base):
    """A Microsoft tenant whose accounts are of this organisation; it belongs to one organisation only."""

    __tablename__ = "organisation_tenants"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    tenant_id: Mapped[str] = mapped_column(sa.String(36), unique=True)

    organisation: Mapped[Organisation] = relationship(back_populates="tenants")


class Membership(Base):
    """A period in which the organisation was a member or partner; both days included, history is kept."""

    __tablename__ = "memberships"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    relation: Mapped[Relation] = mapped_column(coded(Relation))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    @property
    def period(self) -> MembershipPeriod:
        return MembershipPeriod(self.starts_on, self.ends_on, self.relation)


class OrganisationInvoicing(Base):
    """To whom and where invoices go; without a row there is nothing known. `country` is a code of two letters."""

    __tablename__ = "organisation_invoicing"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    legal_name: Mapped[str] = mapped_column(sa.String(200), default="")
    attention: Mapped[str] = mapped_column(sa.String(200), default="")
    department: Mapped[str] = mapped_column(sa.String(200), default="")
    street: Mapped[str] = mapped_column(sa.String(200), default="")
    house_number: Mapped[str] = mapped_column(sa.String(10), default="")
    addition: Mapped[str] = mapped_column(sa.String(20), default="")
    postcode: Mapped[str] = mapped_column(sa.String(12), default="")
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="NL")
    kvk: Mapped[str] = mapped_column(sa.String(8), default="")
    btw_id: Mapped[str] = mapped_column(sa.String(20), default="")
    oin: Mapped[str] = mapped_column(sa.String(20), default="")
    address: Mapped[str] = mapped_column(sa.String(320), default="")
    reference: Mapped[str] = mapped_column(sa.String(100), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="invoicing")


class OrganisationForward(Base):
    """An organisation that went up in another: its old id leads there for good."""

    __tablename__ = "organisation_forwards"

    old_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
