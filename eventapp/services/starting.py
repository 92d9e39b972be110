"""How does a new event begin: with what its kind brings besides the details, such as what is asked of who comes?"""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.event_details import EventDetails
from eventapp.domain.event_kinds import template_of
from eventapp.models import Event
from eventapp.services import asking, organising
from eventapp.services.asking import QuestionDetails
from eventapp.transaction import transaction

# How long answers to the questions of a kind are kept; the office can say otherwise.
KEEP_DAYS = 30


def start_event(details: EventDetails, *, by: Actor, now: datetime) -> str:
    """Make a draft that asks what its kind usually asks; answers the slug. Refuses with SlugTaken."""
    with transaction() as session:
        slug = organising.create_event(details, by=by, now=now)
        event = session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        template = template_of(details.kind)
        event.waiting_list = template.waiting_list
        if details.ends_at > now:
            asking.choose_blocks(event.id, template.blocks, by=by, now=now)
            for one in template.questions:
                said = QuestionDetails(one.label, KEEP_DAYS, help=one.help, required=one.required)
                asking.add_question(event.id, one.kind, said, by=by, now=now)
        return slug
