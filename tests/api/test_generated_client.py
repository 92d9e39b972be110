"""A client that others generate from the published document: it books somebody and lets them in at the door."""

import importlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.extensions import db
from eventapp.models import Presence
from tests.api.house import programme, served
from tests.factories import NOW
from tests.reading import registrations

pytestmark = pytest.mark.race


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make the package of a document's client, and import its parts by name."""

    def generate(document: bytes):
        (tmp_path / "openapi.json").write_bytes(document)
        (tmp_path / "config.yml").write_text("post_hooks: []\n")
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json"]
        where = ["--output-path", "made/kindcentra", "--meta", "none", "--config", "config.yml", "--fail-on-warning"]
        (tmp_path / "made").mkdir()
        subprocess.run([*command, *where], cwd=tmp_path, check=True, capture_output=True)
        monkeypatch.syspath_prepend(tmp_path / "made")

        def part(name: str) -> ModuleType:
            return importlib.import_module(f"kindcentra.{name}")

        return part

    yield generate
    for name in [name for name in sys.modules if name.partition(".")[0] == "kindcentra"]:
        del sys.modules[name]


# The document is the same on either database.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_generated_client_books_and_checks_in(app: Flask, database_url: str, tmp_path: Path, generated):
    there = programme()
    slug = there.slugs[0]
    part = generated(app.test_client().get("/api/v1/openapi.json").data)
    models, client = part("models"), part("client")

    with (
        served(database_url, tmp_path / "server.log") as base,
        client.Client(base_url=base) as anybody,
        client.AuthenticatedClient(base_url=base, token=there.secret) as ours,
    ):
        listed = part("api.events.list_events").sync(client=anybody)
        wanted = models.BookingIn(email="marieke@zonnevlinder.example", given_name="Marieke", family_name="Meulen")
        book = part("api.registrations.book_in")
        booked = book.sync(slug, client=ours, body=wanted, idempotency_key="k1")
        again = book.sync(slug, client=ours, body=wanted, idempotency_key="k1")
        known = book.sync(slug, client=ours, body=wanted)
        scan = models.ScanIn(
            scan_id=uuid4(), code=booked.ticket_code, event=slug, action=models.Action.IN, scanned_at=NOW
        )
        verdict = part("api.door.check_in").sync(client=ours, body=scan)

    db.session.rollback()
    new = registrations()[-1]
    came = db.session.scalars(sa.select(Presence.first_in_at).where(Presence.registration_id == new.id)).all()
    assert [event.slug for event in listed.events] == [slug, *there.slugs[1:]]
    assert listed.events[0].starts_at == NOW + timedelta(minutes=30)
    assert (booked.state, booked.category, booked.ticket_code) == (models.State.CONFIRMED, "lid", new.ticket.code)
    assert again == booked
    assert (type(known), known.status, known.code) == (models.Problem, 409, "already_registered")
    assert (verdict.result, verdict.attendee.name) == (models.Result.ADMITTED, "Marieke Meulen")
    assert came == [NOW]
