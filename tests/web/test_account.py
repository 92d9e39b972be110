"""Verantwoording: the board reads, the coordinator closes a year, the beheerder opens it again."""

import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.account import AccountYear, Figure
from eventapp.domain.actors import Role
from eventapp.domain.events import EventKind, RegistrationMode
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, EventVisibility, YearClosing
from eventapp.services import fixing, year_closings
from tests.accounting import fill_year
from tests.documents.examples import read_pdf
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words

YEAR = "/beheer/verantwoording/2026"


def links(page: str) -> set[str]:
    """Where the numbers of a page lead to."""
    found = BeautifulSoup(page, "html.parser").select(f"main a[href^='{YEAR}/']")
    return {link["href"] for link in found}


def test_year_is_read_closed_and_opened_again_while_its_numbers_stand(make_app):
    app = make_app()
    made(app, fill_year)
    waiting = len(made(app, lambda: year_closings.unfixed(AccountYear(2026, NOW.date()), now=NOW)))
    reader, coordinator = signed_in(app, Role.LEZER), signed_in(app, Role.COORDINATOR)
    report = words(reader.get(YEAR))
    refused = reader.get(f"{YEAR}/afsluiting")
    preview = coordinator.get(f"{YEAR}/afsluiting")
    token = csrf_token(coordinator, f"{YEAR}/afsluiting")
    seen = BeautifulSoup(preview.text, "html.parser").select_one("#seen")["value"]

    without_yes = coordinator.post(f"{YEAR}/afsluiting", data={"csrf_token": token, "seen": seen})
    stale = coordinator.post(f"{YEAR}/afsluiting", data={"csrf_token": token, "seen": "x", "without": "y"})
    done = coordinator.post(f"{YEAR}/afsluiting", data={"csrf_token": token, "seen": seen, "without": "y"})
    made(app, lambda: (db.session.execute(sa.update(Event).values(kind="extern")), db.session.commit()))

    assert "Het jaar is nog niet afgesloten. Van" in report
    assert (refused.status_code, without_yes.status_code, stale.status_code) == (403, 422, 422)
    assert "Stel de presentie eerst vast" in words(without_yes)
    assert done.status_code == 303
    closed = words(reader.get(YEAR))
    assert "Deze cijfers staan vast" in closed
    assert f"Van {waiting} bijeenkomsten was de presentie toen niet vastgesteld" in closed
    assert _numbers_of(closed) == _numbers_of(report)
    behind = words(reader.get(f"{YEAR}/meetings?rij=all&kolom=all"))
    assert "staat vast Hieronder staat wat er nu bekend is; dat komt uit op 0." in behind

    keeper = signed_in(app, Role.BEHEERDER)
    path = f"{YEAR}/heropening"
    nothing = keeper.post(path, data={"csrf_token": csrf_token(keeper, path), "reason": ""})
    opened = keeper.post(path, data={"csrf_token": csrf_token(keeper, path), "reason": "Presentie vergeten"})

    assert (coordinator.get(path).status_code, nothing.status_code, opened.status_code) == (403, 422, 303)
    assert rows(app, sa.select(YearClosing.reopened_reason)) == [("Presentie vergeten",)]
    assert rows(app, sa.select(AuditEntry.act).where(AuditEntry.subject == "year_closing").order_by(AuditEntry.id)) == [
        ("year_closed",),
        ("year_reopened",),
    ]


def _numbers_of(report: str) -> str:
    """The report from its first section on."""
    return report[report.index("Bijeenkomsten van de vereniging die in dit jaar") :]


