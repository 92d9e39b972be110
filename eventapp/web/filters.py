"""The words and forms that templates may use: dates, money, names, and paragraphs of plain text."""

import re
from enum import StrEnum

from flask import Flask
from markupsafe import Markup, escape

from eventapp import formatting, wording
from eventapp.domain.bank_refunds import masked_iban
from eventapp.domain.certificates import readable
from eventapp.domain.numbers import grouped_iban


def init_app(app: Flask) -> None:
    """Register formatting's functions as filters and wording's tables under their own names."""
    names = (
        "long_date",
        "short_date",
        "short_day",
        "time_range",
        "when",
        "moment",
        "iso",
        "money",
        "money_short",
        "clock",
    )
    app.jinja_env.filters.update({name: getattr(formatting, name) for name in names})
    app.jinja_env.filters["paragraphs"] = paragraphs
    app.jinja_env.filters["person_name"] = person_name
    app.jinja_env.filters["word"] = word
    app.jinja_env.filters["certificate_code"] = readable
    app.jinja_env.filters.update(masked_iban=masked_iban, grouped_iban=grouped_iban)
    app.jinja_env.globals["wording"] = wording


def person_name(person) -> str:
    """The full name of anything with the three parts of a name; what is left of an erased person."""
    return formatting.full_name(person.given_name, person.infix, person.family_name) or "(gewist)"


def word(code: StrEnum) -> str:
    """The Dutch word for a code, whatever table it stands in."""
    tables = (
        t for t in vars(wording).values() if isinstance(t, dict) and code in t and type(next(iter(t))) is type(code)
    )
    return next(tables)[code]


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: an empty line starts a new one, a single line break stays one."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks
    )
