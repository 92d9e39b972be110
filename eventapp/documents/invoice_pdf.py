"""What does an invoice look like on paper? For a window envelope, commas under each other, one page when it fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from eventapp import wording
from eventapp.documents.fonts import Weight
from eventapp.documents.invoice_parts import (
    BOTTOM,
    CONTENT,
    MARGIN,
    SMALL,
    amount,
    closing,
    facts,
    foot,
    head,
    lines_down,
    sender,
    window,
)
from eventapp.documents.lettering import Block, block
from eventapp.documents.paper import BRAND, INK, LINE, MM, SOFT_INK, WIDTH, Paper, Style
from eventapp.domain.invoices import IssuedInvoice
from eventapp.domain.vat import half_up

_FIRST_TITLE, _NEXT_TITLE = 95 * MM, 32 * MM
_WORDS = 88 * MM
_COUNT, _PRICE, _VAT, _SUM = 122 * MM, 141 * MM, 153 * MM, WIDTH - MARGIN
_LABEL = Style(Weight.SEMIBOLD, 8.5, BRAND)


@dataclass(frozen=True)
class _Row:
    """A line of the invoice with its words broken; of several for one thing only the first names it."""

    place: int
    words: Block | None
    detail: Block | None

    @property
    def height(self) -> float:
        return sum(part.height for part in (self.words, self.detail) if part) + 1.7 * MM


def invoice_pdf(invoice: IssuedInvoice) -> bytes:
    """The invoice or credit invoice as A4 pages; the same invoice gives the same bytes."""
    title = f"{wording.INVOICE_KINDS[invoice.kind]} {invoice.number}"
    paper = Paper(title=title, author=invoice.seller.name, subject=invoice.lines[0].description)
    pages = _pages(invoice)
    for page, rows in enumerate(pages):
        head(paper, invoice)
        if page == 0:
            sender(paper, invoice)
            window(paper, invoice.buyer)
        y = _opening(paper, invoice, first=page == 0)
        for row in rows:
            y = _line(paper, y, invoice, row)
        if page == len(pages) - 1:
            closing(paper, y, invoice, draw=True)
        foot(paper, invoice, page + 1, len(pages))
        paper.next_page()
    return paper.finish()


def _pages(invoice: IssuedInvoice) -> list[list[_Row]]:
    """Which lines stand on which page. The totals never stand alone: the last line goes along with them."""
    pages: list[list[_Row]] = [[]]
    y = _table_top(invoice, first=True)
    for row in _rows(invoice):
        if y + row.height > BOTTOM:
            pages.append([])
            y = _table_top(invoice, first=False)
        pages[-1].append(row)
        y += row.height
    if closing(None, y, invoice, draw=False) > BOTTOM and len(pages[-1]) > 1:
        pages.append([pages[-1].pop()])
    return pages


def _rows(invoice: IssuedInvoice) -> Iterator[_Row]:
    before = ""
    for place, line in enumerate(invoice.lines):
        words = None
        if line.description != before or not line.detail:
            words = block(line.description, Weight.SEMIBOLD, (10, 9), _WORDS, height=15 * MM)
        detail = block(line.detail, Weight.REGULAR, (9.5, 8.5), _WORDS, height=10 * MM) if line.detail else None
        before = line.description
        yield _Row(place, words, detail)


def _table_top(invoice: IssuedInvoice, *, first: bool) -> float:
    return _opening(None, invoice, first=first)


def _opening(paper: Paper | None, invoice: IssuedInvoice, *, first: bool) -> float:
    """The title, on the first page with the facts, and the heads of the columns; answers where the lines begin."""
    y = _FIRST_TITLE if first else _NEXT_TITLE
    if paper:
        title = f"{wording.INVOICE_KINDS[invoice.kind]} {invoice.number}"
        paper.text(MARGIN, y, title, Style(Weight.BOLD, 20 if first else 13, INK))
    y = facts(paper, y + 8 * MM, invoice) + 5 * MM if first else y + 9 * MM
    if paper:
        paper.text(MARGIN, y, "Omschrijving", _LABEL)
        for x, label in ((_COUNT, "Aantal"), (_PRICE, "Prijs"), (_SUM, "Excl. btw")):
            paper.text_right(x, y, label, _LABEL)
        paper.text(_VAT - 9 * MM, y, "Btw", _LABEL)
        paper.rule(MARGIN, y + 2 * MM, CONTENT, colour=BRAND, thick=0.8)
    return y + 3 * MM


def _line(paper: Paper, y: float, invoice: IssuedInvoice, row: _Row) -> float:
    line, net = invoice.lines[row.place], invoice.split.nets_cents[row.place]
    below = y + 4.2 * MM
    if row.words:
        below = lines_down(paper, MARGIN, below, row.words, Style(Weight.SEMIBOLD, row.words.size, INK))
    if row.detail:
        lines_down(paper, MARGIN, below, row.detail, Style(Weight.REGULAR, row.detail.size, SOFT_INK))
    style = Style(Weight.REGULAR, 10, INK)
    paper.text_right(_COUNT, y + 4.2 * MM, str(line.quantity), style)
    amount(paper, _PRICE, y + 4.2 * MM, half_up(net, line.quantity), style)
    paper.text(_VAT - 9 * MM, y + 4.2 * MM, wording.VATS_SHORT[line.vat], SMALL)
    amount(paper, _SUM, y + 4.2 * MM, net, style)
    paper.rule(MARGIN, y + row.height, CONTENT, colour=LINE)
    return y + row.height
