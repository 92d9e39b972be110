"""Forgotten on request: nothing of the name is left anywhere, but where the law or a short term keeps it."""

import io
import json
import re
import zipfile
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotErasable, NotFound
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.names import name_key
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    BankRefund,
    Breakout,
    CircleMember,
    Erasure,
    Event,
    HandOver,
    Job,
    JobLine,
    MailState,
    OrganisationContact,
    OrganisationPerson,
    OutboxMail,
    Person,
    PersonAddress,
    PersonStatus,
    Registration,
    SavedView,
)
from eventapp.services import erasing, erasures, forgetting
from eventapp.services.audit import note
from eventapp.services.backing_up import back_up
from eventapp.transaction import transaction
from tests.booking import book
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
    make_staff,
)
from tests.reading import acts, all_mails
from tests.traces import Traces, answered_evaluation, leave_traces

MARK = "xylofoon"
DAY, YEAR = timedelta(days=1), timedelta(days=366)
# What stays at first: by law, or for so short that it is not worth searching files of others for a name.
STAYS = {
    "invoices.buyer",
    "invoices.buyer_name",
    "invoices.snapshot",
    "invoice_lines.detail",
    "invoice_files.pdf",
    "invoice_files.ubl",
    "job_files.content",
    "idempotent_answers.body",
    "idempotent_answers.key",
    # The last mail, until it left.
    "outbox.to_address",
    "outbox.to_name",
    "outbox.text",
    "outbox.html",
    "outbox.to_domain",
}


def found(mark: str) -> set[str]:
    """Every column of every table that holds the mark, in whatever spelling of a value."""
    holding = set()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)).mappings():
            holding |= {f"{table.name}.{name}" for name, value in row.items() if mark in _spelled(value)}
    return holding


def _spelled(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").lower()
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).lower()


def settled(left: Traces) -> None:
    """Everything that stands in the way is over: the days, the circle, the money."""
    then = {"starts_at": NOW - timedelta(days=3), "ends_at": NOW - timedelta(days=2)}
    db.session.execute(sa.update(Event).values(**then))
    db.session.execute(
        sa.update(CircleMember).values(joined_on=NOW.date() - timedelta(days=9), left_on=NOW.date() - timedelta(days=1))
    )
    for model in (PersonStatus, OrganisationPerson, OrganisationContact):
        ends = {"starts_on": NOW.date() - timedelta(days=9), "ends_on": NOW.date()}
        db.session.execute(sa.update(model).values(**ends))
    paid = {"state": "done", "paid_on": NOW.date(), "settled_at": NOW}
    db.session.execute(sa.update(BankRefund).values(**paid))
    db.session.commit()


