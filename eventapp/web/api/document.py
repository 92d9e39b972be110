"""The API as OpenAPI 3.1: made of the routes, their audiences, their signatures and the schemas behind those.

Nothing is written down twice: what an endpoint checks and answers is what stands here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from werkzeug.routing import Rule

from eventapp.domain.actors import Scope
from eventapp.web.access import Audience
from eventapp.web.api import refusals
from eventapp.web.api.operations import Operation
from eventapp.web.api.refusals import Refusal

_REF = "#/components/schemas/{model}"
_METHODS = ("GET", "POST")
_TAGS = {
    "Events": "What is published, for everybody. Readable from scripts on other sites.",
    "Registrations": "Who comes. For systems that the association trusts like its office.",
    "Door": "Scans, and what a phone carries to go on without network.",
    "Walk-ins": "People at the door without a registration.",
}


class _Schema(GenerateJsonSchema):
    """JSON Schema without the titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Endpoint(NamedTuple):
    """One published operation at its address."""

    method: str
    path: str
    tag: str
    name: str
    public: bool
    scopes: tuple[Scope, ...]
    operation: Operation
    numbers: tuple[str, ...]
    texts: tuple[str, ...]


def endpoints(app: Flask) -> Iterator[Endpoint]:
    """Every operation of the API."""
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        if rule.endpoint.startswith("api.") and hasattr(view, "operation"):
            for method in _METHODS:
                if method in (rule.methods or ()):
                    yield _endpoint(rule, method, view)


def document(app: Flask) -> dict[str, Any]:
    """The whole document, for the address of this installation; made at the first question."""
    made: dict[str, Any] = app.extensions.setdefault("openapi", {})
    if not made:
        made.update(_document(app, app.config["PUBLIC_BASE_URL"]))
    return made


def _document(app: Flask, base: str) -> dict[str, Any]:
    found = sorted(endpoints(app), key=lambda endpoint: list(_TAGS).index(endpoint.tag))
    refs, schemas = _schemas(found)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for endpoint in found:
        paths[endpoint.path][endpoint.method.lower()] = _operation(endpoint, refs)
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Aanmeldsysteem",
            "version": "1",
            "description": f"Events, registrations and doors. Explained at {base}/api/v1/docs.",
        },
        "servers": [{"url": base}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": dict(paths),
        "components": {
            "schemas": schemas,
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of the back office. Its scopes say what it may do.",
                }
            },
        },
    }


def _endpoint(rule: Rule, method: str, view: Any) -> Endpoint:
    names = re.findall(r"<(?:(\w+):)?(\w+)>", rule.rule)
    return Endpoint(
        method=method,
        path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule),
        tag=_tag(rule.rule),
        name=rule.endpoint.removeprefix("api."),
        public=view.audience == Audience.PUBLIC,
        scopes=view.scopes,
        operation=view.operation,
        numbers=tuple(name for kind, name in names if kind == "int"),
        texts=tuple(name for kind, name in names if kind != "int"),
    )


def _tag(rule: str) -> str:
    if "/walk-ins" in rule:
        return "Walk-ins"
    if "/checkin" in rule:
        return "Door"
    return "Registrations" if "registrations" in rule else "Events"


def _schemas(found: Iterable[Endpoint]) -> tuple[dict[Any, Any], dict[str, Any]]:
    models: dict[type[BaseModel], str] = {}
    for endpoint in found:
        operation = endpoint.operation
        models |= {kind: "validation" for kind in (operation.takes, operation.asks) if kind}
        models |= {kind: "serialization" for kind in (operation.answers,) if kind}
    refs, whole = models_json_schema(
        list(models.items()),  # type: ignore[arg-type]
        ref_template=_REF,
        schema_generator=_Schema,
    )
    schemas = whole["$defs"]
    asked = {endpoint.operation.asks.__name__ for endpoint in found if endpoint.operation.asks}
    queries = {name: schemas.pop(name) for name in asked}
    return {"queries": queries, **refs}, dict(sorted((schemas | {"Problem": _PROBLEM}).items()))


def _operation(endpoint: Endpoint, refs: dict[Any, Any]) -> dict[str, Any]:
    operation = endpoint.operation
    needs = {"token": [scope.value for scope in endpoint.scopes]}
    said: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": operation.summary,
        "description": operation.description,
        "security": [{}, needs] if endpoint.public else [needs],
    }
    if parameters := _parameters(endpoint, refs):
        said["parameters"] = parameters
    if operation.takes:
        content = {"application/json": {"schema": refs[(operation.takes, "validation")]}}
        said["requestBody"] = {"required": True, "content": content}
    said["responses"] = _responses(endpoint, refs)
    return said


