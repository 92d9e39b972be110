"""How does a refusal or a bug look to a visitor? One table of statuses, one calm page."""

import time
from dataclasses import replace

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from eventapp import wording
from eventapp.domain.association import Association
from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.outages import is_outage
from eventapp.web import metrics, problems, tracing

STATUSES = {
    "not_allowed": 403,
    "not_admitted": 403,
    "circle_members_only": 403,
    "no_ambassador": 403,
    "too_many_proposals": 429,
    "empty_series": 422,
    "not_found": 404,
    "unknown_link": 404,
    "expired_link": 410,
    "used_link": 410,
    "too_many_requests": 429,
    "wrong_code": 422,
    "wrong_coupling_code": 422,
    "code_blocked": 429,
    "sign_in_unavailable": 503,
    "sign_in_declined": 403,
    "sign_in_not_proven": 400,
    "sign_in_without_address": 422,
    "payment_unavailable": 503,
    "provider_silent": 503,
    "second_yes_needed": 422,
    "bad_iban": 422,
    "own_iban": 422,
    "bad_transfer_day": 422,
    "not_publishable": 422,
    "bad_sheet": 422,
    "unknown_placeholder": 422,
    "reason_needed": 422,
    "nobody_chosen": 422,
    "too_many_picked": 422,
}
_PAGES = {
    400: ("Dat verzoek begrepen wij niet", "Ga terug, vernieuw de pagina en probeer het opnieuw."),
    403: ("Geen toegang", wording.REFUSALS["not_allowed"]),
    404: ("Niet gevonden", "Deze pagina bestaat niet (meer). Misschien is de link niet helemaal meegekopieerd."),
    405: ("Dat kan hier niet", "Ga terug en probeer het opnieuw."),
    413: ("Te groot", "Wat u stuurde is te groot. Maak het kleiner en probeer het opnieuw."),
    429: ("Even geduld", wording.REFUSALS["too_many_requests"]),
}
# Seconds: a database that restarts is back within these, and who waits behind a lock has not long to go.
RETRY_AFTER = 10
_TRACE_EVERY_SECONDS = 60
_traced_at: dict[str, float] = {}
# Of an association of which nothing could be read yet: no address that is nobody's.
_NEUTRAL = replace(Association(), email="")


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, on_refusal)
    app.register_error_handler(CSRFError, on_stale_form)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_bug)


def page(title: str, text: str, status: int, *, reference: str = "") -> tuple[str, int]:
    """The calm page: what is the matter, and the way on."""
    return render_template("shared/plain.html", title=title, text=text, reference=reference), status


def on_refusal(error: DomainError):
    status = STATUSES.get(error.code, 409)
    if problems.wanted():
        return problems.problem(status, error.code, wording.refusal(error))
    return page("Dat kan nu niet" if status != 404 else "Niet gevonden", wording.refusal(error), status)


def on_stale_form(_error: CSRFError):
    text = "De pagina stond te lang open of uw browser bewaart geen cookies. Ga terug, vernieuw en probeer het opnieuw."
    return page("Het formulier is verlopen", text, 400)


def on_http_error(error: HTTPException):
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, InternalServerError) and is_outage(error.original_exception):
        return on_outage(error.original_exception)
    if problems.wanted():
        said = problems.problem(status, error.name.lower().replace(" ", "_"), error.description or error.name)
        if isinstance(error, MethodNotAllowed):
            said.headers["Allow"] = ", ".join(error.valid_methods or ())
        return said
    title, text = _PAGES.get(status, _PAGES[400] if status < 500 else ("Er ging iets mis", "Probeer het zo opnieuw."))
    return page(title, text, status)


def on_outage(error: BaseException | None) -> Response:
    """The database is away, locked or full: an answer without it."""
    kind = _kind(error)
    metrics.outage(kind)
    traced = error if _trace_is_due(kind) else None
    current_app.logger.warning("no database at %s %s: %s", request.method, request.endpoint, kind, exc_info=traced)
    db.session.rollback()
    g.association = current_app.extensions.get("known_association", _NEUTRAL)
    return come_again("Het systeem is even niet bereikbaar", RETRY_AFTER)


def come_again(reason: str, seconds: int, *, untouched: bool = False) -> Response:
    """503. The page keeps what was typed; the header says after how many seconds to come.

    `untouched` when nothing of the request was begun: after a connection that broke nobody knows whether it was done.
    """
    if problems.wanted():
        response = problems.problem(
            503, "unavailable", "The service cannot be reached for a moment; send it again later"
        )
    else:
        response = make_response(_waiting_page(reason, ": er is niets opgeslagen" if untouched else ""), 503)
    response.headers["Retry-After"] = str(seconds)
    return response


def _waiting_page(reason: str, untouched: str) -> str:
    """One button asks the same again, with what was typed. Not so a file: the browser gives it to nobody."""
    # A browser sends a part without a name for a file that was not chosen.
    with_file = any(file.filename for file in request.files.values())
    if request.method != "POST":
        text = f"{reason}. Probeer het over een halve minuut opnieuw."
    elif with_file:
        text = f"{reason}{untouched}. Ga terug en verstuur het over een halve minuut opnieuw."
    else:
        text = (
            f"{reason}, dus wij konden dit nog niet verwerken{untouched}. "
            "Wat u invulde staat nog op deze pagina. Wacht een halve minuut en verstuur het opnieuw."
        )
    asked = request.form if request.method == "POST" else request.args
    again = None if with_file else list(asked.items(multi=True))
    return render_template("shared/unavailable.html", title="Even geduld", text=text, again=again)


def _trace_is_due(kind: str) -> bool:
    """Once a minute in each process: it may be a bug of ours after all, and it may also last for hours."""
    last, current = _traced_at.get(kind), time.monotonic()
    if last is not None and current - last < _TRACE_EVERY_SECONDS:
        return False
    _traced_at[kind] = current
    return True


def _kind(error: BaseException | None) -> str:
    """What it was about, without the statement."""
    return type(getattr(error, "orig", None) or error).__name__


def on_bug(error: Exception):
    """A bug: log it whole, show the id of the request and nothing else."""
    if is_outage(error):
        return on_outage(error)
    reference = tracing.current_id()
    current_app.logger.error("bug at %s %s", request.method, request.endpoint, exc_info=error)
    db.session.rollback()
    if current_app.testing and current_app.config.get("PROPAGATE_BUGS", True):
        raise error
    if problems.wanted():
        return problems.problem(500, "internal_error", f"Unexpected error, reference {reference}")
    text = f"Dat ligt aan ons, niet aan u. Uw gegevens zijn niet verloren. Noem bij contact nummer {reference}."
    return page("Er ging iets mis", text, 500, reference=reference)
