"""Where somebody who is forgotten is named in what is about others: in the log, in lines of jobs, in programmes.

Whoever registers picks the name, so a name proves nothing: what hangs on them by id goes, a whole address goes, and a
name only where nobody and nothing else bears it. What is left is for the office (docs/security.md).
"""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa

from eventapp.domain.logbook import TYPED
from eventapp.domain.names import fold
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Breakout,
    Choice,
    Event,
    HandOver,
    JobLine,
    MailState,
    Order,
    Organisation,
    OrganisationPerson,
    OutboxMail,
    Person,
    Registration,
    SavedView,
    StaffMember,
)
from eventapp.services import forgetting
from eventapp.services.changing_rows import delete_rows, update_rows
from eventapp.services.erasing_rows import LAST_MAIL, Whose

GONE = "(naam gewist)"
# A shorter name is found in too much that is about something else.
_LETTERS = 8


def blot_out(whose: Whose) -> None:
    """Within a transaction. Reads whole tables: it happens a few times a year."""
    addresses = _addresses(whose)
    presents = _presented(whose)
    name = [whose.name] if _theirs_alone(whose, presents) else []
    words = [*addresses, *name]
    _log(whose, words)
    _lines_of_jobs(words)
    _copies_of_mails(whose, addresses)
    if name:
        _named_others(whose)
    for breakout_id, speakers in presents.items():
        update_rows(Breakout, Breakout.id == breakout_id, speakers=_without(speakers, [whose.name]))
    _searches(whose, addresses)


def _addresses(whose: Whose) -> list[str]:
    """Not those of staff: somebody may have had an address corrected to one."""
    staff = set(db.session.scalars(sa.select(StaffMember.address).where(StaffMember.address.in_(whose.own))))
    return sorted(whose.own - staff)


def _presented(whose: Whose) -> dict[int, str]:
    """What stands as speakers of the breakouts at which they speak, where that names them in full."""
    speaks = sa.select(Choice.breakout_id).join(Registration, Registration.id == Choice.registration_id)
    mine = speaks.where(Choice.speaks, Registration.person_id == whose.person_id)
    rows = db.session.execute(sa.select(Breakout.id, Breakout.speakers).where(Breakout.id.in_(mine))).all()
    return {
        row.id: row.speakers for row in rows if whose.given_name and whose.family_name and _names(row.speakers, whose)
    }


def _theirs_alone(whose: Whose, presents: dict[int, str]) -> bool:
    """Whether this name can be searched for: given and family name, long enough, and of nobody and nothing else."""
    parts = (whose.given_name, whose.family_name)
    if sum(letter.isalpha() for letter in whose.name) < _LETTERS or min(len(part) for part in parts) < 2:
        return False
    alive = sa.and_(Person.id != whose.person_id, Person.erased_at.is_(None))
    people = sa.select(Person.given_name, Person.infix, Person.family_name).where(alive)
    called = [" ".join(filter(None, row)) for row in db.session.execute(people)]
    for column in (StaffMember.name, Organisation.name, Event.title):
        called += db.session.scalars(sa.select(column))
    others = sa.select(Breakout.speakers).where(Breakout.speakers != "", Breakout.id.not_in(list(presents)))
    spoken = " \n".join(fold(text) for text in db.session.scalars(others))
    mine = fold(whose.name)
    return mine not in {fold(one) for one in called} and not _whole(mine).search(spoken)


def _names(text: str, whose: Whose) -> bool:
    return bool(_whole(whose.name).search(text))


def _log(whose: Whose, words: list[str]) -> None:
    """Of lines about them what was typed goes, of all others whatever names them."""
    own = sa.select(Registration.id).where(Registration.person_id == whose.person_id)
    booked = sa.select(Order.id).where(Order.booker_id == whose.person_id)
    about = sa.or_(
        sa.and_(AuditEntry.subject == "person", AuditEntry.subject_id == whose.person_id),
        sa.and_(AuditEntry.subject == "registration", AuditEntry.subject_id.in_(own)),
        sa.and_(AuditEntry.subject == "order", AuditEntry.subject_id.in_(booked)),
    )
    named = _holding(AuditEntry.facts, words)
    for row in db.session.execute(sa.select(AuditEntry.id, AuditEntry.facts, about).where(sa.or_(about, named))).all():
        kept = {key: _without(value, words) for key, value in row.facts.items() if not (row[2] and key in TYPED)}
        if kept != row.facts:
            update_rows(AuditEntry, AuditEntry.id == row.id, facts=kept)


