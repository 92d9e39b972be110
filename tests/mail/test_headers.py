"""Do names and subjects come out of the head of a mail as they went in?"""

import random
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import compat32
from email.utils import parseaddr

import pytest

from eventapp.mail.headers import MailPolicy

WORDS = (
    *("Themadag", "één", "plan", "’s-Hertogenbosch", "Zoë", "van", "coördinator", "ideeën", "2027", "&"),
    *("–", "‘sterk’", "Żółć", "Müller", "(HR)", "café", "ĳ", "学校"),
)


def sent(name: str, subject: str) -> bytes:
    message = EmailMessage(policy=MailPolicy())
    message["To"] = Address(name, addr_spec="a@vlinder.example")
    message["Subject"] = subject
    message["Message-ID"] = f"<{'x' * 60}@aanmelden.kindcentra.example>"
    return message.as_bytes()


def read(header: str) -> str:
    return str(make_header(decode_header(header)))


def sentences() -> list[str]:
    chance = random.Random(7)
    return [" ".join(chance.choices(WORDS, k=length)) for length in range(1, 30) for _ in range(10)]


def test_words_with_accents_keep_their_spaces() -> None:
    for sentence in sentences():
        message = message_from_bytes(sent(sentence, sentence), policy=compat32)

        name, address = parseaddr(message["To"])
        assert read(message["Subject"]) == sentence
        assert (read(name), address) == (sentence, "a@vlinder.example")


@pytest.mark.parametrize("name", ["", "Marieke van der Meulen", 'Groot, Jan "de" (HR)', "D'Arcy \\ Ann", "a@b.example"])
def test_a_plain_name_is_quoted_where_it_must(name: str) -> None:
    message = message_from_bytes(sent(name, "Proef"), policy=compat32)

    assert parseaddr(message["To"]) == (name, "a@vlinder.example")


def test_every_line_is_ascii_and_short_enough() -> None:
    for sentence in sentences():
        lines = sent(sentence, sentence).split(b"\r\n")

        assert all(line.isascii() for line in lines)
        assert max(map(len, lines)) <= 110


def test_the_message_id_stands_on_one_line() -> None:
    assert b"\r\nMessage-ID: <xxx" in sent("a", "b")


@pytest.mark.parametrize("text", ["a\r\nBcc: iedereen@vlinder.example", "a\nb"])
def test_a_line_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"CR|LF|linefeed"):
        sent("a", text)
