"""Which templates were compiled beforehand? Those of exactly this code; any other is compiled when a page needs it.

Compiling what one page needs takes a process longer than everything else its first answer needs. The folder bears the
hash of code and templates together, as what a template compiles to depends on filters too. Who serves reads there and
writes nothing.
"""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from config import ROOT
from eventapp.web.built import build_once, files_below

BUILT = ROOT / "build" / "templates"


class _ByName(FileSystemBytecodeCache):
    """Finds a template wherever the house stands; Jinja compares what it was compiled from in any case."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name)


class _ReadOnly(_ByName):
    def dump_bytecode(self, bucket: Bucket) -> None:
        pass


def init_app(app: Flask, built: Path = BUILT) -> None:
    """Let the app use what was compiled, unless it looks for changed templates with every request."""
    folder = built / code_hash(app)
    if not app.debug and folder.is_dir():
        app.jinja_env.bytecode_cache = _ReadOnly(str(folder), "%s")


def compile_templates(app: Flask, built: Path = BUILT) -> Path:
    """Compile all templates unless that was done, drop all but the newest, and answer the folder."""

    def fill(folder: Path) -> None:
        app.jinja_env.bytecode_cache = _ByName(str(folder), "%s")
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
        for file in folder.iterdir():
            # It was made for its owner only, and the one who serves is another.
            file.chmod(0o644)

    return build_once(built, code_hash(app), fill)


def code_hash(app: Flask) -> str:
    """One hash over the code and the templates of this app; in debug mode as they are now, else as they were first."""
    if app.debug:
        _hash_of.cache_clear()
    return _hash_of(app.root_path, str(app.template_folder))


@lru_cache(maxsize=1)
def _hash_of(root: str, templates: str) -> str:
    files = [path for path in files_below(Path(root)) if path.endswith(".py")]
    files += files_below(Path(templates))
    digest = hashlib.blake2b(version("jinja2").encode(), digest_size=8)
    for path in sorted(files):
        # Without pathlib and buffers: these are thousands, at every start.
        with open(path, "rb", buffering=0) as file:
            digest.update(file.read())
    return digest.hexdigest()
