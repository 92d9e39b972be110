"""The office says something of its own in a kind of mail, sends itself a proof, and puts the original back."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, NotFound
from eventapp.domain.mail_texts import PLACEHOLDERS, Words, check
from eventapp.domain.tokens import new_token
from eventapp.mail.compose import post
from eventapp.mail.samples import sample, to_colleague
from eventapp.models import Event, MailText, StaffMember
from eventapp.queries.mail_texts import history, words_for
from eventapp.services.audit import note
from eventapp.transaction import transaction


def say(kind: str, event_id: int | None, words: Words, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """From now on mails of this kind say this, in general or of one event; empty words put the original back.

    `seen` is the id of the text that the writer started from, None when there was none. Refuses with NotFound (no such
    kind), UnknownPlaceholder, and ChangedMeanwhile when somebody else wrote another one.
    """
    _check(kind, words)
    with transaction() as session:
        last = next(iter(history(kind, event_id)), None)
        if (last.id if last else None) != seen:
            raise ChangedMeanwhile()
        row = MailText(kind=kind, event_id=event_id, written_at=now, written_by=by.name)
        row.subject, row.opening, row.closing = words.subject, words.opening, words.closing
        session.add(row)
        session.flush()
        act = "mail_text_restored" if words.is_ours else "mail_text_written"
        note(act, "mail_text", row.id, by=by, now=now, event_id=event_id, kind=kind)


def send_proof(kind: str, event_id: int | None, words: Words, *, by: Actor, now: datetime) -> str:
    """Mail an example with these words to whoever asks; answers the address. Refuses as `say` does."""
    _check(kind, words)
    with transaction() as session:
        colleague = session.get(StaffMember, by.id) if by.kind == "staff" else None
        if colleague is None:
            raise NotFound()
        event = session.get(Event, event_id) if event_id else None
        made = sample(kind, event, words.over(words_for(kind, None)), now=now)
        post(to_colleague(made, colleague.address, colleague.name), purpose=f"proof-{new_token()}")
        return colleague.address


def _check(kind: str, words: Words) -> None:
    if kind not in PLACEHOLDERS:
        raise NotFound()
    for text in (words.subject, words.opening, words.closing):
        check(text, PLACEHOLDERS[kind])
