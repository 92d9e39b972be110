"""Public pages carry a validator made of what they show: an unchanged page is not sent, and not made, again."""

import hashlib
from collections.abc import Callable
from dataclasses import astuple
from functools import lru_cache
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from eventapp.domain.association import Association
from eventapp.queries.association import load_association
from eventapp.web import kept_answers
from eventapp.web.compiled import code_hash
from eventapp.web.compression import compressible, gzipped
from eventapp.web.keeping import Kept
from eventapp.web.kept_answers import Look


def validated(facts: Any, make: Callable[[], str | bytes], *, mimetype: str = "text/html") -> Response:
    """The page, or 304 when the browser has it. `facts` is everything the page shows that can change.

    The association's settings and the release count as well. What was made for the same facts before is sent again, so
    never use it for a page that knows its visitor.
    """
    return _answer(etag_of(facts), make, lambda: True, mimetype)


def validated_while(look: Look, make: Callable[[], str | bytes]) -> Response:
    """As `validated`, for a page that hundreds ask for at once: the whole answer is sent again while it holds.

    `look` says all facts as they are now, the settings too (`settings_seen`), and asks nothing of the request. What
    moved while the page was made is not kept under the facts from before. Raises what `look` and `make` raise.
    """
    seen = kept_answers.looked(look)
    moved = False

    def still_so() -> bool:
        nonlocal moved
        moved = look() != seen
        return not moved

    response = _answer(_etag((request.endpoint, seen)), make, still_so, "text/html")
    if not moved:
        kept_answers.holds_while(look, seen)
    return response


def etag_of(facts: Any) -> str:
    """A validator for what says these facts at this address; the settings and the release count as well."""
    return _etag((request.endpoint, facts, _settings(load_association())))


def _etag(seen: Any) -> str:
    # A new release never answers 304 for the old one's page.
    release = (current_app.extensions["assets"].release.version, code_hash(current_app))
    seed = repr((seen, current_app.config["PUBLIC_BASE_URL"], release))
    return hashlib.blake2b(seed.encode(), digest_size=12).hexdigest()


def _answer(etag: str, make: Callable[[], str | bytes], still_so: Callable[[], bool], mimetype: str) -> Response:
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = _page(etag, make, still_so)
        response.mimetype = mimetype
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@lru_cache(maxsize=4)
def _settings(association: Association) -> str:
    return repr(astuple(association))


def _page(etag: str, make: Callable[[], str | bytes], still_so: Callable[[], bool]) -> Response:
    """The page as it was kept, for most browsers compressed, or else as it is made now."""
    kept: Kept[bytes] = current_app.extensions["kept_pages"]
    page = kept.get(etag)
    if page is None:
        made = make()
        page = made.encode() if isinstance(made, str) else made
        if not still_so():
            return Response(page)
        kept.keep(etag, page, len(page))
    if not compressible(len(page)):
        return Response(page)
    packed = kept.get(f"{etag} gzip")
    if packed is None:
        packed = gzipped(page)
        kept.keep(f"{etag} gzip", packed, len(packed))
    return Response(packed, headers={"Content-Encoding": "gzip"})
