"""The association's settings: text in the database, typed in use, neutral by default."""

from eventapp.domain.association import Association


def test_without_settings_the_defaults_hold():
    assert Association.from_settings({}) == Association()


def test_stored_settings_win_and_numbers_become_numbers():
    association = Association.from_settings({"name": "Vereniging Voorbeeld", "hold_days": "5"})

    assert (association.name, association.hold_days, association.payment_hold_hours) == ("Vereniging Voorbeeld", 5, 24)


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
