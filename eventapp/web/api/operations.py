"""What does an endpoint of the API take and answer? Its signature says so, to requests and to the document alike.

A parameter that is a `Body` or an `Asked` is read from the request and refused when it does not fit; the `Answer` that
a view returns goes out as JSON, a GET with an ETag of what it says.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from inspect import getdoc
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

from flask import Response, request
from pydantic import BaseModel

from eventapp.web.api.refusals import UNSUPPORTED_MEDIA_TYPE, Refusal, Refused
from eventapp.web.api.schemas.base import Answer, Asked, Body

Kind = TypeVar("Kind", bound=BaseModel)


class Operation(NamedTuple):
    """One endpoint as it is published. `refuses` are its own refusals, besides those that every endpoint has."""

    summary: str
    description: str
    asks: type[Asked] | None
    takes: type[Body] | None
    answers: type[Answer] | None
    status: int
    refuses: tuple[Refusal, ...]
    paged: bool


def operation(
    summary: str, *, status: int = 200, refuses: tuple[Refusal, ...] = (), paged: bool = False
) -> Callable[[Callable[..., Answer | Response]], Callable[..., Response]]:
    """Publish a view under this summary. It may answer a Response itself, such as one that nothing changed."""

    def declare(view: Callable[..., Answer | Response]) -> Callable[..., Response]:
        hints = get_type_hints(view)
        answered = hints.pop("return")
        asks, takes = _one(hints, Asked), _one(hints, Body)
        answers = _only([answered, *get_args(answered)] if isinstance(answered, UnionType) else [answered], Answer)

        @wraps(view)
        def call(**given: Any) -> Response:
            if asks:
                given[asks[0]] = asks[1].model_validate(request.args.to_dict())
            if takes:
                given[takes[0]] = takes[1].model_validate_json(_json_sent())
            return _said(view(**given), status)

        published = Operation(
            summary=summary,
            description=getdoc(view) or "",
            asks=asks[1] if asks else None,
            takes=takes[1] if takes else None,
            answers=answers,
            status=status,
            refuses=refuses,
            paged=paged,
        )
        call.operation = published  # type: ignore[attr-defined]
        return call

    return declare


def unchanged_since(etag: str) -> Response | None:
    """304 when the caller has what this ETag stands for, None when there is something to tell."""
    response = Response(status=304)
    response.set_etag(etag, weak=True)
    return response if request.if_none_match.contains_weak(etag) else None


def tagged(answer: Answer, etag: str) -> Response:
    """The answer under an ETag that was known before it was made."""
    response = _json(answer, 200)
    response.set_etag(etag, weak=True)
    return response


def _one(hints: dict[str, Any], kind: type[Kind]) -> tuple[str, type[Kind]] | None:
    return next(((name, hint) for name, hint in hints.items() if _only([hint], kind)), None)


def _only(hints: list[Any], kind: type[Kind]) -> type[Kind] | None:
    return next((hint for hint in hints if isinstance(hint, type) and issubclass(hint, kind)), None)


def _json_sent() -> bytes:
    """The body, of which a program that says nothing about it means JSON."""
    if request.mimetype and not request.is_json:
        raise Refused(UNSUPPORTED_MEDIA_TYPE)
    return request.get_data()


def _said(answer: Answer | Response, status: int) -> Response:
    if isinstance(answer, Response):
        return answer
    response = _json(answer, status)
    if request.method in ("GET", "HEAD"):
        response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
        response.make_conditional(request)
    return response


def _json(answer: Answer, status: int) -> Response:
    return Response(answer.as_json(), status=status, content_type="application/json")
