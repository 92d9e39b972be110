"""Work for processes of their own that begin at the same moment, each with an app of its own."""

from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask

from config import TestConfig
from eventapp import create_app
from tests.made_ready import MADE_READY

_PATIENCE_SECONDS = 120


def in_processes(work: Callable[[Flask, Any], Any], database_url: str, portions: Sequence[Any]) -> list[Any]:
    """What `work`, a function of a module, answers for each portion. Fails when one of them does."""
    begin = MADE_READY.Barrier(len(portions))
    running = [_started(work, database_url, portion, begin) for portion in portions]
    answers = [answer.recv() if answer.poll(_PATIENCE_SECONDS) else None for _process, answer in running]
    for process, answer in running:
        process.join(_PATIENCE_SECONDS)
        answer.close()
    assert [process.exitcode for process, _answer in running] == [0] * len(portions)
    return answers


def _started(work: Callable[[Flask, Any], Any], database_url: str, portion: Any, begin: Barrier) -> Any:
    here, there = MADE_READY.Pipe(duplex=False)
    process = MADE_READY.Process(target=_child, args=(work, database_url, portion, begin, there))
    process.start()
    there.close()
    return process, here


def _child(work: Callable[[Flask, Any], Any], database_url: str, portion: Any, begin: Barrier, answer: Any) -> None:
    app = create_app(TestConfig(database_url))
    begin.wait(_PATIENCE_SECONDS)
    answer.send(work(app, portion))
