"""The Dutch words of the treasurer: figures, and what moved."""

from eventapp.domain.figures import Figure
from eventapp.domain.ledger import MovementKind

FIGURES = {
    Figure.BOOKED: "Geboekt",
    Figure.PAID: "Betaald",
    Figure.REFUNDED: "Terugbetaald",
    Figure.CHARGED_BACK: "Teruggehaald",
    Figure.WRITTEN_OFF: "Afgeboekt",
    Figure.HELD: "In kas",
    Figure.OPEN: "Open",
}
FIGURE_MEANINGS = {
    Figure.BOOKED: "De prijs van iedereen die op de peildatum was aangemeld, inclusief btw.",
    Figure.PAID: "Wat binnenkwam, via Mollie en op facturen.",
    Figure.REFUNDED: "Wat wij terugstortten, of iemand bij Mollie.",
    Figure.CHARGED_BACK: "Wat banken voor betalers terughaalden.",
    Figure.WRITTEN_OFF: "Wat op facturen als oninbaar is afgeboekt.",
    Figure.HELD: "Betaald, min terugbetaald en teruggehaald.",
    Figure.OPEN: "Wat aangemelde mensen nog moeten betalen.",
}
MONEY_SOURCES = {"mollie": "via Mollie", "hand": "met de hand verwerkt", "bank": "per bank", "write_off": "oninbaar"}
_CAME = {
    MovementKind.RECEIVED: "Ontvangen",
    MovementKind.REFUND: "Terugbetaling niet doorgegaan",
    MovementKind.CHARGEBACK: "Terughalen ongedaan gemaakt",
}
_WENT = {
    MovementKind.RECEIVED: "Ontvangst gecorrigeerd",
    MovementKind.REFUND: "Terugbetaald",
    MovementKind.CHARGEBACK: "Door de bank teruggehaald",
}


def movement(kind: MovementKind, amount_cents: int, *, ours: bool) -> str:
    """What moved, by its sign; a refund that is not ours was made at the provider."""
    word = _CAME[kind] if amount_cents > 0 else _WENT[kind]
    return f"{word}, bij Mollie zelf" if kind == MovementKind.REFUND and not ours else word
