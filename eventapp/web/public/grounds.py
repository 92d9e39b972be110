"""On what ground does somebody come, as far as the form knows?"""

from typing import NamedTuple

from eventapp.domain.pricing import Category, Entitlement
from eventapp.services.bookings import Basis
from eventapp.services.on_behalf import Side
from eventapp.services.quoting import Quote


class Ground(NamedTuple):
    """On what ground somebody comes: `bases` is what they could choose from, `side` which of `sides` they chose."""

    quoted: Quote
    basis: Basis
    side: Side | None = None
    bases: tuple[Basis, ...] = ()
    sides: tuple[Side, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether there was something to choose."""
        return len(self.bases) > 1

    @property
    def price(self) -> Entitlement | None:
        """What the review may promise: nothing yet where the office or the address itself still has to tell."""
        return self.quoted.entitlement if self.basis == Basis.OUTSIDER or self.side else None

    @property
    def category(self) -> Category | None:
        """As what somebody comes, as far as anybody knows before the address is proven."""
        if self.basis == Basis.CLAIM:
            return Category.LID
        return self.price.category if self.price else None


def bases_of(quoted: Quote) -> list[Basis]:
    """The grounds somebody with this address may choose from; OUTSIDER alone means that nothing needs to be asked."""
    if quoted.entitlement and quoted.entitlement.category != Category.NIET_LID:
        return [Basis.OUTSIDER]
    as_anybody = quoted.entitlement is not None and quoted.entitlement == quoted.outsider
    if as_anybody and quoted.outsider and quoted.outsider.price_cents == 0:
        return [Basis.OUTSIDER]
    offered = {
        Basis.OUTSIDER: quoted.entitlement is not None,
        Basis.CLAIM: quoted.may_claim,
        Basis.STATUS: quoted.may_have_status,
    }
    return [basis for basis, there in offered.items() if there]
