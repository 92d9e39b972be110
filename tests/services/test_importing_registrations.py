"""Importing who comes: places and prices by the rules, nobody twice, nobody in vain, and no mail unless asked."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, Job, JobLine, OutboxMail, PersonStatus, Registration, WaitingEntry
from eventapp.queries.health import miscounts
from eventapp.services import cancelling, carrying_out, erasing, importing, jobs
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration

HEAD = "voornaam;achternaam;e-mail;organisatie;functie;categorie;vorm;stand;prijs;betaald\n"


def person(number: int, rest: str = "") -> str:
    return f"Jan{number};Jansen;jan{number}@zonnevlinder.example;{rest}\n"


def parameters(event: Event, told: bool = False) -> dict[str, object]:
    return {"what": "registrations", "skip_refused": True, "event_id": event.id, "told": told}


def job(kind: JobKind, event: Event, rows: str, *, told: bool = False) -> Job:
    file = StoredFile("lijst.csv", "text/csv", (HEAD + rows).encode())
    asked = parameters(event, told)
    number = carrying_out.run_here(RUNNERS, kind, asked, by=OFFICE, clock=lambda: NOW, file=file)
    return db.session.get_one(Job, number, populate_existing=True)


def lines(event: Event, rows: str, *, told: bool = False) -> list[tuple[str, str]]:
    """What the preview says of each row, and why it is not taken."""
    found = job(JobKind.IMPORT_PREVIEW, event, rows, told=told)
    assert found.state == JobState.DONE, (found.refusal, found.last_error)
    kept = db.session.scalars(sa.select(JobLine).where(JobLine.job_id == found.id).order_by(JobLine.line))
    return [(line.outcome, line.facts["reason"]) for line in kept]


def imported(event: Event, rows: str, *, told: bool = False) -> list[int]:
    """How many were new, changed, unchanged and refused; the preview said so too."""
    said = job(JobKind.IMPORT_PREVIEW, event, rows, told=told).result["counts"]
    done = job(JobKind.IMPORT, event, rows, told=told)
    assert done.state == JobState.DONE, (done.refusal, done.last_error)
    assert done.result["counts"] == said
    return list(said.values())


def standing(event: Event) -> list[tuple]:
    columns = Registration.address, Registration.state, Registration.category, Registration.price_cents
    mine = sa.select(*columns).where(Registration.event_id == event.id).order_by(Registration.id)
    return [tuple(row) for row in db.session.execute(mine)]


def taken(event: Event) -> int:
    db.session.expire_all()
    return db.session.get_one(Event, event.id).places.taken


def mails() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(sa.select(OutboxMail.kind, OutboxMail.to_address))]


def test_people_come_in_by_the_rules_without_a_mail_and_twice_changes_nothing(app):
    member = make_organisation("Zonnevlinder")
    rik = make_person("Rik", "", "Voorbeeld", address="rik@prive.example")
    db.session.add(PersonStatus(person_id=rik.id, category=Category.AMBASSADEUR, starts_on=date(2026, 1, 1), region=""))
    event = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: 0, Category.NIET_LID: 9500}, capacity=10)
    rows = (
        person(1, ";Directeur")
        + "Rik;Voorbeeld;RIK@prive.example\n"
        + "Noor;Bakker;noor@buiten.example;Gemeente;;Spreker\n"
        + "Piet;Pot;piet@buiten.example;;;;;;gratis\n"
    )

    first, again = imported(event, rows), imported(event, rows)

    assert (first, again) == ([4, 0, 0, 0], [0, 0, 4, 0])
    assert standing(event) == [
        ("jan1@zonnevlinder.example", State.CONFIRMED, Category.LID, 0),
        ("rik@prive.example", State.CONFIRMED, Category.AMBASSADEUR, 0),
        ("noor@buiten.example", State.CONFIRMED, Category.SPREKER, 0),
        ("piet@buiten.example", State.CONFIRMED, Category.NIET_LID, 0),
    ]
    jan = db.session.scalars(sa.select(Registration).order_by(Registration.id)).first()
    assert (jan.organisation_id, jan.organisation_name, jan.function, jan.reason["via"]) == (
        *(member.id, "Zonnevlinder"),
        *("Directeur", "domain"),
    )
    assert jan.ticket is not None and jan.person.addresses[0].proven_at is None
    # Who speaks takes no place.
    assert (taken(event), mails(), miscounts()) == (3, [], [])
    assert rik.id == standing_person(event, "rik@prive.example")
    acts = db.session.execute(
        sa.select(AuditEntry.act, sa.func.count()).where(AuditEntry.event_id == event.id).group_by(AuditEntry.act)
    )
    assert dict(acts.all()) == {"added_by_hand": 4, "confirmed": 4, "registrations_imported": 2}


def standing_person(event: Event, address: str) -> int | None:
    mine = sa.and_(Registration.event_id == event.id, Registration.address == address)
    return db.session.scalar(sa.select(Registration.person_id).where(mine))


def test_who_is_told_gets_a_ticket_a_request_to_pay_or_a_place_in_line(app):
    make_organisation("Zonnevlinder")
    event = make_event(capacity=2)
    rows = person(1) + "Piet;Pot;piet@buiten.example\n" + person(3, ";;;;wachtlijst")

    assert imported(event, rows, told=True) == [3, 0, 0, 0]

    assert [(address, state) for address, state, *_ in standing(event)] == [
        ("jan1@zonnevlinder.example", State.CONFIRMED),
        ("piet@buiten.example", State.AWAITING_PAYMENT),
        ("jan3@zonnevlinder.example", State.WAITLISTED),
    ]
    assert mails() == [
        ("confirmed", "jan1@zonnevlinder.example"),
        ("pay", "piet@buiten.example"),
        ("waitlisted", "jan3@zonnevlinder.example"),
    ]
    assert (taken(event), db.session.scalar(sa.select(sa.func.count()).select_from(WaitingEntry))) == (2, 1)


def test_the_preview_says_who_does_not_fit_and_why_a_row_is_refused(app):
    make_organisation("Zonnevlinder")
    event = make_event(capacity=3, form=EventForm.FYSIEK)
    gone = make_registration(event, make_person("Weg", "", "Gegaan", address="weg@zonnevlinder.example"))
    cancelling.cancel_own(gone.id, by=SYSTEM, now=NOW)
    waits = make_person("Wim", "", "Wacht", address="wim@zonnevlinder.example")
    make_registration(event, waits, state=State.AWAITING_CONFIRMATION)
    members_only = make_event(prices={Category.LID: 0}, waiting_list=False)
    full = "Alle plaatsen zijn bezet."
    cases = [
        ("Wim;Wacht;wim@zonnevlinder.example\n", ("unchanged", "Is al aangemeld: wacht op bevestiging.")),
        ("Weg;Gegaan;weg@zonnevlinder.example\n", ("refused", "Heeft zich voor deze bijeenkomst afgemeld")),
        (person(1), ("new", "")),
        (person(1), ("refused", "Dit staat ook al op regel 4.")),
        (person(2, ";;;;wachtlijst"), ("refused", "Er is nog plaats.")),
        (person(3), ("new", "")),
        (person(4), ("refused", full)),
        (person(5, ";;Spreker"), ("new", "")),
        (person(6, ";;;;wachtlijst"), ("new", "")),
        ("Piet;Pot;piet@buiten.example\n", ("refused", "Hier hoort een prijs bij: €\xa095,00.")),
        ("Piet;Put;piet@buiten.example;;;;;;;ja\n", ("refused", "Wat elders is betaald, kunnen wij niet boeken.")),
        (person(7, ";;;Online"), ("refused", "Deze bijeenkomst is er alleen in deze vorm: Fysiek.")),
        (person(8, ";;koning"), ("refused", "“koning” kennen wij niet bij “categorie”.")),
        (";;x@y.example\n", ("refused", "Er staat geen naam.")),
        ("=A1;B;geen-adres\n", ("refused", "“geen-adres” is geen volledig e-mailadres.")),
    ]

    found = lines(event, "".join(row for row, _ in cases))
    others = lines(members_only, "Piet;Pot;piet@buiten.example\n" + person(1, ";;;;wachtlijst"))

    assert [(fate, reason[: len(said[1])]) for (fate, reason), (_, said) in zip(found, cases, strict=True)] == [
        said for _, said in cases
    ]
    assert [reason for _, reason in others] == [
        "Deze bijeenkomst is niet voor iedereen toegankelijk.",
        "Deze bijeenkomst heeft geen wachtlijst.",
    ]


@pytest.mark.parametrize(
    ("beyond", "outcomes"),
    [
        ({}, ["new", "refused", "new"]),
        ({"beyond_free": BeyondFree.PAYS, "beyond_free_cents": 5000}, ["new", "new", "new"]),
    ],
)
def test_free_places_of_a_member_count_within_the_file(app, beyond, outcomes):
    make_organisation("Zonnevlinder")
    event = make_event(prices={Category.LID: 0}, free_per_organisation=1, **beyond)
    rows = person(1) + person(2) + person(3, ";;Spreker")

    assert [outcome for outcome, _ in lines(event, rows, told=True)] == outcomes
    assert imported(event, rows, told=True)[0] == outcomes.count("new")
    prices = {address[:4]: price for address, _, _, price in standing(event)}
    assert prices == ({"jan1": 0, "jan3": 0} | ({"jan2": 5000} if beyond else {}))
    assert miscounts() == []


@pytest.mark.parametrize(
    "settings",
    [{"state": EventState.DRAFT}, {"state": EventState.CANCELLED}, {"starts_at": NOW - timedelta(days=3)}],
)
def test_only_an_event_to_come_takes_a_list(app, settings):
    found = job(JobKind.IMPORT_PREVIEW, make_event(**settings), person(1))

    assert (found.state, found.refusal["code"]) == (JobState.FAILED, "registration_closed")


def test_a_list_that_was_broken_off_is_finished_without_doubles_also_when_the_event_fills_meanwhile(app):
    make_organisation("Zonnevlinder")
    event = make_event(capacity=50)
    file = StoredFile("lijst.csv", "text/csv", (HEAD + "".join(map(person, range(50)))).encode())
    stops = iter([False, False, False, True])

    number = jobs.enqueue(JobKind.IMPORT, parameters(event), by=OFFICE, now=NOW, file=file)
    carrying_out.run_next(RUNNERS, clock=lambda: NOW, stopping=lambda: next(stops))
    half = len(standing(event))
    job(JobKind.IMPORT, event, person(100) + person(101) + person(30))
    carrying_out.run_next(RUNNERS, clock=lambda: NOW + timedelta(minutes=1))

    done = db.session.get_one(Job, number, populate_existing=True)
    assert (half, done.state) == (10, JobState.DONE)
    assert list(done.result["counts"].values()) == [47, 0, 1, 2]
    assert (len(standing(event)), taken(event), len({row[0] for row in standing(event)})) == (50, 50, 50)
    assert miscounts() == []


def test_the_example_can_be_read(app):
    make_organisation("Zonnevlinder")
    event = make_event()
    rows = importing.example("registrations").decode("utf-8-sig").partition("\r\n")[2]
    file = StoredFile("voorbeeld.csv", "text/csv", importing.example("registrations"))

    carrying_out.run_here(RUNNERS, JobKind.IMPORT, parameters(event), by=OFFICE, clock=lambda: NOW, file=file)

    assert (rows.count("\r\n"), [category for _, _, category, _ in standing(event)]) == (
        3,
        [Category.LID, Category.LID, Category.SPREKER],
    )


def test_who_was_forgotten_is_not_brought_back_by_a_list(app):
    make_organisation("Zonnevlinder")
    event = make_event()
    known = make_person("Jan1", "", "Jansen", address="jan1@zonnevlinder.example", proven=True)
    erasing.erase_myself(known.id, address="jan1@zonnevlinder.example", now=NOW)

    said = lines(event, person(1) + person(2))

    assert [outcome for outcome, _ in said] == ["refused", "new"]
    assert "vroeg om gewist te worden" in said[0][1]
    assert imported(event, person(1) + person(2)) == [1, 0, 0, 1]
