"""What does a certificate say? Turns the row, as it was given, into the plain data that documents/ draws."""

from typing import TYPE_CHECKING

from eventapp import documents, formatting
from eventapp.documents.file_names import file_name
from eventapp.domain.certificates import readable
from eventapp.links import Links
from eventapp.models import Certificate

if TYPE_CHECKING:
    from eventapp.documents.certificate import CertificateData

_LABELS = (("when", "Wanneer"), ("place", "Waar"), ("attended", "Bijgewoond"), ("hours", "Omvang"))


def certificate_data(given: Certificate, links: Links, *, demo: bool = False) -> "CertificateData":
    """As it reads; `demo` prints over it that it is none."""
    facts = given.facts
    rows = [(label, facts.get(name, "")) for name, label in _LABELS]
    rows += [(label, value) for label, value in facts.get("register", [])]
    return documents.certificate.CertificateData(
        holder=formatting.full_name(given.given_name, given.infix, given.family_name),
        kind=facts["kind"],
        title=facts["title"],
        rows=tuple(row for row in rows if row[1]),
        issuer=facts["issuer"],
        issued=formatting.long_date(given.issued_at).partition(" ")[2],
        code=readable(given.code),
        link=links.certificate(readable(given.code)),
        goals=facts.get("goals", ""),
        meetings=tuple(facts.get("meetings", ())),
        demo=demo,
    )


def certificate_file(given: Certificate, links: Links, *, demo: bool = False) -> tuple[str, bytes]:
    """Its name and its bytes."""
    name = file_name("bewijs-van-deelname", given.facts["title"], "pdf")
    return name, documents.certificate_pdf.certificate_pdf(certificate_data(given, links, demo=demo))
