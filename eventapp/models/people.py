"""People, the addresses they proved, the statuses they have of their own, and the organisations that named them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.events import TargetGroup
from eventapp.domain.names import name_key, sort_key
from eventapp.domain.pricing import Category, Period
from eventapp.extensions import Base
from eventapp.models.organisations import Organisation
from eventapp.models.types import UTCDateTime, coded


class Person(Base):
    """A name with one or more addresses. Locations share mailboxes: the address alone never makes the person.

    An id is never given twice: old ones are forwarded.
    """

    __tablename__ = "people"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    infix: Mapped[str] = mapped_column(sa.String(30), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    sort_key: Mapped[str] = mapped_column(sa.String(300), index=True)
    function_group: Mapped[TargetGroup | None] = mapped_column(coded(TargetGroup))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    addresses: Mapped[list["PersonAddress"]] = relationship(back_populates="person", order_by="PersonAddress.id")
    statuses: Mapped[list["PersonStatus"]] = relationship(back_populates="person")

    def rename(self, given_name: str, infix: str, family_name: str) -> None:
        """Set the name and what it sorts on."""
        self.given_name, self.infix, self.family_name = given_name, infix, family_name
        self.sort_key = sort_key(given_name, infix, family_name)

    @property
    def address(self) -> str:
        """Where mail to this person goes: the address proven last, else the one given last."""
        proven = [(known.proven_at, known.address) for known in self.addresses if known.proven_at]
        if proven:
            return max(proven)[1]
        return self.addresses[-1].address if self.addresses else ""


class PersonAddress(Base):
    """An address of a person, lower case. Within one address the same name is the same person."""

    __tablename__ = "person_addresses"
    __table_args__ = (sa.UniqueConstraint("address", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320))
    name_key: Mapped[str] = mapped_column(sa.String(300))
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="addresses")

    @staticmethod
    def of(person: Person, address: str) -> "PersonAddress":
        """A new, unproven address for this person."""
        key = name_key(person.given_name, person.infix, person.family_name)
        return PersonAddress(person=person, address=address, name_key=key)


class PersonStatus(Base):
    """Ambassadeur, bestuur or servicebureau during a period; an entitlement of its own, not a membership."""

    __tablename__ = "person_statuses"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    category: Mapped[Category] = mapped_column(coded(Category))
    region: Mapped[str] = mapped_column(sa.String(60), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="statuses")

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


class OrganisationPerson(Base):
    """Somebody named as belonging to an organisation although the mail domain does not say so, for a time.

    Ended early by its last day, never deleted. `named_by` is who named them there; empty is the association's office.
    """

    __tablename__ = "organisation_people"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    named_by: Mapped[str] = mapped_column(sa.String(200), default="")

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


class PersonForward(Base):
    """Somebody who turned out to be the same person as another: the old id leads there for good."""

    __tablename__ = "person_forwards"

    old_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
