"""The parts of a printed invoice: letterhead, address window, facts, totals, and how to pay or that it was paid."""

from eventapp import wording
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, block, one_line, snug, width_of
from eventapp.documents.paper import ACCENT, BRAND, HEIGHT, INK, LINE, MM, QUIET, SOFT_INK, WHITE, WIDTH, Paper, Style
from eventapp.documents.qr import QUIET_ZONE, matrix_for_text, stretches
from eventapp.documents.sepa import transfer_code
from eventapp.domain.invoices import Buyer, InvoiceKind, IssuedInvoice
from eventapp.domain.numbers import grouped_iban
from eventapp.formatting import days_range, long_date, money, short_date

MARGIN = 20 * MM
CONTENT = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 20 * MM
SMALL = Style(Weight.REGULAR, 8.5, SOFT_INK)
_BODY = Style(Weight.REGULAR, 10, INK)
_STRONG = Style(Weight.BOLD, 11, INK)
_LABEL = Style(Weight.REGULAR, 9.5, SOFT_INK)

_SENDER = 133 * MM
_WINDOW_Y, _WINDOW_WIDTH = 52 * MM, 90 * MM
_FACT = 5.2 * MM
_TILE = 34 * MM
_TOTALS = 104 * MM
_ROW = 5.6 * MM
# As wide as the cents of the heaviest total, so that all commas stand under each other.
_CENTS = width_of(",00", Weight.BOLD, 11)


def lines_down(paper: Paper | None, x: float, y: float, lines: Block, style: Style) -> float:
    """Draw the lines from y downwards, unless there is no paper; answers where the next line would stand."""
    for line in lines.lines:
        if paper:
            paper.text(x, y, line, style)
        y += lines.step
    return y


def amount(paper: Paper, right: float, y: float, cents: int, style: Style) -> None:
    """An amount without sign of currency whose comma stands where that of every other amount at `right` does."""
    whole, _, rest = money(cents).replace("€", "").strip().partition(",")
    comma = right - _CENTS
    paper.text_right(comma, y, whole, style)
    paper.text(comma, y, f",{rest}", style)


def head(paper: Paper, invoice: IssuedInvoice) -> None:
    """Who sends it, and over everything that it is not real when that is so."""
    if invoice.mark:
        paper.box(0, 0, WIDTH, 8 * MM, ACCENT)
        words = f"{invoice.mark}: dit is geen echte factuur"
        paper.text_centred(WIDTH / 2, 5.5 * MM, words, Style(Weight.BOLD, 10, INK))
    name = one_line(invoice.seller.name, Weight.BOLD, 13, 8, CONTENT)
    paper.text(MARGIN, 19 * MM, name.lines[0], Style(Weight.BOLD, name.size, BRAND))
    paper.rule(MARGIN, 22.5 * MM, CONTENT, colour=BRAND, thick=1.4)


def sender(paper: Paper, invoice: IssuedInvoice) -> None:
    """The address and numbers of the association; its account only when there is something to pay."""
    seller = invoice.seller
    numbers = (
        ("KvK", seller.kvk),
        ("Btw-id", seller.btw_id),
        ("IBAN", grouped_iban(seller.iban) if invoice.open_cents else ""),
    )
    lines = [seller.street, f"{seller.postcode} {seller.city}".strip(), seller.email]
    y = 30 * MM
    for line in filter(None, [*lines, *(f"{label} {value}" for label, value in numbers if value)]):
        fitted = one_line(line, Weight.REGULAR, 9, 6.5, WIDTH - MARGIN - _SENDER)
        paper.text(_SENDER, y, fitted.lines[0], Style(Weight.REGULAR, fitted.size, SOFT_INK))
        y += 4.4 * MM


