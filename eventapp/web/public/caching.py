"""Public pages carry a validator made of what they show: an unchanged page is not sent, and not made, again."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from eventapp.domain.association import Association
from eventapp.queries.association import load_association
from eventapp.web.compiled import code_hash
from eventapp.web.compression import compressible, gzipped


class KeptPages:
    """Pages as this process made them, by validator; the one asked for longest ago makes room."""

    # Enough for every coming event, at about 10 kB a page, and the usual filters of a long agenda.
    MOST_BYTES = 4 * 1024 * 1024

    def __init__(self) -> None:
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """The page kept under this key."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: str, page: bytes) -> None:
        """Have it at hand for whoever asks the same."""
        with self._lock:
            self._bytes += len(page) - len(self._pages.pop(key, b""))
            self._pages[key] = page
            while self._bytes > self.MOST_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest)


def validated(
    facts: Any,
    make: Callable[[], str | bytes],
    *,
    mimetype: str = "text/html",
    look: Callable[[], Any] | None = None,
) -> Response:
    """The page, or 304 when the browser has it. `facts` is everything the page shows that can change.

    The association's settings and the release count as well. What was made for the same facts before is sent again, so
    never use it for a page that knows its visitor. Where `make` reads the database itself, `look` says the facts anew:
    what moved while the page was made is not kept under the facts from before.
    """
    etag = etag_of(facts)
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = _page(etag, make, lambda: look is None or etag_of(look()) == etag)
        response.mimetype = mimetype
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def etag_of(facts: Any) -> str:
    """A validator for what says these facts at this address; the settings and the release count as well."""
    # A new release never answers 304 for the old one's page.
    release = (current_app.extensions["assets"].release.version, code_hash(current_app))
    base = current_app.config["PUBLIC_BASE_URL"]
    seed = repr((request.endpoint, facts, _settings(load_association()), base, release))
    return hashlib.blake2b(seed.encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=4)
def _settings(association: Association) -> str:
    return repr(astuple(association))


def _page(etag: str, make: Callable[[], str | bytes], still_so: Callable[[], bool]) -> Response:
    """The page as it was kept, for most browsers compressed, or else as it is made now."""
    kept: KeptPages = current_app.extensions["kept_pages"]
    page = kept.get(etag)
    if page is None:
        made = make()
        page = made.encode() if isinstance(made, str) else made
        if not still_so():
            return Response(page)
        kept.keep(etag, page)
    if not compressible(len(page)):
        return Response(page)
    packed = kept.get(f"{etag} gzip")
    if packed is None:
        packed = gzipped(page)
        kept.keep(f"{etag} gzip", packed)
    return Response(packed, headers={"Content-Encoding": "gzip"})
