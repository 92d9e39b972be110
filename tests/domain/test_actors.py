"""What a role lets somebody do."""

import pytest

from eventapp.domain.actors import VISITOR, Actor, Role


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
