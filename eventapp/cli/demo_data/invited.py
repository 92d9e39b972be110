"""Who is invited in the demo: the ambassadors to the theme day, and a closed meeting that is reached by no other way.

They come in through the use cases themselves, so that their mails, with links that work, are in the mailbox.
"""

from datetime import datetime, timedelta

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import TargetGroup
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import Terms
from eventapp.domain.pricing import Category
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Event, Invitation
from eventapp.queries.invitations import invitations_of, with_status
from eventapp.services import accepting, inviting
from eventapp.services.accepting import Acceptance

_WELCOME = "Zonder u is de themadag niet compleet. Wilt u ook een deelsessie mee begeleiden? Antwoord dan op deze mail."
_BOARD = (
    Guest("jorinde.vanverzin@klimrek.example", "Jorinde", "van", "Verzin"),
    Guest("edo.bedenk@kompaskring.example", "Edo", "", "Bedenk"),
    Guest("bestuur@vlechtwerk.example"),
)
_OBSERVER = Guest("waarneming@bmk.example", "Lotte", "de", "Kijker")
_ADVISER = Acceptance(function="Adviseur", function_group=TargetGroup.OVERIG)


def invite(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load: some accepted, one declined, one withdrawn, the others without answer."""
    _ambassadors(_named(events, "themadag"), now=now)
    _closed_meeting(_named(events, "kopgroep-bestuurders"), now=now)


def _named(events: list[Event], slug: str) -> Event:
    return next(event for event in events if event.slug.startswith(slug))


def _ambassadors(event: Event, *, now: datetime) -> None:
    guests, sent_at = with_status(Category.AMBASSADEUR, on=local_date(event.starts_at)), now - timedelta(days=12)
    inviting.invite(event.id, guests, Terms(), message=_WELCOME, by=SYSTEM, now=sent_at)
    first, second, third, *rest = _of(event)
    accepting.accept(first.token, _ADVISER, now=sent_at + timedelta(hours=3))
    accepting.decline(second.token, now=sent_at + timedelta(hours=9))
    inviting.withdraw(third.id, by=SYSTEM, now=sent_at + timedelta(days=1))
    for waiting in rest[:1]:
        inviting.resend(waiting.id, by=SYSTEM, now=sent_at + timedelta(days=6))


def _closed_meeting(event: Event, *, now: datetime) -> None:
    sent_at = now - timedelta(days=4)
    inviting.invite(event.id, _BOARD, Terms(), by=SYSTEM, now=sent_at)
    inviting.invite(event.id, [_OBSERVER], Terms(Category.WAARNEMEND), by=SYSTEM, now=sent_at)
    accepting.accept(_of(event)[-1].token, _ADVISER, now=sent_at + timedelta(hours=5))


def _of(event: Event) -> list[Invitation]:
    db.session.flush()
    return list(invitations_of(event.id))
