"""Who is who: the same name at the same address, and nobody else."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.extensions import db
from eventapp.models import Person, PersonAddress
from eventapp.services import people
from eventapp.transaction import transaction
from tests.factories import NOW, make_person

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "info@zonnevlinder.example"


def find_or_add(*name: str, address: str = ADDRESS) -> int:
    with transaction():
        return people.find_or_add(address, *name, now=NOW).id


def test_somebody_new_gets_a_name_an_address_and_a_sort_key():
    key = find_or_add("Ĳsbrand", "d'", "Ancona")

    person = db.session.get_one(Person, key)
    assert (person.given_name, person.infix, person.family_name) == ("Ĳsbrand", "d'", "Ancona")
    assert person.sort_key == "ancona\x1fijsbrand\x1fd'"
    assert [(known.address, known.proven_at) for known in person.addresses] == [(ADDRESS, None)]


def test_the_same_name_in_another_spelling_is_found_and_keeps_its_spelling():
    first = find_or_add("Marieke", "van der", "Meulen")

    again = find_or_add("mariëke", "", "Van der  Meulen")

    assert again == first
    assert db.session.get_one(Person, first).given_name == "Marieke"


def test_a_colleague_at_the_same_mailbox_is_somebody_else():
    assert find_or_add("Marieke", "van der", "Meulen") != find_or_add("Fatma", "", "Yıldız")


def test_equal_names_at_two_addresses_are_never_merged():
    assert find_or_add("Jan", "", "Jansen") != find_or_add("Jan", "", "Jansen", address="jan@tweeklank.example")


def test_looking_adds_nobody():
    assert people.find(ADDRESS, "Jan", "", "Jansen") is None
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_proof_is_of_one_person_at_one_address_and_keeps_its_first_moment():
    person = make_person("Marieke", address=ADDRESS)
    colleague = make_person("Fatma", "", "Yıldız", address=ADDRESS)
    person.addresses.append(PersonAddress.of(person, "marieke@elders.example"))
    db.session.commit()

    for day in (11, 12):
        with transaction():
            people.mark_proven(person, ADDRESS, now=NOW.replace(day=day))

    assert [known.proven_at for known in person.addresses] == [NOW, None]
    assert colleague.addresses[0].proven_at is None


def test_mail_goes_to_the_address_proven_last():
    person = make_person(address=ADDRESS, proven=True)
    person.addresses.append(PersonAddress.of(person, "nieuw@elders.example"))
    db.session.commit()
    before = person.address

    with transaction():
        people.mark_proven(person, "nieuw@elders.example", now=NOW.replace(day=12))

    assert (before, person.address) == (ADDRESS, "nieuw@elders.example")


def test_the_database_refuses_one_name_twice_at_one_address():
    make_person(address=ADDRESS)

    with pytest.raises(IntegrityError):
        make_person(address=ADDRESS)
    db.session.rollback()
