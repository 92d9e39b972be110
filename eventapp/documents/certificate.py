"""What does a certificate of attendance say? Plain data, for certificate_pdf and for pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CertificateData:
    """Every word ready. `rows` are facts with their labels, `meetings` those of a series that were attended.

    `link` is the address of the page that confirms it, `code` what stands in it.
    """

    holder: str
    kind: str
    title: str
    rows: tuple[tuple[str, str], ...]
    issuer: str
    issued: str
    code: str
    link: str
    goals: str = ""
    meetings: tuple[str, ...] = ()
    demo: bool = False
