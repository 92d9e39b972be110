"""Does the house keep its rules: who may import whom, who reads the environment, which words and pages are there?"""

import ast
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import pytest

from eventapp import models, wording
from eventapp.domain import (
    account,
    actors,
    admission,
    badges,
    bank_refunds,
    bulk,
    cancellation,
    care,
    certificates,
    checklist,
    circles,
    concerns,
    copying,
    evaluation,
    event_details,
    events,
    figures,
    guest_lists,
    import_rows,
    invitations,
    invoices,
    jobs,
    journal,
    looks,
    mailings,
    organisation_places,
    organisations,
    payments,
    presence,
    pricing,
    programme,
    programme_lists,
    proposals,
    questions,
    registration_lists,
    registrations,
    rehearsal,
    school_holidays,
    series,
    settlements,
    vat,
)
from eventapp.domain.errors import DomainError
from eventapp.extensions import Base

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "eventapp"
TEMPLATES = ROOT / "templates"

# What each room may see of ours besides itself. A room is a folder or a single module right under eventapp/.
_WORDS = {"wording", "formatting"}
_GROUND = {"domain", "links", "extensions", "outages", "straight", "transaction", *_WORDS}
_BELOW_SERVICES = {*_GROUND, "models", "queries", "payments", "documents", "mail"}
MAY_SEE = {
    "domain": set(),
    "formatting": {"domain"},
    "wording": {"domain", "formatting"},
    "links": set(),
    "extensions": set(),
    "outages": set(),
    "straight": {"extensions"},
    "transaction": {"extensions", "straight"},
    "logs": {"domain"},
    "server_log": {"logs"},
    "server_settings": set(),
    "models": {"domain", "extensions"},
    "queries": {*_GROUND - {"transaction"}, "models"},
    "openid": {"domain", "formatting"},
    "payments": {"domain", *_WORDS},
    "documents": {"domain", *_WORDS},
    "mail": {*_GROUND, "models", "queries", "documents"},
    "services": _BELOW_SERVICES,
    "web": {*_BELOW_SERVICES, "openid", "services", "logs"},
    "cli": {*_BELOW_SERVICES, "openid", "services", "server_settings", ""},
    "": {"extensions", "models", "web", "cli", "logs"},
}
# flask belongs at the edges. The payment sandbox is a program of its own, with its own small web server.
FLASK_ROOMS = {"", "web", "cli", "mail/compose.py", "payments/sandbox"}
# Launchers hand the environment on to the processes they start; settings are read in config.py only.
READ_ENVIRONMENT = {"config.py", "eventapp/cli/demo.py", "eventapp/cli/serving.py"}


