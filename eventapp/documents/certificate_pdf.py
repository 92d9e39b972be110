"""What does somebody frame, or hand in at a register? A certificate of attendance: one sheet of A4."""

from eventapp.documents.certificate import CertificateData
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, balanced, block, one_line
from eventapp.documents.paper import ACCENT, BRAND, HEIGHT, INK, LINE, MM, SOFT_INK, WIDTH, Paper, Style
from eventapp.documents.qr import matrix_for_text, stretches

_EDGE = 12 * MM
_MARGIN = 28 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_QR = 26 * MM
_FOOT = HEIGHT - 26 * MM
_LABEL = Style(Weight.SEMIBOLD, 9, BRAND)
_SMALL = Style(Weight.REGULAR, 9, SOFT_INK)


def certificate_pdf(data: CertificateData) -> bytes:
    """One page; the same certificate gives the same bytes."""
    title = f"Bewijs van deelname {data.title}: {data.holder}"
    paper = Paper(title=title, author=data.issuer, subject=f"Code {data.code}")
    _frame(paper)
    _head(paper, data)
    y = _said(paper, data)
    _facts(paper, data, y)
    _proof(paper, data)
    if data.demo:
        paper.box(0, 0, WIDTH, 8 * MM, ACCENT)
        paper.text_centred(WIDTH / 2, 5.5 * MM, "DEMO: dit is geen echt bewijs", Style(Weight.BOLD, 10, INK))
    paper.next_page()
    return paper.finish()


def _frame(paper: Paper) -> None:
    """A firm line along the sheet with a hairline inside it."""
    for inset, colour, thick in ((_EDGE, BRAND, 1.8), (_EDGE + 2.2 * MM, LINE, 0.6)):
        right, bottom = WIDTH - inset, HEIGHT - inset
        corners = [(inset, inset), (right, inset), (right, bottom), (inset, bottom), (inset, inset)]
        paper.stroke(corners, colour, thick=thick)


def _head(paper: Paper, data: CertificateData) -> None:
    name = one_line(data.issuer, Weight.SEMIBOLD, 12, 8, _CONTENT)
    paper.text(_MARGIN, 33 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.box(_MARGIN, 37 * MM, 18 * MM, 1.4 * MM, ACCENT)
    paper.text(_MARGIN, 56 * MM, "Bewijs van deelname", Style(Weight.BOLD, 34, INK))


def _said(paper: Paper, data: CertificateData) -> float:
    """Who took part in what; answers where the facts begin."""
    holder = _fitted(data.holder, Weight.BOLD, (27, 23, 20, 17, 14), 24 * MM)
    paper.text(_MARGIN, 69 * MM, "Wij bevestigen dat", Style(Weight.REGULAR, 13, SOFT_INK))
    y = _lines(paper, 80 * MM, holder, Weight.BOLD, BRAND)
    paper.text(_MARGIN, y + 2.5 * MM, "deelnam aan", Style(Weight.REGULAR, 13, SOFT_INK))
    title = _fitted(data.title, Weight.SEMIBOLD, (21, 18, 16, 14, 12), 26 * MM)
    y = _lines(paper, y + 13 * MM, title, Weight.SEMIBOLD, INK)
    kind = one_line(data.kind, Weight.REGULAR, 12, 9, _CONTENT)
    paper.text(_MARGIN, y + 1.5 * MM, kind.lines[0], Style(Weight.REGULAR, kind.size, SOFT_INK))
    return max(y + 14 * MM, 142 * MM)


def _facts(paper: Paper, data: CertificateData, y: float) -> None:
    """Label and value between hairlines, then what it was about and which meetings it were."""
    for label, value in data.rows:
        y = _fact(paper, y, label, block(value, Weight.REGULAR, (11, 10, 9), _CONTENT - 38 * MM, height=11 * MM))
    if data.goals:
        goals = block(data.goals, Weight.REGULAR, (11, 10, 9, 8), _CONTENT - 38 * MM, height=26 * MM)
        y = _fact(paper, y, "Onderwerpen", goals)
    if data.meetings:
        width, room = _CONTENT - 38 * MM, max(_FOOT - _QR - 8 * MM - y, 8 * MM)
        meetings = block(" · ".join(data.meetings), Weight.REGULAR, (10.5, 9.5, 8.5, 7.5), width, height=room)
        y = _fact(paper, y, "Bijeenkomsten", meetings)
    paper.rule(_MARGIN, y - 5 * MM, _CONTENT)


def _fact(paper: Paper, y: float, label: str, value: Block) -> float:
    paper.rule(_MARGIN, y - 5 * MM, _CONTENT)
    paper.text(_MARGIN, y, label, _LABEL)
    below = y
    for line in value.lines:
        paper.text(_MARGIN + 38 * MM, below, line, Style(Weight.REGULAR, value.size))
        below += value.step
    return below - value.step + 8.4 * MM


def _proof(paper: Paper, data: CertificateData) -> None:
    """Who gave it and when, and where anybody can see that it is real."""
    top = _FOOT - _QR
    modules = matrix_for_text(data.link)
    paper.squares(WIDTH - _MARGIN - _QR, top, _QR / len(modules), stretches(modules))
    width = _CONTENT - _QR - 8 * MM
    issuer = one_line(f"Uitgegeven door {data.issuer}", Weight.SEMIBOLD, 11, 8, width)
    paper.text(_MARGIN, top + 5 * MM, issuer.lines[0], Style(Weight.SEMIBOLD, issuer.size))
    paper.text(_MARGIN, top + 10.5 * MM, f"op {data.issued}", Style(Weight.REGULAR, 11))
    paper.text(_MARGIN, top + 18 * MM, "Of dit bewijs echt is, ziet u op", _SMALL)
    link = one_line(data.link.partition("://")[2] or data.link, Weight.SEMIBOLD, 10, 6.5, width)
    paper.text(_MARGIN, top + 22.4 * MM, link.lines[0], Style(Weight.SEMIBOLD, link.size))


def _fitted(text: str, weight: Weight, sizes: tuple[float, ...], height: float) -> Block:
    found = block(text, weight, sizes, _CONTENT, height=height, leading=1.16)
    return balanced(text, weight, found, _CONTENT)


def _lines(paper: Paper, y: float, lines: Block, weight: Weight, colour: str) -> float:
    """Draw the lines, the first one on y; answers where the next would stand."""
    for line in lines.lines:
        paper.text(_MARGIN, y, line, Style(weight, lines.size, colour))
        y += lines.step
    return y
