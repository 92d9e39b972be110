"""What the administrator reads while an archive is made or put back."""

from eventapp import formatting
from eventapp.domain.archive import Contents, Manifest


def archived_table(table: Contents) -> str:
    """One line about a table that is done; '' when nothing was in it."""
    return f"  {table.shape.name:<28}{_number(table.rows):>11}" if table.rows else ""


def archive_made(manifest: Manifest, file: str, size: int) -> str:
    """What stands in the file, and what its owner should know."""
    missing = [*manifest.left_out, *manifest.emptied]
    without = f" Zonder {', '.join(missing)}." if missing else ""
    return (
        f"Klaar: {_rows(manifest)} in {file} ({_megabytes(size)}).{without}\n"
        "Het bestand bevat persoonsgegevens en links die toegang geven, en is alleen voor u leesbaar. Bewaar het "
        "versleuteld. SECRET_KEY en de sleutels van Mollie, mail en Microsoft staan er niet in."
    )


def archive_put_back(manifest: Manifest, *, at_head: bool) -> str:
    """What is back, and what comes next."""
    first = (
        ""
        if at_head
        else "Draai nu `eventapp db upgrade` en `eventapp privacy replay`: het archief was van een ouder schema.\n"
    )
    missing = [*manifest.left_out, *manifest.emptied]
    without = f"Niet in dit archief: {', '.join(missing)}.\n" if missing else ""
    return (
        f"Klaar: {_rows(manifest)} teruggezet, van {formatting.moment(manifest.made_at)}.\n{first}{without}"
        "Dan: `eventapp doctor` en `eventapp payments reconcile --all`. Is er daarna nog gewerkt, kijk dan voor u de "
        "worker start bij Berichten wat er klaarstaat: wat toen wachtte, gaat anders nog een keer."
    )


def forgotten_again(people: int) -> str:
    """Whom the archive brought back although they had asked to be forgotten."""
    return f"Opnieuw gewist: {formatting.count_nl(people, 'persoon', 'mensen')} die daarom had gevraagd."


def _rows(manifest: Manifest) -> str:
    tables = sum(table.rows > 0 for table in manifest.tables)
    return f"{_number(manifest.rows)} rijen uit {tables} tabellen"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _megabytes(size: int) -> str:
    return f"{max(size / 1024**2, 0.1):.1f} MB".replace(".", ",")
