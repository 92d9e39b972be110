"""Vandaag: what needs somebody now, and what is coming."""

from flask import render_template

from eventapp.domain.names import fold
from eventapp.queries import linking, office
from eventapp.queries.attendance import unfixed_events
from eventapp.queries.circles import waiting_requests
from eventapp.queries.proposals import waiting_proposals
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.organiser import DOOR, EDITORS, MONEY, blueprint, door_only
from eventapp.web.organiser.shared import Answer, actor


@blueprint.get("/")
@audience(Audience.STAFF, *DOOR, reach=Reach.OWN)
def today() -> Answer:
    """The first page after signing in; a door volunteer sees the way to the doors only."""
    who = actor()
    events = office.coming_events(now=now(), own=who.own(*DOOR))
    if door_only(who):
        return render_template("organiser/today_door.html", events=events)
    concerns = office.concerns(now=now(), with_money=who.has(*MONEY))
    members = office.members_to_choose() if concerns.claims else []
    guesses = {claim.id: likely_member(claim.claimed_organisation, members) for claim in concerns.claims}
    to_link = linking.people_to_link(now=now()) if who.has(*EDITORS) else 0
    return render_template(
        "organiser/today.html",
        concerns=concerns,
        events=events,
        guesses=guesses,
        to_link=to_link,
        circle_requests=waiting_requests(None if who.has(*EDITORS) else who.circles),
        unfixed=unfixed_events(now=now()) if who.has(*EDITORS) else [],
        proposals=waiting_proposals() if who.has(*EDITORS) else 0,
    )


def likely_member(claimed: str, members: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The member somebody probably meant: the only one whose name is in what was typed, or the other way round."""
    typed = fold(claimed)
    if len(typed) < 4:
        return None
    found = [(key, name) for key, name in members if fold(name) in typed or typed in fold(name)]
    exact = [(key, name) for key, name in found if fold(name) == typed]
    candidates = exact or found
    return candidates[0] if len(candidates) == 1 else None
