"""Settlements: every line is booked once, in whatever file and however often, and compared with our journal."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import SYSTEM
from eventapp.domain.closed_periods import BookPeriod
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.settlements import Finding, SettlementKind
from eventapp.extensions import db
from eventapp.models import Job, JobFile, JobLine, SettlementLine
from eventapp.queries import settlements as known
from eventapp.services import carrying_out, closed_periods, refunding
from eventapp.services.cancelling import cancel_registration
from eventapp.services.importing.settlements import without_payers
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from tests.factories import NOW, OFFICE
from tests.shop import Shop

HEAD = (
    "Date,Payment method,Currency,Amount,Status,ID,Description,Consumer name,Consumer bank account,Consumer BIC,"
    "Settlement currency,Settlement amount,Settlement reference,Amount refunded"
)
FEE = "Withheld transaction fees MOL-2027-0001"


def row(
    amount: str, ref: str = "", *, settlement: str = "1234567.2701.01", day: str = "2027-01-10", text: str = ""
) -> str:
    """As Mollie writes it, with whose money it was."""
    payer = "Fatma Yıldız,NL91ABNA0417164300,ABNANL2A" if ref.startswith("tr_") else ",,"
    return f'{day} 10:12:00,ideal,EUR,{amount},paidout,{ref},"{text}",{payer},EUR,{amount},{settlement},'


def brought(*rows: str, kind: JobKind = JobKind.SETTLEMENT) -> list[int]:
    """How many lines agree, differ, were booked before and are refused."""
    content = without_payers("\n".join((HEAD, *rows)).encode())
    file = StoredFile("uitbetaling.csv", "text/csv", content)
    parameters = {"what": "settlements", "skip_refused": True}
    number = carrying_out.run_here(RUNNERS, kind, parameters, by=SYSTEM, clock=lambda: NOW, file=file)
    job = db.session.get_one(Job, number, populate_existing=True)
    assert job.state == JobState.DONE, (job.refusal, job.last_error)
    return list(job.result["counts"].values())


def booked_cents() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.sum(SettlementLine.amount_cents))) or 0


def differences() -> list[tuple]:
    db.session.rollback()
    return [(one.finding, one.position.kind, one.theirs_cents, one.ours_cents) for one in known.differences()]


def test_thousand_lines_some_of_them_doubled_are_booked_once(app: Flask):
    lines = [row("95.00", f"tr_{number}") for number in range(1000)]
    fees = [row("-0.39", text=FEE), row("-0.39", text=FEE)]

    first = brought(*lines, *lines[:150], *fees)
    again = brought(*lines, *lines[:150], *fees)
    # The next file overlaps, and says of one line something else.
    overlapping = brought(*lines[990:], row("95.00", "tr_1000"), row("94.00", "tr_999"))

    assert first == [1, 1000, 151, 0]
    assert again == [0, 0, 1152, 0]
    assert overlapping == [0, 1, 10, 1]
    assert booked_cents() == 1001 * 9500 - 39
    assert known.settlements()[0].lines == 1002


def test_looking_first_books_nothing_and_says_what_would_happen(app: Flask):
    rows = [row("95.00", "tr_1"), row("95.00", "tr_1"), row("-0.39", text=FEE), row("vijf", "tr_2")]

    counts = brought(*rows, kind=JobKind.SETTLEMENT_PREVIEW)

    lines = db.session.scalars(sa.select(JobLine).order_by(JobLine.line)).all()
    assert counts == [1, 1, 1, 1]
    assert [(line.outcome, line.facts["reason"]) for line in lines] == [
        ("changed", "Dit kennen wij niet."),
        ("unchanged", ""),
        ("new", ""),
        ("refused", "“vijf” is geen bedrag."),
    ]
    assert booked_cents() == 0


def test_payers_are_in_nothing_that_is_kept(app: Flask):
    brought(row("95.00", "tr_1", text="Aanmelding Fatma"), row("-20.00", "re_1", text="Terug voor Fatma, tr_1"))

    kept = b"".join(db.session.scalars(sa.select(JobFile.content)))
    lines = db.session.scalars(sa.select(SettlementLine).order_by(SettlementLine.id)).all()

    assert b"tr_1" in kept
    assert [word for word in (b"Fatma", b"NL91ABNA", b"ABNANL2A") if word in kept] == []
    assert [(line.payment_id, line.description) for line in lines] == [("tr_1", ""), ("tr_1", "")]


def test_every_difference_is_listed_until_it_is_gone(shop: Shop):
    agrees, less, missing = (shop.paid(shop.booked()) for _ in range(3))
    cancel_registration(shop.registration(agrees.order_id).id, by=OFFICE, now=NOW, back_cents=4750)
    refunding.send_due(shop.gateway, now=NOW)
    refund_id = shop.refunds()[0].provider_id
    payments = [
        row("95.00", agrees.provider_id),
        row("90.00", less.provider_id, day="2027-01-11"),
        row("12.00", "tr_no"),
    ]

    counts = brought(*payments, row("-47.50", refund_id), row("-0.39", text=FEE))
    found = differences()
    # Paid out with the next settlement after all.
    brought(row("95.00", missing.provider_id, settlement="1234567.2701.02", day="2027-01-12"))

    payment = SettlementKind.PAYMENT
    assert counts == [3, 2, 0, 0]
    assert sorted(found, key=str) == sorted(
        [
            (Finding.DIFFERS, payment, 9000, 9500),
            (Finding.NOT_SETTLED, payment, None, 9500),
            (Finding.UNKNOWN, payment, 1200, None),
        ],
        key=str,
    )
    assert len(differences()) == 2
    assert [one.registration_id for one in known.differences() if one.finding == Finding.DIFFERS] == [
        shop.registration(less.order_id).id
    ]


def test_refund_that_came_back_and_a_chargeback_agree_with_our_journal(shop: Shop):
    attempt, disputed = (shop.paid(shop.booked()) for _ in range(2))
    cancel_registration(shop.registration(attempt.order_id).id, by=OFFICE, now=NOW, back_cents=9500)
    refunding.send_due(shop.gateway, now=NOW)
    refund_id = shop.refunds()[0].provider_id
    shop.sandbox.control(f"refunds/{refund_id}/settle", status="failed")
    shop.sandbox.control(f"payments/{disputed.provider_id}/charge-back")
    for one in (attempt, disputed):
        shop.settle(one)
    rows = [row("95.00", one.provider_id) for one in (attempt, disputed)]

    brought(*rows, row("-95.00", refund_id))
    half_way = differences()
    chargeback = row("-95.00", "chb_1", text=f"Chargeback {disputed.provider_id}", settlement="1234567.2701.02")
    counts = brought(row("95.00", refund_id, settlement="1234567.2701.02"), chargeback)

    assert half_way == [(Finding.DIFFERS, SettlementKind.REFUND, -9500, 0)]
    assert counts == [2, 0, 0, 0]
    assert differences() == []


def test_settlement_of_a_closed_month_is_refused(app: Flask):
    period = BookPeriod.of("2026-12")
    assert period is not None
    closed_periods.close(period, by=OFFICE, now=datetime(2027, 1, 5, tzinfo=UTC))
    december = [row("95.00", f"tr_{n}", day=f"2026-12-{28 + n}", settlement="1234567.2612.09") for n in range(3)]
    over_the_turn = [row("95.00", "tr_7", day=day, settlement="1234567.2701.01") for day in ("2026-12-31",)]

    counts = brought(*december, *over_the_turn, row("-0.39", text=FEE, day="2027-01-02"))

    assert counts == [1, 1, 0, 3]
    assert {line.settled_on for line in db.session.scalars(sa.select(SettlementLine))} == {date(2027, 1, 2)}
