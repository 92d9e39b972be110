"""Pages and endpoints: what every audience sees, and the frame around it."""

from flask import Flask, abort, current_app, g, request
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from eventapp.domain.association import Association
from eventapp.extensions import csrf
from eventapp.openid.settings import check_settings as check_openid
from eventapp.payments.settings import check_settings
from eventapp.queries.association import load_association
from eventapp.web import (
    assets,
    compiled,
    compression,
    cross_origin,
    crowding,
    errors,
    filters,
    headers,
    kept_answers,
    looks,
    money,
    tracing,
)
from eventapp.web.routing import LateRule
from eventapp.web.sessions import Sessions


def init_app(app: Flask) -> None:
    """Register pages, the frame around them, and what wraps every answer.

    Raises payments.settings.UnsafeSetting for a provider's key that would go where it should not, and
    config.UnsafeSetting for a provider of sign-in that is half set or not safe.
    """
    check_openid(app.config)
    if app.config["MOLLIE_API_KEY"]:
        check_settings(app.config["MOLLIE_API_KEY"], app.config["MOLLIE_API_ENDPOINT"])
    app.session_interface = Sessions()
    app.url_rule_class = LateRule
    tracing.init_app(app)
    crowding.init_app(app)
    csrf.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    _register_blueprints(app)
    _template_globals(app)
    compiled.init_app(app)
    app.before_request(_refuse_nonsense)
    app.after_request(_private_unless_said)
    looks.init_app(app)
    money.init_app(app)
    headers.security_headers(app)
    cross_origin.init_app(app)
    compression.compress_html(app)
    kept_answers.init_app(app)
    assets.init_assets(app)
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _register_blueprints(app: Flask) -> None:
    from eventapp.web import api, demo, door, member, organiser, probes, public, webhooks

    for module in (public, member, organiser, door, webhooks, api, demo, probes):
        app.register_blueprint(module.blueprint)
    csrf.exempt(webhooks.blueprint)
    csrf.exempt(api.blueprint)


def _refuse_nonsense() -> None:
    """Addresses that nobody types and no database can look up: with a null character, or a number beyond any id."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
    if any(isinstance(value, int) and value >= 2**31 for value in (request.view_args or {}).values()):
        abort(404)


def current_association() -> Association:
    """The association's settings, read once per request. The last known ones are for a page without a database."""
    if "association" not in g:
        g.association = current_app.extensions["known_association"] = load_association()
    return g.association


association: Association = LocalProxy(current_association)  # type: ignore[assignment]


def _template_globals(app: Flask) -> None:
    """What layouts need; the association is only looked up when a template names it."""
    app.jinja_env.globals.update(
        association=association,
        demo=app.config["DEMO"],
        test_payments=app.config["MOLLIE_API_KEY"].startswith("test_"),
    )


def _private_unless_said(response: Response) -> Response:
    """Pages are nobody's but the visitor's, unless the view said otherwise."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response