def _parameters(endpoint: Endpoint, refs: dict[Any, Any]) -> list[dict[str, Any]]:
    slug = {"type": "string", "pattern": "^[a-z0-9-]+$", "minLength": 1, "maxLength": 80}
    number = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    path: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": slug, "example": "themadag-2027"}
        for name in endpoint.texts
    ]
    path += [
        {"name": name, "in": "path", "required": True, "schema": number, "example": 1} for name in endpoint.numbers
    ]
    if endpoint.operation.asks:
        schema = refs["queries"][endpoint.operation.asks.__name__]
        path += [_asked(name, dict(one), schema.get("required", ())) for name, one in schema["properties"].items()]
    if endpoint.method == "POST":
        path.append(_IDEMPOTENCY_KEY)
    else:
        path.append(_IF_NONE_MATCH)
    return path


def _asked(name: str, schema: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    text = schema.pop("description", "")
    return {"name": name, "in": "query", "required": name in required, "description": text, "schema": schema}


def _responses(endpoint: Endpoint, refs: dict[Any, Any]) -> dict[str, Any]:
    operation = endpoint.operation
    limits = {"RateLimit": _header("RateLimit"), "RateLimit-Policy": _header("RateLimit-Policy")}
    read = {"ETag": _header("ETag")} if endpoint.method == "GET" else {}
    paged = {"Link": _header("Link")} if operation.paged else {}
    replayed = {"Idempotent-Replayed": _header("Idempotent-Replayed")} if endpoint.method == "POST" else {}
    assert operation.answers is not None
    content = {"application/json": {"schema": refs[(operation.answers, "serialization")]}}
    said: dict[str, Any] = {
        str(operation.status): {
            "description": "Done",
            "headers": {**limits, **read, **paged, **replayed},
            "content": content,
        }
    }
    if read:
        said["304"] = {"description": "Nothing changed since that ETag", "headers": {**limits, **read}}
    by_status: dict[int, list[Refusal]] = defaultdict(list)
    for refusal in all_refusals(endpoint):
        by_status[refusal.status].append(refusal)
    for status, ones in sorted(by_status.items()):
        headers = {**limits, "Retry-After": _header("Retry-After")} if status in (429, 503) else {}
        said[str(status)] = _problem(status, ones, headers)
    return said


def all_refusals(endpoint: Endpoint) -> list[Refusal]:
    """Every way in which this operation says no, each code once."""
    operation = endpoint.operation
    found = [refusals.BAD_REQUEST, refusals.INVALID_TOKEN, refusals.TOKEN_REVOKED, refusals.TOKEN_EXPIRED]
    found += [refusals.INSUFFICIENT_SCOPE, refusals.RATE_LIMITED, refusals.BUG, refusals.UNAVAILABLE]
    if operation.asks or operation.takes:
        found.append(refusals.INVALID)
    if operation.takes:
        found += [refusals.INVALID_JSON, refusals.UNSUPPORTED_MEDIA_TYPE, refusals.TOO_LARGE]
    if endpoint.method == "POST":
        found += [refusals.INVALID_IDEMPOTENCY_KEY, refusals.IDEMPOTENCY_KEY_REUSED, refusals.REQUEST_IN_PROGRESS]
    return list({one.code: one for one in (*found, *operation.refuses)}.values())


def _problem(status: int, ones: list[Refusal], headers: dict[str, Any]) -> dict[str, Any]:
    codes = [one.code for one in ones]
    narrowed = {"$ref": _REF.format(model="Problem"), "properties": {"code": {"enum": codes}}}
    examples = {
        one.code: {"value": {"type": "about:blank", "status": status, "title": one.title, "code": one.code}}
        for one in ones
    }
    said: dict[str, Any] = {
        "description": ", ".join(f"`{code}`" for code in codes),
        "content": {"application/problem+json": {"schema": narrowed, "examples": examples}},
    }
    return said | ({"headers": headers} if headers else {})


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


_PROBLEM = {
    "type": "object",
    "description": "Why not (RFC 9457). `code` stays the same; `title` is for people, and for some codes Dutch.",
    "required": ["type", "status", "title", "code"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is the matter, per field; `body` is the whole.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
_HEADERS = {
    "RateLimit": {
        "description": "What is left in this window, and the seconds until it begins anew",
        "schema": {"type": "string"},
        "example": '"token";r=599;t=42',
    },
    "RateLimit-Policy": {
        "description": "How many requests in how many seconds",
        "schema": {"type": "string"},
        "example": '"token";q=600;w=60',
    },
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}, "example": 42},
    "ETag": {
        "description": "What this answer says, for If-None-Match",
        "schema": {"type": "string"},
        "example": 'W/"5d1c0f2a"',
    },
    "Link": {"description": "The address of the next page, `rel=next`", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "There when this is the answer given before to the same Idempotency-Key",
        "schema": {"const": "true"},
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key within 24 hours is the same request: it is done once, and answered alike",
    "schema": {"type": "string", "maxLength": 200},
    "example": "6e8bc430-9c3a-41d9-9669-0800200c9a66",
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an earlier answer; 304 when nothing changed",
    "schema": {"type": "string"},
}
