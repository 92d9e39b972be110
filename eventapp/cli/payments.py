"""`eventapp payments`: ask the provider again."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from eventapp import formatting, wording
from eventapp.extensions import db
from eventapp.models import PaymentAttempt
from eventapp.payments.choose import gateway_from
from eventapp.services import settling

command = AppGroup("payments", help="Payments and the provider.")


@command.command("reconcile")
@click.option("--all", "everything", is_flag=True, help="Also what was paid or ended lately.")
def reconcile(everything: bool) -> None:
    """Ask the provider about every payment under way and apply what changed.

    Prints what changed, one line per payment. Exits with 1 when the provider did not tell about one of them.
    """
    gateway = gateway_from(current_app.config)
    if gateway is None:
        raise click.ClickException("MOLLIE_API_KEY is not set: there is no provider to ask")
    now = current_app.config["CLOCK"]()
    due = list(settling.due_for_a_look(now=now, patience=timedelta(0)))
    if everything:
        due += [attempt_id for attempt_id in settling.due_for_a_look(now=now, nightly=True) if attempt_id not in due]
    silent = 0
    for attempt_id in due:
        before = _stand(attempt_id)
        if not settling.look_again(attempt_id, gateway, now=now):
            silent += 1
            click.echo(f"{before[0]}: no answer from the provider, asked again later", err=True)
        elif (after := _stand(attempt_id)) != before:
            click.echo(f"{after[0]}: {before[1]} -> {after[1]}")
    click.echo(f"{len(due) - silent} of {len(due)} payments asked about and settled")
    if silent:
        raise SystemExit(1)


def _stand(attempt_id: int) -> tuple[str, str]:
    """Which payment it is, and how it stands with us now, in words."""
    db.session.rollback()
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    words = [wording.ATTEMPTS[attempt.status]]
    if attempt.outcome:
        words.append(wording.OUTCOMES[attempt.outcome])
    if attempt.refunded_cents:
        words.append(f"{formatting.money(attempt.refunded_cents)} terugbetaald")
    if attempt.charged_back_cents:
        words.append(f"{formatting.money(attempt.charged_back_cents)} teruggehaald")
    return attempt.reference, ", ".join(words)
