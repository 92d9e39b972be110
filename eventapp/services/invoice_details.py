"""How does the office keep to whom and where the invoices of an organisation go?"""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile
from eventapp.domain.invoice_details import DETAIL_NAMES, InvoiceDetails
from eventapp.extensions import db
from eventapp.models import Organisation, OrganisationInvoicing
from eventapp.services.audit import note
from eventapp.services.locks import lock_organisation
from eventapp.transaction import transaction


def invoice_details_of(organisation: Organisation) -> InvoiceDetails:
    """What is kept now; without anything it is empty."""
    row = organisation.invoicing
    return InvoiceDetails(**{name: getattr(row, name) for name in DETAIL_NAMES}) if row else InvoiceDetails()


def save_invoice_details(
    organisation_id: int, details: InvoiceDetails, *, seen: str | None = None, by: Actor, now: datetime
) -> None:
    """Keep these details for the invoices of later; those already sent stay as they were.

    Refuses with NotFound, and with ChangedMeanwhile when the details are no longer those of the fingerprint `seen`.
    """
    with transaction():
        organisation = lock_organisation(organisation_id)
        before = invoice_details_of(organisation)
        if seen and before.fingerprint != seen:
            raise ChangedMeanwhile()
        if before == details:
            return
        _write(organisation, details)
        changed = [name for name in DETAIL_NAMES if getattr(before, name) != getattr(details, name)]
        note("invoice_details_changed", "organisation", organisation_id, by=by, now=now, changed=changed)


def _write(organisation: Organisation, details: InvoiceDetails) -> None:
    row = organisation.invoicing
    if details.empty:
        if row:
            db.session.delete(row)
        return
    if row is None:
        row = organisation.invoicing = OrganisationInvoicing()
    for name in DETAIL_NAMES:
        setattr(row, name, getattr(details, name))
