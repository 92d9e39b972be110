"""Who is expected, and who came? The list as plain data, for attendance_pdf and attendance_sheets."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One person on the list; `came_at` is the first admission, `note` a remark such as "zonder ticket".

    `status` says in words how somebody stood, on a list of afterwards.
    """

    sort_name: str
    full_name: str
    organisation: str = ""
    function: str = ""
    category: str = ""
    note: str = ""
    came: bool = False
    came_at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """The list of one event or one session, its rows in the order in which they are to be printed.

    `afterwards`: who was there, instead of who is expected; `standing` says whether that was fixed, or another remark.
    `names_only` is for who may know no more than name and organisation; such a list has a `heading` of its own.
    """

    event_title: str
    when: str
    place: str
    association: str
    rows: tuple[AttendanceRow, ...]
    printed_at: datetime
    room_to_sign: bool = True
    afterwards: bool = False
    standing: str = ""
    names_only: bool = False
    heading: str = "Presentielijst"

    @property
    def came(self) -> int:
        """How many came."""
        return sum(row.came for row in self.rows)
