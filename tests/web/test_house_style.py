"""The association's own colours: on pages, in mails and on paper, and refused when words in them cannot be read."""

from collections.abc import Callable

import pytest
from flask import Flask

from eventapp.documents.paper import BRAND, Paper, Style
from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import OutboxMail
from eventapp.queries.association import load_association
from eventapp.services import housekeeping
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE
from tests.web.office import csrf_token, signed_in, words
from tests.web.test_organiser_office import ASSOCIATION

PLUM = "#6b1f6b"


def test_colours_of_the_settings_are_those_of_every_page(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    office = signed_in(app, Role.BEHEERDER)
    before = office.get("/").text
    form = {**ASSOCIATION, "brand_colour": PLUM, "csrf_token": csrf_token(office, "/beheer/instellingen")}

    assert office.post("/beheer/instellingen", data=form).status_code == 303

    address = "/huisstijl/6b1f6b-e8743b.css"
    assert (address in before, address in office.get("/").text, address in office.get("/beheer/").text) == (0, 1, 1)
    sheet = office.get(address)
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f"--brand: {PLUM};" in sheet.text
    assert PLUM in office.get("/huisstijl/6b1f6b-e8743b.svg").text


@pytest.mark.parametrize(
    ("colour", "why"),
    [
        ("#ffdd00", "Woorden in deze kleur zijn niet goed te zien: het contrast is 1,2 en moet 4,5 zijn."),
        ("paars", "Dit is geen kleur, zoals #0b5563."),
    ],
)
def test_colour_that_cannot_be_read_is_refused_beside_the_field(app: Flask, colour: str, why: str) -> None:
    office = signed_in(app, Role.BEHEERDER)
    form = {**ASSOCIATION, "brand_colour": colour, "csrf_token": csrf_token(office, "/beheer/instellingen")}

    answer = office.post("/beheer/instellingen", data=form)

    assert (answer.status_code, why in words(answer)) == (422, True)
    assert 'id="brand_colour-fout"' in answer.text
    with app.app_context():
        assert load_association().colours == ""


@pytest.mark.parametrize("chosen", ["ffdd00-e8743b", "6b1f6b", "6b1f6b-fff", "6B1F6B-e8743b"])
def test_sheet_of_other_colours_is_not_there(app: Flask, chosen: str) -> None:
    assert app.test_client().get(f"/huisstijl/{chosen}.css").status_code == 404


def test_mail_and_paper_have_the_colours_too(app: Flask) -> None:
    housekeeping.save_association({"brand_colour": PLUM}, by=OFFICE, now=NOW)
    with transaction():
        write("sign_in_unknown", Recipient("fatma@gratismail.example", ""), purpose="colours", now=NOW, **_SIGN_IN)

    (html,) = db.session.scalars(db.select(OutboxMail.html))
    paper = _drawn(load_association().letterhead)
    assert (PLUM in html, BRAND in html) == (True, False)
    assert (b"0.420 0.122 0.420 rg" in paper, b"0.420 0.122 0.420 rg" in _drawn("VNK")) == (True, False)


_SIGN_IN = {"member": True, "token": "t", "code": "12345678", "until": NOW, "next_path": ""}


def _drawn(author: str) -> bytes:
    """What a paper by this author is made of."""
    paper = Paper(title="Ticket", author=author, subject="Themadag")
    paper.text(20, 20, "Themadag", Style(colour=BRAND))
    return "\n".join(paper._canvas._code).encode()
