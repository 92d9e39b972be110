"""Which refusals does the door know?"""

from eventapp.domain.errors.base import DomainError


class NotAtTheDoor(DomainError):
    """People walk in on the day itself; before that they register."""

    code = "not_at_the_door"


class ToTheDesk(DomainError):
    """Somebody is known here in a way that only the office can settle. Facts: `registration_id`."""

    code = "to_the_desk"


class PriceDiffers(DomainError):
    """It costs something else than was shown. Facts: `price_cents`, and `price` in words."""

    code = "price_differs"
