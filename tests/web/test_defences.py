"""Cookies, the Host header, logs and outgoing connections: what an attacker would try first."""

import logging
import re
from http.cookies import SimpleCookie

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from config import ROOT
from eventapp import server_settings
from eventapp.documents.refused_rows import table
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.logs import JsonLines, PlainLines
from eventapp.models import StaffMember
from tests.factories import NOW, make_event, make_staff

SOURCES = {
    path.relative_to(ROOT / "eventapp").as_posix(): path.read_text() for path in (ROOT / "eventapp").rglob("*.py")
}
# Whoever can speak to another machine: by a setting, never by an address that somebody typed.
OUTGOING = re.compile(
    r"^\s*(?:import|from) (?:requests|urllib\.request|http\.client|socket|smtplib|urllib3|httpx)\b", re.M
)
SPEAKERS = {
    "mail/transports.py",
    "openid/client.py",
    "openid/metadata.py",
    "payments/mollie.py",
    # Speaks to nobody: it asks the system since when a visitor's own connection waits.
    "web/crowding.py",
    # Asked for by whoever runs the machine, in the demo or at a prompt.
    "cli/addresses.py",
    "cli/demo.py",
    "cli/demo_data/payments.py",
    "payments/sandbox/faults.py",
    "payments/sandbox/webhooks.py",
}


@pytest.mark.parametrize(
    ("base", "name", "secure"),
    [("https://app.example", "__Host-sessie", True), ("http://127.0.0.1:8000", "sessie", False)],
)
def test_the_cookie_is_for_this_host_and_no_script(make_app, base: str, name: str, secure: bool):
    app: Flask = make_app(PUBLIC_BASE_URL=base)

    answer = app.test_client().get("/inloggen", base_url=base)

    cookie = SimpleCookie(answer.headers["Set-Cookie"])[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert bool(cookie["secure"]) is secure
    assert ("Strict-Transport-Security" in answer.headers) is secure


def test_a_forged_host_stands_in_no_page_and_no_mail(make_app):
    app: Flask = make_app()
    with app.app_context():
        slug = make_event().slug
        make_staff()
    client, forged = app.test_client(), {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    paths = (
        "/",
        f"/agenda/{slug}",
        f"/agenda/{slug}.ics",
        "/agenda.json",
        "/sitemap.xml",
        "/mijn",
        "/beheer/",
        "/kringen",
    )

    told = {path: client.get(path, headers=forged) for path in paths}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/inloggen", headers=forged).text)[1]
    form = {"csrf_token": token, "address": "kantoor@kindcentra.example"}
    client.post("/inloggen", headers=forged, data=form)

    with app.app_context():
        mails = db.session.execute(sa.text("SELECT text, html FROM outbox")).all()
    assert [path for path, answer in told.items() if "evil" in answer.text + str(answer.headers)] == []
    assert len(mails) == 1
    assert "evil" not in str(mails)


def test_no_line_of_the_log_holds_an_address_a_secret_or_what_was_typed(app: Flask):
    secret, typed, address = new_token(), "Xylo" + "foon", "quirijn.geheim@elders.example"
    make_staff(address=address)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s at /ticket/%s", (address, secret), None)

    with pytest.raises(IntegrityError) as caught:
        row = {"address": address, "name": typed, "role": "beheerder", "created_at": NOW}
        db.session.execute(sa.insert(StaffMember), row)
    record.exc_info = (caught.type, caught.value, caught.tb)
    lines = [PlainLines("%(message)s").format(record), JsonLines().format(record)]

    assert all("(adres) at /ticket/(geheim)" in line and "IntegrityError" in line for line in lines)
    assert [word for word in ("quirijn", typed, secret) if word in str(lines)] == []


def test_the_web_server_writes_no_log_of_addresses_asked_for():
    """Links hold secrets; what a proxy in front writes is told in docs/security.md."""
    assert [name for name in vars(server_settings) if "access" in name] == []


def test_only_these_speak_to_other_machines():
    assert {name for name, source in SOURCES.items() if OUTGOING.search(source)} == SPEAKERS


def test_every_file_for_a_spreadsheet_goes_through_the_one_guard():
    books = {name for name, source in SOURCES.items() if re.search(r"\bWorkbook\(", source)}
    lists = {name for name, source in SOURCES.items() if "csv.writer(" in source}

    assert {name for name in books if "Workbook(file, SAFE)" not in SOURCES[name]} == set()
    # What an import writes for itself is read back and given to nobody.
    assert {name for name in lists if "import harmless" not in SOURCES[name].replace("SAFE, ", "")} == {
        "services/importing/files.py"
    }
    assert table([("\u200b=1+1", " -2", "\t@x", "goed")]).decode("utf-8-sig") == "'\u200b=1+1;' -2;'\t@x;goed\r\n"