def test_of_who_is_forgotten_no_table_holds_the_name(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    left = leave_traces(MARK)
    leave_traces("kwikstaart")
    answered_evaluation(left)
    settled(left)
    of_other = found("kwikstaart")
    assert len(found(MARK) - STAYS) > 40
    assert "tables/job_files.jsonl" in archived_with(MARK)

    erasing.erase_myself(left.ids["person"], address=left.address, now=NOW)

    assert found(MARK) - STAYS == set()
    assert found("kwikstaart") == of_other
    assert db.session.get_one(Person, left.ids["person"]).erased_at == NOW
    assert acts()[-1] == "person_erased"
    last = [mail for mail in all_mails() if mail.state == MailState.WAITING and mail.to_address == left.address]
    assert [mail.kind for mail in last] == ["erased"]
    assert "tot en met 2034" in last[0].text

    db.session.execute(sa.update(OutboxMail).values(state=MailState.SENT, sent_at=NOW))
    db.session.commit()
    forgetting.sweep(now=NOW + timedelta(days=31))

    assert {name.split(".")[0] for name in found(MARK)} <= {"invoices", "invoice_lines", "invoice_files"}
    assert found("kwikstaart") != set()

    forgetting.sweep(now=NOW + 9 * YEAR)

    # Of who never asked anything but what was published is left.
    assert (found(MARK), found("kwikstaart")) == (set(), {"breakouts.speakers"})
    assert files_with(MARK) == set()
    assert MARK not in caplog.text.lower()
    assert (archived_with(MARK), archived_with("kwikstaart") != set()) == (set(), True)


BASE64 = re.compile(r'(?<=")(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?=")')


def archived_with(mark: str) -> set[str]:
    """The files within a backup made now that hold the mark."""
    written = io.BytesIO()
    back_up(written, program="1.0", now=NOW)
    with zipfile.ZipFile(written) as archive:
        return {name for name in archive.namelist() if mark in _readable(archive.read(name).decode()).lower()}


def _readable(text: str) -> str:
    """The same with what stands in it as base64, as files do."""
    return text + "".join(b64decode(found).decode(errors="replace") for found in BASE64.findall(text))


def files_with(mark: str) -> set[str]:
    """The files of the data folder in which the bytes of the mark are left, also where no row is any more."""
    if db.engine.dialect.name != "sqlite":
        return set()
    db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    folder = Path(db.engine.url.database or "").parent
    return {path.name for path in folder.iterdir() if path.is_file() and mark.encode() in path.read_bytes().lower()}


def test_what_still_runs_stands_in_the_way_and_nothing_changes(app: Flask) -> None:
    left = leave_traces(MARK)
    before = found(MARK)

    with pytest.raises(NotErasable):
        erasing.erase_myself(left.ids["person"], address=left.address, now=NOW)
    with pytest.raises(NotErasable):
        erasing.erase_for(left.ids["person"], proof="Belde zelf", by=OFFICE, now=NOW)

    standing = [one.why for one in erasing.terms(left.ids["person"], now=NOW).standing]
    assert (found(MARK), set(standing)) == (before, {"coming", "circle", "money"})


def test_who_reads_one_mailbox_decides_about_no_other_and_not_about_strangers(app: Flask) -> None:
    person, stranger = make_person(address="anna@werk.example", proven=True), make_person()
    db.session.add(PersonAddress(person_id=person.id, address="anna@thuis.example", name_key="x", proven_at=NOW))
    db.session.commit()

    with pytest.raises(NotErasable):
        erasing.erase_myself(person.id, address="anna@werk.example", now=NOW)
    with pytest.raises(NotFound):
        erasing.erase_myself(stranger.id, address="anna@werk.example", now=NOW)
    erasing.erase_for(person.id, proof="Paspoort gezien aan de balie", by=OFFICE, now=NOW)

    assert sorted(mail.to_address for mail in all_mails()) == ["anna@thuis.example", "anna@werk.example"]
    assert db.session.get_one(Person, stranger.id).family_name == "Meulen"
    with pytest.raises(NotFound):
        erasing.erase_for(person.id, proof="Nog eens", by=OFFICE, now=NOW)


def test_of_a_shared_mailbox_the_other_keeps_everything(app: Flask) -> None:
    anna = make_person("Anna", "", "Bakker", address="team@werk.example", proven=True)
    bram = make_person("Bram", "", "Visser", address="team@werk.example", proven=True)
    past = make_event(starts_at=NOW - timedelta(days=2))
    make_registration(past, anna)
    make_registration(past, bram)

    erasing.erase_myself(anna.id, address="team@werk.example", now=NOW)

    kept = db.session.execute(sa.select(Registration.address, Person.given_name).join(Person).order_by(Person.id))
    assert kept.all() == [("", ""), ("team@werk.example", "Bram")]
    assert db.session.scalars(sa.select(PersonAddress.person_id)).all() == [bram.id]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (("Anna", "", "Keynote"), "anna@werk.example"),
        (("Kees", "", "Kantoor"), "kees@werk.example"),
        (("", "", "e d"), "ed@werk.example"),
        (("Jan", "", "Dam"), "dam@werk.example"),
        (("Anna", "", "Bakker"), "an@werk.example"),
        (("Stichting", "", "Zonnevlinder"), "sz@werk.example"),
    ],
    ids=["speaker", "staff", "letters", "part of a word", "part of an address", "organisation"],
)
def test_a_name_that_somebody_picked_wipes_nothing_of_others(
    app: Flask, name: tuple[str, str, str], address: str
) -> None:
    """Whoever registers may call themselves as they like, and ask to be forgotten."""
    staff, event = make_staff(), make_event()
    make_organisation("Stichting Zonnevlinder")
    breakout = make_breakout(make_round(event), speakers="Anna Keynote en Jan Dam")
    db.session.add(SavedView(staff_id=staff.id, name="In amsterdam", query="zoek=amsterdam", created_at=NOW))
    by = {"actor_kind": "staff", "actor_name": staff.name, "created_at": NOW}
    job = Job(kind=JobKind.IMPORT_PREVIEW, state=JobState.DONE, **by)
    db.session.add(job)
    db.session.flush()
    title = "Jan Damsteeg · jan@werk.example · dan@werk.example · Stichting Zonnevlinder"
    db.session.add(JobLine(job_id=job.id, line=1, outcome="new", facts={"title": title}))
    named = Actor("staff", staff.name, staff.id)
    db.session.commit()
    with transaction():
        note("event_changed", "event", event.id, by=OFFICE, now=NOW, why="Anna Keynote belde jan@werk.example")
        note("event_changed", "event", event.id, by=named, now=NOW, why=title)
    book(event, "vreemde@elders.example", given_name="Anna", infix="", family_name="Keynotespreker")
    db.session.execute(
        sa.update(OutboxMail).values(state=MailState.SENT, text="Anna Keynote, jan@werk.example: tot de dag")
    )
    person = make_person(*name, address=address, proven=True)
    db.session.commit()
    before = {model: _all(model) for model in (AuditEntry, Breakout, JobLine, OutboxMail, SavedView)}

    erasing.erase_myself(person.id, address=address, now=NOW)

    after = {model: _all(model)[: len(rows)] for model, rows in before.items()}
    assert after == before
    assert breakout.speakers == "Anna Keynote en Jan Dam"


