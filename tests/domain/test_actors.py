"""What a role lets somebody do."""

from datetime import date

import pytest

from eventapp.domain.actors import HOUSE, VISITOR, Actor, Grant, Own, Place, Role, lasts


def staff(*roles: Role) -> Actor:
    return Actor("staff", "Kees Kantoor", 1, frozenset(roles))


@pytest.mark.parametrize("role", Role)
def test_a_beheerder_has_every_role(role):
    assert staff(Role.BEHEERDER).has(role)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BEHEERDER])
def test_others_have_their_own_role_only(role):
    others = [other for other in Role if other != role]

    assert staff(role).has(role)
    assert not staff(role).has(*others)
    assert staff(role).has(*others, role)


def test_a_visitor_has_no_role():
    assert not VISITOR.has(*Role)


DAY, MEETING, CIRCLE = Place(event_id=7), Place(event_id=8, circle_id=3), Place(circle_id=3)


@pytest.mark.parametrize(
    ("grant", "counts"),
    [
        (Grant(Role.COORDINATOR, event_id=7), {DAY}),
        (Grant(Role.LEZER, event_id=8), {MEETING}),
        (Grant(Role.KRINGCOORDINATOR, circle_id=3), {MEETING, CIRCLE}),
        (Grant(Role.LEZER, circle_id=4), set()),
    ],
)
def test_a_role_for_one_thing_counts_there_and_nowhere_else(grant, counts):
    somebody = Actor("staff", "Kees Kantoor", 1, grants=frozenset({grant}))

    assert {place for place in (HOUSE, DAY, MEETING, CIRCLE) if somebody.at(place).has(grant.role)} == counts
    assert not somebody.at(DAY).has(Role.BEHEERDER)
    assert not somebody.at(DAY).has_everywhere(grant.role)
    assert somebody.has_somewhere(grant.role)
    assert somebody.own(grant.role) == Own(frozenset({grant.event_id} - {None}), frozenset({grant.circle_id} - {None}))
    assert somebody.own(Role.SECRETARIAAT) == Own(frozenset(), frozenset())


def test_a_role_everywhere_counts_besides_one_for_one_thing():
    grants = frozenset({Grant(Role.COORDINATOR, event_id=7), Grant(Role.KRINGCOORDINATOR, circle_id=3)})
    reader = Actor("staff", "Lex Lezer", 1, frozenset({Role.LEZER}), grants)

    assert [reader.at(place).has(Role.COORDINATOR) for place in (HOUSE, DAY, MEETING)] == [False, True, False]
    assert reader.at(DAY).here == {Role.LEZER, Role.COORDINATOR}
    assert reader.own(Role.LEZER) is None
    assert reader.circles == {3}


@pytest.mark.parametrize(
    ("ends_on", "event_on", "lasts_on"),
    [
        (None, None, [True, True, True]),
        (date(2027, 4, 14), None, [True, False, False]),
        # Two weeks after the event, whenever that is; a day that was named goes before it.
        (None, date(2027, 4, 1), [True, True, False]),
        (date(2027, 4, 14), date(2027, 5, 1), [True, False, False]),
    ],
)
def test_a_role_for_one_thing_lasts_until_its_day(ends_on, event_on, lasts_on):
    days = [date(2027, 4, day) for day in (14, 15, 16)]

    assert [lasts(ends_on, event_on, today=day) for day in days] == lasts_on
