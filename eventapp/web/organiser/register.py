"""The register of processing: what of people is kept for what and how long, and what the last sweeps took away."""

from flask import render_template

from eventapp.domain.actors import Role
from eventapp.domain.personal_data import PROCESSINGS
from eventapp.queries.erasing import sweep_reports
from eventapp.web.access import Audience, audience
from eventapp.web.organiser import blueprint
from eventapp.wording import privacy


@blueprint.get("/instellingen/privacy")
@audience(Audience.STAFF, Role.BEHEERDER)
def register() -> str:
    """As the law asks it (article 30), drawn from the table that the nightly sweep goes by."""
    rows = [
        (
            *privacy.PROCESSINGS[one.code],
            privacy.GROUNDS[one.ground],
            privacy.kept(one.terms),
            sorted({column.partition(".")[0] for column in one.where}),
        )
        for one in PROCESSINGS
    ]
    nights = [(report.swept_at, privacy.swept(report.counts)) for report in sweep_reports()]
    return render_template("organiser/register.html", rows=rows, nights=nights)
