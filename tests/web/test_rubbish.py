"""What no page of ours would send, sent all the same: every form refuses it or leaves it out, and none is a bug."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Optional

from eventapp.domain.actors import Role
from eventapp.web.organiser.forms.fields import WholeNumberField
from eventapp.web.own_numbers import own_number, own_numbers
from tests.web.office import made, signed_in
from tests.web.test_who_may_what import CHANGES, a_house, address_of, plain

NO_NUMBER = ("", "x", "-1", "1.5", " 1", "²", "٣", "1_000", "99999999999999999999", None)
# The boxes and lists that carry numbers, with what is none or beyond what a database can count.
RUBBISH = {
    name: ["²", "9" * 20, "x"] for name in ("kwam", "al", "id", "ids", "rij-1", "persoon", "organisatie", "version")
}
RUBBISH |= {"query": ["a\r\nSet-Cookie: x=1"]}


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number_of_ours_is_none(text: str | None) -> None:
    assert own_number(text) is None


def test_numbers_of_ours_are_read_in_their_order() -> None:
    assert (own_number("007"), own_number("999999999")) == (7, 999_999_999)
    assert own_numbers(["3", "²", "1", "9" * 10]) == [3, 1]


def test_a_number_beyond_what_a_database_counts_is_refused_beside_its_field() -> None:
    class AForm(Form):
        places = WholeNumberField("Plaatsen", [Optional()])

    fits, beyond = (AForm(MultiDict({"places": str(number)})) for number in (2**31 - 1, 2**31))

    assert (fits.validate(), fits.places.data, beyond.validate()) == (True, 2**31 - 1, False)
    assert list(beyond.places.errors) == ["Dit getal is te groot."]


@pytest.mark.parametrize("data", [{}, RUBBISH], ids=["nothing", "rubbish"])
def test_no_form_of_the_office_breaks_on_what_no_page_sends(make_app, data: dict[str, list[str]]) -> None:
    app: Flask = make_app(WTF_CSRF_ENABLED=False, PROPAGATE_BUGS=False)
    ids = made(app, a_house)
    rules = {plain(rule): rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    client = signed_in(app, Role.BEHEERDER)

    statuses = {one.path: client.post(address_of(one, rules[one.path], ids), data=data).status_code for one in CHANGES}

    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    # The walk is no walk past empty houses.
    assert sum(status in (200, 303, 409, 422) for status in statuses.values()) > 60


def test_a_number_beyond_all_in_an_address_is_left_out(make_app) -> None:
    app: Flask = make_app(PROPAGATE_BUGS=False)
    made(app, a_house)
    client = signed_in(app, Role.BEHEERDER)

    answers = [client.get(f"/beheer/geld/facturen?bijeenkomst={number}") for number in ("9" * 20, "²")]

    assert {answer.status_code for answer in answers} == {200}
