"""Changes to a published event wait until they are carried through, and two people at once lose nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import AlreadyCancelled, ChangedMeanwhile, NotPublishable, SlugTaken
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, EventState
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, OutboxMail, PendingDetails, Registration
from eventapp.queries.events import event_by_id, slug_now
from eventapp.services import calling_off, editing, organising
from tests.factories import NOW, OFFICE, make_event, make_registration

pytestmark = pytest.mark.usefixtures("app")
WHO = {"by": OFFICE, "now": NOW}


def now_says(event_id: int) -> EventDetails:
    return organising.details_of(event_by_id(event_id))


def save(event_id: int, began: EventDetails | None = None, **wanted: object) -> editing.Saved:
    """Save these details, as somebody whose page began with `began`, or with what is kept now."""
    began = began or editing.working_details(event_by_id(event_id))
    return editing.save_section(event_id, {name: getattr(began, name) for name in wanted}, wanted, **WHO)


def pending(event_id: int) -> editing.Pending:
    found = editing.pending_of(event_by_id(event_id))
    assert found is not None
    return found


def carry_through(event_id: int, *, with_words: bool = False) -> str:
    return editing.carry_through(event_id, seen=pending(event_id).seen, with_words=with_words, **WHO)


def mails() -> list[OutboxMail]:
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def kept() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(PendingDetails)) or 0


def test_a_draft_changes_at_once_and_keeps_no_concept():
    event_id = make_event(state=EventState.DRAFT).id

    saved = save(event_id, title="Beter", slug="beter")

    assert (saved.slug, saved.waits, now_says(event_id).title, kept()) == ("beter", False, "Beter", 0)


def test_a_published_event_changes_when_all_that_waits_is_carried_through():
    event = make_event()
    event_id, version, before = event.id, event.version, organising.details_of(event)
    make_registration(event)

    save(event_id, city="Assen")
    save(event_id, title="Nieuwe titel", slug="nieuw-adres")
    untouched = (now_says(event_id), event_by_id(event_id).version, mails())
    slug = carry_through(event_id)

    assert untouched == (before, version, [])
    assert (slug, slug_now(before.slug), kept()) == ("nieuw-adres", "nieuw-adres", 0)
    assert now_says(event_id) == replace(before, city="Assen", title="Nieuwe titel", slug="nieuw-adres")
    [mail] = mails()
    assert (mail.kind, "heeft een nieuwe plaats" in mail.text, "Heette" in mail.text) == ("event_changed", True, False)
    acts = db.session.execute(sa.select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert [(act, facts["changed"]) for act, facts in acts] == [
        ("changes_kept", ["city"]),
        ("changes_kept", ["title", "slug"]),
        ("event_changed", ["title", "slug", "city"]),
    ]


def test_everybody_gets_one_mail_about_what_concerns_them():
    event = make_event(form=EventForm.HYBRIDE, online_url="https://video.example/1")
    event_id = event.id
    on_site, online = make_registration(event), make_registration(event, attends=EventForm.ONLINE)
    addresses = on_site.address, online.address
    save(event_id, venue="Zaal Zuid")
    save(event_id, title="Nieuwe titel", description="Meer")

    quiet = organising.preview_change(event_id, pending(event_id).after, now=NOW)
    loud = organising.preview_change(event_id, pending(event_id).after, now=NOW, with_words=True)
    carry_through(event_id, with_words=True)

    assert (quiet.mails, loud.mails) == (1, 2)
    to_site, to_online = mails()
    assert (to_site.to_address, to_online.to_address) == addresses
    assert ("Zaal Zuid" in to_site.text, "Congrescentrum" in to_site.text) == (True, True)
    assert "Congrescentrum" not in to_online.text
    assert all("Heette: Inspiratiebijeenkomst" in mail.text and "nieuwe tekst" in mail.text for mail in mails())


def test_a_new_text_alone_leaves_calendars_alone():
    event = make_event()
    event_id = event.id
    make_registration(event)
    save(event_id, description="Meer")

    carry_through(event_id, with_words=True)

    [mail] = mails()
    assert (mail.attachments, "agenda zit bij" in mail.text) == ([], False)
    assert db.session.scalars(sa.select(Registration.calendar_sequence)).all() == [0]


def test_the_second_of_two_with_one_page_merges_or_has_to_choose():
    event_id = make_event().id
    began = now_says(event_id)

    save(event_id, began, title="Van een", capacity=5)
    merged = save(event_id, began, city="Assen")
    clash = save(event_id, began, title="Van twee", contact="Twee")

    assert (merged.conflicts, clash.conflicts) == ((), (("title",),))
    assert (clash.theirs.title, clash.mine.title, clash.mine.contact) == ("Van een", "Van twee", "Twee")
    assert pending(event_id).after == replace(began, title="Van een", capacity=5, city="Assen")


def test_what_is_put_back_waits_no_longer():
    event_id = make_event().id
    before = now_says(event_id)

    save(event_id, city="Assen")
    save(event_id, city=before.city)

    assert kept() == 0


def test_where_the_event_itself_changed_somebody_chooses_first():
    event = make_event()
    event_id, began = event.id, organising.details_of(event)
    save(event_id, began, title="Klaargezet", city="Assen")
    elsewhere = replace(began, title="Van de kring", capacity=7)
    organising.change_event(event_id, elsewhere, version=event_by_id(event_id).version, **WHO)

    save(event_id, contact="Later nog")
    waits = pending(event_id)
    with pytest.raises(ChangedMeanwhile):
        carry_through(event_id)
    editing.choose(event_id, ["title"], seen=waits.seen, **WHO)
    carry_through(event_id)

    assert (waits.conflicts, waits.after.capacity) == ((("title",),), 7)
    assert now_says(event_id) == replace(elsewhere, city="Assen", contact="Later nog")


def test_nobody_carries_through_what_they_did_not_see():
    event_id = make_event().id
    save(event_id, title="Gezien")
    seen = pending(event_id).seen
    save(event_id, title="Niet gezien")

    with pytest.raises(ChangedMeanwhile):
        editing.carry_through(event_id, seen=seen, with_words=False, **WHO)
    carry_through(event_id)
    with pytest.raises(ChangedMeanwhile):
        editing.carry_through(event_id, seen=seen, with_words=False, **WHO)

    assert now_says(event_id).title == "Niet gezien"


def test_what_would_be_incomplete_or_at_a_taken_address_is_not_carried_through():
    event_id = make_event().id
    save(event_id, slug="vrij-adres", city="")
    with pytest.raises(NotPublishable):
        carry_through(event_id)
    save(event_id, city="Assen")
    make_event(slug="vrij-adres")
    make_event(slug="bezet")

    with pytest.raises(SlugTaken):
        carry_through(event_id)
    with pytest.raises(SlugTaken):
        save(event_id, slug="bezet")

    assert (now_says(event_id).city, kept()) == ("Utrecht", 1)


def test_an_event_that_is_off_takes_what_waited_with_it():
    event_id = make_event().id
    save(event_id, title="Nieuw")
    seen = pending(event_id).seen

    calling_off.cancel_event(event_id, reason="", **WHO)

    assert kept() == 0
    with pytest.raises(AlreadyCancelled):
        save(event_id, title="Toch")
    with pytest.raises(AlreadyCancelled):
        editing.carry_through(event_id, seen=seen, with_words=False, **WHO)


def test_thrown_away_leaves_the_event_and_twice_is_once():
    event_id = make_event().id
    before = now_says(event_id)
    save(event_id, title="Nieuw")

    editing.discard(event_id, **WHO)
    editing.discard(event_id, **WHO)

    assert (now_says(event_id), kept()) == (before, 0)
    acts = db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["changes_kept", "changes_discarded"]


@pytest.mark.parametrize(("hours_ago", "told"), [(1, 1), (5, 0)])
def test_on_the_day_itself_people_hear_until_it_is_over(hours_ago, told):
    event = make_event(starts_at=NOW - timedelta(hours=hours_ago))
    event_id = event.id
    make_registration(event)
    save(event_id, city="Assen")

    carry_through(event_id)

    assert (len(mails()), now_says(event_id).city) == (told, "Assen")


def test_another_day_asks_who_can_and_fewer_places_put_nobody_out():
    event = make_event(capacity=2)
    event_id = event.id
    for _ in range(2):
        make_registration(event)
    began = now_says(event_id)
    week = timedelta(days=7)
    save(event_id, began, starts_at=began.starts_at + week, ends_at=began.ends_at + week)
    save(event_id, capacity=1)

    preview = organising.preview_change(event_id, pending(event_id).after, now=NOW)
    carry_through(event_id)

    event = db.session.get_one(Event, event_id)
    assert (preview.mails, preview.taken, event.moved_from) == (2, 2, began.starts_at)
    assert (event.places.size, event.places.taken) == (1, 2)
    assert all("Kunt u ook dan?" in mail.text for mail in mails())


def test_the_example_shows_what_waits_and_writes_nothing():
    event = make_event()
    event_id = event.id
    before = organising.details_of(event)
    details = replace(before, title="Straks", capacity=3, prices=frozenset(), slug="straks")

    shown = editing.as_it_would_read(event_by_id(event_id), details)

    assert (shown.title, shown.slug, shown.places.size, shown.price_lines) == ("Straks", "straks", 3, [])
    assert not db.session.dirty
    db.session.commit()
    assert now_says(event_id) == before
