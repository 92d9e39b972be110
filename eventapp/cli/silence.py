"""A PostgreSQL that takes a statement and says nothing: how long do pages wait for it?

Where its disk hangs, its machine still answers the network's own questions, and the server ends nothing by itself.
Without an end on our side every thread would wait as long as that lasts, and nobody else would hear anything either.
Nobody waits for the worker: its statements may take longer, and it goes on when the server speaks again.
"""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

# So often the driver looks whether it was asked to stop: its own default.
_LOOK_UP_SECONDS = 0.1


def end_silence(engine: Engine, seconds: float) -> None:
    """Let connections made from now on wait so long for the answer to a statement, and then be of no use any more."""

    class Connection(psycopg.Connection[Any]):
        def wait(self, gen: Any, interval: float = _LOOK_UP_SECONDS, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout or seconds)
            except psycopg.OperationalError:
                # Still at it: its answer, when it comes, would be taken for that to another question.
                if self.info.transaction_status == TransactionStatus.ACTIVE:
                    self.close()
                raise

    @event.listens_for(engine, "do_connect")
    def on_connect(_dialect: Any, _record: Any, words: Any, settings: Any) -> Connection:
        return Connection.connect(*words, **settings)
