"""Everything people read in Dutch that is not a template: words for codes, sentences for refusals, clauses of facts."""

from eventapp.wording.asking import *  # noqa: F403
from eventapp.wording.choosing import CHOICE_PROBLEMS, FILLED_FOR_ALL, FILLED_MEANWHILE
from eventapp.wording.imports import FATES, JOB_KINDS, JOB_STATES, ROW_PROBLEMS, imported, row_problem
from eventapp.wording.invitations import *  # noqa: F403
from eventapp.wording.invoices import *  # noqa: F403
from eventapp.wording.kinds import *  # noqa: F403
from eventapp.wording.merging import moving
from eventapp.wording.money import FIGURE_MEANINGS, FIGURES, MONEY_SOURCES, movement
from eventapp.wording.programme import PROGRAMME_ROW_PROBLEMS, filling, nothing_left, waits_for
from eventapp.wording.reasons import lapse, membership, price_group, reason
from eventapp.wording.refusals import REFUSALS, refusal

__all__ = [
    "CHOICE_PROBLEMS",
    "FATES",
    "FIGURES",
    "FIGURE_MEANINGS",
    "FILLED_FOR_ALL",
    "FILLED_MEANWHILE",
    "JOB_KINDS",
    "JOB_STATES",
    "MONEY_SOURCES",
    "PROGRAMME_ROW_PROBLEMS",
    "REFUSALS",
    "ROW_PROBLEMS",
    "filling",
    "imported",
    "lapse",
    "membership",
    "movement",
    "moving",
    "nothing_left",
    "price_group",
    "reason",
    "refusal",
    "row_problem",
    "waits_for",
]  # and every word of kinds
