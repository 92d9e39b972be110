"""Which refusals does long work know, whatever it is about?"""

from eventapp.domain.errors.base import DomainError


class NoRoomLeft(DomainError):
    """The disk or the database has no room for what the work makes, however often it was tried."""

    code = "no_room_left"
