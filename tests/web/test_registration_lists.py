"""The list of registrations: narrowing it, views of one's own, files, and one act for many, said before it is done."""

import csv
import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain import registration_lists
from eventapp.domain.actors import Role
from eventapp.domain.bulk import AT_ONCE, Back, BulkAct
from eventapp.domain.jobs import JobState
from eventapp.domain.looks import PeopleList
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import (
    Job,
    ListLook,
    OutboxMail,
    PaymentAttempt,
    Refund,
    Registration,
    RegistrationLabel,
    SavedView,
)
from eventapp.queries import registration_rows
from eventapp.queries.events import event_by_slug
from eventapp.services import bulk, carrying_out
from eventapp.services.long_work import RUNNERS
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_grant,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)
from tests.web.office import client_of, made, rows, signed_in, words

ALL = "/beheer/aanmeldingen"
STATES = sa.select(Registration.state).order_by(Registration.id)


@pytest.fixture
def house(make_app):
    """A signed-in browser of the secretariat; its `application` is the app behind it."""
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def people(*states: State, slug: str = "feest", **values) -> list[int]:
    """An event with a registration in each of these states; answers the ids."""
    event = make_event(slug=slug, capacity=50)
    return [
        make_registration(event, make_person("Kees", "", f"Boer{n}"), state=one, **values).id
        for n, one in enumerate(states)
    ]


def table(answer) -> list[list[str]]:
    page = BeautifulSoup(answer.text, "html.parser")
    rows_ = page.select("#lijst tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("td:not(.tick)")] for row in rows_]


def seen(house, path: str) -> dict[str, str]:
    """What the form of a preview would send as it stands."""
    page = BeautifulSoup(house.get(path).text, "html.parser")
    fields = page.select("main form input[type=hidden]")
    return {field["name"]: field.get("value", "") for field in fields}


def outcomes(house, answer) -> list[int]:
    """Of the page to which doing it led: done, already so, refused."""
    page = BeautifulSoup(house.get(answer.location).text, "html.parser")
    return [int(figure.get_text()) for figure in page.select("dl.figures dd")]


def test_every_filter_narrows_one_event_and_all(house):
    def some():
        event, other = make_event(slug="feest", title="Feest"), make_event(slug="voorbij", title="Voorbij")
        other.starts_at, other.ends_at = NOW - timedelta(days=9), NOW - timedelta(days=8)
        first = make_registration(event, make_person("Zoë", "", "Één"), price_cents=9500)
        make_registration(event, make_person("Bo", "", "Twee"), state=State.CANCELLED).created_at -= timedelta(days=1)
        make_registration(other, make_person("Cas", "", "Drie"))
        db.session.add(RegistrationLabel(registration_id=first.id, label="vip"))
        db.session.commit()

    made(house.application, some)

    def names(query: str, path: str = ALL) -> str:
        return " ".join(row[0].split(",")[0] for row in table(house.get(f"{path}?{query}")))

    assert names("") == "Drie Een Twee".replace("Een", "Één")
    assert names("volgorde=nieuwste").split()[-1] == "Twee"
    assert names("wanneer=geweest") == "Drie"
    assert names("wanneer=komend&staat=confirmed") == "Één"
    assert names("prijs=betaald") == names("label=vip") == names("zoek=een+zo") == "Één"
    assert names("prijs=gratis", "/beheer/evenementen/feest/aanmeldingen") == "Twee"
    assert names("categorie=spreker") == ""


def test_a_file_has_the_filters_and_columns_of_the_page(house):
    made(house.application, lambda: people(State.CONFIRMED, State.CANCELLED, organisation_name="=1+1"))
    query = "staat=confirmed&kolom=organisatie&kolom=prijs&kolom=status"

    shown = table(house.get(f"/beheer/evenementen/feest/aanmeldingen?{query}"))
    file = house.get(f"/beheer/evenementen/feest/aanmeldingen.csv?{query}")

    assert shown == [["Boer0, Kees", "=1+1", "Aangemeld", "gratis"]]
    assert list(csv.reader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";")) == [
        ["Naam", "Organisatie", "Status", "Prijs"],
        ["Boer0, Kees", "'=1+1", "Aangemeld", "0,00"],
    ]
    assert house.get(f"{ALL}.xlsx").data[:2] == b"PK"


