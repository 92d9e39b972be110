"""Everything people read in Dutch that is not a template: words for codes, sentences for refusals, clauses of facts."""

from eventapp.wording.kinds import *  # noqa: F403
from eventapp.wording.reasons import membership, price_group, reason
from eventapp.wording.refusals import REFUSALS, refusal

__all__ = ["REFUSALS", "membership", "price_group", "reason", "refusal"]  # and every word of kinds
