"""What ambassadors propose: take it over as a draft, ask, or say no."""

from flask import flash, render_template
from wtforms.validators import DataRequired

from eventapp.domain.errors import NotFound
from eventapp.domain.looks import PeopleList
from eventapp.domain.proposals import OPEN
from eventapp.models import EventProposal
from eventapp.queries import logbook
from eventapp.queries.proposals import open_proposals, proposal_by_id, settled_proposals
from eventapp.services import proposing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, at_most, checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.questions import LongText

_PATH = "/evenementen/voorstellen/<int:proposal_id>"
_NOT_TOO_LONG = at_most(2000)


class QuestionForm(DutchForm):
    text = LongText("Uw vraag of opmerking", [DataRequired("Vul in wat u wilt weten."), _NOT_TOO_LONG])


class DeclineForm(DutchForm):
    reason = LongText("Waarom niet?", [DataRequired("Vul in waarom; dat krijgt de indiener te lezen."), _NOT_TOO_LONG])


@blueprint.get("/evenementen/voorstellen", endpoint="event_proposals")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.PROPOSALS)
def list_of_proposals() -> Answer:
    """What waits, and what became of the others."""
    waiting, settled = open_proposals(), settled_proposals()
    names_people(len(waiting) + len(settled))
    return render_template("organiser/proposals.html", waiting=waiting, settled=settled)


@blueprint.get(_PATH, endpoint="event_proposal")
@audience(Audience.STAFF, *EDITORS)
def one_proposal(proposal_id: int) -> Answer:
    """One proposal, with what was said about it and what can be done."""
    return _page(_found(proposal_id))


@blueprint.post(f"{_PATH}/overname")
@audience(Audience.STAFF, *EDITORS)
def proposal_taking_over(proposal_id: int) -> Answer:
    """Make a draft of it."""
    slug = proposing.take_over(proposal_id, by=actor(), now=now())
    flash(
        "Het voorstel is nu een concept. De indiener heeft bericht gekregen; publiceren doet u als alles klopt.", "good"
    )
    return back_to("event", slug=slug)


@blueprint.post(f"{_PATH}/vraag")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def proposal_question(proposal_id: int) -> Answer:
    """Ask the proposer something."""
    form = QuestionForm()
    if not form.validate():
        return _page(_found(proposal_id), question=form), 422
    proposing.ask(proposal_id, form.text.data, by=actor(), now=now())
    flash("Uw vraag is gemaild.", "good")
    return back_to("event_proposal", proposal_id=proposal_id)


@blueprint.post(f"{_PATH}/afwijzing")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def proposal_refusal(proposal_id: int) -> Answer:
    """Say no, with the reason."""
    form = DeclineForm()
    if not form.validate():
        return _page(_found(proposal_id), refusal=form), 422
    proposing.decline(proposal_id, form.reason.data, by=actor(), now=now())
    flash("Het voorstel is afgewezen; de indiener heeft bericht gekregen.", "good")
    return back_to("event_proposals")


def _found(proposal_id: int) -> EventProposal:
    found = proposal_by_id(proposal_id)
    if found is None:
        raise NotFound()
    return found


def _page(found: EventProposal, *, question: QuestionForm | None = None, refusal: DeclineForm | None = None) -> str:
    return render_template(
        "organiser/proposal.html",
        proposal=found,
        open=found.state in OPEN,
        question=question or QuestionForm(formdata=None),
        refusal=refusal or DeclineForm(formdata=None),
        log=logbook.of("proposal", found.id),
    )
