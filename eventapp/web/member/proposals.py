"""What an ambassador proposes to hold: the form, what became of it, and answering a question about it."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError, NoAmbassador, NotFound
from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.proposals import PROPOSED_KINDS, Proposal, ProposalState, WhoPays
from eventapp.domain.times import local_date
from eventapp.models import EventProposal, Person
from eventapp.queries.proposals import ambassadors_at, proposal_at, proposals_at
from eventapp.services import proposing
from eventapp.web.access import Audience, audience, current_address
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, LocalDateTimeField, StrippedString, at_most, checks_own_csrf, choices
from eventapp.web.member import blueprint
from eventapp.web.questions import LongText

Answer = Response | str | tuple[str, int]


class ProposalForm(DutchForm):
    """As little as the office needs to say yes, ask, or say no."""

    person = SelectField("Wie stelt dit voor?", choices=[], validate_choice=True)
    title = StrippedString("Titel", [DataRequired(wording.TITLE_MISSING), at_most(200)])
    kind = SelectField("Soort", choices=choices({kind: wording.KINDS[kind] for kind in PROPOSED_KINDS}))
    starts_at = LocalDateTimeField("Begin", [InputRequired("Vul in wanneer het begint.")])
    ends_at = LocalDateTimeField("Einde", [InputRequired("Vul in wanneer het afloopt.")])
    form = RadioField("Vorm", choices=choices(wording.FORMS), default=EventForm.FYSIEK.value)
    place = StrippedString("Waar", [at_most(200)])
    for_whom = StrippedString("Voor wie is het?", [DataRequired("Vul in voor wie het is."), at_most(300)])
    text = LongText("Waar gaat het over?", [DataRequired("Vertel waar het over gaat."), at_most(5000)])
    pays = RadioField("Wie betaalt wat het kost?", choices=choices(wording.WHO_PAYS), default=WhoPays.NOBODY.value)

    def offer(self, people: list[Person]) -> None:
        """Who of this mailbox can propose."""
        self.person.choices = [(str(one.id), _name(one)) for one in people]

    def validate_starts_at(self, field: LocalDateTimeField) -> None:
        if field.data and field.data <= now():
            raise ValidationError("Dit moment is al voorbij.")

    def validate_ends_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(wording.ENDS_BEFORE_BEGIN)

    def validate_place(self, field: StrippedString) -> None:
        if self.form.data != EventForm.ONLINE and not field.data:
            raise ValidationError("Vul in waar het is, of kies online.")

    def read(self) -> Proposal:
        """What was filled in; only after `validate`."""
        starts_at, ends_at = self.starts_at.data, self.ends_at.data
        assert isinstance(starts_at, datetime) and isinstance(ends_at, datetime)
        return Proposal(
            title=self.title.data,
            kind=EventKind(self.kind.data),
            form=EventForm(self.form.data),
            starts_at=starts_at,
            ends_at=ends_at,
            place="" if self.form.data == EventForm.ONLINE else self.place.data,
            for_whom=self.for_whom.data,
            text=self.text.data,
            pays=WhoPays(self.pays.data),
        )


class AnswerForm(DutchForm):
    text = LongText("Uw antwoord", [DataRequired("Vul uw antwoord in."), at_most(2000)])


@blueprint.get("/mijn/voorstellen")
@audience(Audience.MEMBER)
def proposals() -> str:
    """What was proposed from this address, and how it stands."""
    return render_template(
        "member/proposals.html", proposals=proposals_at(_address()), may_propose=bool(_ambassadors())
    )


@blueprint.route("/mijn/voorstellen/nieuw", methods=["GET", "POST"])
@audience(Audience.MEMBER)
@checks_own_csrf
def new_proposal() -> Answer:
    """A short form, for who is an ambassador today."""
    people = _ambassadors()
    if not people:
        raise NoAmbassador()
    form = ProposalForm()
    form.offer(people)
    if not form.is_submitted():
        form.person.data = str(people[0].id)
    elif form.validate():
        try:
            made = proposing.propose(_address(), int(form.person.data), form.read(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Dank u wel. Uw voorstel is verstuurd; u krijgt een mail zodra er iets verandert.", "good")
            return redirect(url_for("member.proposal", proposal_id=made), 303)
    page = render_template("member/proposal_new.html", form=form, several=len(form.person.choices) > 1)
    return page, 422 if form.errors else 200


@blueprint.get("/mijn/voorstellen/<int:proposal_id>")
@audience(Audience.MEMBER)
def proposal(proposal_id: int) -> str:
    """One proposal, with what was said about it."""
    return _page(_own(proposal_id), AnswerForm(formdata=None))


@blueprint.post("/mijn/voorstellen/<int:proposal_id>/antwoord")
@audience(Audience.MEMBER)
@checks_own_csrf
def proposal_answer(proposal_id: int) -> Answer:
    """Answer what the office asked, or say something more."""
    found, form = _own(proposal_id), AnswerForm()
    if not form.validate():
        return _page(found, form), 422
    proposing.answer(proposal_id, form.text.data, by=_actor(found), now=now())
    flash("Uw antwoord is verstuurd.", "good")
    return redirect(url_for("member.proposal", proposal_id=proposal_id), 303)


@blueprint.post("/mijn/voorstellen/<int:proposal_id>/intrekking")
@audience(Audience.MEMBER)
def proposal_withdrawal(proposal_id: int) -> Response:
    """Not after all."""
    proposing.withdraw(proposal_id, by=_actor(_own(proposal_id)), now=now())
    flash("Uw voorstel is ingetrokken.", "good")
    return redirect(url_for("member.proposals"), 303)


def _page(found: EventProposal, form: AnswerForm) -> str:
    if found.state == ProposalState.WAITING:
        form.text.label.text = "Wilt u nog iets toevoegen?"
    return render_template("member/proposal.html", proposal=found, form=form)


def _address() -> str:
    """The guard let nobody pass without one."""
    address = current_address()
    assert address is not None
    return address


def _ambassadors() -> list[Person]:
    return list(ambassadors_at(_address(), on=local_date(now())))


def _own(proposal_id: int) -> EventProposal:
    found = proposal_at(_address(), proposal_id)
    if found is None:
        raise NotFound()
    return found


def _actor(found: EventProposal) -> Actor:
    return Actor("person", found.address, found.person_id)


def _name(person: Person) -> str:
    return formatting.full_name(person.given_name, person.infix, person.family_name)
