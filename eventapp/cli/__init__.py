"""The console script `eventapp`: every job that is not a request."""

import logging
from typing import Any

import click
from flask.cli import ScriptInfo
from flask_migrate.cli import db as migrations

import config
from eventapp.cli import (
    archive,
    demo,
    demo_data,
    doctor,
    events,
    organisations,
    payments,
    people,
    privacy,
    sandbox,
    serve,
    staff,
    worker,
)
from eventapp.cli.migrating import create_migrating_app
from eventapp.payments import settings as payment_settings


class Console(click.Group):
    """Ends with one line where a setting is missing or unsafe; only commands that need the app make it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (config.UnsafeSetting, payment_settings.UnsafeSetting) as error:
            raise click.ClickException(f"cannot start: {error}") from error


@click.group(cls=Console, name="eventapp", context_settings={"obj": ScriptInfo(create_app=create_migrating_app)})
def main() -> None:
    """The registration system of Vereniging Netwerk Kindcentra."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


main.add_command(migrations)
staff.register(main)
archive.register(main)
for module in (demo, demo_data, doctor, events, organisations, payments, people, privacy, sandbox, serve, worker):
    main.add_command(module.command)
