"""The shell of the door app: the same for everybody, without a name in it; the phone brings its own token."""

import hashlib
import json
import re
from pathlib import Path

from flask import Response, current_app, render_template
from markupsafe import Markup

from eventapp import documents, wording
from eventapp.web.access import Audience, audience
from eventapp.web.assets import SOURCE, Assets
from eventapp.web.door import blueprint

_ASKED_FOR = re.compile(r'(?:href|src)="((?:/deur)?/static/[^"]+)"')
# What the page asks for later: its modules, the decoder in its worker, and letters that not every name needs.
_LATER = re.compile(r"door/(?!sw\.js|couple)[^/]+\.js|vendor/zxing/.+\.(?:js|wasm)|vendor/atkinson-[^/]+/.+\.woff2")


@blueprint.get("/deur")
@audience(Audience.VISITOR)
def door() -> Response:
    name, page = _release()
    response = Response(page.replace(_PLACE_OF_NAME, name), content_type="text/html; charset=utf-8")
    response.headers["X-Door-Release"] = name
    return response


@blueprint.get("/deur/sw.js")
@audience(Audience.VISITOR)
def service_worker() -> Response:
    """The script that keeps the page on a phone; another release is another text, which is how a browser notices it."""
    name, page = _release()
    release = {"name": name, "page": "/deur", "files": _files(page)}
    script = f"const RELEASE = {json.dumps(release)};\n" + Path(SOURCE, "door", "sw.js").read_text()
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/deur"
    return response


_PLACE_OF_NAME = "@@release@@"
# What the decoder of a phone must read at its rehearsal: as large and dense as a ticket, and nobody's.
_TEST_CODE = "TGENERA1EREPET1T1E00"


def _release() -> tuple[str, str]:
    """The name of what a phone would get now, and the page with the place for that name: a digest of all of it."""
    categories = {category.value: word for category, word in wording.CATEGORIES.items()}
    test_code = Markup(documents.qr.svg(_TEST_CODE))
    page = render_template(
        "door/app.html", categories=categories, release=_PLACE_OF_NAME, test_code=test_code, test_text=_TEST_CODE
    )
    # The addresses of its files hold the digest of the whole static tree.
    return hashlib.sha256(page.encode()).hexdigest()[:12], page


def _files(page: str) -> list[str]:
    assets: Assets = current_app.extensions["assets"]
    later = [f"/deur{assets.address(name)}" for name in assets.release.names if _LATER.fullmatch(name)]
    fonts = [address.removeprefix("/deur") for address in later if address.endswith(".woff2")]
    scripts = [address for address in later if not address.endswith(".woff2")]
    return sorted({*_ASKED_FOR.findall(page), *scripts, *fonts})
