"""Signing in: links that work once, limits that count strangers too, sessions that can be ended."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.errors import ExpiredLink, NotAllowed, NotFound, TooManyRequests, UnknownLink, UsedLink
from eventapp.extensions import db
from eventapp.models import OneTimeLink, OutboxMail, StaffMember, UserSession
from eventapp.queries.access import address_of_session, staff_actor
from eventapp.services import signing_in
from tests.factories import make_staff

pytestmark = pytest.mark.usefixtures("app")
STRANGER = "vreemde@elders.example"


def test_known_address_gets_a_mail_with_its_link(now):
    member = make_staff()

    signing_in.request_link(member.address, visitor_key="v", next_path="/beheer/evenementen", now=now)

    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.kind, mail.to_address) == ("sign_in", "kantoor@kindcentra.example")
    assert "http://127.0.0.1:8000/inloggen/" in mail.text
    assert "?volgende=/beheer/evenementen" in mail.text


def test_stranger_gets_a_mail_without_a_link_and_the_same_rows(now):
    signing_in.request_link(STRANGER, visitor_key="v", now=now)

    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.kind, mail.to_address) == ("sign_in_unknown", STRANGER)
    assert "/inloggen/" not in mail.text + mail.html
    assert db.session.scalar(sa.select(sa.func.count(OneTimeLink.id))) == 1


@pytest.mark.parametrize("address", ["kantoor@kindcentra.example", STRANGER])
def test_sixth_link_within_the_hour_is_refused_for_anybody(now, address):
    make_staff()
    for minute in range(5):
        signing_in.request_link(address, visitor_key="", now=now + timedelta(minutes=minute))

    with pytest.raises(TooManyRequests):
        signing_in.request_link(address, visitor_key="", now=now + timedelta(minutes=59))

    signing_in.request_link(address, visitor_key="", now=now + timedelta(minutes=61))
    assert db.session.scalar(sa.select(sa.func.count(OutboxMail.id))) == 6


def test_visitor_who_tries_twenty_addresses_is_stopped(now):
    for n in range(20):
        signing_in.request_link(f"adres{n}@elders.example", visitor_key="same", now=now)

    with pytest.raises(TooManyRequests):
        signing_in.request_link("nog-een@elders.example", visitor_key="same", now=now)

    signing_in.request_link("nog-een@elders.example", visitor_key="other", now=now)


def test_link_signs_in_once(now):
    make_staff(Role.COORDINATOR, address="kees@kindcentra.example")
    token = signing_in.make_link("kees@kindcentra.example", now=now)

    signed_in = signing_in.sign_in(token, now=now)

    assert signed_in.actor.roles == {Role.COORDINATOR}
    assert address_of_session(signed_in.session_token, now=now) == "kees@kindcentra.example"
    with pytest.raises(UsedLink):
        signing_in.sign_in(token, now=now)
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 1


def test_looking_at_a_link_uses_nothing_up(now):
    make_staff()
    token = signing_in.make_link("kantoor@kindcentra.example", now=now)

    signing_in.check_link(token, now=now)
    signing_in.check_link(token, now=now)

    assert signing_in.sign_in(token, now=now).actor.name == "Kees Kantoor"


def test_link_ends_after_an_hour(now):
    make_staff()
    token = signing_in.make_link("kantoor@kindcentra.example", now=now)

    with pytest.raises(ExpiredLink):
        signing_in.sign_in(token, now=now + timedelta(minutes=60))


def test_unknown_link_is_refused(now):
    with pytest.raises(UnknownLink):
        signing_in.sign_in("verzonnen", now=now)


def test_account_that_ended_meanwhile_cannot_sign_in(now):
    member = make_staff()
    token = signing_in.make_link(member.address, now=now)
    db.session.execute(sa.update(StaffMember).values(ends_on=(now - timedelta(days=1)).date()))
    db.session.commit()

    with pytest.raises(NotAllowed):
        signing_in.sign_in(token, now=now)

    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0


def test_link_by_hand_is_for_staff_only(now):
    with pytest.raises(NotFound):
        signing_in.make_link(STRANGER, now=now)


def test_session_lives_twelve_hours_and_ends_at_signing_out(now):
    make_staff()
    first = signing_in.sign_in(signing_in.make_link("kantoor@kindcentra.example", now=now), now=now).session_token
    second = signing_in.sign_in(signing_in.make_link("kantoor@kindcentra.example", now=now), now=now).session_token

    signing_in.sign_out(first, now=now)

    assert address_of_session(first, now=now) is None
    assert address_of_session(second, now=now + timedelta(hours=11, minutes=59)) == "kantoor@kindcentra.example"
    assert address_of_session(second, now=now + timedelta(hours=12)) is None
    assert staff_actor("kantoor@kindcentra.example", now=now) is not None
