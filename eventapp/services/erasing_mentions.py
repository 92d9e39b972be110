"""Where somebody who is forgotten is named in what is about others: in the log, in lines of jobs, in programmes."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_plus

import sqlalchemy as sa

from eventapp.domain.logbook import TYPED
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Breakout,
    JobLine,
    MailState,
    OrganisationPerson,
    OutboxMail,
    Registration,
    SavedView,
)
from eventapp.services import forgetting
from eventapp.services.erasing_rows import LAST_MAIL, Whose
from eventapp.services.forgetting import delete_rows, update_rows

GONE = "(naam gewist)"


def blot_out(whose: Whose) -> None:
    """Within a transaction. Reads whole tables: it happens a few times a year."""
    words = sorted({whose.name, *whose.own} - {""})
    _log(whose, words)
    _lines_of_jobs(words)
    _copies_of_mails(words)
    _named_others(whose)
    for word in words:
        text = sa.func.replace(Breakout.speakers, word, GONE)
        update_rows(Breakout, Breakout.speakers.contains(word, autoescape=True), speakers=text)
    _searches([*words, whose.family_name])


def _log(whose: Whose, words: list[str]) -> None:
    """Of lines about them what was typed goes, of all others whatever names them."""
    own = sa.select(Registration.id).where(Registration.person_id == whose.person_id)
    about = sa.or_(
        sa.and_(AuditEntry.subject == "person", AuditEntry.subject_id == whose.person_id),
        sa.and_(AuditEntry.subject == "registration", AuditEntry.subject_id.in_(own)),
    )
    named = _holding(AuditEntry.facts, words)
    for row in db.session.execute(sa.select(AuditEntry.id, AuditEntry.facts, about).where(sa.or_(about, named))).all():
        kept = {key: _without(value, words) for key, value in row.facts.items() if not (row[2] and key in TYPED)}
        if kept != row.facts:
            update_rows(AuditEntry, AuditEntry.id == row.id, facts=kept)
    update_rows(AuditEntry, AuditEntry.actor_name.in_(words), actor_name="")


def _lines_of_jobs(words: list[str]) -> None:
    found = sa.select(JobLine.job_id, JobLine.line, JobLine.facts).where(_holding(JobLine.facts, words))
    for row in db.session.execute(found).all():
        same = sa.and_(JobLine.job_id == row.job_id, JobLine.line == row.line)
        update_rows(JobLine, same, facts={key: _without(value, words) for key, value in row.facts.items()})


def _copies_of_mails(words: list[str]) -> None:
    """Of a mail to somebody else that names them, our copy loses its words; one that waits still goes."""
    named = sa.or_(*(OutboxMail.text.contains(word, autoescape=True) for word in words))
    left = OutboxMail.state.in_((MailState.SENT, MailState.FAILED))
    update_rows(OutboxMail, sa.and_(named, left, OutboxMail.kind != LAST_MAIL), **forgetting.EMPTY_MAIL)


def _searches(words: list[str]) -> None:
    """What the office kept to look for them again; a surname alone says enough."""
    for word in filter(None, words):
        asked = sa.func.lower(SavedView.query).contains(quote_plus(word.lower()).lower(), autoescape=True)
        called = sa.func.lower(SavedView.name).contains(word.lower(), autoescape=True)
        delete_rows(SavedView, sa.or_(asked, called))


def _named_others(whose: Whose) -> None:
    """Whom they named as contact person stays named, by nobody."""
    update_rows(OrganisationPerson, OrganisationPerson.named_by == whose.name, named_by="")
    named = Registration.reason["detail"].as_string() == whose.name
    for row in db.session.execute(sa.select(Registration.id, Registration.reason).where(named)).all():
        update_rows(Registration, Registration.id == row.id, reason={**row.reason, "detail": ""})


def _holding(column: Any, words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether JSON holds one of these words, as its text has them."""
    text = sa.cast(column, sa.Text)
    spelled = {json.dumps(word, ensure_ascii=ascii)[1:-1] for word in words for ascii in (True, False)}
    return sa.or_(*(text.contains(word, autoescape=True) for word in sorted(spelled)))


def _without(value: Any, words: Iterable[str]) -> Any:
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, GONE)
        return value
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return {key: _without(one, words) for key, one in value.items()} if isinstance(value, dict) else value
