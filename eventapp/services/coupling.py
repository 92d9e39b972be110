"""How does somebody's own phone become a door? Through a link that works once, for one event, until that is over."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Scope
from eventapp.domain.errors import EventOver, ExpiredLink, NotFound, UsedLink
from eventapp.domain.events import EventState
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import ApiToken, Event
from eventapp.services import one_time
from eventapp.services.audit import note
from eventapp.transaction import transaction

PURPOSE = "couple"
LINK_LIVES = timedelta(hours=24)
# After the end people still leave, and a volunteer may look something up.
_WORKS_ON = timedelta(hours=12)


class Door(NamedTuple):
    """A phone's door: what it is called, at which event, and until when it works.

    `search`: may look for names; `names`: also without network; `walk_ins`: may take in who did not register.
    """

    device_id: int
    name: str
    event_slug: str
    event_title: str
    starts_at: datetime
    ends_at: datetime
    search: bool
    names: bool
    until: datetime
    walk_ins: bool = False


class Coupled(NamedTuple):
    """A phone that just became a door; its secret is known here and nowhere else."""

    secret: str
    door: Door


def invite_device(
    event_id: int,
    *,
    name: str,
    search: bool,
    names: bool = False,
    walk_ins: bool = False,
    by: Actor,
    now: datetime,
) -> str:
    """Prepare a door device and make the token of its link, which works once within 24 hours and before the event ends.

    `search` lets it look for names, `names` also without network: its list then has them for everybody to read.
    `walk_ins` lets it take in people who did not register, and look for names to see who did.

    Refuses with NotFound, and with EventOver when there is nothing left to scan for.
    """
    with transaction() as session:
        event = session.get(Event, event_id)
        if event is None:
            raise NotFound()
        if event.ends_at <= now or event.state == EventState.CANCELLED:
            raise EventOver()
        wanted = {Scope.CHECKIN: True, Scope.SEARCH: search or names or walk_ins, Scope.NAMES: names}
        wanted[Scope.WALK_INS] = walk_ins
        scopes = [scope for scope, given in wanted.items() if given]
        device = ApiToken(name=name, scopes=" ".join(scopes), event_id=event.id, created_at=now, created_by=by.name)
        session.add(device)
        session.flush()
        note("device_invited", "device", device.id, by=by, now=now, event_id=event.id, search=search)
        return _link(device, event, now)


def invite_again(device_id: int, *, by: Actor, now: datetime) -> str:
    """Another link for a phone that was not coupled yet, in place of the ones made before.

    Refuses with NotFound, UsedLink (coupled already), ExpiredLink (closed off) or EventOver.
    """
    with transaction():
        device, event = device_to_couple(device_id)
        if event.ends_at <= now or event.state == EventState.CANCELLED:
            raise EventOver()
        one_time.revoke(PURPOSE, device.id, now=now)
        note("device_invited", "device", device.id, by=by, now=now, event_id=event.id)
        return _link(device, event, now)


def look_at_door(token: str, *, now: datetime) -> Door:
    """What this link would couple; changes nothing. Refuses with UnknownLink, UsedLink or ExpiredLink."""
    device, event = device_to_couple(one_time.look(token, PURPOSE, now=now).subject_id)
    return _door(device, event)


def couple(token: str, *, now: datetime) -> Coupled:
    """Use the link up and make this phone a door.

    Of two phones with one link, or with a link and a code of the same door, only one is coupled. Refuses with
    UnknownLink, UsedLink or ExpiredLink.
    """
    with transaction():
        device, event = device_to_couple(one_time.use(token, PURPOSE, now=now).subject_id)
        secret = new_token()
        _claim(device, digest(secret))
        device.coupled_at, device.expires_at = now, event.ends_at + _WORKS_ON
        phone = Actor("device", device.name, device.id)
        note("device_coupled", "device", device.id, by=phone, now=now, event_id=event.id)
        return Coupled(secret, _door(device, event))


def revoke_device(device_id: int, *, by: Actor, now: datetime) -> None:
    """Close a device, coupled or not, at once; twice is once. Refuses with NotFound."""
    with transaction() as session:
        device = session.get(ApiToken, device_id)
        if device is None or device.event_id is None:
            raise NotFound()
        if device.revoked_at is None:
            device.revoked_at = now
            note("device_revoked", "device", device.id, by=by, now=now, event_id=device.event_id)


def device_to_couple(device_id: int | None) -> tuple[ApiToken, Event]:
    """The device that a link or code couples, with its event.

    Refuses with UsedLink when a phone became this door already, and with ExpiredLink when it was closed off.
    """
    device = db.session.get(ApiToken, device_id) if device_id is not None else None
    event = db.session.get(Event, device.event_id) if device else None
    if device is None or event is None or device.revoked_at is not None:
        raise ExpiredLink()
    if device.coupled_at is not None:
        raise UsedLink()
    return device, event


def _claim(device: ApiToken, secret_digest: str) -> None:
    """A door has one secret: of two links to it at once only one gets through."""
    free = sa.update(ApiToken).where(ApiToken.id == device.id, ApiToken.token_digest.is_(None))
    if db.session.scalar(free.values(token_digest=secret_digest).returning(ApiToken.id)) is None:
        raise UsedLink()


def _link(device: ApiToken, event: Event, now: datetime) -> str:
    return one_time.make(PURPOSE, subject_id=device.id, expires_at=min(now + LINK_LIVES, event.ends_at), now=now)


def _door(device: ApiToken, event: Event) -> Door:
    return Door(
        device_id=device.id,
        name=device.name,
        event_slug=event.slug,
        event_title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        search=Scope.SEARCH in device.scope_set,
        names=Scope.NAMES in device.scope_set,
        walk_ins=Scope.WALK_INS in device.scope_set,
        until=event.ends_at + _WORKS_ON,
    )
