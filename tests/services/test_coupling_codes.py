"""A code of eight signs leads to the page of the link: for half an hour, until a phone is coupled, not for guessers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.coupling_codes import new_code, normalise_code
from eventapp.domain.errors import ExpiredLink, TooManyRequests, UsedLink, WrongCouplingCode
from eventapp.domain.limits import LIMITS
from eventapp.domain.tickets import ALPHABET
from eventapp.extensions import db
from eventapp.models import ApiToken
from eventapp.services.coupling import couple, invite_again, invite_device, revoke_device
from eventapp.services.coupling_codes import code_for, link_for
from tests.factories import NOW, OFFICE, make_event

MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(app):
    return make_event(title="Themadag", starts_at=NOW + 120 * MINUTE)


def invite(event) -> str:
    return invite_device(event.id, name="Telefoon van Sam", search=False, by=OFFICE, now=NOW)


def link(typed, *, visitor="iemand", now=NOW) -> str:
    return link_for(typed, visitor_key=visitor, now=now)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABCD1234", "ABCD1234"),
        (" abcd-1234 ", "ABCD1234"),
        ("abcd oil4", "ABCD0114"),
        ("ABCD123", None),
        ("ABCD12345", None),
        ("ABCD123U", None),
        ("ÅBCD1234", None),
        ("A" * 4000, None),
    ],
)
def test_typed_code_is_forgiven_what_people_mistake(typed, code):
    assert normalise_code(typed) == code


def test_fresh_code_is_one():
    code = new_code()

    assert (len(code), set(code) - set(ALPHABET), normalise_code(code)) == (8, set(), code)


def test_code_leads_to_its_door_and_one_phone_is_coupled(event):
    token = invite(event)
    shown = code_for(token, now=NOW)

    first = couple(link(shown.code.lower()), now=NOW)

    assert (first.door.name, first.door.event_title, shown.until) == ("Telefoon van Sam", "Themadag", NOW + 30 * MINUTE)
    with pytest.raises(UsedLink):
        couple(token, now=NOW)
    with pytest.raises(WrongCouplingCode):
        link(shown.code)


def test_of_two_phones_with_one_code_one_is_coupled(event):
    code = code_for(invite(event), now=NOW).code
    links = [link(code), link(code)]
    couple(links[0], now=NOW)

    with pytest.raises(UsedLink):
        couple(links[1], now=NOW)


def test_code_ends_after_half_an_hour_by_a_newer_one_or_with_its_door(event):
    token = invite(event)
    old, new = (code_for(token, now=NOW).code for _ in range(2))
    device = db.session.scalars(sa.select(ApiToken.id)).one()

    for code, now in ((old, NOW), (new, NOW + 30 * MINUTE), ("ABCD1234", NOW)):
        with pytest.raises(WrongCouplingCode):
            link(code, now=now)
    revoke_device(device, by=OFFICE, now=NOW)
    with pytest.raises(WrongCouplingCode):
        link(new)


def test_office_invites_again_and_the_link_of_before_is_over(event):
    token = invite(event)
    device = db.session.scalars(sa.select(ApiToken.id)).one()

    again = invite_again(device, by=OFFICE, now=NOW)

    with pytest.raises(ExpiredLink):
        couple(token, now=NOW)
    assert couple(again, now=NOW).door.device_id == device
    with pytest.raises(UsedLink):
        invite_again(device, by=OFFICE, now=NOW)


def test_guessing_is_over_after_twenty_tries_for_one_visitor(event):
    code = code_for(invite(event), now=NOW).code
    for _ in range(LIMITS["coupling_tries"].most):
        with pytest.raises(WrongCouplingCode):
            link("00000000")

    with pytest.raises(TooManyRequests):
        link(code)

    assert link(code, visitor="een ander")
    assert link(code, now=NOW + 15 * MINUTE)


def test_whoever_types_a_code_right_uses_up_no_try(event):
    """All volunteers of a day behind the one address of the venue."""
    code = code_for(invite(event), now=NOW).code

    for _ in range(LIMITS["coupling_tries"].most + 1):
        assert link(code)
