"""Everything people read in Dutch that is not a template: words for codes, sentences for refusals, clauses of facts."""

from eventapp.wording.account import (
    ACCOUNT_COLUMNS,
    ACCOUNT_FIGURES,
    SHORT_FIELDS,
    account_column,
    account_row,
    year_closed,
    year_provisional,
)
from eventapp.wording.acts import ACTOR_KINDS, ACTS, SUBJECTS, act
from eventapp.wording.alarm import alarm_subject, alarm_text
from eventapp.wording.archive import archive_made, archive_put_back, archived_table, forgotten_again
from eventapp.wording.asking import *  # noqa: F403
from eventapp.wording.badges import SELECTIONS, SHEET_PROBLEMS, SHEETS, SORT_ORDERS
from eventapp.wording.calendars import EVENT_OFF, calendar_mark
from eventapp.wording.checklist import CHECK_ADVICE, CHECK_MISSING
from eventapp.wording.choosing import CHOICE_PROBLEMS, FILLED_FOR_ALL, FILLED_MEANWHILE, OWN_PLACE
from eventapp.wording.circles import *  # noqa: F403
from eventapp.wording.concerns import CONCERN_HELP, CONCERNS, URGENCIES
from eventapp.wording.copying import *  # noqa: F403
from eventapp.wording.door import *  # noqa: F403
from eventapp.wording.evaluation import *  # noqa: F403
from eventapp.wording.fields import EVENT_FIELDS, ORGANISATION_FIELDS
from eventapp.wording.filling import *  # noqa: F403
from eventapp.wording.imports import (
    FATES,
    JOB_KINDS,
    JOB_STATES,
    JOB_UNITS,
    ROW_PROBLEMS,
    imported,
    registered_already,
    row_problem,
)
from eventapp.wording.invitations import *  # noqa: F403
from eventapp.wording.invoices import *  # noqa: F403
from eventapp.wording.kinds import *  # noqa: F403
from eventapp.wording.looks import LISTS
from eventapp.wording.mail import *  # noqa: F403
from eventapp.wording.mailings import *  # noqa: F403
from eventapp.wording.merging import moving
from eventapp.wording.money import (
    BANK_REFUNDS,
    BOOKS,
    FIGURE_MEANINGS,
    FIGURES,
    FINDINGS,
    LEDGERS,
    MONEY_BACK,
    MONEY_SOURCES,
    SETTLEMENT_KINDS,
    movement,
)
from eventapp.wording.office import (
    BACKS,
    BULK_ACTS,
    BULK_OUTCOMES,
    CHOICE_FILTERS,
    COLUMNS,
    LIST_ORDERS,
    PRICE_FILTERS,
    WHEN_FILTERS,
)
from eventapp.wording.papers import *  # noqa: F403
from eventapp.wording.presence import PRESENCE, PRESENCE_KEYS, VERDICTS, presence_counts
from eventapp.wording.programme import (
    PROGRAMME_ROW_PROBLEMS,
    filling,
    no_place_for_one,
    nothing_left,
    still_left,
    waits_for,
)
from eventapp.wording.proposals import *  # noqa: F403
from eventapp.wording.reasons import lapse, membership, price_group, reason
from eventapp.wording.refusals import REFUSALS, refusal
from eventapp.wording.sharing import *  # noqa: F403

__all__ = [
    "ACCOUNT_COLUMNS",
    "ACCOUNT_FIGURES",
    "ACTOR_KINDS",
    "ACTS",
    "BACKS",
    "BANK_REFUNDS",
    "BOOKS",
    "BULK_ACTS",
    "BULK_OUTCOMES",
    "CHECK_ADVICE",
    "CHECK_MISSING",
    "CHOICE_FILTERS",
    "CHOICE_PROBLEMS",
    "COLUMNS",
    "CONCERNS",
    "CONCERN_HELP",
    "EVENT_FIELDS",
    "EVENT_OFF",
    "FATES",
    "FIGURES",
    "FIGURE_MEANINGS",
    "FILLED_FOR_ALL",
    "FILLED_MEANWHILE",
    "FINDINGS",
    "JOB_KINDS",
    "JOB_STATES",
    "JOB_UNITS",
    "LEDGERS",
    "LISTS",
    "LIST_ORDERS",
    "MONEY_BACK",
    "MONEY_SOURCES",
    "ORGANISATION_FIELDS",
    "OWN_PLACE",
    "PRESENCE",
    "PRESENCE_KEYS",
    "PRICE_FILTERS",
    "PROGRAMME_ROW_PROBLEMS",
    "REFUSALS",
    "ROW_PROBLEMS",
    "SELECTIONS",
    "SETTLEMENT_KINDS",
    "SHEETS",
    "SHEET_PROBLEMS",
    "SHORT_FIELDS",
    "SORT_ORDERS",
    "SUBJECTS",
    "URGENCIES",
    "VERDICTS",
    "WHEN_FILTERS",
    "account_column",
    "account_row",
    "act",
    "alarm_subject",
    "alarm_text",
    "archive_made",
    "archive_put_back",
    "archived_table",
    "calendar_mark",
    "filling",
    "forgotten_again",
    "imported",
    "lapse",
    "membership",
    "movement",
    "moving",
    "no_place_for_one",
    "nothing_left",
    "presence_counts",
    "price_group",
    "reason",
    "refusal",
    "registered_already",
    "row_problem",
    "still_left",
    "waits_for",
    "year_closed",
    "year_provisional",
]  # and every word of kinds
