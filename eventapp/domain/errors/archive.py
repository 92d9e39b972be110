"""Which refusals does putting an archive back know?"""

from eventapp.domain.errors.base import DomainError


class NoArchive(DomainError):
    """Not a zip of ours, or only the beginning of one."""

    code = "no_archive"


class DamagedArchive(DomainError):
    """It holds something else than it says. Facts: `where`, the file in the archive."""

    code = "damaged_archive"


class NewerArchive(DomainError):
    """Made by a later release, with a schema that is not known here. Facts: `schema`."""

    code = "newer_archive"


class OtherSchema(DomainError):
    """The database has another schema than the archive. Facts: `archive` and `database`."""

    code = "other_schema"


class DatabaseNotEmpty(DomainError):
    """There are rows already. Facts: `tables`, the names of some tables that have them."""

    code = "database_not_empty"


class RestoreRefused(DomainError):
    """The database does not take a row. Facts: `table`."""

    code = "restore_refused"


class ReferencesBroken(DomainError):
    """A row points to one that is not in the archive."""

    code = "references_broken"
