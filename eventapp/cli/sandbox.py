"""`eventapp mollie-sandbox`: the stand-in for Mollie, for the demo and for trying things out."""

import signal

import click


@click.command("mollie-sandbox")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
@click.option(
    "--database", default=":memory:", show_default=True, help="SQLite file in which payments survive a restart."
)
def command(host: str, port: int, database: str) -> None:
    """Run the Mollie sandbox: payments that move no money."""
    from eventapp.payments.sandbox import run

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(f"Mollie sandbox: http://{host}:{port}", err=True)
    try:
        run(host=host, port=port, database=database)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error
