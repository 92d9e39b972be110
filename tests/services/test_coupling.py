"""A phone becomes a door once, for one event, until that is over or somebody says so."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.errors import EventOver, ExpiredLink, NotFound, UnknownLink, UsedLink
from eventapp.domain.events import EventState
from eventapp.extensions import db
from eventapp.models import ApiToken, AuditEntry, OneTimeLink
from eventapp.queries.door import bearer_of
from eventapp.services.coupling import couple, invite_device, look_at_door, revoke_device
from tests.factories import NOW, OFFICE, make_event, make_token

HOUR = timedelta(hours=1)


@pytest.fixture
def event(app):
    return make_event(title="Themadag", starts_at=NOW + 2 * HOUR, ends_at=NOW + 6 * HOUR)


def invite(event, *, search=False, now=NOW):
    return invite_device(event.id, name="Telefoon van Sam", search=search, by=OFFICE, now=now)


def test_coupled_phone_belongs_to_its_event_until_half_a_day_after_it(event):
    coupled = couple(invite(event), now=NOW + HOUR)

    bearer = bearer_of(coupled.secret)
    assert (bearer.event_id, bearer.event_slug, bearer.name) == (event.id, event.slug, "Telefoon van Sam")
    assert bearer.scopes == {Scope.CHECKIN}
    assert bearer.expires_at == NOW + 18 * HOUR
    assert (coupled.door.event_title, coupled.door.search) == ("Themadag", False)


def test_search_is_a_permission_of_its_own(event):
    coupled = couple(invite(event, search=True), now=NOW)

    assert bearer_of(coupled.secret).scopes == {Scope.CHECKIN, Scope.SEARCH}
    assert coupled.door.search


def test_looking_at_a_link_uses_nothing_up(event):
    token = invite(event)

    door = look_at_door(token, now=NOW)

    assert door.name == "Telefoon van Sam"
    assert db.session.scalar(sa.select(OneTimeLink.used_at)) is None
    assert db.session.scalar(sa.select(ApiToken.token_digest)) is None


def test_link_couples_one_phone(event):
    token = invite(event)
    first = couple(token, now=NOW)

    with pytest.raises(UsedLink):
        couple(token, now=NOW)
    with pytest.raises(UsedLink):
        look_at_door(token, now=NOW)

    assert bearer_of(first.secret) is not None


def test_link_lives_a_day(app):
    event = make_event(starts_at=NOW + 48 * HOUR)
    token = invite(event)

    with pytest.raises(ExpiredLink):
        couple(token, now=NOW + 24 * HOUR)

    assert db.session.scalar(sa.select(ApiToken.coupled_at)) is None


def test_link_ends_with_the_event(event):
    token = invite(event)

    with pytest.raises(ExpiredLink):
        couple(token, now=event.ends_at)


def test_unknown_link_is_refused(event):
    with pytest.raises(UnknownLink):
        couple("niet-van-ons", now=NOW)


def test_nothing_to_scan_for_after_the_event_or_when_it_is_cancelled(event):
    with pytest.raises(EventOver):
        invite(event, now=event.ends_at)
    event.state = EventState.CANCELLED
    db.session.commit()
    with pytest.raises(EventOver):
        invite(event)
    with pytest.raises(NotFound):
        invite_device(event.id + 1, name="Ingang", search=False, by=OFFICE, now=NOW)

    assert db.session.scalar(sa.select(sa.func.count(ApiToken.id))) == 0


def test_revoked_phone_is_known_as_revoked(event):
    coupled = couple(invite(event), now=NOW)

    revoke_device(bearer_of(coupled.secret).id, by=OFFICE, now=NOW + HOUR)
    revoke_device(bearer_of(coupled.secret).id, by=OFFICE, now=NOW + 2 * HOUR)

    assert bearer_of(coupled.secret).revoked_at == NOW + HOUR


def test_phone_revoked_before_it_was_coupled_stays_outside(event):
    token = invite(event)
    revoke_device(db.session.scalar(sa.select(ApiToken.id)), by=OFFICE, now=NOW)

    with pytest.raises(ExpiredLink):
        couple(token, now=NOW)


def test_token_of_another_system_is_no_device(app):
    token, _secret = make_token(Scope.EVENTS_READ)

    with pytest.raises(NotFound):
        revoke_device(token.id, by=OFFICE, now=NOW)


def test_every_step_is_in_the_log(event):
    coupled = couple(invite(event), now=NOW)
    revoke_device(bearer_of(coupled.secret).id, by=OFFICE, now=NOW)

    logged = db.session.execute(sa.select(AuditEntry.act, AuditEntry.actor_name).order_by(AuditEntry.id)).all()

    assert logged == [
        ("device_invited", "Secretariaat"),
        ("device_coupled", "Telefoon van Sam"),
        ("device_revoked", "Secretariaat"),
    ]
