"""Making, changing and publishing events: who is told, what stays, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.errors import AlreadyCancelled, ChangedMeanwhile, NotPublishable, OnlyDrafts, SlugTaken
from eventapp.domain.event_details import EventDetails, Told
from eventapp.domain.events import EventForm, EventKind, EventState, Field, TargetGroup
from eventapp.domain.pricing import Admission, Category, PriceLine
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, EventSlug, OutboxMail, Registration, WaitingEntry
from eventapp.queries.events import event_by_slug, slug_now
from eventapp.services import organising
from tests.factories import NOW, OFFICE, make_event, make_registration

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def details(now, **changes) -> EventDetails:
    starts_at = now + timedelta(days=30)
    plain = EventDetails(
        title="Eén team, twee cao's",
        kind=EventKind.INSPIRATIEBIJEENKOMST,
        form=EventForm.FYSIEK,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        city="Zwolle",
        capacity=40,
        target_groups=frozenset({TargetGroup.RVT}),
        fields=frozenset({Field.HR}),
        prices=frozenset(
            {PriceLine(Category.LID, Admission.GRATIS), PriceLine(Category.NIET_LID, Admission.PRIJS, 9500)}
        ),
    )
    return replace(plain, **changes)


def change(event: Event, now, **changes) -> str:
    wanted = replace(organising.details_of(event), **changes)
    return organising.change_event(event.id, wanted, version=event.version, by=OFFICE, now=now)


def mails() -> list[OutboxMail]:
    return list(db.session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def test_new_event_is_a_draft_that_says_what_was_filled_in(now):
    slug = organising.create_event(details(now), by=OFFICE, now=now)

    event = event_by_slug(slug)
    assert (slug, event.state, event.places.size, event.places.taken) == (
        "een-team-twee-cao-s",
        EventState.DRAFT,
        40,
        0,
    )
    assert organising.details_of(event) == details(now, slug=slug)


def test_same_title_gets_an_address_of_its_own(now):
    first = organising.create_event(details(now), by=OFFICE, now=now)
    second = organising.create_event(details(now), by=OFFICE, now=now)

    assert (first, second) == ("een-team-twee-cao-s", "een-team-twee-cao-s-2")


@pytest.mark.parametrize("slug", ["nieuw", "bezet"])
def test_taken_and_reserved_addresses_are_refused(now, slug):
    make_event(slug="bezet")

    with pytest.raises(SlugTaken):
        organising.create_event(details(now, slug=slug), by=OFFICE, now=now)


def test_publishing_names_what_is_missing(now):
    slug = organising.create_event(details(now, city="", prices=frozenset()), by=OFFICE, now=now)
    event_id = event_by_slug(slug).id

    with pytest.raises(NotPublishable) as refusal:
        organising.publish_event(event_id, by=OFFICE, now=now)

    assert refusal.value.facts == {"missing": ["city", "prices"]}
    assert event_by_slug(slug).state == EventState.DRAFT


def test_publishing_twice_is_publishing_once(now):
    event_id = make_event(state=EventState.DRAFT).id

    organising.publish_event(event_id, by=OFFICE, now=now)
    organising.publish_event(event_id, by=OFFICE, now=now + timedelta(hours=1))

    event = db.session.get(Event, event_id)
    assert (event.state, event.published_at) == (EventState.PUBLISHED, now)
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject_id == event_id)).all()
    assert acts == ["event_published"]


def test_new_time_is_told_to_whoever_comes_and_nobody_else(now):
    event = make_event()
    coming = make_registration(event)
    make_registration(event, state=State.AWAITING_CONFIRMATION)
    make_registration(event, state=State.CANCELLED)
    make_registration(make_event())

    change(event, now, starts_at=event.starts_at + timedelta(hours=1))

    [mail] = mails()
    assert (mail.kind, mail.to_address) == ("event_changed", coming.address)
    assert mail.attachments == [{"draw": "invitation", "registration_id": coming.id, "method": "REQUEST"}]
    assert "heeft een nieuwe tijd" in mail.text
    db.session.refresh(event)
    sequences = db.session.execute(
        sa.select(Registration.calendar_sequence).where(Registration.event_id == event.id).order_by(Registration.id)
    ).scalars()
    assert (event.calendar_sequence, list(sequences)) == (1, [1, 1, 0])


def test_who_waits_or_has_not_paid_hears_what_changed_and_who_was_never_written_to_does_not(now):
    event = make_event()
    make_registration(event)
    paying = make_registration(event, state=State.AWAITING_PAYMENT, price_cents=9500)
    colleague, unasked, along = (make_registration(event, state=State.AWAITING_PAYMENT) for _ in range(3))
    for one in (colleague, unasked, along):
        one.order.address = "boeker@zonnevlinder.example"
    colleague.order.proven_at = along.order.proven_at = NOW
    along.with_booker = True
    offered, waiting = (make_registration(event, state=state) for state in (State.OFFERED, State.WAITLISTED))
    asked = make_registration(event, state=State.AWAITING_CONFIRMATION, proven_at=NOW)
    make_registration(event, state=State.AWAITING_CONFIRMATION)
    places = {"capacity": event.capacities[0], "joined_at": NOW}
    for one, state, until in ((offered, EntryState.OFFERED, NOW + HOUR), (waiting, EntryState.WAITING, None)):
        db.session.add(WaitingEntry(registration=one, token=new_token(), state=state, until=until, **places))
    db.session.commit()
    told = [paying, colleague, offered, waiting, asked]
    pages = [paying.order.token, "", *_entries(), asked.order.token]
    addresses = [one.address for one in told]
    wanted = replace(organising.details_of(event), city="Assen")

    preview = organising.preview_change(event.id, wanted, now=now)
    change(event, now, city="Assen")

    assert [(group.comes, group.people) for group in preview.groups] == [(True, 1), (False, 5)]
    assert preview.mails == len(mails()) == 6
    found = {mail.to_address: mail for mail in mails()}
    for address, page in zip(addresses, pages, strict=True):
        mail = found[address]
        assert (mail.attachments, "uw ticket" in mail.text, "heeft een nieuwe plaats" in mail.text) == ([], False, True)
        assert page in mail.text and page in mail.html
    assert "niet betaald" in found[addresses[1]].text and "/bestelling/" not in found[addresses[1]].text
    assert f"blijft tot {formatting.moment(NOW + HOUR)} voor u vast" in found[addresses[2]].text
    assert "plaats op de wachtlijst" in found[addresses[3]].text


def _entries() -> list[str]:
    return list(db.session.scalars(sa.select(WaitingEntry.token).order_by(WaitingEntry.id)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"city": "Assen"}, (Told.PLACE,)),
        ({"online_url": "https://video.example/1", "form": EventForm.HYBRIDE}, (Told.PLACE, Told.ONLINE)),
        ({"title": "Andere titel", "description": "Meer uitleg", "capacity": 7}, ()),
    ],
)
def test_preview_says_what_saving_then_does(now, changes, told):
    event = make_event()
    make_registration(event)
    wanted = replace(organising.details_of(event), **changes)

    preview = organising.preview_change(event.id, wanted, now=now)

    assert (set(preview.changed), preview.told, preview.mails) == (set(changes), told, bool(told))
    assert mails() == []
    change(event, now, **changes)
    assert len(mails()) == bool(told)


def test_change_of_a_draft_or_of_the_past_tells_nobody(now):
    draft = make_event(state=EventState.DRAFT)
    past = make_event(starts_at=now - timedelta(days=3))
    make_registration(draft)
    make_registration(past)

    change(draft, now, city="Assen")
    change(past, now, city="Assen")

    assert mails() == []


def test_second_of_two_who_edit_the_same_version_is_refused(now):
    event = make_event()
    version = event.version
    wanted = replace(organising.details_of(event), title="De tweede")
    change(event, now, title="De eerste")

    with pytest.raises(ChangedMeanwhile):
        organising.change_event(event.id, wanted, version=version, by=OFFICE, now=now)

    assert db.session.get(Event, event.id).title == "De eerste"


def test_smaller_capacity_puts_nobody_out_and_larger_ends_the_allowance(now):
    event = make_event(capacity=3)
    for _ in range(3):
        make_registration(event)

    change(event, now, capacity=1)
    smaller = event.capacities[0]
    seen = (smaller.size, smaller.taken, smaller.allowance)
    change(event, now, capacity=5)
    larger = event.capacities[0]

    assert seen == (1, 3, 2)
    assert (larger.size, larger.taken, larger.allowance) == (5, 3, 0)


def test_published_address_that_changes_leads_on_and_may_come_back(now):
    event = make_event(slug="oud")

    change(event, now, slug="nieuwer")
    assert (slug_now("oud"), event_by_slug("nieuwer").id) == ("nieuwer", event.id)
    with pytest.raises(SlugTaken):
        organising.create_event(details(now, slug="oud"), by=OFFICE, now=now)

    change(event, now, slug="oud")
    assert slug_now("nieuwer") == "oud"
    assert slug_now("oud") is None


def test_address_of_a_draft_leaves_nothing_behind(now):
    event = make_event(slug="oud", state=EventState.DRAFT)

    change(event, now, slug="nieuwer")

    assert db.session.scalar(sa.select(sa.func.count(EventSlug.slug))) == 0


def test_published_event_stays_complete(now):
    event = make_event(slug="heel")

    with pytest.raises(NotPublishable):
        change(event, now, city="")

    assert event_by_slug("heel").city == "Utrecht"


def test_prices_given_by_the_office_alone_stay(now):
    event = make_event(prices={Category.LID: 0, Category.SPREKER: 2500})

    change(event, now, prices=frozenset({PriceLine(Category.LID, Admission.PRIJS, 1000)}))

    lines = {line.category: line.price_cents for line in event_by_slug(event.slug).price_lines}
    assert lines == {Category.LID: 1000, Category.SPREKER: 2500}


def test_cancelled_event_is_changed_no_more(now):
    event = make_event(state=EventState.CANCELLED)

    with pytest.raises(AlreadyCancelled):
        change(event, now, title="Toch")


def test_untouched_draft_can_go(now):
    event_id = make_event(state=EventState.DRAFT).id

    organising.delete_draft(event_id, by=OFFICE, now=now)

    assert db.session.get(Event, event_id) is None


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.DRAFT])
def test_published_event_and_draft_with_a_registration_stay(now, state):
    event = make_event(state=state)
    if state == EventState.DRAFT:
        make_registration(event, state=State.CANCELLED)

    with pytest.raises(OnlyDrafts):
        organising.delete_draft(event.id, by=OFFICE, now=now)

    assert db.session.get(Event, event.id) is not None
