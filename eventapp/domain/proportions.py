"""How much of a whole, and what on average? Whole numbers, rounded half up, in one way for everybody who shows them."""


def percent(part: int, whole: int) -> int | None:
    """Whole percents; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def mean_tenths(total: int, number: int) -> int | None:
    """The mean in tenths: 79 is 7.9. None of nothing."""
    return (20 * total + number) // (2 * number) if number else None
