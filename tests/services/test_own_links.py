""" "Stuur mij mijn link": who is registered gets it, who is not hears so, and nobody else can tell the two apart."""

from datetime import timedelta

import pytest

from eventapp.domain.errors import NotFound, TooManyRequests
from eventapp.domain.limits import LIMITS
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.services import own_links
from tests.factories import NOW, make_event, make_person, make_registration
from tests.reading import last_mail, mails
from tests.services.test_signing_in import statements_of

pytestmark = pytest.mark.usefixtures("app")
ADDRESS, STRANGER = "marieke@zonnevlinder.example", "nieuw@zonnevlinder.example"
BOOKED = "fatma@zonnevlinder.example"


def ask(event, address=ADDRESS, *, visitor_key="", minutes=0) -> None:
    own_links.send(event.id, address, visitor_key=visitor_key, now=NOW + timedelta(minutes=minutes))


def test_the_link_goes_to_the_address_once_an_hour():
    registration = make_registration(make_event(), make_person(address=ADDRESS))

    for minutes in (0, 59, 61):
        ask(registration.event, minutes=minutes)

    assert mails() == [("my_link", ADDRESS)] * 2
    assert registration.order.token in last_mail("my_link").text


def test_one_mail_for_everybody_at_a_shared_mailbox_and_this_event_only():
    event, other = make_event(), make_event()
    orders = [
        make_registration(event, make_person("Marieke", address=ADDRESS)).order,
        make_registration(event, make_person("Fatma", "", "Yıldız", address=ADDRESS)).order,
    ]
    elsewhere = make_registration(other, make_person("Suharti", "", "", address=ADDRESS)).order

    ask(event)

    text = last_mail("my_link").text
    assert len(mails()) == 1
    assert ([order.token in text for order in orders], elsewhere.token in text) == ([True, True], False)


@pytest.mark.parametrize("state", [None, State.CANCELLED, State.EXPIRED])
def test_an_address_without_a_registration_hears_so_once_an_hour(state):
    event = make_event()
    if state:
        make_registration(event, make_person(address=ADDRESS), state=state)

    for minutes in (0, 59, 61):
        ask(event, minutes=minutes)

    assert mails() == [("my_link_unknown", ADDRESS)] * 2
    assert "/bestelling/" not in last_mail("my_link_unknown").text + last_mail("my_link_unknown").html


def test_who_is_registered_and_a_stranger_cost_the_same_statements(app):
    own = make_registration(make_event(), make_person(address=ADDRESS))
    booked = make_registration(own.event, make_person("Fatma", address=BOOKED))
    booked.order.booker, booked.order.address = own.person, ADDRESS
    db.session.commit()
    event_id = own.event_id

    def asks(address: str) -> list[str]:
        db.session.expunge_all()
        return statements_of(lambda: own_links.send(event_id, address, visitor_key="v", now=NOW))

    asks("eerste@zonnevlinder.example")
    told = [asks(address) for address in (ADDRESS, BOOKED, STRANGER)]

    assert told[0] == told[1] == told[2]
    assert mails()[1:] == [("my_link", ADDRESS), ("my_link", BOOKED), ("my_link_unknown", STRANGER)]


@pytest.mark.parametrize("registered", [True, False])
def test_a_mailbox_is_mailed_about_five_events_an_hour(registered):
    most = LIMITS["my_link_to_mailbox"].most
    events = [make_event() for _ in range(most + 1)]
    if registered:
        make_registration(events[0], make_person(address=ADDRESS))
    for event in events[:most]:
        ask(event)

    with pytest.raises(TooManyRequests):
        ask(events[most], minutes=59)

    ask(events[most], "ander@zonnevlinder.example", minutes=59)
    ask(events[most], minutes=61)
    assert len(mails()) == most + 2


def test_a_visitor_asks_for_a_whole_school_and_then_has_to_wait():
    event, most = make_event(), LIMITS["my_link_by_visitor"].most
    for n in range(most):
        ask(event, f"n{n}@zonnevlinder.example", visitor_key="school")

    with pytest.raises(TooManyRequests):
        ask(event, visitor_key="school", minutes=9)

    ask(event, visitor_key="elsewhere", minutes=9)
    ask(event, STRANGER, visitor_key="school", minutes=11)
    assert (most >= 60, len(mails())) == (True, most + 2)


def test_an_unknown_event_is_not_found():
    with pytest.raises(NotFound):
        own_links.send(4711, ADDRESS, visitor_key="", now=NOW)
