"""`eventapp backup` and `eventapp restore`: what the administrator reads, and the file that is left."""

import json
import stat
import zipfile

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.models import Event
from eventapp.transaction import transaction
from tests.cli.console import run
from tests.factories import make_event


def test_a_backup_is_for_its_owner_only_and_fills_an_empty_database(app, tmp_path):
    file = tmp_path / "alles.zip"
    make_event(title="Themadag")

    made = run(app, "backup", str(file))
    with transaction():
        db.session.execute(sa.text("DELETE FROM events"))
        db.session.execute(sa.text("DELETE FROM heartbeats"))
    put_back = run(app, "restore", str(file))

    assert (made.exit_code, put_back.exit_code) == (0, 0)
    assert "Klaar: 4 rijen uit 3 tabellen in" in made.output
    assert "  events                                1\n" in put_back.output
    assert "4 rijen uit 3 tabellen teruggezet, van maandag 11 januari 2027 om 10.00 uur." in put_back.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["alles.zip"]
    assert db.session.scalars(sa.select(Event.title)).all() == ["Themadag"]


def test_what_cannot_be_is_said_in_one_line(app, tmp_path):
    file, others = tmp_path / "alles.zip", tmp_path / "anderen.zip"
    make_event()
    run(app, "backup", str(file))

    answers = [
        run(app, "backup", str(file)),
        run(app, "backup", str(tmp_path / "nergens" / "alles.zip")),
        run(app, "restore", str(file)),
        run(app, "backup", "--without-special", str(others)),
    ]

    assert [answer.exit_code for answer in answers] == [1, 1, 1, 0]
    assert answers[0].output == f"Error: {file}: dit bestand bestaat al, kies een andere naam\n"
    assert answers[1].output.startswith(f"Error: {tmp_path / 'nergens' / 'alles.zip'}: ")
    assert (
        "De database is niet leeg: er staan al rijen in capacities, event_prices, events, heartbeats."
        in answers[2].output
    )
    assert "Zonder care_answers, job_files, person_notes, " in answers[3].output
    with zipfile.ZipFile(others) as archive:
        assert json.loads(archive.read("manifest.json"))["left_out"] == ["care_answers", "job_files", "person_notes"]
