"""Whatever people typed, wherever it is kept: on every page it stays text."""

import re

import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Role
from eventapp.domain.personal_data import IMPERSONAL, PROCESSINGS
from eventapp.extensions import db
from eventapp.models import Circle
from eventapp.web.access import Audience
from tests.traces import leave_traces
from tests.web.office import made, rows, signed_in
from tests.web.test_kept_by_nobody import looked_at, paths
from tests.web.test_mine import browser

MARK = "xylofoon"
EVIL = "\"'></p><script>xylofoon</script>"
# An issued invoice never changes, and the database says so; an address and what JSON holds have a form of their own.
LEFT = ("invoice", "outbox", "mailbox_messages", "jobs", "idempotent_answers", "job_files")


def spoil() -> int:
    """Let every text that somebody typed end in what a page must not become; answers how many there are."""
    spoiled = 0
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            named = f"{table.name}.{column.name}"
            typed = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            if (
                not typed
                or table.name.startswith(LEFT)
                or (column.type.length or 999) < len(EVIL)
                or named not in TYPED
            ):
                continue
            change = sa.update(table).where(column.ilike(f"%{MARK}%"), column.not_like("%@%"))
            spoiled += db.session.execute(change.values({column: EVIL})).rowcount
    db.session.commit()
    return spoiled


TYPED = {named for one in PROCESSINGS for named in one.where} | {
    named for named in IMPERSONAL if named.rpartition(".")[2] in ("title", "name", "label", "venue", "city")
}


def test_on_no_page_becomes_what_somebody_typed_markup(make_app) -> None:
    app: Flask = make_app(PROPAGATE_BUGS=False)
    left = made(app, lambda: leave_traces(MARK))
    left.slugs["circle"] = rows(app, sa.select(Circle.slug))[0][0]
    spoiled = made(app, spoil)
    office, person = signed_in(app, Role.BEHEERDER), browser(app, left.address)
    shown, wrong = 0, []

    for rule, audience in looked_at(app):
        for path in paths(rule, left):
            answer = (office if audience == Audience.STAFF else person).get(path)
            if answer.mimetype in ("text/html", "image/svg+xml"):
                shown += "&lt;script&gt;" in answer.text
                wrong += [path] if re.search("<script>xylofoon", answer.text) else []

    assert wrong == []
    assert (spoiled > 20, shown > 30) == (True, True)
