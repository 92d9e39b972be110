"""The style guide shows every macro that pages are built of, to everybody who works here."""

import re
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from eventapp.domain.actors import Role
from tests.web.office import signed_in, words

SHARED = ROOT / "templates" / "shared"
_MACRO = re.compile(r"{%-? *macro (\w+)\(.*?{%-? *endmacro", re.DOTALL)
_NAME = re.compile(r"\b(\w+)\(")


def test_every_macro_is_shown() -> None:
    made = {found[1]: found[0] for path in SHARED.glob("*.html") for found in _MACRO.finditer(_text(path))}
    shown, ahead = set(), _NAME.findall(re.sub(r"{#.*?#}", "", _text(SHARED / "styleguide.html"), flags=re.DOTALL))
    while ahead:
        name = ahead.pop()
        if name in made and name not in shown:
            shown.add(name)
            ahead += _NAME.findall(made[name])

    assert made.keys() - shown == set()


def _text(path: Path) -> str:
    return path.read_text()


@pytest.mark.parametrize("role", Role)
def test_everybody_of_the_office_may_look(app: Flask, role: Role) -> None:
    page = signed_in(app, role).get("/beheer/stijlgids")

    assert page.status_code == 200
    for example in ("accent #e8743b · #f08c58", "Er klopt nog iets niet", "Ronde 1", "Blijft u eten?", "Ordernummer"):
        assert example in words(page)
