"""The Dutch words of the treasurer: figures, and what moved."""

from eventapp.domain.bank_refunds import BankRefundState, Progress
from eventapp.domain.figures import Figure
from eventapp.domain.journal import Book, Ledger
from eventapp.domain.ledger import MovementKind
from eventapp.domain.settlements import Finding, SettlementKind

FIGURES = {
    Figure.BOOKED: "Geboekt",
    Figure.INVOICED: "Gefactureerd",
    Figure.TO_INVOICE: "Te factureren",
    Figure.PAID: "Betaald",
    Figure.REFUNDED: "Terugbetaald",
    Figure.CHARGED_BACK: "Teruggehaald",
    Figure.WRITTEN_OFF: "Afgeboekt",
    Figure.HELD: "In kas",
    Figure.OPEN: "Open",
    Figure.IN_ADVANCE: "Vooruit",
    Figure.BILLED_AHEAD: "Vooruit gefactureerd",
}
FIGURE_MEANINGS = {
    Figure.BOOKED: (
        "Wat op de peildatum verschuldigd was, inclusief btw: de prijs van wie was aangemeld, en wat blijft staan van "
        "wie zich afmeldde."
    ),
    Figure.INVOICED: "Wat op facturen staat, creditfacturen eraf.",
    Figure.TO_INVOICE: "Verschuldigd, en nog op geen factuur.",
    Figure.PAID: "Wat binnenkwam, via Mollie en op facturen.",
    Figure.REFUNDED: "Wat wij terugstortten, of iemand bij Mollie.",
    Figure.CHARGED_BACK: "Wat banken voor betalers terughaalden.",
    Figure.WRITTEN_OFF: "Wat op facturen als oninbaar is afgeboekt.",
    Figure.HELD: "Betaald, min terugbetaald en teruggehaald.",
    Figure.OPEN: "Wat nog betaald moet worden.",
    Figure.IN_ADVANCE: "In kas voor bijeenkomsten na de peildatum: vooruit ontvangen.",
    Figure.BILLED_AHEAD: "Op facturen voor bijeenkomsten na de peildatum, zonder btw: omzet van een latere periode.",
}
BOOKS = {
    Book.SALES: "Verkoop",
    Book.MOLLIE: "Mollie",
    Book.BANK: "Bank",
    Book.MEMORIAL: "Memoriaal",
}
LEDGERS = {
    Ledger.DEBTORS: "Debiteuren",
    Ledger.SALES: "Omzet",
    Ledger.VAT_HIGH: "Af te dragen btw hoog",
    Ledger.VAT_LOW: "Af te dragen btw laag",
    Ledger.MOLLIE: "Mollie",
    Ledger.BANK: "Bank",
    Ledger.FEES: "Kosten Mollie",
    Ledger.WRITTEN_OFF: "Oninbaar",
    Ledger.SUSPENSE: "Vraagposten",
}
SETTLEMENT_KINDS = {
    SettlementKind.PAYMENT: "Betaling",
    SettlementKind.REFUND: "Terugbetaling",
    SettlementKind.REFUND_RETURNED: "Terugbetaling teruggekomen",
    SettlementKind.CHARGEBACK: "Teruggehaald",
    SettlementKind.CHARGEBACK_REVERSED: "Terughalen ongedaan",
    SettlementKind.FEE: "Kosten",
    SettlementKind.OTHER: "Overig",
}
FINDINGS = {
    Finding.MATCHES: "",
    Finding.UNKNOWN: "Dit kennen wij niet.",
    Finding.DIFFERS: "Bij ons staat een ander bedrag.",
    Finding.NOT_SETTLED: "Staat bij ons, en is nog niet uitbetaald of verrekend.",
}
# After "Er gaat € 95 terug naar wie betaalde."
MONEY_BACK = {
    Progress.FAILED: "Dat lukte nog niet; het secretariaat kijkt ernaar.",
    Progress.ASKS_IBAN: "Wie de aanmelding deed kreeg een mail om door te geven op welke rekening het mag komen.",
    Progress.BY_BANK: "De penningmeester maakt het over naar de rekening die is doorgegeven.",
    Progress.UNDER_WAY: "Het is onderweg; binnen enkele werkdagen staat het op de rekening waarmee is betaald.",
    Progress.DONE: "Het is teruggestort.",
}
BANK_REFUNDS = {
    BankRefundState.WAITING: "Terug te betalen",
    BankRefundState.DONE: "Terugbetaald",
    BankRefundState.KEPT: "Gaat niet terug",
    BankRefundState.LAPSED: "Vervallen",
}
MONEY_SOURCES = {"mollie": "via Mollie", "hand": "met de hand verwerkt", "bank": "per bank", "write_off": "oninbaar"}
_CAME = {
    MovementKind.RECEIVED: "Ontvangen",
    MovementKind.REFUND: "Terugbetaling niet doorgegaan",
    MovementKind.CHARGEBACK: "Terughalen ongedaan gemaakt",
    MovementKind.BY_BANK: "Terugbetaling per bank teruggedraaid",
}
_WENT = {
    MovementKind.RECEIVED: "Ontvangst gecorrigeerd",
    MovementKind.REFUND: "Terugbetaald",
    MovementKind.CHARGEBACK: "Door de bank teruggehaald",
    MovementKind.BY_BANK: "Per bank terugbetaald",
}


def movement(kind: MovementKind, amount_cents: int, *, ours: bool) -> str:
    """What moved, by its sign; a refund that is not ours was made at the provider."""
    word = _CAME[kind] if amount_cents > 0 else _WENT[kind]
    return f"{word}, bij Mollie zelf" if kind == MovementKind.REFUND and not ours else word
