"""What a phone's list calls a ticket, and how a version tells what changed."""

import hashlib

import pytest

from eventapp.domain.roster import Version, door_id, read_version, version_of

ROWS = [(f"{number:02x}" + "0" * 30, f"wie {number}") for number in range(200)]


def test_ticket_is_called_by_the_first_sixteen_bytes_of_its_digest():
    expected = hashlib.sha256(b"door-id|themadag-2027|T0123456789ABCDEFGHJ").hexdigest()[:32]

    assert door_id("themadag-2027", "T0123456789ABCDEFGHJ") == expected


def test_version_follows_from_the_rows_in_whatever_order():
    assert version_of(ROWS) == version_of(reversed(ROWS))


def test_version_survives_being_sent():
    version = version_of(ROWS)

    assert read_version(str(version)) == version


@pytest.mark.parametrize(
    ("rows", "changed"),
    [
        (ROWS, set()),
        ([*ROWS[:-1], (ROWS[-1][0], "anders")], {"c7"}),
        (ROWS[1:], {"00"}),
        ([*ROWS, ("ff" + "1" * 30, "nieuw")], {"ff"}),
        ([], {f"{number:02x}" for number in range(200)}),
    ],
    ids=["nothing", "changed", "gone", "new", "all"],
)
def test_parts_that_differ_are_told(rows, changed):
    assert version_of(rows).changed_since(version_of(ROWS)) == changed


@pytest.mark.parametrize("text", ["", "17", "abc.def", "é.é", "x." + "A" * 1020, str(Version("0", b"x" * 12))])
def test_what_is_no_version_of_ours_is_none(text):
    assert read_version(text) is None
