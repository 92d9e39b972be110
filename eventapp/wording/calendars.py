"""What stands before a title in somebody's calendar when the place is not simply theirs."""

from eventapp.domain.registrations import State

EVENT_OFF = "Gaat niet door"
_MARKS = {
    State.AWAITING_CONFIRMATION: "Nog te bevestigen",
    State.AWAITING_PAYMENT: "Nog te betalen",
    State.WAITLISTED: "Wachtlijst",
    State.OFFERED: "Aangeboden plaats",
    State.CANCELLED: "Vervallen",
    State.EXPIRED: "Vervallen",
}


def calendar_mark(state: State, *, event_off: bool) -> str:
    """The mark with its colon, for instance "Wachtlijst: "; empty for whoever simply comes."""
    mark = EVENT_OFF if event_off else _MARKS.get(state, "")
    return f"{mark}: " if mark else ""
