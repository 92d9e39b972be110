"""How do names and subjects with accents stand in the head of a mail, so that every mail program reads them back?

Python 3.11's own writing of headers loses the space between two words with accents where a line ends. Its older Header
class does it right, and is used here; `fold` and `fold_binary` are where a policy may say so.
"""

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any

_LINE = 76
# A long word in them would become an encoded word, which nobody takes for an address.
_ON_ONE_LINE = ("Message-ID", "List-Unsubscribe")
_SPECIALS = frozenset('()<>[]:;@\\,."')


class MailPolicy(EmailPolicy):
    """The policy of SMTP, with subjects and names in encoded words of the right length, and addresses on one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"linesep": "\r\n"} | settings)

    def fold(self, name: str, value: Any) -> str:
        if hasattr(value, "addresses"):
            return self._line(name, ", ".join(_mailbox(address, name) for address in value.addresses))
        if name == "Subject":
            return self._line(name, _encoded(str(value), name))
        return self._line(name, str(value)) if name in _ON_ONE_LINE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")

    def _line(self, name: str, written: str) -> str:
        return f"{name}: {self.linesep.join(written.splitlines())}{self.linesep}"


def _mailbox(address: Address, header: str) -> str:
    name = address.display_name
    if not name:
        return address.addr_spec
    if name.isascii():
        name = f'"{quote(name)}"' if _SPECIALS.intersection(name) else name
    else:
        name = _encoded(name, header)
    return f"{name} <{address.addr_spec}>"


def _encoded(text: str, header: str) -> str:
    return Header(text, "us-ascii" if text.isascii() else "utf-8", maxlinelen=_LINE, header_name=header).encode()
