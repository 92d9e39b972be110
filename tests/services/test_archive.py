"""Everything in one file and back: between the databases, at one moment, all or nothing, and nothing but ours."""

import json
import shutil
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from eventapp.domain import archive
from eventapp.domain.errors import (
    DamagedArchive,
    DatabaseNotEmpty,
    DomainError,
    NewerArchive,
    NoArchive,
    OtherSchema,
    ReferencesBroken,
)
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    CareAnswer,
    CircleAnswer,
    Event,
    Invoice,
    InvoiceSweep,
    JobFile,
    MoneyMovement,
    Person,
    PersonNote,
)
from eventapp.services.backing_up import back_up
from eventapp.services.restoring import restore
from eventapp.transaction import transaction
from tests.apps import AppPool
from tests.factories import NOW, make_event, make_person
from tests.filling import fill_every_table


def backed_up(path: Path, **more) -> archive.Manifest:
    with path.open("wb") as file:
        return back_up(file, program="1.0", now=NOW, **more)


def everything() -> dict[str, list[tuple]]:
    """All rows as the models read them."""
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in db.metadata.sorted_tables
        }


def counted() -> int:
    return sum(len(rows) for rows in everything().values())


@dataclass(frozen=True)
class Source:
    """An SQLite installation with rows in every table, its archives, and the id of somebody deleted last."""

    filled: dict[str, int]
    rows: dict[str, list[tuple]]
    all: Path
    for_others: Path
    gone_id: int


SECRET = "overig: alleen halal"


@pytest.fixture(scope="module")
def source(sqlite_blank: Path, tmp_path_factory: pytest.TempPathFactory, app_pool: AppPool) -> Source:
    folder = tmp_path_factory.mktemp("source")
    with installation(folder / "source.db", sqlite_blank, app_pool):
        filled = fill_every_table()
        with transaction():
            db.session.execute(sa.update(CareAnswer).values(diet_other=SECRET, consented_at=NOW, consent_text="v1"))
            db.session.execute(sa.update(PersonNote).values(text=SECRET))
            db.session.execute(sa.update(CircleAnswer).values(reason=SECRET))
            db.session.execute(sa.update(JobFile).values(content=SECRET.encode()))
            db.session.execute(sa.update(AuditEntry).values(facts={"reason": SECRET, "count": 2}))
            gone = Person(sort_key="weg", created_at=NOW)
            db.session.add(gone)
            db.session.flush()
            gone_id = gone.id
            db.session.delete(gone)
        backed_up(folder / "all.zip")
        backed_up(folder / "others.zip", without_special=True)
        return Source(filled, everything(), folder / "all.zip", folder / "others.zip", gone_id)


@contextmanager
def installation(file: Path, blank: Path, app_pool: AppPool) -> Iterator[None]:
    """Work in an installation of its own, on SQLite."""
    shutil.copyfile(blank, file)
    try:
        with app_pool.lend(f"sqlite:///{file}").app_context():
            yield
            db.session.remove()
    finally:
        app_pool.take_back()


@pytest.mark.postgres
def test_every_table_goes_from_sqlite_to_postgresql_and_back_row_by_row(
    source, tmp_path, sqlite_blank, postgres_database, app_pool
):
    postgres_database.make_blank()
    with app_pool.lend(postgres_database.url).app_context():
        manifest = restore(source.all)
        between = everything()
        backed_up(tmp_path / "back.zip")
        db.session.remove()
    with installation(tmp_path / "second.db", sqlite_blank, app_pool):
        restore(tmp_path / "back.zip")
        after = everything()

    assert {table.shape.name: table.rows for table in manifest.tables} == source.filled
    assert set(source.filled) == set(db.metadata.tables)
    assert between == source.rows
    assert after == source.rows


def test_what_holds_before_holds_afterwards(app, source):
    """Numbers go on after those of rows that are gone, what never changes does not, references are checked at once."""
    restore(source.all)

    assert make_person().id == source.gone_id + 1
    with transaction():
        # While a row stands here, invoices may be emptied.
        db.session.execute(sa.delete(InvoiceSweep))
    for change in (
        sa.update(MoneyMovement).values(amount_cents=7),
        sa.delete(MoneyMovement),
        sa.update(Invoice).where(Invoice.number.is_not(None)).values(gross_cents=Invoice.gross_cents + 1),
    ):
        with pytest.raises(DBAPIError, match="never changes"), transaction():
            db.session.execute(change)
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(sa.update(Event).values(circle_id=999_999))
        raise AssertionError("nobody refused")


def test_an_archive_is_of_one_moment_while_others_write(app, tmp_path):
    make_event(title="Ervoor")

    done = []

    def book_meanwhile(table: archive.Contents) -> None:
        if not done:
            make_event(title="Erna")
            make_person()
        done.append(table.shape.name)

    manifest = backed_up(tmp_path / "moment.zip", report=book_meanwhile)

    rows = {table.shape.name: table.rows for table in manifest.tables}
    assert done.index("events") > 0
    assert (rows["events"], rows["people"]) == (1, 0)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2


def test_an_archive_for_others_leaves_special_data_out(app, source):
    manifest = restore(source.for_others)

    assert manifest.left_out == ("care_answers", "job_files", "person_notes")
    assert manifest.emptied == ("audit_log.facts", "circle_answers.reason", "presence_corrections.reason")
    assert [says_secret(path) for path in (source.all, source.for_others)] == [5, 0]
    assert sorted(name for name, rows in everything().items() if not rows) == [*manifest.left_out]
    assert {len(answer.reason) for answer in db.session.scalars(sa.select(CircleAnswer))} == {0}
    assert [entry.facts for entry in db.session.scalars(sa.select(AuditEntry).limit(1))] == [{"count": 2}]