def test_a_long_list_is_made_by_a_worker_for_who_asked_and_the_office(house, monkeypatch):
    monkeypatch.setattr(registration_lists, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(registration_rows, "_PORTION", 2)
    app = house.application
    made(app, lambda: people(State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.CANCELLED))
    made(app, lambda: people(State.CONFIRMED, slug="elders"))
    made(app, lambda: make_grant(Role.LEZER, event=event_by_slug("feest"), address="alleen@kindcentra.example"))
    scoped, other = client_of(app, "alleen@kindcentra.example"), signed_in(app, Role.PENNINGMEESTER)

    at_once = scoped.get(f"{ALL}.csv?staat=confirmed&kolom=organisatie")
    page = BeautifulSoup(scoped.get(at_once.location).text, "html.parser")
    job = scoped.post(page.select_one("form[action*='bestand/csv']")["action"]).location
    waits = [client.get(job).status_code for client in (scoped, house, other)]
    while made(app, lambda: carrying_out.run_next(RUNNERS, clock=lambda: NOW)):
        pass
    file = scoped.get(f"{job}/bestanden/csv")

    head, *names = csv.reader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";")
    assert (at_once.status_code, waits) == (302, [200, 200, 403])
    assert [client.get(f"{job}/bestanden/csv").status_code for client in (house, other)] == [200, 403]
    assert other.post(f"{job}/afbreking").status_code == 403
    assert "3 van 3 aanmeldingen" in words(scoped.get(job))
    assert head == ["Naam", "Organisatie"]
    assert [name for name, _ in names] == ["Boer0, Kees", "Boer1, Kees", "Boer2, Kees"]
    looks = sa.select(ListLook.which, ListLook.people, ListLook.as_file).where(ListLook.which == PeopleList.FILES)
    assert rows(app, looks) == [(PeopleList.FILES, 3, True)] * 2


def test_a_view_is_kept_for_who_made_it(house):
    made(house.application, lambda: people(State.CONFIRMED))
    name = {"name": "Wie betaalt", "slug": "feest", "query": "staat=confirmed&kolom=prijs&pagina=3&kwaad=%22"}

    kept = house.post(f"{ALL}/weergaven", data=name)
    again = house.post(f"{ALL}/weergaven", data={**name, "query": "prijs=betaald"})
    nameless = house.post(f"{ALL}/weergaven", data={"name": "", "query": ""})
    other = signed_in(house.application, Role.LEZER)
    view_id = rows(house.application, sa.select(SavedView.id))[0][0]
    other.post(f"{ALL}/weergaven/{view_id}/verwijdering")

    assert kept.location == f"/beheer/evenementen/feest/aanmeldingen?{name['query']}"
    assert (again.status_code, nameless.status_code) == (303, 303)
    assert rows(house.application, sa.select(SavedView.name, SavedView.query)) == [("Wie betaalt", "prijs=betaald")]
    assert "Wie betaalt" in words(house.get(ALL)) and "Wie betaalt" not in words(other.get(ALL))
    house.post(f"{ALL}/weergaven/{view_id}/verwijdering")
    assert rows(house.application, sa.select(SavedView.id)) == []


def test_confirming_says_first_who_goes_along_and_does_no_more_than_that(house):
    waits = State.AWAITING_CONFIRMATION
    ids = made(house.application, lambda: people(waits, waits, State.WAITLISTED, State.CONFIRMED))

    def more() -> int:
        claim, priced = db.session.get_one(Registration, ids[1]), make_person("Jo", "", "Geld")
        claim.review = Review.PENDING
        return make_registration(claim.event, priced, state=waits, price_cents=9500).id

    priced = made(house.application, more)
    path = f"{ALL}/samen/bevestiging"
    page = house.get(f"{path}?evenement=feest&alles=1")
    form = seen(house, f"{path}?evenement=feest&alles=1")
    later = made(
        house.application,
        lambda: (
            make_registration(
                db.session.get_one(Registration, priced).event, make_person("Na", "", "Komer"), state=waits
            ).id
        ),
    )

    answer = house.post(path, data=form)

    assert "2 aanmeldingen van de 5 worden bevestigd." in words(page)
    assert "Krijgen een mail om te betalen 1" in words(page)
    assert "Wacht op uw besluit over een lidmaatschap 1, blijft zoals het is" in words(page)
    assert outcomes(house, answer) == [2, 1, 2]
    assert "Beslis eerst of deze persoon bij een lid hoort." in words(house.get(answer.location))
    assert [state for (state,) in rows(house.application, STATES)] == [
        State.CONFIRMED,
        waits,
        State.WAITLISTED,
        State.CONFIRMED,
        State.AWAITING_PAYMENT,
        waits,
    ]
    assert later not in map(int, form["ids"].split(","))
    assert outcomes(house, house.post(path, data=form)) == [0, 3, 2]


def test_cancelling_says_what_goes_back_and_gives_that_back(house):
    def paid() -> list[int]:
        free, dear = (
            people(State.CONFIRMED),
            people(State.CONFIRMED, slug="duur", price_cents=9500, terms=[[7, 50], [0, 0]]),
        )
        order = db.session.get_one(Registration, dear[0]).order
        attempt = PaymentAttempt(
            order=order, amount_cents=9500, idempotency_key="k", token="t", status=AttemptStatus.PAID
        )
        attempt.mode, attempt.provider_id, attempt.created_at = "test", "tr_1", NOW
        db.session.add(attempt)
        db.session.commit()
        return [*free, *dear]

    ids = made(house.application, paid)
    path = f"{ALL}/samen/annulering"
    query = "&".join(f"id={one}" for one in [*ids, 4711])

    said = words(house.get(f"{path}?{query}"))
    answer = house.post(path, data={"ids": ",".join(map(str, ids)), "back": Back.ALL})

    assert "2 aanmeldingen van de 2 worden geannuleerd" in said
    assert "Alles Samen € 95,00" in said
    assert outcomes(house, answer) == [2, 0, 0]
    assert rows(house.application, sa.select(Refund.amount_cents)) == [(9500,)]
    assert rows(house.application, STATES) == [(State.CANCELLED,)] * 2


