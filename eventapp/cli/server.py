"""Which command runs the web server?"""

import sys


def web_command(host: str, port: int, *, workers: int = 2, threads: int = 4, reload: bool = False) -> list[str]:
    """Gunicorn with the app. Without its control socket, which needs a writable home and is never used."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [sys.executable, "-m", "gunicorn", "eventapp:create_app()", "--bind", bind]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    # Whoever comes in a crowd waits in the system's line, which is long; a process never runs out of files (1,024).
    command += ["--backlog", "4096", "--worker-connections", "500"]
    command += ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", "30", "--timeout", "60"]
    command += ["--logger-class", "eventapp.server_log.ServerLogger"]
    # A server that reloads makes the app in its worker: what the first process made stays as it was.
    return [*command, "--reload"] if reload else [*command, "--config", "python:eventapp.server_hooks"]


def own_command(*words: str) -> list[str]:
    """A subcommand of this console script, run by the same Python."""
    return [sys.executable, "-m", "eventapp.cli", *words]
