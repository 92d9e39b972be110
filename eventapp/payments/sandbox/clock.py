"""What time is it, the way Mollie writes it?"""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Whole seconds with offset; stamps sort as text because all are UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
