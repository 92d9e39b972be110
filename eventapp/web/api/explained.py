"""The published document as people read it: operations in groups, each with what it takes, answers and refuses.

Only the document is read, so that page and document cannot say different things.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import json


class Field(NamedTuple):
    """One field or parameter; `where` is path, query or header, empty in a body."""

    name: str
    kind: str
    needed: bool
    text: str
    where: str = ""


@dataclass(frozen=True)
class Shape:
    """A schema with its fields, or the words that a value may be."""

    name: str
    text: list[str]
    fields: list[Field] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class Explained(NamedTuple):
    """One operation. `refusals` are status, code and title of those that not every operation has."""

    name: str
    method: str
    path: str
    summary: str
    text: list[str]
    public: bool
    scopes: list[str]
    parameters: list[Field]
    takes: str
    example: str
    status: str
    answers: str
    refusals: list[tuple[str, str, str]]


class Group(NamedTuple):
    name: str
    text: str
    operations: list[Explained]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """The operations by their tag."""
    usual = {code for _status, code, _title in usual_refusals(document)}
    found = [_explained(document, *one, usual=usual) for one in _operations(document)]
    tags = {operation["operationId"]: operation["tags"][0] for _path, _method, operation in _operations(document)}
    return [
        Group(tag["name"], tag["description"], [one for one in found if tags[one.name] == tag["name"]])
        for tag in document["tags"]
    ]


def usual_refusals(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What at least three out of four operations can refuse: told once."""
    operations = list(_operations(document))
    counted: dict[tuple[str, str, str], int] = {}
    for _path, _method, operation in operations:
        for refusal in _refusals(operation):
            counted[refusal] = counted.get(refusal, 0) + 1
    return sorted(refusal for refusal, number in counted.items() if number * 4 >= len(operations) * 3)


def shapes(document: Mapping[str, Any]) -> list[Shape]:
    """Every schema, those with fields first."""
    found = [
        Shape(
            name,
            _paragraphs(schema.get("description", "")),
            list(_fields(schema)),
            [str(word) for word in schema.get("enum", [])],
        )
        for name, schema in document["components"]["schemas"].items()
    ]
    return sorted(found, key=lambda shape: (bool(shape.words), shape.name))


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _explained(
    document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any], *, usual: set[str]
) -> Explained:
    status, done = next((status, one) for status, one in operation["responses"].items() if status.startswith("2"))
    takes = _name(_content(operation["requestBody"])) if "requestBody" in operation else ""
    examples = document["components"]["schemas"].get(takes, {}).get("examples", [])
    return Explained(
        name=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        text=_paragraphs(operation["description"]),
        public={} in operation["security"],
        scopes=operation["security"][-1]["token"],
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        takes=takes,
        example=json.dumps(examples[0], indent=2, ensure_ascii=False, sort_keys=False) if examples else "",
        status=status,
        answers=_name(_content(done)),
        refusals=[refusal for refusal in _refusals(operation) if refusal[1] not in usual],
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _refusals(operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for status, response in operation["responses"].items():
        for code, example in (
            response.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
        ):
            yield status, code, example["value"]["title"]


def _content(said: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = said["content"]["application/json"]["schema"]
    return schema


def _parameter(one: Mapping[str, Any]) -> Field:
    text = one.get("description", "")
    return Field(one["name"], _kind(one["schema"]), one["required"], text, one["in"])


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    for name, one in schema.get("properties", {}).items():
        yield Field(name, _kind(one), name in schema.get("required", []), one.get("description", ""))


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, such as `integer or null` or `list of PriceOut`."""
    if "$ref" in schema:
        return _name(schema)
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(of := schema.get("additionalProperties"), Mapping):
        return f"object of {_kind(of)}"
    kind = schema.get("format") or schema.get("type", "anything")
    return f"{kind}{_bounds(schema)}"


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None and most < 2**31 - 1:
        return f" {least} to {most}"
    return f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
