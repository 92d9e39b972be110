"""Signing in: links that work once, limits that count strangers too, sessions that can be ended."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.errors import (
    CodeBlocked,
    ExpiredLink,
    NotAllowed,
    NotFound,
    TooManyRequests,
    UnknownLink,
    UsedLink,
    WrongCode,
)
from eventapp.domain.limits import LIMITS
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import OneTimeLink, OutboxMail, PersonAddress, SignInCode, StaffMember, UserSession
from eventapp.queries.access import live_session, staff_actor
from eventapp.services import signing_in
from tests.factories import make_event, make_person, make_registration, make_staff
from tests.reading import acts

pytestmark = pytest.mark.usefixtures("app")
STRANGER = "vreemde@elders.example"
MEMBER = "marieke@zonnevlinder.example"


def address_of_session(token: str, *, now: datetime) -> str | None:
    found = live_session(token, now=now)
    return found.address if found else None


def mailed_link(address, now):
    """The secret in the mail that this address gets."""
    signing_in.request_link(address, visitor_key="", now=now)
    mail = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    return re.search(r"/inloggen/([\w-]+)", mail.text)[1]


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


def test_visitor_who_tries_address_after_address_is_stopped(now):
    asked = {"purpose": signing_in.PURPOSE, "visitor_key": "same", "expires_at": now}
    before = range(LIMITS["sign_in_by_visitor"].most - 1)
    db.session.execute(
        sa.insert(OneTimeLink), [asked | {"token_digest": digest(str(n)), "created_at": now} for n in before]
    )
    db.session.commit()
    signing_in.request_link("een@elders.example", visitor_key="same", now=now)

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


def test_proven_address_of_a_person_gets_a_link_in_words_of_its_own(now):
    make_person(address=MEMBER, proven=True)

    signing_in.request_link(MEMBER, visitor_key="v", now=now)

    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.kind, mail.subject) == ("sign_in", "Inloggen om uw aanmeldingen te zien")
    assert "/inloggen/" in mail.text


def test_unproven_address_with_a_registration_gets_a_link(now):
    make_registration(make_event(), make_person(address=MEMBER))

    signing_in.request_link(MEMBER, visitor_key="v", now=now)

    assert db.session.scalars(sa.select(OutboxMail.kind)).one() == "sign_in"


def test_unproven_address_without_a_registration_of_its_own_is_a_strangers(now):
    make_person("Bram", "", "Bakker", address=MEMBER)
    elsewhere = make_person("Lotte", "", "Smit", address="lotte@zonnevlinder.example")
    make_registration(make_event(), elsewhere)
    db.session.add(PersonAddress.of(elsewhere, "lotte@thuis.example"))
    db.session.commit()

    for address in (MEMBER, "lotte@thuis.example"):
        signing_in.request_link(address, visitor_key="v", now=now)

    assert db.session.scalars(sa.select(OutboxMail.kind)).all() == ["sign_in_unknown"] * 2


def test_staff_member_and_stranger_cost_the_same_statements(app, now):
    make_staff()
    make_person(address=MEMBER, proven=True)
    addresses = ("kantoor@kindcentra.example", MEMBER, STRANGER)

    told = [statements_of(lambda a=a: signing_in.request_link(a, visitor_key="v", now=now)) for a in addresses]

    assert told[0] == told[1] == told[2]


def statements_of(act):
    """The statements that this act sends, without their values."""
    seen = []
    engine = db.engine

    def see(_connection, _cursor, statement, *_):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", see)
    try:
        act()
    finally:
        sa.event.remove(engine, "before_cursor_execute", see)
    return seen


def test_session_of_a_member_lives_thirty_days(now):
    make_person(address=MEMBER, proven=True)

    signed_in = signing_in.sign_in(mailed_link(MEMBER, now), now=now)

    assert (signed_in.staff, signed_in.actor.kind, signed_in.actor.roles) == (False, "person", frozenset())
    almost, over = now + timedelta(days=29, hours=23), now + timedelta(days=30)
    assert address_of_session(signed_in.session_token, now=almost) == MEMBER
    assert address_of_session(signed_in.session_token, now=over) is None
    assert acts() == ["signed_in"]


def test_staff_who_also_attend_are_staff(now):
    member = make_staff()
    make_person(address=member.address, proven=True)

    token = mailed_link(member.address, now)

    assert signing_in.check_link(token, now=now) == timedelta(hours=12)
    assert signing_in.sign_in(token, now=now).staff is True


def test_account_that_ended_signs_in_as_the_person_it_also_is(now):
    member = make_staff()
    make_person(address=member.address, proven=True)
    token = mailed_link(member.address, now)
    db.session.execute(sa.update(StaffMember).values(ends_on=(now - timedelta(days=1)).date()))
    db.session.commit()

    assert signing_in.check_link(token, now=now) == timedelta(days=30)
    assert signing_in.sign_in(token, now=now).actor.kind == "person"


def test_signing_out_everywhere_ends_the_sessions_of_one_address_only(now):
    make_person(address=MEMBER, proven=True)
    make_staff()
    here, there = (signing_in.sign_in(mailed_link(MEMBER, now), now=now).session_token for _ in range(2))
    office = signing_in.sign_in(mailed_link("kantoor@kindcentra.example", now), now=now).session_token

    ended = signing_in.sign_out_everywhere(MEMBER, now=now)

    assert ended == 2
    assert [address_of_session(token, now=now) for token in (here, there)] == [None, None]
    assert address_of_session(office, now=now) == "kantoor@kindcentra.example"
    assert signing_in.sign_out_everywhere(MEMBER, now=now) == 0


def asked(address, now):
    """The secret that the asking browser keeps, and the code in the mail."""
    secret = signing_in.request_link(address, visitor_key="", now=now)
    mail = db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    return secret, "".join(re.search(r"^(\d{4}) (\d{4})$", mail.text, re.MULTILINE).groups())


def other(code):
    """Another code than this one."""
    return f"{(int(code) + 1) % 10**8:08d}"


def test_code_signs_in_once_and_uses_the_link_up(now):
    make_person(address=MEMBER, proven=True)
    secret, code = asked(MEMBER, now)

    signed_in = signing_in.sign_in_with_code(secret, code, now=now + timedelta(minutes=59))

    assert address_of_session(signed_in.session_token, now=now) == MEMBER
    assert db.session.scalar(sa.select(OneTimeLink.used_at)) == now + timedelta(minutes=59)
    with pytest.raises(UsedLink):
        signing_in.sign_in_with_code(secret, code, now=now)


def test_link_that_was_used_takes_its_code_along_and_so_does_time(now):
    make_person(address=MEMBER, proven=True)
    secret, code = asked(MEMBER, now)
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    late_secret, late_code = asked(MEMBER, now)
    signing_in.sign_in(re.search(r"/inloggen/([\w-]+)", mail.text)[1], now=now)

    with pytest.raises(UsedLink):
        signing_in.sign_in_with_code(secret, code, now=now)
    with pytest.raises(ExpiredLink):
        signing_in.sign_in_with_code(late_secret, late_code, now=now + timedelta(minutes=60))


def test_code_works_in_the_browser_that_asked_only(now):
    make_person(address=MEMBER, proven=True)
    _secret, code = asked(MEMBER, now)
    other_secret, _code = asked(MEMBER, now)

    with pytest.raises(WrongCode):
        signing_in.sign_in_with_code(other_secret, code, now=now)
    with pytest.raises(UnknownLink):
        signing_in.sign_in_with_code("of no request", code, now=now)


def test_fifth_wrong_code_ends_the_code_and_leaves_the_link(now):
    make_person(address=MEMBER, proven=True)
    secret, code = asked(MEMBER, now)
    told = []
    for _ in range(4):
        with pytest.raises(WrongCode) as wrong:
            signing_in.sign_in_with_code(secret, other(code), now=now)
        told.append(wrong.value.facts["left"])

    with pytest.raises(CodeBlocked):
        signing_in.sign_in_with_code(secret, other(code), now=now)
    with pytest.raises(CodeBlocked):
        signing_in.sign_in_with_code(secret, code, now=now)

    assert told == [4, 3, 2, 1]
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    token = re.search(r"/inloggen/([\w-]+)", mail.text)[1]
    assert signing_in.sign_in(token, now=now).actor.name == MEMBER


def test_guessed_code_of_a_stranger_opens_nothing(now):
    secret = signing_in.request_link(STRANGER, visitor_key="", now=now)
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    code = "00000000"
    db.session.execute(sa.update(SignInCode).values(code_digest=digest(f"{secret}:{code}")))
    db.session.commit()

    with pytest.raises(NotAllowed):
        signing_in.sign_in_with_code(secret, code, now=now)

    assert re.search(r"\d{4} ?\d{4}", mail.text + mail.html) is None
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0
