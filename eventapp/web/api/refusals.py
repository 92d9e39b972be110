"""How does the API say no? One exception that ends as problem+json, wherever in a view it is raised."""

from typing import Any

from flask import Blueprint, Response
from pydantic import ValidationError

from eventapp.web.problems import problem


class Refused(Exception):
    """Ends the request as a problem document; `more` are members of their own, such as `errors`."""

    def __init__(self, status: int, code: str, title: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.title, self.more = status, code, title, more

    def as_dict(self) -> dict[str, Any]:
        """The problem as it stands inside a batch."""
        return {"status": self.status, "code": self.code, "title": self.title, **self.more}


def unreadable(error: ValidationError) -> Refused:
    """What does not fit its schema: 400 when it is no JSON at all, else 422 with `errors` per field."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        return Refused(400, "invalid_json", "The body is not valid JSON")
    errors: dict[str, list[str]] = {}
    for one in found:
        errors.setdefault(".".join(map(str, one["loc"])) or "body", []).append(one["msg"])
    return Refused(422, "invalid", "Some fields are missing or not understood", errors=errors)


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(Refused, _answer)
    blueprint.register_error_handler(ValidationError, lambda error: _answer(unreadable(error)))


def _answer(refused: Refused) -> Response:
    response = problem(refused.status, refused.code, refused.title, **refused.more)
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
