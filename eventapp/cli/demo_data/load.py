"""How does an empty database become the demo? Everything in one transaction, and only once."""

import random
from datetime import datetime

import sqlalchemy as sa

from eventapp.cli.demo_data import aftermath, invited
from eventapp.cli.demo_data.account import show_abroad
from eventapp.cli.demo_data.autumn import autumn
from eventapp.cli.demo_data.badges import print_yesterday
from eventapp.cli.demo_data.books import keep_books
from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.changing import change_minds
from eventapp.cli.demo_data.circles import DemoCircles, make_circles
from eventapp.cli.demo_data.contacts import make_contacts
from eventapp.cli.demo_data.desk import keep_desk
from eventapp.cli.demo_data.division import divide_places, hold_parts
from eventapp.cli.demo_data.evaluation import evaluate
from eventapp.cli.demo_data.events import make_event
from eventapp.cli.demo_data.invoices import send_invoices
from eventapp.cli.demo_data.last_season import last_season
from eventapp.cli.demo_data.living import under_way
from eventapp.cli.demo_data.mail import write_mail
from eventapp.cli.demo_data.mailings import tell_members
from eventapp.cli.demo_data.offered import offer, propose
from eventapp.cli.demo_data.on_invoice import choose_invoices
from eventapp.cli.demo_data.organisations import make_organisations
from eventapp.cli.demo_data.past import past
from eventapp.cli.demo_data.people import PeopleMaker
from eventapp.cli.demo_data.presence import settle
from eventapp.cli.demo_data.programme import make_day
from eventapp.cli.demo_data.questions import ask_around
from eventapp.cli.demo_data.registrations import Booker, fits
from eventapp.cli.demo_data.spring import spring
from eventapp.cli.demo_data.staff import make_roles, make_settings, make_staff, make_tokens
from eventapp.cli.demo_data.upkeep import give_notice
from eventapp.domain.actors import SYSTEM
from eventapp.domain.jobs import JobKind
from eventapp.extensions import db
from eventapp.models import Event, Registration
from eventapp.services import importing, jobs, resizing
from eventapp.services.jobs import StoredFile
from eventapp.transaction import transaction

SEED = 2027


def load_demo(*, now: datetime) -> bool:
    """Load the demo data; False, having changed nothing, when there are events already.

    The same moment gives the same people, events and registrations; codes and links are secret and differ.
    """
    with transaction() as session:
        if session.scalar(sa.select(Event.id).limit(1)) is not None:
            return False
        calendar, numbers = DemoCalendar(now), random.Random(SEED)
        organisations = make_organisations(calendar)
        staff = make_staff(now=now)
        session.add_all([*make_settings(), *staff, *make_tokens(now=now), *organisations])
        session.flush()
        people = PeopleMaker(calendar, numbers)
        guests = people.guests(organisations)
        session.add_all([*(guest.person for guest in guests), people.supervisor(organisations[0])])
        session.add_all(make_contacts(guests, organisations, year=calendar.year, now=now))
        entries = [*spring(calendar), *autumn(calendar), *past(calendar)]
        events = [make_event(entry, calendar) for entry in entries]
        session.add_all(events)
        session.flush()
        session.add_all(make_roles(staff, events, now=now))
        divide_places(events, calendar)
        # The last two of the crowd asked to be forgotten; nobody registers them any more.
        booker = Booker(guests[:-2], numbers, now=now)
        for event, entry in zip(events, entries, strict=True):
            if fits(event):
                session.add_all(booker.fill(event, entry))
        circles = DemoCircles(events, guests[:-2], calendar, now)
        make_circles(circles, booker)
        session.flush()
        hold_parts()
        for event in events:
            resizing.resize_organisations(event.id, event.free_per_organisation)
        _look_back(events, numbers, now=now)
        aftermath.erase(guests[-2:], now=now)
        session.flush()
        ask_around(events, calendar)
        make_day(events, calendar)
        print_yesterday(events, now=now)
        change_minds(events, now=now)
        send_invoices(events, now=now)
        choose_invoices(events, now=now)
        under_way(events, now=now)
        give_notice(organisations, calendar, now=now)
        _bring_a_list(now=now)
        invited.invite(events, now=now)
        write_mail(events, now=now)
        tell_members(events, now=now)
        keep_desk(events, now=now)
        keep_books(now=now)
        settle([*events, *last_season(circles)], now=now)
        evaluate(now=now)
        show_abroad(events, calendar)
        offer(events, organisations, now=now)
        propose(calendar, now=now)
    return True


def _bring_a_list(*, now: datetime) -> None:
    """The office brought a list of people; the worker looks at it as soon as it starts."""
    file = StoredFile("nieuwe-ambassadeurs.csv", "text/csv", importing.example("people"))
    jobs.enqueue(JobKind.IMPORT_PREVIEW, {"what": "people"}, by=SYSTEM, now=now, file=file)


def _look_back(events: list[Event], numbers: random.Random, *, now: datetime) -> None:
    """What the registrations left behind: log rows, and presence at what is over."""
    of_event: dict[int, list[Registration]] = {event.id: [] for event in events}
    for registration in db.session.scalars(sa.select(Registration).order_by(Registration.id)):
        of_event[registration.event_id].append(registration)
    for event in events:
        aftermath.log(of_event[event.id])
        if event.ends_at < now:
            aftermath.let_in(event, of_event[event.id], numbers)
