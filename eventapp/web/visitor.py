"""What did this browser just do? Kept in its own signed session, nowhere else."""

from flask import session


def remember_order(token: str) -> None:
    """This browser made that order; the last ten are kept."""
    session["orders"] = [*session.get("orders", []), token][-10:]


def made_order(token: str) -> bool:
    """Whether this browser made that order."""
    return token in session.get("orders", [])