def test_labels_are_put_found_and_taken_away(house):
    ids = made(house.application, lambda: people(State.CONFIRMED, State.CANCELLED))
    both = {"ids": f"{ids[0]},{ids[1]}", "label": " Met  HOND "}

    put = house.post(f"{ALL}/samen/label", data=both)
    again = house.post(f"{ALL}/samen/label", data={**both, "ids": str(ids[0])})
    found = table(house.get(f"{ALL}?label=met+hond&kolom=labels"))
    taken = house.post(f"{ALL}/samen/label-weg", data={**both, "ids": str(ids[1])})

    assert (outcomes(house, put), outcomes(house, again), outcomes(house, taken)) == ([2, 0, 0], [0, 1, 0], [1, 0, 0])
    assert [row[1] for row in found] == ["met hond", "met hond"]
    assert rows(house.application, sa.select(RegistrationLabel.registration_id)) == [(ids[0],)]
    assert house.post(f"{ALL}/samen/label", data={**both, "label": " "}).status_code == 422


def test_who_moves_gets_a_place_there_and_gives_back_the_one_here(house):
    def two() -> list[int]:
        make_organisation()
        make_event(slug="daar", title="Daar", capacity=1)
        return people(State.CONFIRMED, State.CONFIRMED, State.WAITLISTED)

    ids = made(house.application, two)
    form = {"ids": ",".join(map(str, ids)), "slug": "feest", "to": "daar"}

    said = words(house.get(f"{ALL}/samen/verplaatsing?evenement=feest&alles=1"))
    answer = house.post(f"{ALL}/samen/verplaatsing", data=form)

    assert "2 aanmeldingen van de 3 gaan naar een andere bijeenkomst" in said
    assert outcomes(house, answer) == [1, 0, 2]
    assert "Alle plaatsen zijn bezet." in words(house.get(answer.location))
    assert rows(house.application, STATES) == [
        (State.CANCELLED,),
        (State.CONFIRMED,),
        (State.WAITLISTED,),
        (State.CONFIRMED,),
    ]
    assert sorted(kind for (kind,) in rows(house.application, sa.select(OutboxMail.kind))) == [
        "confirmed",
        "registration_cancelled",
    ]


def test_people_go_to_a_breakout_while_it_has_room(house):
    def day() -> list[int]:
        ids = people(State.CONFIRMED, State.CONFIRMED)
        make_breakout(make_round(db.session.get_one(Registration, ids[0]).event), size=1)
        return ids

    ids = made(house.application, day)
    page = house.get(f"{ALL}/samen/deelsessie?evenement=feest&id={ids[0]}")
    to = re.findall(r'<option value="([^"]+)"', page.text)[-1]

    answer = house.post(f"{ALL}/samen/deelsessie", data={"ids": f"{ids[0]},{ids[1]}", "slug": "feest", "to": to})

    assert outcomes(house, answer) == [1, 0, 1]
    assert house.get(f"{ALL}/samen/deelsessie?id={ids[0]}").status_code == 404


def test_only_who_edits_may_tick(house):
    made(house.application, lambda: people(State.CONFIRMED))
    reader = signed_in(house.application, Role.LEZER)

    assert 'name="id"' not in reader.get(ALL).text
    assert reader.get(f"{ALL}/samen/annulering").status_code == 403
    assert "Er is niets aangevinkt" in words(house.get(f"{ALL}/samen/annulering?id=x"))


def test_many_are_a_job_that_goes_on_where_a_worker_stopped(app, now):
    ids = people(*[State.AWAITING_CONFIRMATION] * 3)
    many = [*ids, *range(9000, 9000 + AT_ONCE)]
    job_id = bulk.ask(BulkAct.CONFIRM, many, {}, by=OFFICE, clock=lambda: now)
    waiting = db.session.get_one(Job, job_id).state
    batches = iter(range(1000))

    carrying_out.run_next(RUNNERS, clock=lambda: now, stopping=lambda: next(batches) >= 2)
    stopped = db.session.get_one(Job, job_id, populate_existing=True).done
    db.session.rollback()
    carrying_out.run_next(RUNNERS, clock=lambda: now)

    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert (waiting, stopped, job.state, job.done) == (JobState.WAITING, 2, JobState.DONE, len(many))
    assert job.result["bulk"] == {"done": 3, "same": 0, "refused": AT_ONCE}
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboxMail.kind == "confirmed")) == 3
