"""The console script `eventapp`: every job that is not a request."""

import logging
from importlib import import_module
from typing import Any

import click
from flask.cli import ScriptInfo

import config
from eventapp import create_app
from eventapp.payments import settings as payment_settings

# Where each command stands. It is looked up when it is called: loading all of them takes as long as making the app, and
# what `serve` loads stays in the memory of every process that answers.
_COMMANDS = {
    "backup": "eventapp.cli.archive:backup_command",
    "db": "eventapp.cli.migrating:command",
    "demo": "eventapp.cli.demo:command",
    "demo-data": "eventapp.cli.demo_data:command",
    "doctor": "eventapp.cli.doctor:command",
    "events": "eventapp.cli.events:command",
    "mollie-sandbox": "eventapp.cli.sandbox:command",
    "organisations": "eventapp.cli.organisations:command",
    "payments": "eventapp.cli.payments:command",
    "people": "eventapp.cli.people:command",
    "privacy": "eventapp.cli.privacy:command",
    "restore": "eventapp.cli.archive:restore_command",
    "serve": "eventapp.cli.serve:command",
    "staff": "eventapp.cli.staff:group",
    "worker": "eventapp.cli.worker:command",
}


class Console(click.Group):
    """Ends with one line where a setting is wrong or the database is away; only commands that need the app make it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (config.UnsafeSetting, payment_settings.UnsafeSetting) as error:
            raise click.ClickException(f"cannot start: {error}") from error
        except Exception as error:
            # Loaded only now: with it comes what not every command needs.
            from eventapp.cli.schema import is_away, unusable

            if is_away(error):
                raise click.ClickException(unusable(error)) from error
            raise


@click.group(cls=Console, name="eventapp", context_settings={"obj": ScriptInfo(create_app=create_app)})
def main() -> None:
    """The registration system of Vereniging Netwerk Kindcentra."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
