"""What of a mail is the same for everybody? Worded once, with gaps where people differ, and filled in for each.

Rendering the mail with a ticket takes longer than writing all the rows of a booking. Of what hundreds get in the same
minute only a name, an organisation and some links differ.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from enum import StrEnum

from markupsafe import escape

from eventapp.mail.compose import Wording, links, practice_mark

# Nobody who types a title or a text of the office can guess it, so no word of theirs is taken for a gap.
_MARK = f"Gat{secrets.token_hex(8)}"
_MOST_KEPT = 200


class Gap(StrEnum):
    """Where people differ: the value is what stands there while the pattern is worded, one word for the templates.

    Whoever is worded for has these two as given name and family name: one after the other they are the whole name.
    """

    GIVEN_NAME = f"{_MARK}a"
    FAMILY_NAME = f"{_MARK}b"
    ORGANISATION = f"{_MARK}c"
    ORDER_TOKEN = f"{_MARK}d"
    TICKET_TOKEN = f"{_MARK}e"


NAME = f"{Gap.GIVEN_NAME} {Gap.FAMILY_NAME}"
_SUBJECT = f"{_MARK}s"
_GAPS = re.compile(f"({NAME}|{'|'.join(Gap)}|{_SUBJECT})")


class Pattern:
    """A mail worded for whoever is called after the gaps."""

    def __init__(self, wording: Wording) -> None:
        title = f"<title>{escape(wording.subject)}</title>"
        html = wording.html.replace(title, f"<title>{_SUBJECT}</title>")
        self._subject, self._text, self._html = map(_GAPS.split, (wording.subject, wording.text, html))

    def filled(self, values: Mapping[str, str]) -> Wording:
        """The mail as it would have been worded for these values: of each gap, and of NAME the whole name."""
        # As the words of the office and templates do it: single spaces in a subject, and no marks in HTML.
        subject = _joined(self._subject, {gap: " ".join(value.split()) for gap, value in values.items()})
        escaped = {gap: str(escape(value)) for gap, value in values.items()} | {_SUBJECT: str(escape(subject))}
        return Wording(subject, _joined(self._text, values), _joined(self._html, escaped))


def _joined(pieces: list[str], values: Mapping[str, str]) -> str:
    """`pieces` are words and gaps in turns."""
    whole = list(pieces)
    whole[1::2] = [values[gap] for gap in pieces[1::2]]
    return "".join(whole)


_KEPT: dict[Hashable, Pattern] = {}


def kept(key: Hashable, word: Callable[[], Wording]) -> Pattern:
    """The pattern of this key, worded when it is asked for first. The key holds all that the words depend on.

    Each process keeps some; what the settings of the app say counts by itself.
    """
    whole_key = (key, links(), practice_mark())
    pattern = _KEPT.get(whole_key)
    if pattern is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        pattern = _KEPT[whole_key] = Pattern(word())
    return pattern