def modules() -> list[Path]:
    return [ROOT / "config.py", *sorted(HOUSE.rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(module: str) -> str:
    """The room of a dotted name such as eventapp.domain.events; '' is the package itself."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    """Every module of which the file imports something, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= _imported_from(path, node)
    return found


def _imported_from(path: Path, node: ast.ImportFrom) -> set[str]:
    above = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
    module = ".".join([*above, node.module] if node.module else above)
    if module != "eventapp":
        return {module}
    rooms = {path.stem for path in HOUSE.iterdir()}
    return {f"eventapp.{alias.name}" if alias.name in rooms else "eventapp" for alias in node.names}


def own_room(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


@pytest.mark.parametrize("path", [path for path in modules() if path != ROOT / "config.py"], ids=named)
def test_imports_look_down_only(path):
    room = own_room(path)
    seen = {room_of(name) for name in imports(path) if name.split(".")[0] == "eventapp"}

    assert seen - {room} - MAY_SEE[room] == set()


@pytest.mark.parametrize("path", sorted((HOUSE / "domain").glob("*.py")), ids=named)
def test_the_domain_stands_on_the_standard_library(path):
    outside = {name for name in imports(path) if name.split(".")[0] not in {*sys.stdlib_module_names, "eventapp"}}

    assert outside == set()


def test_flask_stays_at_the_edges():
    users = {named(path) for path in modules() if any(name.split(".")[0] == "flask" for name in imports(path))}

    inside = {user for user in users if not _in_flask_room(user.removeprefix("eventapp/"))}

    assert inside == set()


def _in_flask_room(path: str) -> bool:
    return path == "__init__.py" or any(path == room or path.startswith(f"{room}/") for room in FLASK_ROOMS if room)


def test_forms_are_made_in_web_only():
    users = {named(path) for path in modules() if any(name.split(".")[0] == "wtforms" for name in imports(path))}

    assert {user for user in users if not user.startswith("eventapp/web/")} == set()


def test_the_environment_is_read_in_config_only():
    assert {named(path) for path in modules() if _names_environment(path)} <= READ_ENVIRONMENT


def _names_environment(path: Path) -> bool:
    """Whether os.environ or os.getenv is named, as an attribute of os or by an import of its own."""
    names = {"environ", "environb", "getenv"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os" and node.attr in names:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names}:
            return True
    return False


def test_a_transaction_ends_in_one_place():
    """Use cases open them with `transaction()`; nobody else commits."""
    committing = {
        named(path) for path in modules() if re.search(r"\bsession\.commit\(|\bdb\.session\.commit\b", path.read_text())
    }

    assert committing == {"eventapp/transaction.py"}


def test_migrations_import_nothing_of_ours():
    ours = {
        path.name
        for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))
        if any(name.split(".")[0] in {"eventapp", "config"} for name in imports(path))
    }

    assert ours == set()


def _all_refusals(base: type[DomainError] = DomainError) -> list[type[DomainError]]:
    below = [refusal for child in base.__subclasses__() for refusal in _all_refusals(child)]
    return [base, *below]


def test_every_refusal_has_a_code_of_its_own_and_a_dutch_sentence():
    codes = [refusal.code for refusal in _all_refusals()]

    assert len(codes) == len(set(codes))
    assert set(wording.REFUSALS) == set(codes)


TABLES: list[tuple[dict, type[StrEnum]]] = [
    (wording.KINDS, events.EventKind),
    (wording.EVENT_STATES, events.EventState),
    (wording.COPIED_PARTS, copying.Part),
    (wording.PROPOSAL_STATES, proposals.ProposalState),
    (wording.PROPOSAL_STATES_OWN, proposals.ProposalState),
    (wording.WHO_PAYS, proposals.WhoPays),
    (wording.FORMS, events.EventForm),
    (wording.VISIBILITIES, events.Visibility),
    (wording.REGISTRATION_MODES, events.RegistrationMode),
    (wording.FIELDS, events.Field),
    (wording.TOLD, event_details.Told),
    (wording.CHECK_ADVICE, checklist.Advice),
    (wording.TARGET_GROUPS, events.TargetGroup),
    (wording.TARGET_GROUPS_PLURAL, events.TargetGroup),
    (wording.WINDOWS, events.Window),
    (wording.CATEGORIES, pricing.Category),
    (wording.CONCERNS, concerns.Concern),
    (wording.CONCERN_HELP, concerns.Concern),
    (wording.URGENCIES, concerns.Urgency),
    (wording.CATEGORIES_PLURAL, pricing.Category),
    (wording.ADMISSIONS, pricing.Admission),
    (wording.BEYOND_FREE, organisation_places.BeyondFree),
    (wording.RELATIONS, pricing.Relation),
    (wording.PHASES, organisations.Phase),
    (wording.ORGANISATION_KINDS, organisations.OrganisationKind),
    (wording.ORGANISATION_KINDS_PLURAL, organisations.OrganisationKind),
    (wording.STATES, registrations.State),
    (wording.REVIEWS, registrations.Review),
    (wording.ROLES, actors.Role),
    (wording.ATTEMPTS, payments.AttemptStatus),
    (wording.OUTCOMES, payments.Outcome),
    (wording.ENDINGS, cancellation.Ending),
    (wording.INVITATION_STATES, invitations.InvitationState),
    (wording.OUTLOOKS, invitations.Outlook),
    (wording.LIST_PROBLEMS, guest_lists.Problem),
    (wording.REFUNDS, payments.RefundState),
    (wording.REFUND_PROBLEMS, payments.RefundProblem),
    (wording.ACCOUNT_FIGURES, account.Figure),
    (wording.SHORT_FIELDS, events.Field),
    (wording.FIGURES, figures.Figure),
    (wording.BOOKS, journal.Book),
    (wording.LEDGERS, journal.Ledger),
    (wording.LISTS, looks.PeopleList),
    (wording.SETTLEMENT_KINDS, settlements.SettlementKind),
    (wording.FINDINGS, settlements.Finding),
    (wording.BANK_REFUNDS, bank_refunds.BankRefundState),
    (wording.MONEY_BACK, bank_refunds.Progress),
    (wording.FIGURE_MEANINGS, figures.Figure),
    (wording.DOOR_RESULTS, admission.Result),
    (wording.REHEARSAL_FAILURES, rehearsal.Check),
    (wording.QUESTION_KINDS, questions.QuestionKind),
    (wording.ANSWER_PROBLEMS, questions.Problem),
    (wording.CHOICE_PROBLEMS, programme.Problem),
    (wording.BLOCKS, care.Block),
    (wording.DIETS, care.Diet),
    (wording.ACCESS_NEEDS, care.AccessNeed),
    (wording.ACCESS_NEEDS_COUNTED, care.AccessNeed),
    (wording.PROGRAMME_ROW_PROBLEMS, programme_lists.RowProblem),
    (wording.FATES, import_rows.Fate),
    (wording.ROW_PROBLEMS, import_rows.RowProblem),
    (wording.INVOICE_KINDS, invoices.InvoiceKind),
    (wording.INVOICE_STATES, invoices.InvoiceState),
    (wording.MATCH_SOURCES, invoices.MatchSource),
    (wording.ISSUE_MOMENTS, invoices.IssueMoment),
    (wording.NUMBERINGS, invoices.Numbering),
    (wording.VATS, vat.Vat),
    (wording.VATS_SHORT, vat.Vat),
    (wording.PRESENCE, presence.PresenceStatus),
    (wording.VERDICTS, certificates.Verdict),
    (wording.SHEETS, badges.SheetKind),
    (wording.SORT_ORDERS, badges.SortOrder),
    (wording.SELECTIONS, badges.Selection),
    (wording.SHEET_PROBLEMS, badges.SheetProblem),
    (wording.BACKS, bulk.Back),
    (wording.BULK_ACTS, bulk.BulkAct),
    (wording.BULK_OUTCOMES, bulk.Done),
    (wording.CHOICE_FILTERS, registration_lists.Choice),
    (wording.COLUMNS, registration_lists.Column),
    (wording.JOB_KINDS, jobs.JobKind),
    (wording.LIST_ORDERS, registration_lists.Order),
    (wording.PRICE_FILTERS, registration_lists.Price),
    (wording.WHEN_FILTERS, registration_lists.When),
    (wording.JOB_STATES, jobs.JobState),
    (wording.JOB_UNITS, jobs.JobKind),
    (wording.JOIN_POLICIES, circles.JoinPolicy),
    (wording.MEMBER_ROLES, circles.MemberRole),
    (wording.MEETING_ANSWERS, circles.MeetingAnswer),
    (wording.STANDINGS, circles.Standing),
    (wording.OWN_STANDINGS, circles.Standing),
    (wording.STANDING_TONES, circles.Standing),
    (wording.REGIONS, school_holidays.Region),
    (wording.RHYTHMS, series.Rhythm),
    (wording.OWN_KINDS, evaluation.OwnKind),
    (wording.STREAMS, mailings.Stream),
    (wording.MAILING_STATES, mailings.MailingState),
    (wording.GROUNDS, mailings.Ground),
    (wording.LEFT_OUT, mailings.LeftOut),
    (wording.DELIVERIES, mailings.Delivery),
]


@pytest.mark.parametrize(("table", "codes"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_code_has_its_dutch_word(table, codes):
    assert set(table) == set(codes)


def test_every_table_of_words_by_code_is_checked_here():
    """A new table of wording.py keyed by one of our codes joins the list above."""
    tables = {
        name
        for name, value in vars(wording).items()
        if name.isupper() and isinstance(value, dict) and isinstance(next(iter(value)), StrEnum)
    }
    checked = {name for name, value in vars(wording).items() if any(value is table for table, _codes in TABLES)}

    assert tables == checked


def pages() -> list[Path]:
    return [path for path in sorted(TEMPLATES.rglob("*.html")) if path.relative_to(TEMPLATES).parts[0] != "mail"]


_INLINE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
}
_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_page_has_inline_script_or_style(path):
    """The policy for content forbids it; structured data (ld+json) is no script."""
    text = path.read_text()

    found = {what for what, pattern in _INLINE.items() if pattern.search(text)}
    found |= {
        "script element"
        for script in _SCRIPT.finditer(text)
        if "src=" not in script["attributes"] and "application/ld+json" not in script["attributes"]
    }

    assert found == set()


def test_models_are_made_of_the_base_alone():
    """What Flask-SQLAlchemy adds to a model is looked through anew for each of them, at every start."""
    assert {mapper.class_.__bases__ for mapper in models.Event.registry.mappers} == {(Base,)}


def test_the_console_listens_before_it_loads_the_house():
    """Each command decides what it loads: `serve` first sees to it that no garbage is looked for meanwhile."""
    code = "import sys, eventapp.cli; print([m for m in ('sqlalchemy', 'eventapp.web') if m in sys.modules])"

    listening = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert listening.stdout == "[]\n"


def test_the_house_starts_without_the_large_libraries():
    """A web process that only shows pages never pays for spreadsheets, paper or checking addresses."""
    heavy = [
        "PIL",
        "authlib",
        "email_validator",
        "icalendar",
        "lxml",
        "numpy",
        "openpyxl",
        "qrcode",
        "reportlab",
        "requests",
        "stdnum",
        "xlsxwriter",
    ]
    code = f"import sys; from eventapp import create_app; create_app(); print([m for m in {heavy} if m in sys.modules])"
    settings = {"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://", "PATH": ""}

    started = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True)

    assert started.stdout == "[]\n"
