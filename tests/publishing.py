"""Is every answer of the API one that the published document knows? Asked of each answer in any test."""

from functools import cache
from typing import Any

from flask import Response, current_app, request

from eventapp.web.api.document import document


def published(response: Response) -> Response:
    """The answer as it is. Raises AssertionError for a status or a code that nobody could have read about."""
    # A bug is answered by 500, or raised in the test.
    if (
        (request.endpoint or "").startswith("api.")
        and request.method in ("GET", "POST")
        and response.status_code != 500
    ):
        _check(response, _operations().get((request.endpoint, request.method)))
    return response


def _check(response: Response, operation: Any) -> None:
    if operation is None:
        return
    said = operation["responses"].get(str(response.status_code))
    assert said is not None, f"{request.endpoint} answers {response.status_code}: {response.get_data()[:200]!r}"
    if response.mimetype == "application/problem+json":
        codes = said["content"]["application/problem+json"]["schema"]["properties"]["code"]["enum"]
        assert response.json["code"] in codes, f"{request.endpoint} answers {response.json['code']}"


@cache
def _operations() -> dict[tuple[str | None, str], Any]:
    """By endpoint and method; every app has the same."""
    paths = document(current_app._get_current_object())["paths"].values()
    return {
        (f"api.{operation['operationId']}", method.upper()): operation
        for methods in paths
        for method, operation in methods.items()
    }
