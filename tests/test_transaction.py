"""One transaction per use case: all of it or nothing, whoever calls whom, and writers in line."""

import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import EventFull
from eventapp.extensions import db
from eventapp.models import Setting
from eventapp.transaction import transaction
from tests.apps import AppPool
from tests.databases import PostgresDatabase
from tests.factories import make_event


def put(name: str, value: str = "x") -> None:
    db.session.add(Setting(name=name, value=value))


def stored() -> list[str]:
    """Names that another connection sees."""
    with db.engine.connect() as connection:
        return list(connection.scalars(sa.select(Setting.name).order_by(Setting.name)))


@pytest.mark.usefixtures("app")
class TestOne:
    def test_what_is_written_is_there_afterwards_and_not_before(self):
        with transaction():
            put("a")
            db.session.flush()
            during = stored() if db.engine.dialect.name == "postgresql" else []

        assert (during, stored()) == ([], ["a"])

    @pytest.mark.parametrize("error", [EventFull, ValueError, KeyboardInterrupt])
    def test_any_exception_undoes_all_of_it_and_rises(self, error):
        with pytest.raises(error), transaction():
            put("a")
            db.session.flush()
            raise error

        assert stored() == []

    def test_after_a_failure_the_next_one_works(self):
        with pytest.raises(EventFull), transaction():
            put("a")
            raise EventFull()

        with transaction():
            put("b")

        assert stored() == ["b"]

    def test_a_use_case_within_another_is_part_of_it(self):
        with pytest.raises(EventFull), transaction():
            with transaction():
                put("inner")
            put("outer")
            db.session.flush()
            raise EventFull()

        assert stored() == []

    def test_two_within_one_are_committed_together(self):
        with transaction():
            with transaction():
                put("a")
            with transaction():
                put("b")

        assert stored() == ["a", "b"]

    def test_changes_made_outside_are_refused_and_not_lost_in_silence(self):
        put("forgotten")

        with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
            put("b")

        db.session.rollback()
        assert stored() == []

    def test_it_begins_from_what_is_stored_and_not_from_what_was_read(self):
        with transaction():
            put("a", "before")
        read = db.session.get_one(Setting, "a")
        seen = read.value
        with db.engine.connect() as connection:
            db.session.rollback()
            connection.exec_driver_sql("UPDATE settings SET value = 'after'")
            connection.commit()

        with transaction():
            now = read.value

        assert (seen, now) == ("before", "after")

    def test_reading_first_and_writing_then_is_fine(self):
        event = make_event()
        title = event.title

        with transaction():
            event.title = f"{title} 2027"

        assert event.title == f"{title} 2027"


def test_writers_that_read_first_do_not_lose_an_update(app):
    """Read, think, write: the classic that loses additions unless writers stand in line or lock the row."""
    with transaction():
        put("counter", "0")
    threads, rounds = 8, 5
    start = Barrier(threads)

    def add(_number: int) -> None:
        start.wait()
        for _round in range(rounds):
            with app.app_context(), transaction():
                locked = sa.update(Setting).where(Setting.name == "counter").values(value=Setting.value)
                db.session.execute(locked)
                row = db.session.get_one(Setting, "counter", populate_existing=True)
                row.value = str(int(row.value) + 1)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(add, range(threads)))

    db.session.rollback()
    assert db.session.get_one(Setting, "counter").value == str(threads * rounds)


def test_readers_are_not_kept_waiting_by_a_writer(app):
    with transaction():
        put("a", "before")
    written, looked = Event(), Event()

    def write() -> None:
        with app.app_context(), transaction():
            db.session.get_one(Setting, "a").value = "after"
            db.session.flush()
            written.set()
            assert looked.wait(10)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert written.wait(10)
        with db.engine.connect() as connection:
            seen = connection.scalar(sa.select(Setting.value))
        looked.set()
        writing.result()

    assert seen == "before"


def test_a_refusal_is_undone_before_the_next_writer_has_a_turn(app):
    """On SQLite whoever waited long in the line is refused at once when the file is still held."""
    queue = f"{db.engine.url.database}.queue"
    undone_while: list[str] = []

    def see(_connection: object) -> None:
        if db.engine.dialect.name == "postgresql":
            return undone_while.append("in line")
        with open(queue) as line:
            try:
                fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
                undone_while.append("the next may begin")
            except BlockingIOError:
                undone_while.append("in line")

    sa.event.listen(db.engine, "rollback", see)
    try:
        with pytest.raises(EventFull), transaction():
            put("a")
            db.session.flush()
            raise EventFull()
    finally:
        sa.event.remove(db.engine, "rollback", see)

    assert undone_while == ["in line"]


@pytest.fixture
def on_postgresql(postgres_database: PostgresDatabase, app_pool: AppPool) -> Iterator[None]:
    """An app with a server at the other end of the line."""
    postgres_database.make_blank()
    with app_pool.lend(postgres_database.url).app_context():
        yield
    app_pool.take_back()


@pytest.mark.postgres
@pytest.mark.usefixtures("on_postgresql")
class TestOnPostgreSQL:
    def test_reading_and_writing_leave_what_was_prepared(self):
        """A ROLLBACK in between would make psycopg forget it, and the server plan everything anew each time."""
        for number in range(10):
            stored_here = db.session.execute(sa.select(Setting.name)).all()
            with transaction():
                put(f"setting {number}")

        prepared = db.session.scalars(sa.text("SELECT statement FROM pg_prepared_statements")).all()
        assert len(stored_here) == 9
        assert {statement.split()[0] for statement in prepared} >= {"SELECT", "INSERT"}

    def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again(self):
        with db.engine.connect() as another:
            before = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
            db.session.rollback()
            another.exec_driver_sql(f"SELECT pg_terminate_backend({before}, 5000)")

        after = db.session.scalar(sa.text("SELECT pg_backend_pid()"))

        assert after != before

    def test_reading_holds_no_transaction_open(self):
        db.session.execute(sa.select(Setting.name)).all()
        mine = db.session.scalar(sa.text("SELECT pg_backend_pid()"))

        with db.engine.connect() as another:
            state = another.exec_driver_sql(f"SELECT state FROM pg_stat_activity WHERE pid = {mine}").scalar()

        assert state == "idle"
