"""How somebody stands at a meeting, for everything that can be known of them."""

from dataclasses import replace

import pytest

from eventapp.domain.presence import (
    SETTABLE,
    WAS_THERE,
    PresenceStatus,
    Seen,
    counted,
    fingerprint,
    is_no_show,
    status_of,
)

S = PresenceStatus
CAME = Seen(came=True)
GONE = Seen(expected=False)

AFTERWARDS = [
    ("came through a door", replace(CAME, at_door=True), S.AANWEZIG),
    ("was marked as present", CAME, S.AANWEZIG),
    ("joined by video", replace(CAME, by_video=True), S.ONLINE),
    ("said to join by video, and stood at the door", replace(CAME, by_video=True, at_door=True), S.AANWEZIG),
    ("came as a guest", replace(CAME, guest=True), S.GAST),
    ("came as a guest, by video", replace(CAME, guest=True, by_video=True), S.GAST),
    ("came as an observer", replace(CAME, observer=True), S.WAARNEMEND),
    ("an observer who is a guest too", replace(CAME, observer=True, guest=True), S.WAARNEMEND),
    ("came although withdrawn", replace(CAME, expected=False), S.AANWEZIG),
    ("came although withdrawn on the day", replace(CAME, expected=False, on_the_day=True), S.AANWEZIG),
    ("came although they said not to", replace(CAME, expected=False, told=True), S.AANWEZIG),
    ("stayed away", Seen(), S.AFWEZIG),
    ("a guest who stayed away", Seen(guest=True), S.AFWEZIG),
    ("an observer who stayed away", Seen(observer=True), S.AFWEZIG),
    ("registered anew after saying no", Seen(told=True), S.AFWEZIG),
    ("withdrew on the day", replace(GONE, on_the_day=True), S.OP_DE_DAG),
    ("said so on the day, as a member", replace(GONE, on_the_day=True, told=True), S.OP_DE_DAG),
    ("said so beforehand, as a member", replace(GONE, told=True), S.MET_BERICHT),
    ("withdrew in time", GONE, None),
    ("was corrected", replace(CAME, corrected=S.MET_BERICHT), S.MET_BERICHT),
    ("was corrected after withdrawing", replace(GONE, corrected=S.ONLINE), S.ONLINE),
]


@pytest.mark.parametrize(("seen", "status"), [case[1:] for case in AFTERWARDS], ids=[case[0] for case in AFTERWARDS])
def test_how_somebody_stood_once_it_is_over(seen: Seen, status: PresenceStatus | None) -> None:
    assert status_of(seen, over=True) == status


@pytest.mark.parametrize(("seen", "status"), [case[1:] for case in AFTERWARDS], ids=[case[0] for case in AFTERWARDS])
def test_until_then_who_did_not_come_is_expected_and_the_rest_is_the_same(
    seen: Seen, status: PresenceStatus | None
) -> None:
    assert status_of(seen, over=False) == (S.VERWACHT if status == S.AFWEZIG else status)


def test_only_a_yes_that_stays_away_is_a_no_show() -> None:
    found = {(status, yes) for status in [None, *S] for yes in (True, False) if is_no_show(status, promised=yes)}

    assert found == {(S.AFWEZIG, True)}


def test_everybody_can_be_set_to_anything_but_expected() -> None:
    assert set(SETTABLE) == set(S) - {S.VERWACHT}
    assert set(SETTABLE) - WAS_THERE == {S.MET_BERICHT, S.OP_DE_DAG, S.AFWEZIG}


def test_statuses_are_counted_in_their_own_order() -> None:
    counts = counted([S.AFWEZIG, None, S.AANWEZIG, S.AFWEZIG])

    assert list(counts.items()) == [(S.AANWEZIG, 1), (S.AFWEZIG, 2)]


def test_a_fingerprint_sees_one_status_and_nothing_of_who_is_not_listed() -> None:
    seen = fingerprint({1: S.AANWEZIG, 2: S.AFWEZIG, 3: None})

    assert seen == fingerprint({2: S.AFWEZIG, 1: S.AANWEZIG})
    assert seen != fingerprint({1: S.AANWEZIG, 2: S.AANWEZIG})
    assert seen != fingerprint({1: S.AFWEZIG, 2: S.AANWEZIG})
