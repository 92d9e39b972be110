"""What belongs to one person: signing in, what is mine, an order and paying it, a ticket, a meeting to join."""

from flask import Blueprint

from eventapp.web.access import guard

blueprint = Blueprint("member", __name__)
guard(blueprint)

from eventapp.web.member import joining, mine, orders, paying, sign_in, tickets  # noqa: E402, F401
