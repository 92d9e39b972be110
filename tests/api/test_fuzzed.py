"""Schemathesis asks the running server whatever the published document allows, and what it forbids.

No answer may surprise. `make api-fuzz` lets it ask everything, and more often.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.api.house import Programme, programme, served

pytestmark = pytest.mark.race

# A few of everything in `make test`, other ones of either database; how many per operation otherwise.
EXAMPLES = os.environ.get("API_FUZZ_EXAMPLES")
DOSE = ["--max-examples", EXAMPLES] if EXAMPLES else ["--phases", "fuzzing", "--max-examples", "3"]


def configuration(there: Programme) -> str:
    """Addresses and codes that exist, beside what is made up, and what counts as an answer."""
    known = {"slugs": there.slugs, "codes": there.codes, "rows": [1, 2, 3]}
    bound = {
        "path.slug": ("slugs", 0.7),
        "path.registration_id": ("rows", 0.7),
        "query.event": ("slugs", 0.7),
        "body.event": ("slugs", 0.7),
        "body.code": ("codes", 0.3),
    }
    # What fits its schema can still be refused: an address that is none, a breakout that is not there, who is known
    # already. Without a payment provider nobody can pay online: 503.
    expected = {
        "positive_data_acceptance": ["2xx", "304", "403", "404", "409", "422", "503"],
        "not_a_server_error": ["2xx", "3xx", "4xx", "503"],
    }
    return "\n".join(
        [
            *(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in known.items()),
            "[parameters]",
            *(
                f'"{where}" = {{ dictionary = "{name}", probability = {often} }}'
                for where, (name, often) in bound.items()
            ),
            *(f"[checks.{check}]\nexpected-statuses = {json.dumps(codes)}" for check, codes in expected.items()),
        ]
    )


def test_no_request_surprises_the_server(app: Flask, database_url: str, tmp_path: Path):
    there = programme()
    (tmp_path / "schemathesis.toml").write_text(configuration(there))
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]

    with served(database_url, tmp_path / "server.log") as base:
        seed = "1" if EXAMPLES or database_url.startswith("sqlite") else "2"
        token = f"Authorization: Bearer {there.secret}"
        asked = [f"{base}/api/v1/openapi.json", "--url", base, "-H", token, "--seed", seed, "--no-color", *DOSE]
        said = subprocess.run([*command, *asked], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stdout
    assert int(re.search(r"(\d+) generated", said.stdout)[1]) > 60
    assert "Traceback" not in (tmp_path / "server.log").read_text()
