"""The log: every act has words, a page reads no more than it shows, and who may read which lines."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp import wording
from eventapp.domain.actors import Actor, Role
from eventapp.domain.association import Association
from eventapp.domain.event_details import EventDetails
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import AuditEntry
from eventapp.queries import logbook
from eventapp.services import forgetting
from eventapp.services.audit import note
from eventapp.services.circles import CircleDetails
from eventapp.services.importing import LISTS
from eventapp.transaction import transaction
from eventapp.wording.fields import BUYER_FIELDS, CIRCLE_FIELDS, EVENT_FIELDS, SETTING_FIELDS
from tests.factories import NOW, make_event, make_person, make_registration
from tests.web.office import made, signed_in

SERVICES = Path(__file__).resolve().parents[2] / "eventapp"
WRITERS = {"note", "log_values", "note_all", "note_on", "_note", "_log"}
# Acts that are put together: the rest of the name, and which words can stand in the gap.
FAMILIES = {
    "offer_{}": {EntryState.DECLINED, EntryState.LEFT},
    "{}_imported": set(LISTS),
    "{}_merged": {"person", "organisation"},
}
STAFF = Actor("staff", "Marieke de Vries", 1)
LOG = "/beheer/logboek"


def written() -> set[str]:
    """Every act that the source writes, found in the calls, and in what is assigned to `act` or `acts`."""
    found: set[str] = set()
    for path in [*SERVICES.glob("services/**/*.py"), *SERVICES.glob("cli/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node.func) in WRITERS and node.args:
                found |= _texts(node.args[0])
            elif isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & {
                "act",
                "acts",
            }:
                found |= _texts(node.value)
    return found


def test_everything_that_a_line_is_about_has_a_word():
    calls = [
        node
        for path in SERVICES.glob("services/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and _called(node.func) in {"note", "log_values", "note_all"}
        and len(node.args) > 1
    ]
    about = set().union(*(_texts(call.args[1]) for call in calls))

    assert about - set(wording.SUBJECTS) == set()


def _called(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _texts(node: ast.expr) -> set[str]:
    """The texts that this expression can be; of a text with a gap, all that its family knows."""
    if isinstance(node, ast.JoinedStr):
        pattern = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return {pattern.format(word) for word in FAMILIES[pattern]}
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    if isinstance(node, ast.Tuple):
        return set().union(*map(_texts, node.elts))
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_act_that_is_written_has_words_and_no_words_are_left_over():
    assert set(wording.ACTS) == written()


@pytest.mark.parametrize(
    ("fields", "details"),
    [(EVENT_FIELDS, EventDetails), (CIRCLE_FIELDS, CircleDetails), (SETTING_FIELDS, Association)],
    ids=["event", "circle", "settings"],
)
def test_every_field_that_can_change_has_a_name(fields, details):
    assert set(fields) == set(details.__dataclass_fields__)


@pytest.mark.parametrize(
    ("act", "facts", "said"),
    [
        ("event_changed", {"changed": ["starts_at", "venue"], "mails": 32}, "Gewijzigd: begin, locatie, 32 mails"),
        ("circle_changed", {"changed": ["join_policy"]}, "Gewijzigd: manier van lid worden"),
        ("invoice_details_changed", {"changed": list(BUYER_FIELDS)[:1]}, "Factuurgegevens gewijzigd: statutaire naam"),
        ("refund_planned", {"amount_cents": 9500, "reason": "cancelled"}, "Terugbetaling gepland, € 95"),
        ("refund_by_hand", {"amount_cents": 1250, "why": "Ziek"}, "Met de hand terugbetaald, € 12,50 (“Ziek”)"),
        ("cancelled", {"paid_cents": 9500, "back_cents": 4750}, "Geannuleerd, € 47,50 terug"),
        (
            "waiting_moved",
            {"was": 3, "place": 1, "reason": "Voorzitter"},
            "Verplaatst op de wachtlijst van 3 naar 1 (“Voorzitter”)",
        ),
        (
            "added_by_hand",
            {"category": "lid", "forced": True, "note": ""},
            "Met de hand toegevoegd, boven de capaciteit als lid",
        ),
        (
            "registered",
            {"category": "lid", "via": "named", "detail": "Jan", "organisation": "Regenjas"},
            "Aangemeld via het formulier als lid, namens Regenjas",
        ),
        (
            "status_added",
            {"category": "ambassadeur", "first": "2027-01-01"},
            "Status gegeven: ambassadeur, vanaf 01-01-2027",
        ),
        ("month_closed", {"month": "2027-03"}, "Maand afgesloten: maart 2027"),
        (
            "reminders_set",
            {"days": [7, 1], "online": True},
            "Herinneringen ingesteld: 7 dagen, 1 dag en vlak voor het begin van tevoren",
        ),
        ("people_imported", {"new": 3, "changed": 0, "refused": 1}, "Mensen ingelezen: 3 nieuw, 1 geweigerd"),
        ("staff_added", {"role": "lezer"}, "Medewerker toegevoegd: lezer"),
    ],
)
def test_a_line_says_what_changed_how_much_and_why(act, facts, said):
    assert wording.act(act, facts).replace("\N{NO-BREAK SPACE}", " ") == said


def filled(number: int) -> int:
    """A registration with so many lines of its own, and a few of the house; answers its id."""
    registration = make_registration(make_event(title="Themadag"), make_person("Kees", "", "Boer"))
    with transaction():
        for place in range(number):
            at = NOW + timedelta(minutes=place // 3)
            note("resent", "registration", registration.id, by=STAFF, now=at, event_id=registration.event_id)
        note("settings_changed", "settings", None, by=Actor("staff", "Bea Heer", 2), now=NOW, changed=["iban"])
        note("signed_in", "session", 9, by=Actor("person", "kees@boer.example"), now=NOW, with_account=False)
    return registration.id


def lines(answer) -> list[list[str]]:
    page = BeautifulSoup(answer.text, "html.parser")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in page.select("tbody tr")]


def test_pages_follow_each_other_without_a_line_lost_or_twice(app):
    made(app, lambda: filled(120))
    client = signed_in(app)
    seen, path = [], f"{LOG}?soort=registration"
    while path:
        page = BeautifulSoup(client.get(path).text, "html.parser")
        seen.append(len(page.select("tbody tr")))
        older = page.select_one("a[rel=next]")
        path = older["href"] if older else None

    assert seen == [50, 50, 20]


def test_lines_are_narrowed_and_the_house_is_for_who_keeps_it(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    registration_id = made(app, lambda: filled(1))
    editor, keeper = signed_in(app), signed_in(app, Role.BEHEERDER)

    one = lines(editor.get(f"{LOG}?wie=staff-1&van=2027-01-11&tot=2027-01-11"))
    hidden = lines(editor.get(f"{LOG}?soort=settings"))
    shown = lines(keeper.get(f"{LOG}?soort=settings&wie=staff"))

    assert [(row[1], row[2], row[3]) for row in one] == [
        ("Marieke de Vries", "Mail opnieuw verstuurd", "Aanmelding: Kees Boer, Themadag")
    ]
    assert hidden == []
    assert [row[2] for row in shown] == ["Instellingen gewijzigd: IBAN"]
    assert lines(editor.get(f"{LOG}?soort=registration&nummer={registration_id}")) == one
    assert lines(editor.get(f"{LOG}?tot=2027-01-10")) == []
    for nonsense in ("voor=gisteren~x", "van=31-02-2027", "wie=staff-99999999999", "bijeenkomst=niets", "persoon=-1"):
        assert editor.get(f"{LOG}?{nonsense}").status_code == 200
    assert signed_in(app, Role.LEZER).get(LOG).status_code == 403


def test_a_page_of_the_log_reads_an_index_and_sorts_nothing(app):
    """Whatever it is narrowed by, so that it stays quick however long the log becomes."""
    wanted = [
        logbook.Wanted(),
        logbook.Wanted(actor_kind="staff", actor_id=1),
        logbook.Wanted(subject="event"),
        logbook.Wanted(event_id=1),
        logbook.Wanted(first=NOW.date(), last=NOW.date()),
    ]

    for one in wanted:
        plan = planned(logbook._narrowed(one).order_by(*logbook._ORDER).limit(51))
        assert ("ix_audit_log" in plan, "TEMP B-TREE" in plan, "Sort" in plan) == (True, False, False), plan


def planned(statement: sa.Select) -> str:
    """How the database would go about it; PostgreSQL when it may not read such a small table as a whole."""
    asked = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True})).replace("%%", "%")
    sqlite = db.engine.dialect.name == "sqlite"
    with transaction() as session:
        if not sqlite:
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        rows = session.connection().exec_driver_sql(f"{'EXPLAIN QUERY PLAN' if sqlite else 'EXPLAIN'} {asked}")
        return " ".join(str(row[-1]) for row in rows)


def test_what_is_left_of_an_erased_person_is_not_in_the_log(app, now):
    def gone() -> None:
        person = make_person("Kees", "", "Boer", address="kees@boer.example")
        person.created_at = NOW - timedelta(days=1500)
        db.session.commit()
        with transaction():
            note("signed_in", "session", 9, by=Actor("person", "kees@boer.example"), now=NOW, with_account=False)
            note("answered", "registration", 1, by=Actor("person", "oud@boer.example", person.id), now=NOW)

    gone()
    forgetting.sweep(now=now)

    assert list(db.session.scalars(sa.select(AuditEntry.actor_name))) == ["", ""]