def _lines_of_jobs(words: list[str]) -> None:
    found = sa.select(JobLine.job_id, JobLine.line, JobLine.facts).where(_holding(JobLine.facts, words))
    for row in db.session.execute(found).all():
        kept = {key: _without(value, words) for key, value in row.facts.items()}
        if kept != row.facts:
            update_rows(JobLine, sa.and_(JobLine.job_id == row.job_id, JobLine.line == row.line), facts=kept)


def _copies_of_mails(whose: Whose, addresses: list[str]) -> None:
    """Of a mail to somebody else about their place, or with their address, our copy loses its words.

    One that waits still goes.
    """
    own = sa.select(Registration.id).where(Registration.person_id == whose.person_id)
    orders = sa.select(Registration.order_id).where(Registration.person_id == whose.person_id)
    together = sa.select(Registration.id).where(Registration.order_id.in_(orders))
    offers = db.session.scalars(sa.select(HandOver.id).where(HandOver.registration_id.in_(own)))
    offered = OutboxMail.purpose.in_([f"hand_over-{number}" for number in offers])
    done = sa.and_(OutboxMail.state.in_((MailState.SENT, MailState.FAILED)), OutboxMail.kind != LAST_MAIL)
    update_rows(
        OutboxMail, sa.and_(done, sa.or_(OutboxMail.registration_id.in_(together), offered)), **forgetting.EMPTY_MAIL
    )
    for address in addresses:
        named = sa.and_(done, OutboxMail.text.contains(address, autoescape=True))
        rows = db.session.execute(sa.select(OutboxMail.id, OutboxMail.text).where(named)).all()
        whole = [row.id for row in rows if _whole(address).search(row.text)]
        update_rows(OutboxMail, OutboxMail.id.in_(whole), **forgetting.EMPTY_MAIL)


def _searches(whose: Whose, addresses: list[str]) -> None:
    """What the office kept to look for them again, by full name or address. Members of staff keep few."""
    name = fold(whose.name) if whose.given_name and whose.family_name else ""
    for view in db.session.execute(sa.select(SavedView.id, SavedView.query)).all():
        asked = [fold(value) for _, value in parse_qsl(view.query)]
        by_address = any(_whole(address).search(value) for address in addresses for value in asked)
        if by_address or (name and name in asked):
            delete_rows(SavedView, SavedView.id == view.id)


def _named_others(whose: Whose) -> None:
    """Whom they named as contact person stays named, by nobody."""
    update_rows(OrganisationPerson, OrganisationPerson.named_by == whose.name, named_by="")
    named = Registration.reason["detail"].as_string() == whose.name
    for row in db.session.execute(sa.select(Registration.id, Registration.reason).where(named)).all():
        update_rows(Registration, Registration.id == row.id, reason={**row.reason, "detail": ""})


def _whole(word: str) -> re.Pattern[str]:
    """This name or address, and not as part of a longer one; a full stop may end the sentence."""
    return re.compile(rf"(?<![\w.+@-]){re.escape(word)}(?![\w@-]|[.+]\w)")


def _holding(column: Any, words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether JSON may hold one of these words, as its text has them; whether it does `_without` sees."""
    text = sa.cast(column, sa.Text)
    spelled = {json.dumps(word, ensure_ascii=ascii)[1:-1] for word in words for ascii in (True, False)}
    return sa.or_(sa.false(), *(text.contains(word, autoescape=True) for word in sorted(spelled)))


def _without(value: Any, words: Iterable[str]) -> Any:
    if isinstance(value, str):
        for word in words:
            value = _whole(word).sub(GONE, value)
        return value
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return {key: _without(one, words) for key, one in value.items()} if isinstance(value, dict) else value
