"""Many invoices at once: numbers without holes or doubles, and never more credited than was charged."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceFile, OutboxMail
from eventapp.services import crediting, drafting, invoice_papers, invoicing
from tests.bad_days.house import FULL
from tests.factories import NOW, make_event
from tests.invoicing import TREASURER, get, issued, make_order, make_ready
from tests.race.processes import in_processes

pytestmark = pytest.mark.race
INVOICES, THREADS, PROCESSES = 50 if FULL else 20, 10, 4
EXPECTED = [f"VNK{NOW.year}-{number:04d}" for number in range(1, INVOICES + 1)]


def drafts() -> list[int]:
    make_ready()
    event = make_event(title="Masterclass", capacity=None)
    made = [drafting.draft_for(make_order(event=event).id, now=NOW) for _ in range(INVOICES)]
    ids = [draft.id for draft in made if draft]
    db.session.rollback()
    return ids


def numbers() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Invoice.number).order_by(Invoice.number)))


def at_once(app: Flask, calls: list[Callable[[], object]], threads: int = THREADS) -> list[str]:
    """What became of each call, from threads that start together: "" or the code of its refusal."""
    start = Barrier(threads)

    def work(mine: list[Callable[[], object]]) -> list[str]:
        start.wait()
        answers = []
        for call in mine:
            with app.app_context():
                try:
                    call()
                    answers.append("")
                except DomainError as refusal:
                    answers.append(refusal.code)
        return answers

    with ThreadPoolExecutor(threads) as pool:
        portions = pool.map(work, [calls[first::threads] for first in range(threads)])
        return [answer for portion in portions for answer in portion]


@pytest.mark.bad_day
def test_many_from_threads_each_asked_for_twice_have_no_hole(app: Flask) -> None:
    ids = drafts()

    answers = at_once(app, [lambda n=n: invoicing.issue(n, now=NOW) for n in (*ids, *reversed(ids))])

    assert answers == [""] * 2 * INVOICES
    assert numbers() == EXPECTED


def issue_all(app: Flask, ids: list[int]) -> None:
    with app.app_context():
        for invoice_id in ids:
            invoicing.issue(invoice_id, now=NOW)
        invoice_papers.draw_due(now=NOW)


@pytest.mark.bad_day
def test_many_from_processes_have_no_hole_and_their_papers_once(app: Flask, database_url: str) -> None:
    ids = drafts()

    in_processes(issue_all, database_url, [ids[first::PROCESSES] for first in range(PROCESSES)])

    assert numbers() == EXPECTED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceFile)) == INVOICES
    assert db.session.scalar(sa.select(sa.func.count(OutboxMail.id))) == INVOICES


def test_eight_credits_of_one_invoice_credit_it_once(app: Flask) -> None:
    make_ready()
    invoice_id = issued(make_order())
    db.session.rollback()

    def credit() -> object:
        return crediting.credit(invoice_id, reason="Afgemeld", by=TREASURER, now=NOW)

    answers = at_once(app, [credit] * 8, threads=8)

    assert sorted(answers) == ["", *["nothing_to_credit"] * 7]
    assert get(invoice_id).balance.credited_cents == 14500
    assert numbers() == EXPECTED[:2]
