"""The pages of an event in the back office: the form of a new one, publishing, cancelling."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.events import EventForm, EventKind, EventState
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, OutboxMail, Registration
from tests.factories import NOW, make_event, make_registration
from tests.web.office import csrf_token, form_on, rows, signed_in, words

FILLED = {
    "title": "Eén team, twee cao's",
    "kind": "inspiratiebijeenkomst",
    "form": "fysiek",
    "city": "Zwolle",
    "starts_at": "2027-03-11T13:00",
    "ends_at": "2027-03-11T16:30",
    "visibility": "openbaar",
    "registration": "hier",
    "capacity": "40",
    "target_groups": ["rvt", "bestuurder"],
    "fields": ["hr"],
    "admission_ambassadeur": "niet",
    "admission_kernpartner": "niet",
    "admission_steunpartner": "niet",
    "admission_bestuur": "niet",
    "admission_servicebureau": "niet",
    "admission_lid": "gratis",
    "admission_niet_lid": "prijs",
    "amount_niet_lid": "95,-",
}


@pytest.fixture
def office(make_app):
    """A signed-in browser of the secretariat; its `application` is the app behind it."""
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def event_as(app, slug: str, *columns):
    [row] = rows(app, sa.select(*columns).where(Event.slug == slug))
    return tuple(row)


def make(app, **values) -> str:
    with app.app_context():
        return make_event(**values).slug


def published(app, people: int = 0, **values) -> str:
    with app.app_context():
        event = make_event(**values)
        for _ in range(people):
            make_registration(event)
        return event.slug


def section_of(client, event_slug: str, section: str, **changes) -> dict:
    """What this section of the editor would send, with these changes."""
    path = f"/beheer/evenementen/{event_slug}/bewerken"
    return form_on(client, path, f"section#{section} form") | changes


def save(client, event_slug: str, section: str, **changes):
    """Save this section with these changes, as its page has it."""
    data = section_of(client, event_slug, section, **changes)
    return client.post(f"/beheer/evenementen/{event_slug}/bewerken/{section}", data=data)


def carry_through(client, event_slug: str, **more):
    """Press the button of the page that shows what waits."""
    page = BeautifulSoup(client.get(f"/beheer/evenementen/{event_slug}/wijzigingen").text, "html.parser")
    data = {"seen": page.select_one("input[name=seen]")["value"]} | more
    return client.post(f"/beheer/evenementen/{event_slug}/wijzigingen", data=data)


def test_new_event_starts_with_what_its_kind_usually_asks(office):
    page = office.get("/beheer/evenementen/nieuw?soort=webinar")

    assert '<option selected value="webinar">' in page.text
    assert page.text.count('<option selected value="gratis">') == 7
    assert '<option selected value="online">' in page.text


def test_filled_form_becomes_a_draft(office):
    answer = office.post("/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst", data=FILLED)

    assert (answer.status_code, answer.location) == (303, "/beheer/evenementen/een-team-twee-cao-s")
    with office.application.app_context():
        event = db.session.scalars(sa.select(Event)).one()
        assert (event.state, event.kind, event.form) == (
            EventState.DRAFT,
            EventKind.INSPIRATIEBIJEENKOMST,
            EventForm.FYSIEK,
        )
        assert event.starts_at.isoformat() == "2027-03-11T12:00:00+00:00"
        assert event.places.size == 40
        assert {(line.category, line.admission, line.price_cents) for line in event.price_lines} == {
            (Category.LID, Admission.GRATIS, 0),
            (Category.NIET_LID, Admission.PRIJS, 9500),
        }
        assert {row.code.value for row in event.target_groups} == {"rvt", "bestuurder"}


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("title", "", "Geef de bijeenkomst een titel."),
        ("ends_at", "2027-03-11T12:00", "Het einde ligt niet na het begin."),
        ("starts_at", "2027-03-28T02:30", "Dit tijdstip bestaat niet"),
        ("capacity", "veel", "Dit is geen geheel getal."),
        ("amount_niet_lid", "", "Vul het bedrag in"),
        ("amount_lid", "12,50", "Kies “Tegen prijs”"),
        ("slug", "Met Hoofdletter", "Gebruik alleen kleine letters"),
        ("online_url", "javascript:alert(1)", "Dit is geen volledig webadres"),
        ("closes_at", "gisteren", "Dit is geen datum en tijd."),
    ],
)
def test_error_stands_beside_its_field_and_what_was_typed_stays(office, field, typed, error):
    answer = office.post("/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst", data=FILLED | {field: typed})

    assert answer.status_code == 422
    assert words(answer).count(error) == 2
    assert f'value="{typed}"' in answer.text
    assert rows(office.application, sa.select(Event.id)) == []


def test_stale_token_keeps_the_whole_form(make_app):
    client = signed_in(make_app())

    answer = client.post("/beheer/evenementen/nieuw?soort=alv", data=FILLED | {"csrf_token": "oud"})

    assert answer.status_code == 422
    assert "Deze pagina stond lang open" in words(answer)
    assert 'value="Eén team, twee cao&#39;s"' in answer.text
    assert 'value="95,-"' in answer.text


def test_publishing_names_the_fields_that_are_missing(office):
    slug = make(office.application, state=EventState.DRAFT, city="", prices={})

    answer = office.post(f"/beheer/evenementen/{slug}/publicatie")

    assert answer.status_code == 422
    assert "Vul eerst in: plaats, toegang en prijs." in words(answer)
    assert event_as(office.application, slug, Event.state) == (EventState.DRAFT,)


def test_publishing_puts_the_event_in_the_agenda(office):
    slug = make(office.application, state=EventState.DRAFT)

    office.post(f"/beheer/evenementen/{slug}/publicatie")

    assert event_as(office.application, slug, Event.state, Event.published_at) == (EventState.PUBLISHED, NOW)


def test_cancelling_says_its_effect_and_asks_for_the_word(office):
    slug = published(office.application, people=2)

    page = office.get(f"/beheer/evenementen/{slug}/annulering")
    without = office.post(f"/beheer/evenementen/{slug}/annulering", data={"reason": "Ziek", "word": "ja"})

    assert "2 mensen krijgen bericht." in words(page)
    assert (without.status_code, 'value="Ziek"' in without.text) == (422, True)
    assert event_as(office.application, slug, Event.state) == (EventState.PUBLISHED,)


def test_cancelling_tells_everybody(office):
    slug = published(office.application, people=2)

    data = {"reason": "De spreker is ziek.", "word": "Annuleren"}
    answer = office.post(f"/beheer/evenementen/{slug}/annulering", data=data, follow_redirects=True)

    assert "De bijeenkomst is geannuleerd. 2 mensen krijgen bericht." in words(answer)
    assert rows(office.application, sa.select(Registration.state).distinct()) == [(State.CANCELLED,)]
    assert rows(office.application, sa.select(OutboxMail.kind)) == [("event_cancelled",)] * 2


def test_event_without_anybody_is_cancelled_without_the_word(office):
    slug = published(office.application)

    office.post(f"/beheer/evenementen/{slug}/annulering", data={"reason": ""})

    assert event_as(office.application, slug, Event.state) == (EventState.CANCELLED,)


def test_draft_can_be_thrown_away(office):
    slug = make(office.application, state=EventState.DRAFT)

    office.post(f"/beheer/evenementen/{slug}/verwijdering")

    assert rows(office.application, sa.select(Event.id)) == []


def test_list_has_coming_past_and_drafts_apart(office):
    make(office.application, title="Straks")
    make(office.application, title="Toen", starts_at=NOW - timedelta(days=9))
    make(office.application, title="Ooit", state=EventState.DRAFT)

    said = words(office.get("/beheer/evenementen"))

    assert said.index("Concepten") < said.index("Ooit") < said.index("Komend") < said.index("Straks")
    assert said.index("Straks") < said.index("Geweest") < said.index("Toen")


def test_button_on_the_overview_carries_a_token(make_app):
    app = make_app()
    client = signed_in(app)
    slug = make(app, state=EventState.DRAFT)

    refused = client.post(f"/beheer/evenementen/{slug}/publicatie")
    token = csrf_token(client, f"/beheer/evenementen/{slug}")
    client.post(f"/beheer/evenementen/{slug}/publicatie", data={"csrf_token": token})

    assert refused.status_code == 400
    assert event_as(app, slug, Event.state) == (EventState.PUBLISHED,)
