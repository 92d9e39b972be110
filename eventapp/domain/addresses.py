"""What does an e-mail address tell about somebody? Its domain; never more, and nothing at all when it is free mail."""

from collections.abc import Iterable

_FREE_MAIL_WORDS = """
gmail.com googlemail.com hotmail.com hotmail.nl outlook.com outlook.nl live.com live.nl msn.com icloud.com me.com
mac.com yahoo.com yahoo.nl aol.com gmx.com gmx.net proton.me protonmail.com ziggo.nl kpnmail.nl kpnplanet.nl planet.nl
xs4all.nl home.nl upcmail.nl chello.nl casema.nl quicknet.nl hetnet.nl telfort.nl tele2.nl caiway.nl solcon.nl
zonnet.nl online.nl freeler.nl wxs.nl kabelfoon.nl onsbrabantnet.nl delta.nl zeelandnet.nl telenet.be skynet.be
freemail.example gratismail.example
"""
FREE_MAIL = frozenset(_FREE_MAIL_WORDS.split())


def mail_domain(address: str) -> str:
    """The domain as ASCII, lower case, without a trailing dot. An address without a domain gives ''."""
    _, _, domain = address.rpartition("@")
    domain = domain.strip().rstrip(".").lower()
    try:
        return domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        return ""


def is_free_mail(domain: str) -> bool:
    """True for providers where anybody can take an address: such a domain proves nothing."""
    return domain in FREE_MAIL


def masked(address: str) -> str:
    """Enough to recognise one's own address, and no more: "m•••@zonnevlinder.example"."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def likely_typo(address: str, known_domains: Iterable[str]) -> str | None:
    """The address as it was probably meant, when its domain is one slip of the finger away from a known one."""
    local, _, _ = address.rpartition("@")
    typed = mail_domain(address)
    known = FREE_MAIL.union(known_domains)
    if not typed or typed in known:
        return None
    meant = next((domain for domain in sorted(known) if _one_slip(typed, domain)), None)
    return f"{local}@{meant}" if meant else None


def _one_slip(a: str, b: str) -> bool:
    """One letter added, left out, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 6:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped
