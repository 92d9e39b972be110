"""How often may strangers make us do something? One table; docs/security.md shows it.

Nothing here may keep a school out: sixty people behind one address on the internet, or sharing one mailbox, register
within ten minutes. What somebody gains by going on beyond a limit is a calm answer and nothing else.
"""

from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple


class Limit(NamedTuple):
    """At most so many within this long, counted for one of what `per` says."""

    most: int
    over: timedelta
    per: str


_HOUR, _QUARTER, _TEN_MINUTES = timedelta(hours=1), timedelta(minutes=15), timedelta(minutes=10)

LIMITS = MappingProxyType(
    {
        # Guessing. The tries of a sign-in code are counted per code (domain/sign_in_codes), and a code is a mail.
        # Of coupling codes the wrong ones: at a venue all phones share one address.
        "coupling_tries": Limit(20, _QUARTER, "visitor"),
        # Mails, asked for by who proved nothing yet.
        "sign_in_to_mailbox": Limit(5, _HOUR, "mailbox"),
        "sign_in_by_visitor": Limit(120, _TEN_MINUTES, "visitor"),
        "my_link_to_mailbox": Limit(5, _HOUR, "mailbox"),
        "my_link_by_visitor": Limit(120, _TEN_MINUTES, "visitor"),
        "joining_to_mailbox": Limit(5, _HOUR, "mailbox"),
        "joining_by_visitor": Limit(20, _HOUR, "visitor"),
        "registering_by_visitor": Limit(120, _TEN_MINUTES, "visitor"),
        "registering_to_mailbox": Limit(60, _HOUR, "mailbox"),
        # Mails that somebody with a link asks for: again, to another address, to who comes instead.
        "mails_about_registration": Limit(6, _HOUR, "registration"),
    }
)
