"""Which refusals does reading a list from a file know?"""

from eventapp.domain.errors.base import DomainError


class UnreadableFile(DomainError):
    """No list of rows that we can read: neither CSV nor a sound XLSX."""

    code = "unreadable_file"


class UnreadableCalendar(DomainError):
    """A calendar without any entry, or broken off."""

    code = "unreadable_calendar"


class OldSpreadsheet(DomainError):
    """Excel's form of before 2007, or one with a password."""

    code = "old_spreadsheet"


class FileTooLarge(DomainError):
    """Facts: `most`, in megabytes."""

    code = "file_too_large"


class TooManyRows(DomainError):
    """Facts: `most`."""

    code = "too_many_rows"


class ColumnsMissing(DomainError):
    """Facts: `columns`, the names of those that the first row should have."""

    code = "columns_missing"


class RowsRefused(DomainError):
    """Rows cannot be taken, and nobody said to do the rest without them. Facts: `count`."""

    code = "rows_refused"
