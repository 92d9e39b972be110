"""Ways to sign in besides the mailed link: accounts elsewhere tied to an address, and codes to type."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.extensions import Base
from eventapp.models.access import OneTimeLink
from eventapp.models.types import UTCDateTime


class ExternalIdentity(Base):
    """An account elsewhere that may sign in with this address, once that was proven to be right.

    Issuer and subject recognise it (for Microsoft: tenant and object id); what it says of its address later counts for
    nothing. `tenant_id` is '' when the account is at home in no Microsoft tenant.
    """

    __tablename__ = "external_identities"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(255))
    tenant_id: Mapped[str] = mapped_column(sa.String(36), default="")
    address: Mapped[str] = mapped_column(sa.String(320), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignInCode(Base):
    """The code in a sign-in mail. It works only in the browser that asked, which keeps the secret of the request.

    The digest is over that secret and the code together, so that eight digits cannot be guessed from a copy.
    """

    __tablename__ = "sign_in_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(sa.ForeignKey("one_time_links.id", ondelete="CASCADE"), index=True)
    request_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    code_digest: Mapped[str] = mapped_column(sa.String(64))
    tries: Mapped[int] = mapped_column(default=0)

    link: Mapped[OneTimeLink] = relationship()
