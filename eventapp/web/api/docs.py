"""What the API can do: the document for programs, and a page for whoever writes them."""

from typing import Any

from flask import Response, current_app, json, render_template

from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.operations import unchanged_since
from eventapp.web.public.caching import etag_of, validated


@blueprint.get("/openapi.json")
@audience(Audience.PUBLIC)
def openapi() -> Response:
    """The OpenAPI document, made of the endpoints themselves."""
    etag = etag_of("openapi")
    answer = unchanged_since(etag) or Response(
        json.dumps(_document(), sort_keys=False), content_type="application/json"
    )
    answer.set_etag(etag, weak=True)
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


@blueprint.get("/docs")
@audience(Audience.PUBLIC)
def docs() -> Any:
    """The same for people, made of that document."""
    return validated(current_app.config["API_PER_MINUTE"], _page)


def _page() -> str:
    from eventapp.web.api import explained

    document = _document()
    return render_template(
        "api/docs.html",
        base=current_app.config["PUBLIC_BASE_URL"],
        groups=explained.groups(document),
        shapes=explained.shapes(document),
        usual=explained.usual_refusals(document),
        per_minute=current_app.config["API_PER_MINUTE"],
    )


def _document() -> dict[str, Any]:
    # Read at the first question: a start waits for nothing that few ask for.
    from eventapp.web.api.document import document

    return document(current_app._get_current_object())  # type: ignore[attr-defined]
