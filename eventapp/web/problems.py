"""Errors of the API: RFC 9457 problem details with a stable code."""

from typing import Any

from flask import Response, json, request


def wanted() -> bool:
    """Whether this request came to the API, which answers in problem+json."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, title: str, **more: Any) -> Response:
    """An application/problem+json answer (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "title": title, "code": code, **more}
    return Response(json.dumps(body), status=status, content_type="application/problem+json")
