"""Which refusals does making a programme know: rounds, breakouts, who speaks, and the division of the places?"""

from eventapp.domain.errors.base import DomainError


class ProgrammeInUse(DomainError):
    """A round that has breakouts, or a breakout that somebody chose or waits for, cannot just go."""

    code = "programme_in_use"


class RoundOutsideEvent(DomainError):
    """A round lies between the begin and the end of its event."""

    code = "round_outside_event"


class SpeaksElsewhere(DomainError):
    """Somebody stands in front in one place at a time. Facts: `title`, of the other breakout."""

    code = "speaks_elsewhere"


class PoolsTooLarge(DomainError):
    """The parts are more than the event has. Facts: `left`, how many places there are besides the other parts."""

    code = "pools_too_large"
