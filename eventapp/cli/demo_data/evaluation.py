"""What people of the demo thought of what is over: of one event enough of them to show, of the others too few."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.evaluation import GRADE, RECOMMEND, REMARK, OwnKind, OwnQuestion, Plan, Reply, own_item
from eventapp.domain.questions import NO, YES
from eventapp.extensions import db
from eventapp.models import Event, MailState, OutboxMail
from eventapp.queries.evaluation import not_thanked
from eventapp.services import evaluating, thanking

_OFFICE = Actor("staff", "Cor Coördinator")
_DURATION = ("Te kort", "Precies goed", "Te lang")
_PLAN = Plan(named=True, questions=(OwnQuestion(OwnKind.CHOICE, "Hoe vond u de duur?", _DURATION),))
_GRADES = (8, 7, 9, 8, 8, 6, 10, 7, 8, 9, 4, 8)
_REMARKS = {
    0: "Fijn dat er tijd was om met elkaar te praten.",
    3: "Graag de voorbeelden van afspraken ook per mail.",
    5: "De zaal was erg warm.",
    6: "Inspirerend! Het verhaal van de ouders bleef mij het meest bij.",
    10: "Te veel over techniek, te weinig over kinderen.",
}
_FEW = 3


def evaluate(*, now: datetime) -> None:
    """Within the transaction of the load: of what is fixed the last one has twelve answers, the others three."""
    fixed = sa.select(Event).where(Event.presence_fixed_at.is_not(None)).order_by(Event.ends_at.desc())
    for nth, event in enumerate(db.session.scalars(fixed).all()):
        at = min(event.ends_at + timedelta(days=1, hours=1), now)
        plan = Plan() if nth else _PLAN
        evaluating.set_plan(event.id, plan, version=0, by=_OFFICE, now=at)
        thanking.thank(event.id, not_thanked(event.id), now=at)
        for number, token in enumerate(_delivered(event, at)[: _FEW if nth else len(_GRADES)]):
            evaluating.answer(token, _reply(number, plan), now=at)


def _delivered(event: Event, at: datetime) -> list[str]:
    """The links of the mails, which arrived at the time."""
    written = sa.select(OutboxMail).where(OutboxMail.kind == "thanks", OutboxMail.event_id == event.id)
    links = []
    for mail in db.session.scalars(written.order_by(OutboxMail.id)):
        mail.state, mail.sent_at, mail.next_try_at = MailState.SENT, at, None
        links += [part.split()[0] for part in mail.text.split("/evaluatie/")[1:]]
    return links


def _reply(number: int, plan: Plan) -> Reply:
    grade = _GRADES[number]
    counted = {GRADE: str(grade), RECOMMEND: YES if grade > 6 else NO}
    counted |= {own_item(place): _DURATION[number % 3] for place, _question in enumerate(plan.questions, start=1)}
    return Reply(counted, {REMARK: _REMARKS.get(number, "")}, named=number == 3)
