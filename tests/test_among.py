"""Are rows found by one of many values, whatever stands in them, and for as few parameters as by one?"""

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.extensions import db
from eventapp.models import Person, PersonAddress
from eventapp.queries.among import among
from tests.factories import make_person
from tests.statements import listening

pytestmark = pytest.mark.both_databases

ODD = ("O'Brien", 'de "Wit"', "a\\b", "Yıldız", "%s :name", "007", "[1]", "null", "😀")


def addresses(*found: tuple[str, str]) -> list[str]:
    pairs = among(found, PersonAddress.address, PersonAddress.name_key)
    return list(db.session.scalars(sa.select(PersonAddress.address).join(*pairs).order_by(PersonAddress.id)))


def test_pairs_of_texts_are_found_as_pairs(app: Flask):
    for number, odd in enumerate(ODD):
        db.session.add(PersonAddress(person=make_person(), address=f"{odd}@{number}", name_key=odd))
    db.session.commit()
    every = [(f"{odd}@{number}", odd) for number, odd in enumerate(ODD)]

    found = addresses(*every, *every, (every[0][0], ODD[1]), ("nobody", ODD[0]))

    assert (found, addresses()) == ([address for address, _ in every], [])


def test_numbers_are_found_for_one_parameter_however_many(app: Flask):
    ids = [make_person(given_name=f"P{number}").id for number in range(12)]

    with listening() as asked:
        few, many = (
            set(db.session.scalars(sa.select(Person.id).join(*among([(one,) for one in some], Person.id))))
            for some in (ids[:1], [*ids, 10_000_000])
        )

    [(one, values), (other, more)] = asked
    assert (few, many, one) == ({ids[0]}, set(ids), other)
    assert len(values) == len(more)
