"""Templates that were compiled beforehand: used while they are of this very code, by who may only read them."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from eventapp.web import compiled


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house: one template that needs another, and some code."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "macros.html").write_text("{% macro hello(name) %}Dag {{ name }}{% endmacro %}")
    (tmp_path / "templates" / "page.html").write_text("{% from 'macros.html' import hello %}{{ hello('Anna') }}!")
    (tmp_path / "code.py").write_text("greeting = 1\n")
    return tmp_path


def app_of(house: Path) -> Flask:
    app = Flask("small", root_path=str(house), template_folder=str(house / "templates"))
    compiled.init_app(app, house / "built")
    return app


def test_what_was_compiled_is_not_compiled_again(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = compiled.compile_templates(app_of(house), house / "built")
    monkeypatch.setattr(Environment, "_generate", None)

    said = app_of(house).jinja_env.get_template("page.html").render()

    assert said == "Dag Anna!"
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o644}


def test_what_was_compiled_goes_along_when_the_house_moves(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.compile_templates(app_of(house), house / "built")
    compiled._hash_of.cache_clear()
    monkeypatch.setattr(Environment, "_generate", None)

    elsewhere = house.rename(house.with_name("elsewhere"))

    assert app_of(elsewhere).jinja_env.get_template("page.html").render() == "Dag Anna!"


def test_what_was_compiled_with_other_code_is_left_alone(house: Path) -> None:
    compiled.compile_templates(app_of(house), house / "built")
    (house / "code.py").write_text("greeting = 2\n")
    compiled._hash_of.cache_clear()

    app = app_of(house)

    assert app.jinja_env.bytecode_cache is None


def test_who_serves_writes_nothing(house: Path) -> None:
    folder = compiled.compile_templates(app_of(house), house / "built")
    for file in folder.iterdir():
        file.unlink()

    said = app_of(house).jinja_env.get_template("page.html").render()

    assert (said, list(folder.iterdir())) == ("Dag Anna!", [])


def test_older_ones_go(house: Path) -> None:
    for number in range(5):
        (house / "code.py").write_text(f"greeting = {number}\n")
        compiled._hash_of.cache_clear()
        newest = compiled.compile_templates(app_of(house), house / "built")

    left = list((house / "built").iterdir())
    assert (len(left), newest in left) == (3, True)
