"""Events that are over with their presence fixed, the links that went out, and answers to them."""

import re
from datetime import timedelta

from eventapp.domain.evaluation import GRADE, RECOMMEND, REMARK, Reply
from eventapp.extensions import db
from eventapp.models import Event, Presence, Registration
from eventapp.services import evaluating, fixing, thanking
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.reading import all_mails

BEGAN = NOW - timedelta(days=1)


def held(*, there: int = 6, away: int = 1, **more: object) -> Event:
    """An event of yesterday with so many people who came and who did not; presence is not fixed."""
    event = make_event(starts_at=BEGAN, **more)
    for number in range(there + away):
        found = make_registration(event, make_person(f"Mens{number}", "", "Bakker"))
        if number < there:
            came(found)
    return event


def came(registration: Registration) -> None:
    db.session.add(Presence(registration_id=registration.id, event_id=registration.event_id, first_in_at=BEGAN))
    db.session.commit()


def fix(event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    fixing.fix(event_id, seen=fixing.seen_now(event, now=NOW), by=OFFICE, now=NOW)


def asked(*, there: int = 6, **more: object) -> tuple[int, list[str]]:
    """An event whose people were just thanked and asked: its id and their links, in the order of the mails."""
    event_id = held(there=there, **more).id
    fix(event_id)
    thanking.thank_due(now=NOW)
    return event_id, tokens()


def tokens() -> list[str]:
    """The secret in every thanks mail that asks something, in the order of the mails."""
    found = [re.search(r"/evaluatie/([\w-]+)", mail.text) for mail in all_mails() if mail.kind == "thanks"]
    return [match[1] for match in found if match]


def says(
    token: str, grade: int | str = 8, *, recommends: str = "", remark: str = "", named: bool = False, **own: str
) -> None:
    """Somebody answers; `own` are the texts of questions of the event."""
    counted = {GRADE: str(grade)} | ({RECOMMEND: recommends} if recommends else {})
    evaluating.answer(token, Reply(counted, {REMARK: remark, **own}, named=named), now=NOW)
