"""Which long work does the house carry out by itself, and how far can a piece of it be?"""

from enum import StrEnum


class JobKind(StrEnum):
    IMPORT_PREVIEW = "import_preview"
    IMPORT = "import"
    TELL = "tell"
    MAILING = "mailing"
    PAPERS = "papers"
    CERTIFICATES = "certificates"
    SERIES_CERTIFICATES = "series_certificates"
    BULK = "bulk"
    LIST = "list"
    SETTLEMENT_PREVIEW = "settlement_preview"
    SETTLEMENT = "settlement"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
