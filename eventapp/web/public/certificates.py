"""Is this certificate of attendance real? The page that anybody opens to whom one is shown."""

from flask import render_template

from eventapp import formatting, wording
from eventapp.domain.certificates import Verdict, abbreviated, normalise_code, readable
from eventapp.domain.errors import UnknownLink
from eventapp.queries.certificates import certificate_by_code, verdict_on
from eventapp.web.access import Audience, audience
from eventapp.web.public import blueprint


@blueprint.get("/bewijs/<code>")
@audience(Audience.LINK)
def certificate(code: str) -> str:
    """Whether it holds, with what it says and an abbreviated name; of one that does not hold nothing else is said."""
    normal = normalise_code(code)
    found = certificate_by_code(normal) if normal else None
    if found is None:
        raise UnknownLink()
    verdict = verdict_on(found)
    name = abbreviated(found.given_name, found.infix, found.family_name)
    return render_template(
        "public/certificate.html",
        verdict=verdict,
        words=wording.VERDICTS[verdict],
        valid=verdict == Verdict.VALID,
        name=formatting.full_name(*name),
        given=found.facts if verdict == Verdict.VALID else {},
        issued_at=found.issued_at,
        revoked_at=found.revoked_at,
        code=readable(found.code),
    )
