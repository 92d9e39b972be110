"""What does the first mail say about the programme, when it is worded before anything is written?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from eventapp.domain.programme import said, spread
from eventapp.queries.choices import Part
from eventapp.queries.rounds import BreakoutOffer, RoundOffer, facts_in, rounds_of
from eventapp.services import mails


def programme_words(event_id: int, chosen: Mapping[int, int | None], *, now: datetime) -> dict[str, Any]:
    """The words `programme` and `chooses` of the mail for somebody new, as they would be read back once it is written.

    `chosen` is per round, as it was named.
    """
    rounds = rounds_of(event_id)
    open_rounds = [one for one in rounds if one.facts.open(now)]
    wanted = spread(facts_in(rounds), {one.id: chosen[one.id] for one in open_rounds if one.id in chosen})
    kept = said((one.facts for one in open_rounds), wanted) if chosen else {}
    return {
        "programme": mails.rows_of(_part(one, kept[one.id]) for one in open_rounds if one.id in kept),
        "chooses": any(one.breakouts and one.id not in kept for one in open_rounds),
    }


def _part(one: RoundOffer, breakout_id: int | None) -> Part:
    offers: dict[int | None, BreakoutOffer] = {offer.id: offer for offer in one.breakouts}
    offer = offers.get(breakout_id)
    what = (offer.title, offer.room, offer.slug) if offer else ("", "", "")
    return Part(one.id, one.title, one.starts_at, one.ends_at, *what, speaks=False, cancelled=False)
