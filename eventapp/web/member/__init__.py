"""What belongs to one person: signing in, what is mine or my organisation's, an order, a ticket, a meeting to join."""

from flask import Blueprint

from eventapp.web.access import guard

blueprint = Blueprint("member", __name__)
guard(blueprint)

from eventapp.web.member import (  # noqa: E402, F401
    bank_details,
    calendars,
    certificates,
    changing,
    circles,
    erasing,
    evaluating,
    handing_over,
    joining,
    microsoft,
    mine,
    on_invoice,
    orders,
    organisation,
    paying,
    programme,
    proposals,
    questions,
    sign_in,
    tickets,
    waiting,
    wishes,
)