def test_numbers_of_the_report_open_and_say_the_same(make_app):
    app = make_app()
    made(app, fill_year)
    client = signed_in(app, Role.LEZER)
    page = client.get(YEAR)
    found = BeautifulSoup(page.text, "html.parser").select(f"main td a[href^='{YEAR}/']")
    one_of_each = {link["href"].split("?")[0]: link for link in found}

    for link in one_of_each.values():
        title = BeautifulSoup(client.get(link["href"]).text, "html.parser").select_one("h1").get_text()
        assert title.endswith(f": {link.get_text()}")

    assert {href.split("?")[0].rsplit("/", 1)[1] for href in links(page.text)} == set(Figure)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/beheer/verantwoording", 200),
        ("/beheer/verantwoording?jaar=2026", 200),
        ("/beheer/verantwoording?jaar=abc", 200),
        ("/beheer/verantwoording?jaar=2099", 404),
        ("/beheer/verantwoording/1066", 404),
        ("/beheer/verantwoording/2026/reach?rij=gemeente&kolom=never", 200),
        ("/beheer/verantwoording/2026/reach?rij=bestaat-niet&kolom=never", 404),
        ("/beheer/verantwoording/2026/meetings?rij=rvt&kolom=bestaat-niet", 404),
        ("/beheer/verantwoording/2026/people?rij=kind:x&kolom=people", 404),
        ("/beheer/verantwoording/2026/members?rij=year:2026&kolom=end", 404),
        ("/beheer/verantwoording/2026.docx", 404),
    ],
)
def test_year_without_anything_has_its_pages(make_app, path, status):
    client = signed_in(make_app(), Role.LEZER)

    assert client.get(path).status_code == status


def test_report_as_files_and_who_may_not_see_it(make_app):
    app = make_app()
    made(app, fill_year)
    client = signed_in(app, Role.PENNINGMEESTER)

    paper, book = client.get(f"{YEAR}.pdf"), client.get(f"{YEAR}.xlsx")
    statuses = [signed_in(app, role).get(YEAR).status_code for role in (Role.DEURVRIJWILLIGER, Role.KRINGCOORDINATOR)]

    assert paper.headers["Content-Disposition"] == 'inline; filename="verantwoording-2026.pdf"'
    assert "Verantwoording 2026" in read_pdf(paper.data).pages[0].extract_text()
    total = openpyxl.load_workbook(io.BytesIO(book.data))["Overzicht"]["B6"].value
    assert f">{total}</a>" in client.get(YEAR).text
    assert statuses == [403, 403]
    assert app.test_client().get(YEAR).status_code == 302


def test_contribution_and_head_count_are_kept_for_what_nobody_registers_for(make_app):
    app = make_app()
    past = NOW - timedelta(days=20)

    def events() -> tuple[str, str]:
        extern = make_event(kind=EventKind.EXTERN, registration=RegistrationMode.GEEN, starts_at=past)
        return extern.slug, make_event().slug

    extern, own = made(app, events)
    client = signed_in(app)
    path = f"/beheer/evenementen/{extern}/zichtbaarheid"
    data = {"csrf_token": csrf_token(client, path), "contribution": "Stand en lezing", "heads": "250"}

    wrong = client.post(path, data=data | {"heads": "-1"})
    saved = client.post(path, data=data, follow_redirects=True)

    assert (wrong.status_code, client.get(f"/beheer/evenementen/{own}/zichtbaarheid").status_code) == (422, 404)
    assert "Bijdrage en bezoekers ingevuld" in words(saved)
    assert rows(app, sa.select(EventVisibility.contribution, EventVisibility.heads)) == [("Stand en lezing", 250)]
    assert "250" in words(client.get("/beheer/verantwoording/2026/visibility?rij=all&kolom=heads"))


def test_presence_that_is_fixed_reaches_the_report(make_app):
    """From the office's button to the reach of the members, without anything in between."""
    app = make_app()

    def meet() -> None:
        event = make_event(starts_at=NOW - timedelta(days=40))
        organisation = make_organisation()
        make_organisation("Stil", domains=("stil.example",))
        person = make_person()
        make_registration(event, person, organisation_id=organisation.id)
        everybody = fixing.seen_now(event, now=NOW)
        wish = {1: fixing.Wish(seen=fixing.PresenceStatus.AFWEZIG, to=fixing.PresenceStatus.AANWEZIG)}
        fixing.correct(event.id, wish, by=OFFICE, now=NOW)
        assert fixing.seen_now(event, now=NOW) != everybody
        fixing.fix(event.id, seen=fixing.seen_now(event, now=NOW), by=OFFICE, now=NOW)

    made(app, meet)
    client = signed_in(app, Role.LEZER)

    assert "Alle leden 2 1 0 1 50 %" in words(client.get(YEAR))
    assert "Stil" in words(client.get(f"{YEAR}/reach?rij=all&kolom=never"))
    assert made(app, lambda: year_closings.unfixed(AccountYear(2026, NOW.date()), now=NOW)) == []
