"""The association's settings: text in the database, typed in use, neutral by default."""

from datetime import UTC, date, datetime

import pytest

from eventapp.domain.association import Association, MembershipDay, origin_of


def test_without_settings_the_defaults_hold():
    assert Association.from_settings({}) == Association()


def test_stored_settings_win_and_numbers_become_numbers():
    association = Association.from_settings({"name": "Vereniging Voorbeeld", "hold_days": "5"})

    assert (association.name, association.hold_days, association.payment_hold_hours) == ("Vereniging Voorbeeld", 5, 24)


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ({}, date(2027, 4, 15)),
        ({"membership_on": "event"}, date(2027, 4, 15)),
        ({"membership_on": "booking"}, date(2027, 2, 1)),
    ],
)
def test_membership_counts_on_the_day_of_the_event_unless_the_office_chose_that_of_booking(stored, day):
    """Both moments are just past midnight in Amsterdam."""
    starts_at, booked_at = datetime(2027, 4, 14, 22, 5, tzinfo=UTC), datetime(2027, 1, 31, 23, 5, tzinfo=UTC)

    assert Association.from_settings(stored).membership_day(starts_at=starts_at, booked_at=booked_at) == day


def test_the_day_that_counts_is_one_of_two():
    assert Association.from_settings({"membership_on": "booking"}).membership_on is MembershipDay.BOOKING
    with pytest.raises(ValueError):
        Association.from_settings({"membership_on": "payday"})


def test_a_setting_that_no_longer_exists_is_ignored():
    assert Association.from_settings({"gone": "x"}) == Association()


def test_the_default_holds_nobodys_registration_numbers():
    association = Association()

    assert [association.kvk, association.rsin, association.iban, association.btw_id] == ["", "", "", ""]


def test_the_postal_address_is_one_line_without_gaps():
    full = Association(street="Voorbeeldstraat 1", postcode="1234 AB", city="Voorbeeldstad")

    assert full.postal_address == "Voorbeeldstraat 1, 1234 AB Voorbeeldstad"
    assert Association(city="Voorbeeldstad").postal_address == "Voorbeeldstad"
    assert Association().postal_address == ""


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.vnk.example", "https://www.vnk.example"),
        ("https://www.VNK.example/over?x=1", "https://www.vnk.example"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
        ("https://leden.example:8443#top", "https://leden.example:8443"),
        ("https://a.example;script-src", ""),
        ("https://a.example, https://b.example", ""),
        ("https://*.example", ""),
        ("https://user@a.example", ""),
        ("https://a.example:", ""),
        ("javascript:alert(1)", ""),
        ("//a.example", ""),
        ("a.example", ""),
        ("'self'", ""),
        ("", ""),
    ],
)
def test_a_site_is_an_origin_or_nothing(address, origin):
    assert origin_of(address) == origin


def test_the_own_site_comes_first_and_once():
    association = Association(website="https://vnk.example/", embed_sites="https://x.example * https://vnk.example")

    assert association.embedding_sites == ("https://vnk.example", "https://x.example")
    assert Association().embedding_sites == ()
