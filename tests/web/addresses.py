"""Every page that can be asked for, with rows that are there: for walks that look at all of them."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from eventapp.extensions import db
from tests.traces import Traces
from tests.web.test_others import opens

# Which table a number in an address is of, where its name does not say so.
_OTHERWISE = {
    "attempt_id": "payment_attempts",
    "contact_id": "organisation_contacts",
    "entry_id": "waiting_entries",
    "member_id": "circle_members",
    "message_id": "mailbox_messages",
    "naming_id": "organisation_people",
    "other_id": "people",
    "person_id": "people",
    "print_id": "badge_prints",
    "proposal_id": "event_proposals",
    "status_id": "person_statuses",
    "mail_id": "outbox",
}
_SECRETS = ("token", "pay_token", "answer_token", "code")
_USUAL: dict[str, Any] = {
    "kind": "confirmed",
    "period": "2027-01",
    "year": 2026,
    "role": "input",
    "number": 0,
    "domain": "x.example",
    "chosen": "0b5563-e8743b",
}


def pages(app: Flask, left: Traces) -> list[tuple[Rule, list[str]]]:
    """For each address that answers a GET the paths to try, of which the first that shows something is enough."""
    with app.app_context():
        numbers = {table.name: _first(table) for table in db.metadata.sorted_tables if "id" in table.c}
        slugs = {
            name: list(db.session.scalars(sa.text(f"SELECT slug FROM {name} ORDER BY id LIMIT 12")))
            for name in ("events", "circles", "breakouts")
        }
    numbers["people"] = left.ids["person"]
    return [
        (rule, list(dict.fromkeys(_paths(rule, left, numbers, slugs))))
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if "GET" in rule.methods
    ]


def _first(table: sa.Table) -> int:
    return db.session.scalar(sa.select(sa.func.min(table.c.id))) or 0


def _paths(rule: Rule, left: Traces, numbers: dict[str, int], slugs: dict[str, list[str]]) -> Iterator[str]:
    """This address with each place and secret that may open it, and each kind of file where any will do."""
    mine, named = not rule.rule.startswith("/beheer"), rule.arguments
    secret = next((name for name in _SECRETS if mine and name in named), None)
    kinds = sorted(opens(rule.rule)) if secret else [""]
    places = slugs["circles" if "kringen" in rule.rule else "events"] if "slug" in named else [""]
    values = _USUAL | {"code": slugs["breakouts"][0], "event_slug": left.slugs["meeting"]} | dict(rule.defaults or {})
    for name in named:
        if name.endswith("_id"):
            values[name] = numbers[_OTHERWISE.get(name, name.removesuffix("_id") + "s")]
        elif chosen := re.search(rf"<any\(\"?'?([^,\")']+)[^>]*\):{name}>", rule.rule):
            values[name] = chosen[1]
    files = [values["extension"]] if "extension" in values else ["csv", "pdf"] if "extension" in named else [""]
    for extension, place, kind in itertools.product(files, places, kinds):
        given = values | {"extension": extension, "slug": place}
        if secret:
            given[secret] = left.secrets.get(kind, "x")
        if built := rule.build({name: given[name] for name in named}, append_unknown=False):
            yield built[1]
