"""Refusals about circles."""

from eventapp.domain.errors.base import DomainError


class AlreadyMember(DomainError):
    """This person is in the circle now, or will be."""

    code = "already_member"


class CircleClosed(DomainError):
    """Nobody joins this circle by themselves, or it is over."""

    code = "circle_closed"


class CircleMembersOnly(DomainError):
    """This meeting is for the members of its circle alone."""

    code = "circle_members_only"


class SatInBefore(DomainError):
    """Somebody from outside the circle came along to one meeting already."""

    code = "sat_in_before"


class EmptySeries(DomainError):
    """The rule gives no day on which there is anything to plan."""

    code = "empty_series"