def test_of_mails_to_others_about_their_place_our_copy_loses_its_words(app: Flask) -> None:
    anna = make_person("Anna", "", "Bakker", address="anna@werk.example", proven=True)
    past = make_event(starts_at=NOW - timedelta(days=2))
    mine = make_registration(past, anna)
    offer = HandOver(registration=mine, token="t", address="bram@elders.example", created_at=NOW)
    offer.state = HandOverState.WITHDRAWN
    db.session.add(offer)
    db.session.flush()
    common = {"to_address": "bram@elders.example", "state": MailState.SENT, "created_at": NOW, "kind": "hand_over"}
    common |= {"subject": "x", "html": "", "text": "Anna Bakker vraagt u te komen."}
    for purpose in (f"hand_over-{offer.id}", f"hand_over-{offer.id + 1}"):
        db.session.add(OutboxMail(purpose=purpose, message_id=purpose, **common))
    db.session.add(OutboxMail(purpose="about", message_id="about", registration_id=mine.id, **common))
    db.session.commit()

    erasing.erase_myself(anna.id, address="anna@werk.example", now=NOW)

    kept = [mail.purpose for mail in all_mails() if mail.text and mail.kind == "hand_over"]
    assert kept == [f"hand_over-{offer.id + 1}"]


def _all(model: type) -> list[tuple[object, ...]]:
    table = model.__table__  # type: ignore[attr-defined]
    return [tuple(row) for row in db.session.execute(sa.select(table).order_by(*table.primary_key.columns))]


def test_a_backup_brings_nobody_back_for_long(make_app, tmp_path: Path) -> None:
    """The rows as they were, without the row that says that somebody was forgotten: the file beside knows it."""
    app: Flask = make_app(ERASURES_FILE=str(tmp_path / "erasures.txt"))
    with app.app_context():
        anna = make_person("Anna", "", "Bakker", address="anna@werk.example", proven=True)
        person_id, past = anna.id, make_event(starts_at=NOW - timedelta(days=2))
        make_registration(past, anna)
        erasing.erase_myself(person_id, address="anna@werk.example", now=NOW + timedelta(hours=1))
        coming = make_registration(make_event(), _as_it_was(person_id)).id
        db.session.execute(sa.delete(Erasure))
        db.session.commit()

        assert [erasing.replay(now=NOW + DAY), erasing.replay(now=NOW + DAY)] == [1, 0]

        assert db.session.get_one(Person, person_id).family_name == ""
        assert db.session.get_one(Registration, coming).state == State.CANCELLED
        own = {"given_name": "Anna", "infix": "", "family_name": "Bakker", "now": NOW + DAY}
        again = book(make_event(), "anna@werk.example", **own).registration_id
        assert erasing.replay(now=NOW + 2 * DAY) == 0
        assert db.session.get_one(Registration, again).person.family_name == "Bakker"
        assert "anna" not in (tmp_path / "erasures.txt").read_text().lower()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Erasure)) == 1


def test_who_was_forgotten_twice_is_so_since_the_second_time(make_app, tmp_path: Path) -> None:
    """The backup is of between: it knows of the first time, and only the file of the second."""
    app: Flask = make_app(ERASURES_FILE=str(tmp_path / "erasures.txt"))
    with app.app_context():
        first = make_person("Anna", "", "Bakker", address="anna@werk.example", proven=True)
        erasing.erase_myself(first.id, address="anna@werk.example", now=NOW)
        again = make_person("Anna", "", "Bakker", address="anna@werk.example")
        again.created_at = NOW + DAY
        db.session.commit()
        erasing.erase_myself(again.id, address="anna@werk.example", now=NOW + 2 * DAY)
        _as_it_was(again.id)
        db.session.execute(sa.update(Erasure).values(erased_at=NOW))
        db.session.commit()
        erasures.write_beside()

        assert erasing.replay(now=NOW + 3 * DAY) == 1

        assert db.session.get_one(Person, again.id).family_name == ""


def test_who_proved_a_forgotten_address_afterwards_stays(app: Flask) -> None:
    """Known for long by another address, and later by this one."""
    first = make_person("Anna", "", "Bakker", address="anna@werk.example", proven=True)
    known = make_person("Anna", "", "Bakker", address="anna@thuis.example")
    erasing.erase_myself(first.id, address="anna@werk.example", now=NOW + DAY)
    added = PersonAddress.of(db.session.get_one(Person, known.id), "anna@werk.example")
    added.proven_at = NOW + 2 * DAY
    db.session.add(added)
    db.session.commit()

    assert erasures.returned() == []


def _as_it_was(person_id: int) -> Person:
    person = db.session.get_one(Person, person_id)
    person.erased_at = None
    person.rename("Anna", "", "Bakker")
    db.session.add(PersonAddress(person=person, address="anna@werk.example", name_key=name_key("Anna", "", "Bakker")))
    db.session.commit()
    return person


def test_an_import_meets_who_was_forgotten(app: Flask) -> None:
    anna = make_person("Anna", "", "Bakker", address="anna@werk.example", proven=True)
    known = (anna.addresses[0].address, anna.addresses[0].name_key)
    erasing.erase_myself(anna.id, address="anna@werk.example", now=NOW)

    assert erasures.forgotten_among({known, ("bram@werk.example", known[1])}) == {known}
