"""Processes that start at once: forked from one that imported everything of ours and did nothing yet.

To import all of it takes longer than most of what tests let a process do.
"""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from config import ROOT
from eventapp.cli import main
from eventapp.web import api, demo, door, member, organiser, probes, public, webhooks  # noqa: F401

MADE_READY = multiprocessing.get_context("forkserver")
MADE_READY.set_forkserver_preload([__name__])


def started(words: Sequence[str], environment: dict[str, str], *, out: Path, err: Path) -> BaseProcess:
    """The console script with these words, in this environment and no other, adding to these files.

    It leads a process group of its own, in which whatever it starts stays.
    """
    process = MADE_READY.Process(target=_console, args=(words, environment, out, err))
    process.start()
    return process


def _console(words: Sequence[str], environment: dict[str, str], out: Path, err: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in ((1, out), (2, err)):
        with file.open("ab") as opened:
            os.dup2(opened.fileno(), number)
    sys.argv = ["eventapp", *words]
    main(prog_name="eventapp")
