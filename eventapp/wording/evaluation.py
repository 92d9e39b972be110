"""The Dutch words of evaluations: questions, answers, and the figures that come of them."""

from eventapp.domain.evaluation import GRADE, RECOMMEND, REMARK, OwnKind, Plan, own_item

__all__ = ["EVALUATION_ITEMS", "OWN_KINDS", "SCALE_ENDS", "decimal", "evaluation_labels"]

OWN_KINDS = {
    OwnKind.OPEN: "Open vraag",
    OwnKind.SCALE: "Van 1 tot en met 5",
    OwnKind.CHOICE: "Keuze: één antwoord",
}
EVALUATION_ITEMS = {
    GRADE: "Welk cijfer geeft u deze bijeenkomst?",
    RECOMMEND: "Zou u deze bijeenkomst aan een collega aanbevelen?",
    REMARK: "Wat wilt u ons nog zeggen?",
}
SCALE_ENDS = "1 is laag, 5 is hoog."


def evaluation_labels(plan: Plan) -> dict[str, str]:
    """Every question of an evaluation in words, those of the event too."""
    own = {own_item(place): question.label for place, question in enumerate(plan.questions, start=1)}
    return {**EVALUATION_ITEMS, **own}


def decimal(tenths: int) -> str:
    """For example "7,8"."""
    return f"{tenths // 10},{tenths % 10}"
