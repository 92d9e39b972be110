"""How do the files in static/ reach a browser, once and never stale?

Every address carries the hash of the whole static tree: `/static/<tree hash>/css/site.css`. One hash for all files
keeps relative references (CSS `url()`, ES module imports) inside the same release, and lets a browser keep each file
for a year. An address with another release's hash, from a page that was open during an update, gives the present file,
to be asked again each time: an old page then finds its late scripts instead of a 404, and nothing wrong is kept under
an old address. `make assets` makes a copy of the tree with compressed variants; without that copy the tree itself is
served as it is.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor
from whitenoise.responders import StaticFile

from eventapp.web.built import build_once, files_below

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "static"
BUILT = ROOT / "build" / "static"

DECODER = "door/decoder.js"
# A worker lives under the policy of its own script's response; only this one may compile WebAssembly.
DECODER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

_YEAR = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {".ttf": "font/ttf", ".webmanifest": "application/manifest+json"}
# Fonts of the PDFs are never sent to a browser; they are large and slow to compress.
_NOT_COMPRESSED = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")
# The door's worker lives below /deur: only there does its service worker keep it for a phone without network.
_ADDRESS = re.compile(r"(?:/deur)?/static/(?P<version>[0-9a-f]{12})/(?P<name>.+)")


class UnknownAsset(LookupError):
    """A page asks for the address of a file that is not in static/; make fetches what belongs under static/vendor/."""


class Release:
    """The static tree as it was at one moment: its version and what to answer for each of its files."""

    def __init__(self, source: Path, built: Path) -> None:
        self.version = tree_hash(source)
        compressed = built / self.version
        self._folder = compressed if compressed.is_dir() else source
        self._kept = _files(self._folder, cache_control=_YEAR)

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    @property
    def names(self) -> list[str]:
        """All its files, without the compressed copies beside them."""
        return sorted(self._kept)

    @cached_property
    def _asked_again(self) -> dict[str, StaticFile]:
        """For pages from before an update: few processes ever meet one."""
        return _files(self._folder, cache_control=_ASK_AGAIN)

    def answer(self, version: str, name: str) -> StaticFile | None:
        """The answer for an address of this release or another; None when this one has no such file."""
        return (self._kept if version == self.version else self._asked_again).get(name)


class Assets:
    """WSGI middleware that answers addresses of static files and leaves every other request to the app."""

    def __init__(self, wsgi_app: "WSGIApplication", source: Path, built: Path, *, autoreload: bool) -> None:
        self._wsgi_app = wsgi_app
        self._source = source
        self._built = built
        self._autoreload = autoreload
        self._seen = _signature(source) if autoreload else ()
        self._release = Release(source, built) if autoreload else _release_of_this_process(source, built)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        file = self.release.answer(address["version"], address["name"]) if address else None
        if file is None:
            return self._wsgi_app(environ, start_response)
        chunks: Iterable[bytes] = WhiteNoise.serve(file, environ, start_response)
        return chunks

    @property
    def release(self) -> Release:
        """The tree as it is now when reloading, else as it was when the process started."""
        if self._autoreload:
            signature = _signature(self._source)
            if signature != self._seen:
                self._release, self._seen = Release(self._source, self._built), signature
        return self._release

    def address(self, name: str) -> str:
        """The address of a file of static/, for example `css/site.css`. Raises UnknownAsset."""
        release = self.release
        if name not in release:
            raise UnknownAsset(f"static/{name} does not exist" + " (run make vendor)" * name.startswith("vendor/"))
        return f"/static/{release.version}/{name}"


def init_assets(app: Flask, source: Path = SOURCE, built: Path = BUILT) -> None:
    """Serve static files before the app is asked, and give templates `asset('css/site.css')`.

    With the setting ASSETS_AUTORELOAD, changed files get a new address at once. The Assets object stands in
    `app.extensions["assets"]`.
    """
    assets = Assets(app.wsgi_app, source, built, autoreload=bool(app.config.get("ASSETS_AUTORELOAD")))
    app.wsgi_app = assets  # type: ignore[method-assign]
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.address


def tree_hash(source: Path) -> str:
    """Twelve hexadecimal digits over the names and contents of all files below the folder."""
    digest = hashlib.sha256()
    for path in sorted(files_below(source)):
        content = Path(path).read_bytes()
        name = Path(path).relative_to(source).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def build_assets(source: Path = SOURCE, built: Path = BUILT) -> Path:
    """Make the compressed copy of this tree unless it is there, drop all but the newest, and answer its folder."""

    def fill(copy: Path) -> None:
        shutil.copytree(source, copy, dirs_exist_ok=True)
        compressor = Compressor(extensions=_NOT_COMPRESSED, quiet=True)
        with ThreadPoolExecutor() as pool:
            list(pool.map(compressor.compress, filter(compressor.should_compress, list(files_below(copy)))))

    return build_once(built, tree_hash(source), fill)


@lru_cache(maxsize=4)
def _release_of_this_process(source: Path, built: Path) -> Release:
    return Release(source, built)


def _files(folder: Path, *, cache_control: str) -> dict[str, StaticFile]:
    def add_headers(headers: Headers, path: str, _url: str) -> None:
        headers["Cache-Control"] = cache_control
        headers["X-Content-Type-Options"] = "nosniff"
        if Path(path) == folder / DECODER:
            headers["Content-Security-Policy"] = DECODER_POLICY

    whitenoise = WhiteNoise(
        None, max_age=None, allow_all_origins=False, mimetypes=_TYPES, add_headers_function=add_headers
    )
    whitenoise.add_files(folder)
    return {url.removeprefix("/"): file for url, file in whitenoise.files.items()}


def _signature(source: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file below the folder does; cheap enough to ask with every request of a developer."""
    stats = ((path, os.stat(path)) for path in sorted(files_below(source)))
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
