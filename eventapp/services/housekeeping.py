"""How does the office keep its own house: the association's data, its staff, and programs that use the API?"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Role, Scope
from eventapp.domain.association import Association
from eventapp.domain.errors import NotAllowed, NotFound
from eventapp.domain.times import from_local, local_date
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import ApiToken, Setting, StaffMember, UserSession
from eventapp.queries.association import load_association
from eventapp.services import granting
from eventapp.services.audit import note
from eventapp.transaction import transaction


def save_association(values: Mapping[str, str | int], *, by: Actor, now: datetime) -> None:
    """Keep what differs from before; a value equal to the default is not stored, so that defaults may improve."""
    with transaction() as session:
        before, default = load_association(), Association()
        changed = [name for name, value in values.items() if getattr(before, name) != value]
        for name in changed:
            session.execute(sa.delete(Setting).where(Setting.name == name))
            if values[name] != getattr(default, name):
                session.add(Setting(name=name, value=str(values[name])))
        if changed:
            note("settings_changed", "settings", None, by=by, now=now, changed=changed)


def add_staff(
    address: str,
    *,
    name: str,
    role: Role | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Give this address a role in the back office, or change the role, name and days it has; answers the id.

    Without a role only what is given for an event or circle counts. Refuses with NotAllowed for one's own account.
    """
    with transaction() as session:
        member = session.scalar(sa.select(StaffMember).where(StaffMember.address == address))
        if member is None:
            member = StaffMember(address=address, created_at=now)
            session.add(member)
        elif by.kind == "staff" and member.id == by.id:
            raise NotAllowed()
        member.name, member.role = name or member.name or "", role
        member.starts_on, member.ends_on = starts_on, ends_on
        session.flush()
        note("staff_added", "staff", member.id, by=by, now=now, role=role.value if role else "")
        return member.id


def end_staff(staff_id: int, *, by: Actor, now: datetime) -> None:
    """End an account from today with all that was given to it, and sign it out everywhere.

    Refuses with NotFound, and with NotAllowed for one's own account: so there is always a beheerder left.
    """
    with transaction() as session:
        member = session.get(StaffMember, staff_id)
        if member is None:
            raise NotFound()
        if by.kind == "staff" and member.id == by.id:
            raise NotAllowed()
        member.ends_on = local_date(now) - timedelta(days=1)
        granting.take_all_back(staff_id, by=by, now=now)
        live = sa.update(UserSession).where(UserSession.address == member.address, UserSession.revoked_at.is_(None))
        session.execute(live.values(revoked_at=now).execution_options(synchronize_session=False))
        note("staff_ended", "staff", member.id, by=by, now=now)


def make_api_token(
    name: str, scopes: Iterable[Scope], *, last_day: date | None = None, by: Actor, now: datetime
) -> str:
    """A new token for a program; the secret is answered here and kept as a digest only. It ends with its last day."""
    with transaction() as session:
        secret = new_token()
        chosen = " ".join(sorted(scope.value for scope in scopes))
        token = ApiToken(
            name=name,
            token_digest=digest(secret),
            scopes=chosen,
            created_at=now,
            created_by=by.name,
            expires_at=from_local(last_day + timedelta(days=1), time.min) if last_day else None,
        )
        session.add(token)
        session.flush()
        note("api_token_made", "api_token", token.id, by=by, now=now, scopes=chosen)
        return secret


def revoke_api_token(token_id: int, *, by: Actor, now: datetime) -> None:
    """Close a token at once; twice is once. Refuses with NotFound."""
    with transaction():
        token = db.session.get(ApiToken, token_id)
        if token is None:
            raise NotFound()
        if token.revoked_at is None:
            token.revoked_at = now
            note("api_token_revoked", "api_token", token.id, by=by, now=now)
