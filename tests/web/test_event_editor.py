"""Changing an event section by section: what waits, what clashes, the example, and what happens on carrying through."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.details_merge import topics
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, EventState
from eventapp.models import Event, OutboxMail, PendingDetails
from eventapp.queries.events import event_by_slug
from eventapp.services import organising
from eventapp.web.organiser.forms.event_sections import SECTION_OF, SECTIONS
from tests.factories import NOW, OFFICE
from tests.web.office import csrf_token, rows, signed_in, words
from tests.web.test_organiser_events import carry_through, event_as, make, published, save, section_of


@pytest.fixture
def office(make_app):
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def edit(slug: str, section: str = "") -> str:
    return f"/beheer/evenementen/{slug}/bewerken" + (f"/{section}" if section else "")


def changes(slug: str) -> str:
    return f"/beheer/evenementen/{slug}/wijzigingen"


def test_every_detail_has_one_section_and_every_topic_stays_within_one():
    assert sorted(name for form in SECTIONS.values() for name in form.names) == sorted(
        item.name for item in fields(EventDetails)
    )
    assert all(len({SECTION_OF[name] for name in topic}) == 1 for topic in topics())


def test_no_two_sections_have_a_field_of_one_name(office):
    """The example is asked for with several of them in one request."""
    page = BeautifulSoup(office.get(edit(make(office.application))).text, "html.parser")
    named = [{i["name"] for i in form.select("[name]")} - {"csrf_token", "was"} for form in page.select("section form")]

    assert len(set.union(*named)) == sum(len(names) for names in named) > 30


def test_a_section_of_a_draft_is_saved_at_once(office):
    slug = make(office.application, state=EventState.DRAFT)

    answer = save(office, slug, "wat", title="Beter", slug="beter")

    assert (answer.status_code, answer.location) == (303, f"{edit('beter')}?bewaard=wat#wat")
    assert event_as(office.application, "beter", Event.title) == ("Beter",)
    assert "Bewaard." in words(office.get(answer.location.partition("#")[0]))


def test_every_section_sent_back_untouched_changes_nothing(office):
    slug = published(
        office.application, people=1, summary="Kort", description="Een\n\nTwee", online_url="https://x.example/a"
    )

    for section in ("wat", "waar", "tekst", "prijzen", "plaatsen", "aanmelden", "annuleren"):
        answer = save(office, slug, section)
        assert "Er was niets gewijzigd." in words(office.get(answer.location))

    assert rows(office.application, sa.select(PendingDetails.event_id)) == []


def test_changes_of_a_published_event_wait_are_shown_and_reach_people_once(office):
    slug = published(office.application, people=3, form=EventForm.HYBRIDE, route="Volg de gele vlaggen.")
    public_before = office.get(f"/agenda/{slug}")

    save(office, slug, "waar", city="Assen")
    save(office, slug, "tekst", summary="Nieuw en anders")
    save(office, slug, "plaatsen", capacity="2")
    overview, page = words(office.get(f"/beheer/evenementen/{slug}")), words(office.get(changes(slug)))
    public_between = office.get(f"/agenda/{slug}")
    mails_before = rows(office.application, sa.select(OutboxMail.id))
    answer = carry_through(office, slug, with_words="y")

    assert "Er staan wijzigingen klaar" in overview
    assert "Plaats Nu Utrecht Straks Assen" in overview
    assert "3 mensen krijgen bericht" in page
    assert "Plaats Was Utrecht Wordt Assen" in page
    assert "dat zijn er 1 meer dan de nieuwe grens" in page
    assert "Klopt de route nog?" in page
    assert (public_between.text, public_between.headers["ETag"]) == (public_before.text, public_before.headers["ETag"])
    assert mails_before == []
    assert (answer.status_code, answer.location) == (303, f"/beheer/evenementen/{slug}")
    assert "3 mensen krijgen bericht." in words(office.get(answer.location))
    assert "Assen" in office.get(f"/agenda/{slug}").text
    assert rows(office.application, sa.select(OutboxMail.kind)) == [("event_changed",)] * 3
    assert office.get(changes(slug)).status_code == 303


def test_an_error_stands_in_its_section_and_keeps_what_was_typed(office):
    make(office.application, slug="bezet")
    slug = make(office.application)

    wrong = save(office, slug, "wat", title="", slug="Fout Adres")
    taken = save(office, slug, "wat", slug="bezet")

    page = BeautifulSoup(wrong.text, "html.parser")
    assert (wrong.status_code, taken.status_code) == (422, 422)
    assert page.select_one("#wat .error-summary") and not page.select_one("#waar .error-summary")
    assert page.select_one("#wat input[name=slug]")["value"] == "Fout Adres"
    assert BeautifulSoup(taken.text, "html.parser").select_one("#slug-fout")
    assert rows(office.application, sa.select(PendingDetails.event_id)) == []


def test_a_stale_token_keeps_the_section(make_app):
    client = signed_in(make_app())
    slug = make(client.application)

    answer = save(client, slug, "tekst", summary="Getypt", csrf_token="oud")

    assert answer.status_code == 422
    assert "Deze pagina stond lang open" in words(answer)
    assert BeautifulSoup(answer.text, "html.parser").select_one("#summary")["value"] == "Getypt"


@pytest.mark.parametrize(("choice", "title"), [("mijn", "Van mij"), ("hun", "Van de ander")])
@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.PUBLISHED])
def test_what_two_people_changed_is_shown_side_by_side_and_chosen(office, state, choice, title):
    slug = make(office.application, state=state)
    mine = section_of(office, slug, "wat", title="Van mij", kind="webinar")
    save(office, slug, "wat", title="Van de ander", ends_at="2027-02-10T18:00")

    clash = office.post(edit(slug, "wat"), data=mine)
    page = BeautifulSoup(clash.text, "html.parser")
    again = {i["name"]: i["value"] for i in page.select("main form input[type=hidden]")}
    unsaid = office.post(edit(slug, "wat"), data=again)
    answer = office.post(edit(slug, "wat"), data=again | {"keuze-title": choice})

    assert (clash.status_code, unsaid.status_code, answer.status_code) == (409, 422, 303)
    said = words(clash)
    assert "Van de ander" in said and "Van mij" in said and "Er is nog niets bewaard" in said
    assert "Kies een van beide." in words(unsaid)
    kept = section_of(office, slug, "wat")
    assert (kept["title"], kept["kind"], kept["ends_at"]) == (title, "webinar", "2027-02-10T18:00")


def test_what_does_not_clash_goes_together_by_itself(office):
    slug = make(office.application)
    mine = section_of(office, slug, "tekst", contact="Van mij")
    save(office, slug, "tekst", summary="Van de ander")

    answer = office.post(edit(slug, "tekst"), data=mine)

    assert "Iemand anders wijzigde hier intussen ook iets" in words(office.get(answer.location))
    kept = section_of(office, slug, "tekst")
    assert (kept["summary"], kept["contact"]) == ("Van de ander", "Van mij")


def test_where_the_event_itself_changed_the_page_asks_which(office):
    slug = make(office.application)
    save(office, slug, "wat", title="Klaargezet")
    with office.application.app_context():
        event = event_by_slug(slug)
        details = organising.details_of(event)
        wanted = replace(details, title="Van de kring")
        organising.change_event(event.id, wanted, version=event.version, by=OFFICE, now=NOW)

    page = office.get(changes(slug))
    seen = BeautifulSoup(page.text, "html.parser").select_one("input[name=seen]")["value"]
    nothing = office.post(f"{changes(slug)}/keuze", data={"seen": seen}, follow_redirects=True)
    office.post(f"{changes(slug)}/keuze", data={"seen": seen, "keuze-title": "straks"})
    carry_through(office, slug)

    assert "Van de kring" in words(page) and "Klaargezet" in words(page)
    assert "Kies bij elk onderdeel" in words(nothing)
    assert event_as(office.application, slug, Event.title) == ("Klaargezet",)


def test_who_changes_what_another_was_about_to_carry_through_makes_them_look_again(office):
    slug = published(office.application, people=1)
    save(office, slug, "waar", city="Assen")
    page = BeautifulSoup(office.get(changes(slug)).text, "html.parser")
    save(office, slug, "waar", city="Zwolle")

    answer = office.post(changes(slug), data={"seen": page.select_one("input[name=seen]")["value"]})

    assert answer.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd" in words(answer) and "Wordt Zwolle" in words(answer)
    assert event_as(office.application, slug, Event.city) == ("Utrecht",)


def test_what_is_missing_is_said_before_and_waits(office):
    slug = published(office.application)
    save(office, slug, "waar", city="")

    page = office.get(changes(slug))

    assert "Doorvoeren kan nog niet De plaats" in words(page)
    assert not BeautifulSoup(page.text, "html.parser").select_one("input[name=seen]")


def test_changes_are_thrown_away_by_a_button_with_a_token(make_app):
    client = signed_in(make_app())
    slug = make(client.application)
    save(client, slug, "wat", title="Toch niet", csrf_token=csrf_token(client, edit(slug)))

    refused = client.post(f"{changes(slug)}/verwijdering")
    token = csrf_token(client, changes(slug))
    client.post(f"{changes(slug)}/verwijdering", data={"csrf_token": token})

    assert refused.status_code == 400
    assert rows(client.application, sa.select(PendingDetails.event_id)) == []


def test_the_example_is_the_page_with_what_was_typed_and_only_we_may_frame_it(office):
    slug = make(office.application, description="Oud")
    save(office, slug, "tekst", description="Dit staat klaar")
    typed = section_of(office, slug, "wat", title="Dit wordt getypt")
    frame = f"/beheer/evenementen/{slug}/voorbeeld"

    waits = office.get(frame)
    follows = office.post(f"{frame}?onderdeel=wat", data=typed)
    together = typed | section_of(office, slug, "waar", venue="De Driehoek") | {"onderdeel": "waar"}
    both = office.post(f"{frame}?onderdeel=wat", data=together)
    wrong = office.post(f"{frame}?onderdeel=wat", data=together | {"title": ""})

    assert "Dit staat klaar" in waits.text and "Oud" not in waits.text
    assert "Dit wordt getypt" in follows.text and "Dit staat klaar" in follows.text
    assert "Dit wordt getypt" in both.text and "De Driehoek" in both.text and "Dit staat klaar" in both.text
    assert "Er klopt nog iets niet" in wrong.text and "Dit staat klaar" in wrong.text and "De Driehoek" in wrong.text
    assert office.post(frame).status_code == office.post(f"{frame}?onderdeel=x").status_code == 404
    assert waits.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "X-Frame-Options" not in waits.headers
    assert event_as(office.application, slug, Event.title, Event.description) == ("Inspiratiebijeenkomst", "Oud")
    assert office.get(edit(slug)).headers["X-Frame-Options"] == "DENY"


def test_a_draft_says_what_is_needed_and_what_is_wise(office):
    slug = make(
        office.application, state=EventState.DRAFT, city="", starts_at=NOW + timedelta(days=30, hours=1), capacity=None
    )

    page = office.get(f"/beheer/evenementen/{slug}")

    said = words(page)
    assert "Nodig De plaats, want het is niet alleen online." in said
    assert "Advies Nog geen grens aan het aantal plaatsen." in said
    links = {a["href"] for a in BeautifulSoup(page.text, "html.parser").select(".checklist a")}
    assert {f"{edit(slug)}#waar", f"{edit(slug)}#plaatsen", f"/beheer/evenementen/{slug}/vragen"} <= links


def test_a_cancelled_event_is_not_edited(office):
    slug = make(office.application, state=EventState.CANCELLED)

    assert office.get(edit(slug)).status_code == 404
    assert office.post(edit(slug, "wat"), data={}).status_code == 404
    assert office.post(edit(make(office.application), "onbekend"), data={}).status_code == 404
