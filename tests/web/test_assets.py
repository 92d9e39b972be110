"""Static files: one address per release, kept for a year, small on the way, and never wrong under an old address."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventapp.web.assets import SOURCE, Assets, UnknownAsset, build_assets, init_assets, tree_hash

CSS = b"body { color: #1d2429; }\n" * 40
OTHER_RELEASE = "0123456789ab"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    _write(folder / "css" / "site.css", CSS)
    _write(folder / "door" / "decoder.js", b"import './reader.js';\n")
    _write(folder / "door" / "door.js", b"new Worker('decoder.js');\n")
    _write(folder / "reader.wasm", b"\0asm" + bytes(2000))
    _write(folder / "letter.woff2", os.urandom(500))
    return folder


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return tmp_path / "build"


@pytest.fixture
def make_app(source: Path, built: Path) -> Callable[..., Flask]:
    def make(**settings: object) -> Flask:
        app = Flask(__name__, static_folder=None)
        app.config.update(settings)
        init_assets(app, source, built)
        return app

    return make


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app().test_client()


def test_address_carries_the_hash_of_the_whole_tree(make_app: Callable[..., Flask], source: Path) -> None:
    address = _assets(make_app()).address("css/site.css")

    assert address == f"/static/{tree_hash(source)}/css/site.css"


def test_changing_any_file_changes_the_hash(source: Path) -> None:
    before = tree_hash(source)

    _write(source / "reader.wasm", b"\0asm" + bytes(1999) + b"\1")

    assert tree_hash(source) != before


def test_moving_a_file_changes_the_hash(source: Path) -> None:
    before = tree_hash(source)

    (source / "letter.woff2").rename(source / "css" / "letter.woff2")

    assert tree_hash(source) != before


def test_present_address_is_kept_for_a_year(client: FlaskClient, source: Path) -> None:
    answer = get(client, f"/static/{tree_hash(source)}/css/site.css")

    assert answer.status_code == 200
    assert answer.data == CSS
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_address_of_another_release_gives_the_present_file_without_keeping_it(client: FlaskClient) -> None:
    answer = get(client, f"/static/{OTHER_RELEASE}/css/site.css")

    assert answer.data == CSS
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/static/{hash}/css/gone.css",
        "/static/{hash}/../config.py",
        "/static/{hash}/css/",
        "/static/css/site.css",
        "/static/{hash}css/site.css",
    ],
)
def test_other_addresses_are_not_found(client: FlaskClient, source: Path, address: str) -> None:
    answer = get(client, address.replace("{hash}", tree_hash(source)))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("css/site.css", 'text/css; charset="utf-8"'),
        ("door/door.js", 'text/javascript; charset="utf-8"'),
        ("reader.wasm", "application/wasm"),
        ("letter.woff2", "font/woff2"),
    ],
)
def test_files_have_the_type_browsers_insist_on(
    client: FlaskClient, source: Path, name: str, content_type: str
) -> None:
    answer = get(client, f"/static/{tree_hash(source)}/{name}")

    assert answer.headers["Content-Type"] == content_type


def test_only_the_decoder_may_compile_webassembly(client: FlaskClient, source: Path) -> None:
    decoder = get(client, f"/static/{tree_hash(source)}/door/decoder.js")
    late_decoder = get(client, f"/static/{OTHER_RELEASE}/door/decoder.js")
    page = get(client, f"/static/{tree_hash(source)}/door/door.js")

    policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    assert decoder.headers["Content-Security-Policy"] == policy
    assert late_decoder.headers["Content-Security-Policy"] == policy
    assert "Content-Security-Policy" not in page.headers


def test_static_files_are_not_posted_to(client: FlaskClient, source: Path) -> None:
    assert client.post(f"/static/{tree_hash(source)}/css/site.css").status_code == 405


def test_template_gets_the_address(make_app: Callable[..., Flask], source: Path) -> None:
    page = make_app().jinja_env.from_string("{{ asset('css/site.css') }}").render()

    assert page == f"/static/{tree_hash(source)}/css/site.css"


def test_asking_for_a_file_that_does_not_exist_names_it(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(UnknownAsset, match=r"static/css/tikfout\.css"):
        _assets(make_app()).address("css/tikfout.css")


def test_compressed_copies_are_sent_to_who_accepts_them(
    make_app: Callable[..., Flask], source: Path, built: Path
) -> None:
    build_assets(source, built)
    client = make_app().test_client()
    address = f"/static/{tree_hash(source)}/css/site.css"

    small = get(client, address, accept_encoding="gzip, br")
    older = get(client, address, accept_encoding="gzip")
    plain = get(client, address)

    assert (small.headers["Content-Encoding"], brotli.decompress(small.data)) == ("br", CSS)
    assert (older.headers["Content-Encoding"], gzip.decompress(older.data)) == ("gzip", CSS)
    assert ("Content-Encoding" in plain.headers, plain.data) == (False, CSS)
    assert [answer.headers["Vary"] for answer in (small, older, plain)] == ["Accept-Encoding"] * 3


def test_compressing_makes_variants_only_where_they_help(source: Path, built: Path) -> None:
    copy = build_assets(source, built)

    assert {path.relative_to(copy).as_posix() for path in copy.rglob("*.*")} == {
        "css/site.css",
        "css/site.css.br",
        "css/site.css.gz",
        "door/decoder.js",
        "door/door.js",
        "letter.woff2",
        "reader.wasm",
        "reader.wasm.br",
        "reader.wasm.gz",
    }


def test_compressing_again_changes_nothing(source: Path, built: Path) -> None:
    first = build_assets(source, built)
    (first / "mark").touch()

    second = build_assets(source, built)

    assert second == first
    assert (first / "mark").exists()


def test_only_the_newest_three_releases_are_kept(source: Path, built: Path) -> None:
    copies = []
    for number in range(5):
        _write(source / "css" / "site.css", CSS * (number + 1))
        copies.append(build_assets(source, built))
        os.utime(copies[-1], (number, number))

    last = build_assets(source, built)

    assert sorted(built.iterdir()) == sorted(copies[2:])
    assert last == copies[-1]


def test_a_running_process_keeps_its_release_when_files_change(
    make_app: Callable[..., Flask], source: Path, built: Path
) -> None:
    build_assets(source, built)
    assets = _assets(make_app())
    address = assets.address("css/site.css")

    _write(source / "css" / "site.css", b"new")

    assert assets.address("css/site.css") == address
    assert get(make_app().test_client(), address).data == CSS


def test_reloading_gives_a_changed_file_a_new_address(make_app: Callable[..., Flask], source: Path) -> None:
    app = make_app(ASSETS_AUTORELOAD=True)
    before = _assets(app).address("css/site.css")

    _write(source / "css" / "site.css", b"new")
    after = _assets(app).address("css/site.css")

    assert after != before
    assert get(app.test_client(), after).data == b"new"


def test_reloading_sees_a_new_file(make_app: Callable[..., Flask], source: Path) -> None:
    app = make_app(ASSETS_AUTORELOAD=True)

    _write(source / "css" / "new.css", b"new")

    assert get(app.test_client(), _assets(app).address("css/new.css")).data == b"new"


def test_the_decoder_finds_the_reader_where_its_imports_point() -> None:
    reader = SOURCE / "vendor" / "zxing" / "reader"

    script = (reader / "index.js").read_text()

    assert 'from "../share.js"' in script
    assert (reader / "../share.js").resolve().is_file()
    assert (reader / "zxing_reader.wasm").read_bytes()[:4] == b"\0asm"


def get(client: FlaskClient, address: str, accept_encoding: str = "") -> TestResponse:
    """Fetch and read to the end, so that the file is closed."""
    return client.get(address, headers={"Accept-Encoding": accept_encoding}, buffered=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _assets(app: Flask) -> Assets:
    assets: Assets = app.extensions["assets"]
    return assets
