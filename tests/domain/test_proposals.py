"""What becomes of a proposal, how many one person may have, and the draft that is made of it."""

from datetime import datetime

import pytest

from eventapp.domain.errors import ProposalSettled, TooManyProposals
from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.pricing import Admission
from eventapp.domain.proposals import (
    MOST_OPEN,
    OPEN,
    PROPOSED_KINDS,
    Proposal,
    ProposalState,
    WhoPays,
    check_not_too_many,
    check_open,
    drafted,
)
from eventapp.domain.times import AMSTERDAM

WAITING, DECLINED = ProposalState.WAITING, ProposalState.DECLINED


def proposal(kind: EventKind) -> Proposal:
    begins = datetime(2027, 3, 27, 23, 30, tzinfo=AMSTERDAM)
    ends = datetime(2027, 3, 28, 4, 0, tzinfo=AMSTERDAM)
    return Proposal("Titel", kind, EventForm.HYBRIDE, begins, ends, "Zwolle", "Iedereen", "Tekst", WhoPays.PARTICIPANTS)


@pytest.mark.parametrize("state", ProposalState)
def test_only_what_is_open_can_be_decided_about(state):
    if state in OPEN:
        check_open(state)
    else:
        with pytest.raises(ProposalSettled):
            check_open(state)


@pytest.mark.parametrize(
    ("states", "lately", "fine"),
    [
        ([], 0, True),
        ([WAITING] * (MOST_OPEN - 1), 0, True),
        ([WAITING] * MOST_OPEN, 0, False),
        ([ProposalState.ASKED] * MOST_OPEN, 0, False),
        ([DECLINED] * 40, 4, True),
        ([ProposalState.WITHDRAWN] * 5, 5, False),
    ],
)
def test_so_many_wait_or_came_within_a_day_and_no_more(states, lately, fine):
    if fine:
        check_not_too_many(states, lately=lately)
    else:
        with pytest.raises(TooManyProposals):
            check_not_too_many(states, lately=lately)


@pytest.mark.parametrize("kind", PROPOSED_KINDS)
def test_the_draft_says_what_was_proposed_and_asks_no_money(kind):
    wanted = proposal(kind)

    details = drafted(wanted)

    assert (details.title, details.kind, details.form) == ("Titel", kind, EventForm.HYBRIDE)
    assert (details.starts_at, details.ends_at, details.venue) == (wanted.starts_at, wanted.ends_at, "Zwolle")
    assert details.description == "Tekst\n\nVoor wie: Iedereen"
    assert not details.invoice_allowed
    assert Admission.PRIJS not in {line.admission for line in details.prices}
