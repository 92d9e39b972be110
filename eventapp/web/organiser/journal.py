"""Geld: the journal of a period per account, and as a file for the bookkeeping."""

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, render_template, request, url_for

from eventapp import formatting
from eventapp.documents.file_names import file_name
from eventapp.documents.journal_sheet import journal_sheet
from eventapp.domain.closed_periods import month_of, months_between
from eventapp.domain.journal import Ledger, by_account, on_account
from eventapp.domain.times import local_date
from eventapp.queries import journal as known
from eventapp.queries.association import load_association
from eventapp.queries.closed_periods import closed_months
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.money import FILE_KINDS, day_asked
from eventapp.web.organiser.shared import Answer

_SHOWN = 500
_LEDGERS = ",".join(ledger.value for ledger in Ledger)


@blueprint.get("/geld/journaal")
@audience(Audience.STAFF, *MONEY)
def journal() -> Answer:
    """What was booked per account, and whether the period is closed."""
    first, last = _period()
    entries = known.entries(first, last, load_association().chart)
    accounts = by_account(entries)
    open_months = [month for month in months_between(first, last) if month not in closed_months(first, last)]
    return render_template(
        "organiser/journal.html",
        first=first,
        last=last,
        asked=_asked(first, last),
        accounts=accounts,
        entries=len(entries),
        debit_cents=sum(one.debit_cents for one in accounts),
        credit_cents=sum(one.credit_cents for one in accounts),
        open_words=formatting.listed([formatting.month_year(month) for month in open_months[:12]]),
        nameless=any(not one.account for one in accounts),
    )


@blueprint.get(f"/geld/journaal/<any({_LEDGERS}):ledger>")
@audience(Audience.STAFF, *MONEY)
def journal_account(ledger: str) -> Answer:
    """What was booked on one account, each line leading to its registration or its payout."""
    (first, last), wanted, number = _period(), Ledger(ledger), request.args.get("nummer", "")
    lines = on_account(known.entries(first, last, load_association().chart), wanted, number)
    shown = lines[:_SHOWN]
    return render_template(
        "organiser/journal_account.html",
        ledger=wanted,
        number=number,
        first=first,
        last=last,
        lines=shown,
        more=len(lines) - len(shown),
        registrations=known.registrations_of({e.about.order_id for e, _ in shown if e.about.order_id}),
        debit_cents=sum(posting.debit_cents for _, posting in lines),
        credit_cents=sum(posting.credit_cents for _, posting in lines),
        overview=url_for("organiser.journal", **_asked(first, last)),
    )


@blueprint.get("/geld/journaal.<extension>")
@audience(Audience.STAFF, *MONEY)
def journal_file(extension: str) -> Answer:
    """Every line, debit and credit."""
    if extension not in FILE_KINDS:
        abort(404)
    first, last = _period()
    association = load_association()
    sheet = journal_sheet(
        known.entries(first, last, association.chart),
        about=f"Journaal van {formatting.long_date(first)} tot en met {formatting.long_date(last)}",
        association=association.name,
        printed_at=now(),
    )
    make, content_type = FILE_KINDS[extension]
    name = file_name("journaal", f"{first:%Y%m%d}-{last:%Y%m%d}", extension)
    return Response(
        make(sheet), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _period() -> tuple[date, date]:
    """What the address asks for: the month before this one unless it says otherwise."""
    before = month_of(local_date(now())) - timedelta(days=1)
    first, last = day_asked(request.args, "van") or month_of(before), day_asked(request.args, "tot") or before
    return first, max(first, last)


def _asked(first: date, last: date) -> dict[str, Any]:
    return {"van": first.isoformat(), "tot": last.isoformat()}
