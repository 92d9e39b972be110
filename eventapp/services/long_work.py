"""Which use case carries out which kind of long work? One table."""

from collections.abc import Mapping

from eventapp.domain.jobs import JobKind
from eventapp.services import bulk, certifying, certifying_series, drawing, importing, listing, mailing_out, telling
from eventapp.services.carrying_out import Run

RUNNERS: Mapping[JobKind, Run] = {
    JobKind.IMPORT_PREVIEW: importing.preview,
    JobKind.IMPORT: importing.carry_out,
    JobKind.TELL: telling.carry_out,
    JobKind.MAILING: mailing_out.carry_out,
    JobKind.PAPERS: drawing.run,
    JobKind.CERTIFICATES: certifying.run,
    JobKind.SERIES_CERTIFICATES: certifying_series.run,
    JobKind.BULK: bulk.carry_out,
    JobKind.LIST: listing.carry_out,
    JobKind.SETTLEMENT_PREVIEW: importing.preview,
    JobKind.SETTLEMENT: importing.carry_out,
}
