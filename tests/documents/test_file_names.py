"""Downloads have names that people recognise and every system accepts."""

from datetime import date

import pytest

from eventapp.documents.file_names import file_name


@pytest.mark.parametrize(
    ("kind", "name", "extension", "on", "expected"),
    [
        ("ticket", "themadag-2027", "pdf", None, "ticket-themadag-2027.pdf"),
        (
            "presentielijst",
            "Kenniskring HR",
            "pdf",
            date(2027, 3, 18),
            "presentielijst-kenniskring-hr-2027-03-18.pdf",
        ),
        ("ticket", "Van samen naar één: Ĳsbrand's Łódź", "ics", None, "ticket-van-samen-naar-een-ijsbrands-lodz.ics"),
        ("ticket", '../../x"\r\nSet-Cookie: a', "pdf", None, "ticket-x-set-cookie-a.pdf"),
        ("ticket", "王小明", "pdf", None, "ticket.pdf"),
    ],
)
def test_name_is_plain(kind: str, name: str, extension: str, on: date | None, expected: str) -> None:
    assert file_name(kind, name, extension, on=on) == expected


def test_long_title_is_shortened() -> None:
    assert len(file_name("presentielijst", "lang " * 100, "xlsx", on=date(2027, 3, 18))) <= 120
