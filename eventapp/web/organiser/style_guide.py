"""The style guide: every colour, size and macro of the pages, with words as they really occur."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import render_template

from config import ROOT
from eventapp.domain.evaluation import OwnKind, OwnQuestion, Plan
from eventapp.domain.events import EventForm
from eventapp.domain.places import Places
from eventapp.domain.pricing import Category
from eventapp.domain.programme import BreakoutFacts, RoundFacts
from eventapp.domain.questions import Asked, QuestionKind
from eventapp.models import Question
from eventapp.queries.rounds import BreakoutOffer, RoundOffer
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.evaluation import ReplyForm, reply_form
from eventapp.web.organiser import DOOR, blueprint
from eventapp.web.organiser.forms.invoice import BuyerForm
from eventapp.web.organiser.forms.style_guide import StyleGuideForm
from eventapp.web.personal import PersonalForm
from eventapp.web.programme import ChoosingForm, with_rounds
from eventapp.web.questions import asking

_BEGIN = datetime(2027, 4, 14, 9, 15, tzinfo=UTC)
_WHO = Asked(Category.LID, EventForm.FYSIEK)


@blueprint.get("/stijlgids")
@audience(Audience.STAFF, *DOOR, reach=Reach.OWN)
def style_guide() -> str:
    """Everything that pages are built of, in every state."""
    wrong, right = StyleGuideForm(prefix="fout-"), StyleGuideForm()
    wrong.validate()
    return render_template(
        "shared/styleguide.html",
        colours=_colours(),
        form=right,
        wrong=wrong,
        buyer=BuyerForm(),
        personal=_personal(),
        choosing=_choosing(),
        replying=_replying(),
        erased_on=date(2027, 4, 28),
    )


@lru_cache(maxsize=1)
def _colours() -> list[tuple[str, str, str]]:
    """Role, value in the light and value in the dark, as the style sheet has them."""
    sheet = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, dark = (
        dict(
            re.findall(
                r"--([\w-]+): (#[0-9a-f]{6});", sheet.partition(f'[data-theme="{theme}"] {{')[2].partition("}")[0]
            )
        )
        for theme in ("light", "dark")
    )
    return [(role, colour, dark[role]) for role, colour in light.items()]


def _personal() -> PersonalForm:
    """Questions of every kind, one of them answered badly, and needs."""
    asked = [
        _question(1, QuestionKind.CHOICE, "Hoe komt u?", options=["Met de trein", "Met de auto", "Op de fiets"]),
        _question(
            2, QuestionKind.MULTIPLE, "Waarover praat u mee?", options=["Pedagogiek", "Hr en financiën", "Huisvesting"]
        ),
        _question(3, QuestionKind.YES_NO, "Blijft u eten?", required=True),
        _question(4, QuestionKind.NUMBER, "Hoeveel jaar werkt u in een kindcentrum?", help="In hele jaren."),
        _question(5, QuestionKind.TEXT, "Wat wilt u kwijt?", required=True),
    ]
    form = asking(PersonalForm, asked, _WHO)
    form["vraag-5"].errors = ["Beantwoord deze vraag."]
    return form


def _question(number: int, kind: QuestionKind, label: str, **more: Any) -> Question:
    usual = {"required": False, "help": "", "options": [], "categories": "", "depends_values": [], "version": 1}
    return Question(id=number, position=number, kind=kind, label=label, **{**usual, **more})


def _choosing() -> ChoosingForm:
    """A round to choose in, one that may be left open and one in which all is full."""
    rounds = (
        RoundOffer(
            1, "Ronde 1", _BEGIN, _BEGIN + timedelta(minutes=45), RoundFacts(1), (_offer(1, 1, 12), _offer(2, 1, 0))
        ),
        RoundOffer(
            2,
            "Ronde 2",
            _BEGIN + timedelta(hours=1),
            _BEGIN + timedelta(hours=2),
            RoundFacts(2, optional=True),
            (_offer(3, 2, 3),),
        ),
    )
    form: ChoosingForm = with_rounds(ChoosingForm, rounds)(data={"ronde-1": "1"})
    return form


def _offer(number: int, round_id: int, left: int) -> BreakoutOffer:
    title, speaker = _BREAKOUTS[number - 1]
    return BreakoutOffer(
        id=number,
        slug=f"deelsessie-{number}",
        title=title,
        room="zaal 3",
        speakers=speaker,
        description="Wat vraagt dat van u als bestuurder? Met voorbeelden uit drie kindcentra.",
        for_whom="",
        materials_url="",
        facts=BreakoutFacts(number, frozenset({round_id})),
        places=Places(30, 30 - left),
    )


_BREAKOUTS = (
    ("Eén cao, kan dat?", "Ĳsbrand d'Ancona"),
    ("Rekenen met één begroting voor opvang en onderwijs", "Fatma Yıldız"),
    ("Ouders als bondgenoot", "prof. dr. A. de la Fuente-El Idrissi"),
)


def _replying() -> ReplyForm:
    own = (OwnQuestion(OwnKind.SCALE, "De zaal was goed bereikbaar"), OwnQuestion(OwnKind.OPEN, "Wat neemt u mee?"))
    return reply_form(Plan(named=True, questions=own))
