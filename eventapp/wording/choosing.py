"""The Dutch words of choosing breakouts and of waiting."""

from eventapp.domain.programme import Problem

CHOICE_PROBLEMS = {
    Problem.MISSING: "Kies een deelsessie.",
    Problem.UNKNOWN: "Deze deelsessie is er niet (meer) in deze ronde; kies een andere.",
    Problem.CANCELLED: "Deze deelsessie gaat niet door; kies een andere.",
    Problem.TWICE: "Dit is dezelfde deelsessie als in een andere ronde; kies een andere.",
    Problem.EXCLUDED: "Deze deelsessie gaat niet samen met uw keuze in een andere ronde.",
    Problem.OVERLAPS: "Een deelsessie uit een andere ronde loopt hier door; kies daarbij passend.",
    Problem.SPEAKS: "In deze ronde spreekt u zelf.",
}
OWN_PLACE = "vol, u heeft een plaats"
FILLED_MEANWHILE = "Intussen vol, kies een andere."
FILLED_FOR_ALL = "Niet genoeg plaats voor iedereen; kies een andere, of laat uw collega's zelf kiezen."
