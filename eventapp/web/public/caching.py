"""Public pages carry a validator made of what they show: an unchanged page is not sent, and not made, again."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from eventapp.web import current_association


class KeptPages:
    """Pages as this process made them, by validator; the one asked for longest ago makes room."""

    # Enough for every coming event and the usual filters of the agenda; a page is about 10 kB.
    MOST = 200

    def __init__(self) -> None:
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, etag: str, make: Callable[[], str | bytes]) -> bytes:
        """The page with this validator, made when it is not there."""
        with self._lock:
            if etag in self._pages:
                self._pages.move_to_end(etag)
                return self._pages[etag]
        made = make()
        page = made.encode() if isinstance(made, str) else made
        with self._lock:
            self._pages[etag] = page
            while len(self._pages) > self.MOST:
                self._pages.popitem(last=False)
        return page


def validated(facts: Any, make: Callable[[], str | bytes], *, mimetype: str = "text/html") -> Response:
    """The page, or 304 when the browser has it. `facts` is everything the page shows that can change.

    The association's settings and the release count as well. What was made for the same facts before is sent again, so
    never use it for a page that knows its visitor.
    """
    folders = (current_app.root_path, str(current_app.template_folder))
    release = (current_app.extensions["assets"].release.version, _code_hash(*folders, fresh=current_app.debug))
    base = current_app.config["PUBLIC_BASE_URL"]
    seed = repr((request.endpoint, facts, astuple(current_association()), base, release))
    etag = hashlib.blake2b(seed.encode(), digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        kept: KeptPages = current_app.extensions["kept_pages"]
        response = Response(kept.get(etag, make), mimetype=mimetype)
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _code_hash(root: str, templates: str, *, fresh: bool) -> str:
    """One hash over the code and the templates, so that a new release never answers 304 for the old one's page."""
    if fresh:
        _hash_of.cache_clear()
    return _hash_of(root, templates)


@lru_cache(maxsize=1)
def _hash_of(root: str, templates: str) -> str:
    files = [*Path(root).rglob("*.py"), *(path for path in Path(templates).rglob("*") if path.is_file())]
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()
