"""Plain data in, bytes out: tickets, calendar files, attendance lists and QR codes.

Nothing here knows a request or a query. The modules bring large libraries along, which most processes and pages never
need: `from eventapp import documents` and `documents.qr.svg(...)` loads each at its first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventapp.documents import (
        answer_sheets,
        attendance_list,
        attendance_pdf,
        attendance_sheets,
        badge,
        badge_pdf,
        calendar,
        catering_pdf,
        certificate,
        certificate_pdf,
        emergency_pdf,
        feeds,
        invoice_pdf,
        matrix,
        matrix_pdf,
        matrix_sheets,
        money_sheets,
        qr,
        sealing,
        sign_pdf,
        signing_pdf,
        sitemap,
        ticket,
        ticket_pdf,
        ubl,
        year_pdf,
        year_sheets,
    )

__all__ = [
    "answer_sheets",
    "attendance_list",
    "attendance_pdf",
    "attendance_sheets",
    "badge",
    "badge_pdf",
    "calendar",
    "catering_pdf",
    "certificate",
    "certificate_pdf",
    "emergency_pdf",
    "feeds",
    "invoice_pdf",
    "matrix",
    "matrix_pdf",
    "matrix_sheets",
    "money_sheets",
    "qr",
    "sealing",
    "sign_pdf",
    "signing_pdf",
    "sitemap",
    "ticket",
    "ticket_pdf",
    "ubl",
    "year_pdf",
    "year_sheets",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return import_module(f"{__name__}.{name}")
