"""Compressed answers: only text, only when asked for and worth it, with honest ETags."""

import gzip

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from eventapp.web.compression import compress_html

LONG = "Themadag in Zwijndrecht. " * 100
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    compress_html(app)

    @app.get("/<path:kind>")
    def answer(kind: str) -> Response:
        return Response(LONG, mimetype=kind)

    @app.get("/short")
    def short() -> Response:
        return Response("Themadag")

    @app.get("/streamed")
    def streamed() -> Response:
        return Response(iter([LONG]))

    @app.get("/encoded")
    def encoded() -> Response:
        return Response(gzip.compress(LONG.encode()), headers={"Content-Encoding": "gzip"})

    @app.get("/etag")
    def with_etag() -> Response:
        response = Response(LONG)
        response.add_etag()
        response.make_conditional(request)
        return response

    return app.test_client()


@pytest.mark.parametrize(
    "kind", ["text/html", "text/csv", "text/calendar", "application/json", "application/atom+xml", "image/svg+xml"]
)
def test_long_text_is_compressed(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"/{kind}", headers=ACCEPTS)

    assert gzip.decompress(answer.data).decode() == LONG
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0"])
def test_text_stays_plain_for_who_does_not_accept_gzip(client: FlaskClient, accepts: str) -> None:
    answer = client.get("/text/html", headers={"Accept-Encoding": accepts})

    assert answer.text == LONG
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("address", ["/short", "/streamed", "/application/pdf"])
def test_short_streamed_and_binary_answers_stay_plain(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=ACCEPTS)

    assert "Content-Encoding" not in answer.headers


def test_what_is_encoded_already_is_not_encoded_again(client: FlaskClient) -> None:
    answer = client.get("/encoded", headers=ACCEPTS)

    assert gzip.decompress(answer.data).decode() == LONG


def test_a_compressed_page_is_recognised_by_its_weak_etag(client: FlaskClient) -> None:
    first = client.get("/etag", headers=ACCEPTS)
    again = client.get("/etag", headers={**ACCEPTS, "If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"].startswith('W/"')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == "Accept-Encoding"