def window(paper: Paper, buyer: Buyer) -> None:
    """The address where the window of an envelope is."""
    place = " ".join(filter(None, (buyer.street, buyer.house_number, buyer.addition)))
    city = "  ".join(filter(None, (buyer.postcode, buyer.city)))
    attention = f"T.a.v. {buyer.attention}" if buyer.attention else ""
    abroad = buyer.country if buyer.country != "NL" else ""
    name = block(buyer.addressee, Weight.SEMIBOLD, (10.5, 9.5, 8.5), _WINDOW_WIDTH, height=12.5 * MM)
    y = lines_down(paper, MARGIN, _WINDOW_Y, name, Style(Weight.SEMIBOLD, name.size, INK))
    for line in filter(None, (buyer.department, attention, place, city, abroad)):
        fitted = snug(line, Weight.REGULAR, (10.5, 9.5, 8.5), _WINDOW_WIDTH, height=8 * MM)
        y = lines_down(paper, MARGIN, y + 0.4 * MM, fitted, Style(Weight.REGULAR, fitted.size, INK))


def facts(paper: Paper | None, y: float, invoice: IssuedInvoice) -> float:
    """Dates and references in two columns, the reason of a credit under them; answers where what follows may begin."""
    buyer = invoice.buyer
    credited = f"{invoice.credits_number} van {short_date(invoice.credits_on)}" if invoice.credits_on else ""
    rows = (
        ("Factuurdatum", long_date(invoice.issued_on)),
        ("Vervaldatum", long_date(invoice.due_on) if invoice.open_cents else ""),
        ("Crediteert factuur", credited),
        ("Bijeenkomst op", days_range(*invoice.service)),
        ("Uw ordernummer", buyer.order_number),
        ("Kostenplaats", buyer.cost_centre),
        ("Uw kenmerk", buyer.reference),
        ("Ons kenmerk", invoice.order_reference),
    )
    shown = [(label, value) for label, value in rows if value]
    half = -(-len(shown) // 2)
    for place, (label, value) in enumerate(shown):
        x = MARGIN + (CONTENT / 2 + 3 * MM) * (place >= half)
        at = y + (place % half) * _FACT
        if paper:
            paper.text(x, at, label, _LABEL)
            fitted = one_line(value, Weight.REGULAR, 10, 6.5, CONTENT / 2 - 36 * MM)
            paper.text(x + 33 * MM, at, fitted.lines[0], Style(Weight.REGULAR, fitted.size, INK))
    y += half * _FACT
    if invoice.reason:
        if paper:
            paper.text(MARGIN, y, "Reden", _LABEL)
        words = block(invoice.reason, Weight.REGULAR, (10, 9), CONTENT - 33 * MM, height=9 * MM)
        y = lines_down(paper, MARGIN + 33 * MM, y, words, Style(Weight.REGULAR, words.size, INK))
    return y


def closing(paper: Paper | None, y: float, invoice: IssuedInvoice, *, draw: bool) -> float:
    """Totals, why there is no btw, and the payment; answers where it ends, also without drawing."""
    canvas = paper if draw else None
    y = _totals(canvas, y + 3 * MM, invoice)
    for reason in invoice.reasons:
        words = block(reason, Weight.REGULAR, (9.5, 8.5), CONTENT, height=14 * MM)
        y = lines_down(canvas, MARGIN, y + 5 * MM, words, Style(Weight.REGULAR, words.size, SOFT_INK)) - 3 * MM
    return _payment(canvas, y + 5 * MM, invoice)


def _totals(paper: Paper | None, y: float, invoice: IssuedInvoice) -> float:
    rows = [("Totaal exclusief btw", invoice.split.net_cents, _BODY)]
    for share in invoice.split.shares:
        if share.vat.percent:
            rows.append((f"{share.vat.percent}% btw over {money(share.net_cents)}", share.vat_cents, _BODY))
    rows.append(("Totaal", invoice.gross_cents, _STRONG))
    if invoice.open_cents and invoice.paid:
        rows += [(f"Ontvangen: {wording.method(paid.method)}", -paid.amount_cents, _BODY) for paid in invoice.paid]
        rows.append(("Nog te betalen", invoice.open_cents, _STRONG))
    for label, cents, style in rows:
        y += _ROW
        if paper:
            if style is _STRONG:
                paper.rule(_TOTALS, y - 4.4 * MM, WIDTH - MARGIN - _TOTALS, colour=INK, thick=0.6)
            paper.text(_TOTALS, y, label, style)
            paper.text(_TOTALS + 48 * MM, y, "€", style)
            amount(paper, WIDTH - MARGIN, y, cents, style)
    return y


def _payment(paper: Paper | None, y: float, invoice: IssuedInvoice) -> float:
    if invoice.open_cents:
        return _how_to_pay(paper, y, invoice)
    words = block(_settled_words(invoice), Weight.SEMIBOLD, (11, 10), CONTENT - 10 * MM, height=12 * MM, leading=1.35)
    high = words.height + 7 * MM
    if paper:
        paper.box(MARGIN, y, CONTENT, high, QUIET)
        lines_down(paper, MARGIN + 5 * MM, y + 7 * MM, words, Style(Weight.SEMIBOLD, words.size, INK))
    return y + high


def _settled_words(invoice: IssuedInvoice) -> str:
    if invoice.kind == InvoiceKind.CREDIT:
        return (
            f"Dit bedrag gaat af van factuur {invoice.credits_number}. Was die al betaald, dan storten wij het terug. "
            "U hoeft niets te betalen."
        )
    ways = " en ".join(f"via {wording.method(paid.method)} op {long_date(paid.on)}" for paid in invoice.paid)
    return f"Voldaan {ways}, niet meer betalen."


def _how_to_pay(paper: Paper | None, y: float, invoice: IssuedInvoice) -> float:
    high = _TILE + 6 * MM
    if paper is None:
        return y + high
    seller = invoice.seller
    paper.box(MARGIN, y, CONTENT, high, QUIET)
    paper.box(MARGIN + 3 * MM, y + 3 * MM, _TILE, _TILE, WHITE)
    text = transfer_code(name=seller.name, iban=seller.iban, amount_cents=invoice.open_cents, text=invoice.number)
    modules = matrix_for_text(text)
    module = _TILE / (len(modules) + 2 * QUIET_ZONE)
    corner = QUIET_ZONE * module + 3 * MM
    paper.squares(MARGIN + corner, y + corner, module, stretches(modules))
    x, wide = MARGIN + _TILE + 9 * MM, CONTENT - _TILE - 14 * MM
    asked = f"Wilt u {money(invoice.open_cents)} betalen, uiterlijk {long_date(invoice.due_on)}?"
    fitted = one_line(asked, Weight.SEMIBOLD, 11, 8, wide)
    paper.text(x, y + 9 * MM, fitted.lines[0], Style(Weight.SEMIBOLD, fitted.size, INK))
    rows = (("IBAN", grouped_iban(seller.iban)), ("Ten name van", seller.name), ("Met vermelding van", invoice.number))
    for place, (label, value) in enumerate(rows):
        at = y + 16 * MM + place * 5.6 * MM
        paper.text(x, at, label, _LABEL)
        line = one_line(value, Weight.SEMIBOLD, 10.5, 7, wide - 34 * MM)
        paper.text(x + 34 * MM, at, line.lines[0], Style(Weight.SEMIBOLD, line.size, INK))
    paper.text(x, y + high - 5 * MM, "Of scan de code met de app van uw bank.", SMALL)
    return y + high


def foot(paper: Paper, invoice: IssuedInvoice, page: int, pages: int) -> None:
    """Where to ask, and which page this is when there are more."""
    paper.rule(MARGIN, HEIGHT - 16 * MM, CONTENT, colour=LINE)
    contact = f"Vragen over deze factuur? {invoice.seller.email}"
    fitted = one_line(contact, Weight.REGULAR, 8.5, 7, CONTENT - 30 * MM)
    paper.text(MARGIN, HEIGHT - 11.5 * MM, fitted.lines[0], Style(Weight.REGULAR, fitted.size, SOFT_INK))
    if pages > 1:
        paper.text_right(WIDTH - MARGIN, HEIGHT - 11.5 * MM, f"Pagina {page} van {pages}", SMALL)
