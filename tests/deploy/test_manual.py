"""What is written for administrators fits what is there: the rehearsed manual, the alarms, the release archive."""

import re
import subprocess
import tarfile
from pathlib import Path

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as families

from tests.cli.console import ROOT
from tools import release
from tools.rehearsal.manual import MANUAL, steps


def test_every_command_of_the_manual_is_rehearsed_or_says_why_not() -> None:
    found = steps(MANUAL.read_text())

    assert [step.heading.partition(".")[0] for step in found if step.occasion == ""] == list("12345678")
    assert sorted(step.occasion for step in found if step.occasion) == ["public", "restore", "rollback", "upgrade"]


def test_files_that_the_manual_names_are_there() -> None:
    text = MANUAL.read_text()

    named = set(re.findall(r"(?:deploy|tools|docs)/[\w./-]+\w", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert {"deploy/nginx/eventapp.conf", "deploy/bin/eventapp", "tools/compress_assets.py"} <= named


def test_alarms_are_about_figures_that_exist(app: Flask) -> None:
    app.test_client().get("/healthz")
    shown = {sample.name for f in families(app.test_client().get("/metrics").text) for sample in f.samples}
    # These appear with the first worker, backup, run of a task, and outage.
    shown |= {"eventapp_worker_silent_seconds", "eventapp_task_overdue_seconds", "eventapp_task_failed"}
    shown.add("eventapp_backup_age_seconds")
    shown.add("eventapp_outages_total")

    rules = (ROOT / "deploy" / "prometheus-alerts.yml").read_text()

    asked = {name for line in re.findall(r"expr: (.*)", rules) for name in re.findall(r"eventapp_\w+", line)}
    assert asked - shown == set()
    assert len(asked) >= 8


def test_alarms_count_what_only_rises_and_compare_what_also_falls() -> None:
    """`increase` takes a figure that falls for a counter that began anew, and adds the whole of it."""
    rules = (ROOT / "deploy" / "prometheus-alerts.yml").read_text()

    counted = set(re.findall(r"increase\((\w+)", rules))
    assert {name for name in counted if not name.endswith("_total")} == set()
    assert set(re.findall(r"delta\((\w+)", rules)) == {"eventapp_mails_failed"}


def test_release_archive_holds_what_is_committed_and_the_front_end_files(tmp_path: Path) -> None:
    made = release.make_archive(tmp_path)
    again = release.make_archive(tmp_path / "again")

    listed = ["git", "ls-tree", "-r", "-z", "--name-only", "HEAD"]
    committed = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True).stdout.rstrip("\0").split("\0")
    with tarfile.open(made) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
        owners = {(member.uid, member.uname) for member in archive}
    assert names >= set(committed)
    assert "static/vendor/pico/pico.min.css" in names
    assert owners == {(0, "root")}
    assert made.read_bytes() == again.read_bytes()
