"""`eventapp serve`: production, with the settings of the environment."""

import gc

import click


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", envvar="WEB_CONCURRENCY", default=2, show_default=True, help="Processes that answer.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
@click.option("--web-only", is_flag=True, help="Become the web server; something else runs `eventapp worker`.")
def command(host: str, port: int, workers: int, threads: int, web_only: bool) -> None:
    """Run the web server and a worker. Refuses an unsafe setting and a schema that is not at head.

    A socket that systemd opened (LISTEN_FDS) is served instead of host and port.
    """
    # Nothing that loading the house makes is garbage: looking for it takes a tenth of the time, and is in vain.
    gc.disable()
    from eventapp.cli import serving

    if web_only:
        serving.serve_pages(host, port, workers=workers, threads=threads)
    else:
        serving.serve_and_work(host, port, workers=workers, threads=threads)
