"""Registration opens for a popular event, and everybody is there: who gets an answer, and how soon?"""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.cli.addresses import free_port
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, OutboxMail, Registration
from eventapp.queries import health
from tests.bad_days.house import FULL, serving, told
from tests.deploy import nginx
from tests.factories import make_event
from tests.killable import answers, until
from tests.visitors import Visitor, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.bad_day]
VISITORS, PLACES, PROCESSES = (2000, 400, 2) if FULL else (40, 15, 2)
WORST_SECONDS = 30
GONE = "closed"
CERTIFICATE = "fullchain.pem"


async def visit(visitor: Visitor, page: str) -> str:
    """The whole way: read the page, open the form, fill it in, check it, send it. The page where it ended."""
    await visitor.get(page)
    form = await visitor.get(f"{page}/aanmelden")
    for step in ("", "versturen"):
        if "csrf_token" not in form.hidden:
            return GONE
        typed = {
            "email": f"bezoeker@plek{visitor.number}.example",
            "given_name": "Bezoeker",
            "family_name": f"Nummer {visitor.number}",
        }
        form = await visitor.post(f"{page}/aanmelden", form.hidden | typed | {"step": step})
    return form.path.rpartition("/")[2] if form.status == 200 else GONE


Front = Callable[[str, Path], AbstractContextManager[str]]


def direct(url: str, _folder: Path) -> AbstractContextManager[str]:
    return nullcontext(url)


@contextmanager
def proxied(url: str, folder: Path) -> Iterator[str]:
    """The address of nginx, set up as docs/production.md says, in front of what answers at `url`."""
    plain, secure = free_port("127.0.0.1"), free_port("127.0.0.1")
    command = nginx.prepare(folder, plain=plain, secure=secure, behind=urlsplit(url).port or 80)
    running = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        until(lambda: answers(f"https://127.0.0.1:{secure}/healthz", verify=str(folder / CERTIFICATE)))
        yield f"https://127.0.0.1:{secure}"
    finally:
        running.terminate()
        running.wait(60)


@pytest.mark.parametrize("front", [direct, proxied] if FULL else [proxied])
def test_everybody_at_the_opening_is_answered_in_time_and_nobody_is_above_the_places(
    front: Front, app: Flask, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    now = datetime.now(UTC)
    before = {name: now - timedelta(days=1) for name in ("created_at", "updated_at", "published_at")}
    event = make_event(
        capacity=PLACES,
        prices={Category.NIET_LID: 0},
        starts_at=now + timedelta(days=60),
        waiting_list=False,
        **before,
    )
    page, event_id = f"/agenda/{event.slug}", event.id
    db.session.remove()

    trusted = tmp_path / CERTIFICATE if front is proxied else None
    with serving(database_url, tmp_path, workers=PROCESSES) as behind, front(behind, tmp_path) as url:
        ended, seen = all_at_once(url, VISITORS, lambda visitor: visit(visitor, page), trusted=trusted)
    who = f"Opening, {front.__name__}, {VISITORS} visitors for {PLACES} places, {database_url[:6]}"
    told(f"{who}: {dict(ended)}; {seen}", capsys)

    assert ended == {"verzonden": PLACES, GONE: VISITORS - PLACES}
    # 409: the last place went between their page and their sending. 503 says after how long to come back.
    assert set(seen.statuses) <= {200, 303, 409, 503}
    assert seen.worst_seconds < WORST_SECONDS
    states = db.session.scalars(sa.select(Registration.state).where(Registration.event_id == event_id))
    mails = sa.select(sa.func.count()).select_from(OutboxMail)
    assert Counter(states) == {State.AWAITING_CONFIRMATION: PLACES}
    assert db.session.scalar(sa.select(Capacity.taken).where(Capacity.event_id == event_id)) == PLACES
    assert db.session.scalar(mails) == PLACES
    assert health.miscounts() == []