def says_secret(path: Path) -> int:
    """In how many tables it stands, also as the content of a file."""
    with zipfile.ZipFile(path) as file:
        said = [file.read(name).decode() for name in file.namelist()]
    return sum(SECRET in text or b64encode(SECRET.encode()).decode() in text for text in said)


def test_a_restore_that_breaks_off_leaves_nothing(app, source):
    done = []

    def break_off(table: archive.Contents) -> None:
        done.append(table.rows)
        if len(done) == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(source.all, report=break_off)

    assert sum(done) > 0
    assert counted() == 0
    restore(source.all)
    assert counted() == sum(source.filled.values())


def test_two_at_once_fill_it_once(app, source):
    answers = []

    def put_back() -> None:
        with app.app_context():
            try:
                answers.append(restore(source.all).rows)
            except DatabaseNotEmpty:
                answers.append(0)
            finally:
                db.session.remove()

    both = [Thread(target=put_back) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(answers) == [0, sum(source.filled.values())]
    assert counted() == sum(source.filled.values())


def test_only_an_empty_database_is_filled(app, tmp_path):
    make_event()
    backed_up(tmp_path / "all.zip")
    before = everything()

    with pytest.raises(DatabaseNotEmpty) as refusal:
        restore(tmp_path / "all.zip")

    assert refusal.value.facts == {"tables": "capacities, event_prices, events"}
    assert everything() == before


def test_another_schema_is_refused_with_what_helps(app, tmp_path):
    manifest = backed_up(tmp_path / "all.zip")
    with transaction():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0027'"))
    changed(tmp_path / "all.zip", tmp_path / "newer.zip", lambda said: said.update(schema="9999"))

    with pytest.raises(NewerArchive):
        restore(tmp_path / "newer.zip")
    if manifest.schema != "0027":
        with pytest.raises(OtherSchema) as refusal:
            restore(tmp_path / "all.zip")
        assert refusal.value.facts == {"archive": manifest.schema, "database": "0027"}


def changed(path: Path, to: Path, change: Callable[[dict], None], lines: dict[str, bytes] | None = None) -> Path:
    """The archive with another manifest, and with these files in place of its own."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = (lines or {}).get(name, old.read(name))
            if name == archive.MANIFEST:
                said = json.loads(content)
                change(said)
                content = json.dumps(said).encode()
            new.writestr(name, content)
    return to


def _table(said: dict, name: str) -> dict:
    return next(table for table in said["tables"] if table["shape"]["name"] == name)


def _truncated(path: Path, to: Path) -> Path:
    to.write_bytes(path.read_bytes()[:-30])
    return to


def _flipped(path: Path, to: Path) -> Path:
    """One bit of what is packed is another one."""
    with zipfile.ZipFile(path) as file:
        at = file.getinfo("tables/events.jsonl").header_offset + 80
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    to.write_bytes(content)
    return to


def _more_than_said(path: Path, to: Path) -> Path:
    """A hundred megabytes of nothing in a few kilobytes."""
    return changed(path, to, lambda said: None, {"tables/people.jsonl": b" " * 100_000_000})


def _outside(path: Path, to: Path) -> Path:
    return changed(path, to, lambda said: _table(said, "people")["shape"].update(name="../../people"))


def _extra_file(path: Path, to: Path) -> Path:
    changed(path, to, lambda said: None)
    with zipfile.ZipFile(to, "a") as file:
        file.writestr("/etc/passwd", "root")
    return to


def _missing_column(path: Path, to: Path) -> Path:
    return changed(path, to, lambda said: _table(said, "people")["shape"]["columns"].pop())


def _injected(path: Path, to: Path) -> Path:
    return changed(path, to, lambda said: _table(said, "people")["shape"]["columns"][1].update(name='x"; DROP'))


def _other_kind(path: Path, to: Path) -> Path:
    """Sound as a file, but a row of it is none of ours."""
    line = b'{"name":"naam","value":7}\n'
    return changed(path, to, lambda said: _told(said, "settings", line), {"tables/settings.jsonl": line})


def _torn(path: Path, to: Path) -> Path:
    """Rows point to people, of whom there are none."""
    return changed(path, to, lambda said: _told(said, "people", b""), {"tables/people.jsonl": b""})


def _told(said: dict, name: str, content: bytes) -> None:
    _table(said, name).update(rows=content.count(b"\n"), bytes=len(content), sha256=sha256(content).hexdigest())


def _no_zip(_path: Path, to: Path) -> Path:
    to.write_bytes(b"PK\x03\x04 en verder niets")
    return to


def _other_zip(_path: Path, to: Path) -> Path:
    with zipfile.ZipFile(to, "w") as file:
        file.writestr("vakantie.txt", "foto's")
    return to


SPOILED: list[tuple[Callable[[Path, Path], Path], type[DomainError]]] = [
    (_truncated, NoArchive),
    (_no_zip, NoArchive),
    (_other_zip, NoArchive),
    (_flipped, DamagedArchive),
    (_more_than_said, DamagedArchive),
    (_outside, DamagedArchive),
    (_extra_file, DamagedArchive),
    (_missing_column, DamagedArchive),
    (_injected, DamagedArchive),
    (_other_kind, DamagedArchive),
    (_torn, ReferencesBroken),
]


def test_what_is_not_a_sound_archive_of_ours_is_refused(app, source, tmp_path):
    answers = {}
    for spoil, _ in SPOILED:
        with pytest.raises(DomainError) as refusal:
            restore(spoil(source.all, tmp_path / f"{spoil.__name__}.zip"))
        answers[spoil] = (refusal.type, counted())

    assert answers == {spoil: (refusal, 0) for spoil, refusal in SPOILED}
