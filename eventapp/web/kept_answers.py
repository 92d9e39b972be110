"""Does a page still read as it did for the last visitor? Then that answer goes out again, without Flask.

Matching the address, opening a session, calling every hook and putting an answer together take Flask 0.6 ms; looking
whether a public page still says the truth takes one statement. So a view that knows how to look says so, and its whole
answer is kept as it left the house. Everything else about a request stays: its id, its line in the log, its figures,
and being turned away in a crowd.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from eventapp.web import crowding, tracing
from eventapp.web.keeping import Kept

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Look = Callable[[], Any]
_PROMISE = "eventapp.kept_answers.promise"
_SEEN = "eventapp.kept_answers.seen"
_KEPT = "kept_answers"
# All that an answer which nobody signed in for depends on, besides what there is to see.
_ASKED = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
_SHARED = {"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"}
# What an answer takes besides its page.
_AROUND = 2000


class NotShown(LookupError):
    """There is nothing that could be shown at this address."""


class _Promise(NamedTuple):
    """A view's word: this answer holds for as long as `look` answers what was `seen`."""

    look: Look
    seen: Any
    rule: str
    room: str

    def seen_now(self) -> Any:
        """What there is to see now. None when that is nothing, or there is no way to look: the view says what then."""
        try:
            return self.look()
        except (NotShown, SQLAlchemyError):
            return None


class _Answer(NamedTuple):
    promise: _Promise
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def init_app(app: Flask) -> None:
    """Keep answers of public pages; not for a developer, whose templates change under way."""
    app.extensions[_KEPT] = Kept[_Answer]()
    if not (app.debug or app.config["ASSETS_AUTORELOAD"]):
        app.wsgi_app = KeptAnswers(app, app.wsgi_app)  # type: ignore[method-assign]


def holds_while(look: Look, seen: Any) -> None:
    """This answer may go to whoever asks for the same, for as long as `look` answers what was `seen`.

    `look` asks everything that could change the answer, and nothing of a request; it may raise NotShown.
    """
    assert request.url_rule is not None
    request.environ[_PROMISE] = _Promise(look, seen, request.url_rule.rule, request.blueprint or "-")


def looked(look: Look) -> Any:
    """What there is to see: as was found for this request when an answer no longer held, or else as it is now."""
    seen = request.environ.get(_SEEN)
    return look() if seen is None else seen


class KeptAnswers:
    """WSGI middleware around Flask."""

    def __init__(self, app: Flask, wsgi_app: "WSGIApplication") -> None:
        self._app, self._wsgi_app = app, wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("SCRIPT_NAME"):
            return self._wsgi_app(environ, start_response)
        asked = tuple(environ.get(name, "") for name in _ASKED)
        kept: Kept[_Answer] = self._app.extensions[_KEPT]
        answer = kept.get(asked)
        if answer is None or not self._sent_again(answer, environ):
            return self._whole_way(environ, start_response, asked, kept)
        start_response(answer.status, [*answer.headers, (tracing.ID_HEADER, tracing.current_id())])
        return [answer.body]

    def _sent_again(self, answer: _Answer, environ: "WSGIEnvironment") -> bool:
        """Whether this still is the answer; if so, that it was given is told."""
        began = tracing.begin()
        with self._app.app_context():
            if crowding.waited_too_long(environ):
                return False
            environ[_SEEN] = seen = answer.promise.seen_now()
            if seen != answer.promise.seen:
                return False
            tracing.tell("GET", answer.promise.rule, answer.promise.room, int(answer.status[:3]), began)
            return True

    def _whole_way(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", asked: tuple[str, ...], kept: Kept[_Answer]
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *error)

        answered = self._wsgi_app(environ, listen)
        promise: _Promise | None = environ.get(_PROMISE)
        if promise is None or not said or not _for_everybody(*said):
            return answered
        body = _whole(answered)
        headers = [(name, value) for name, value in said[1] if name != tracing.ID_HEADER]
        kept.keep(asked, _Answer(promise, said[0], headers, body), len(body) + _AROUND + sum(map(len, asked)))
        return [body]


def _for_everybody(status: str, headers: list[tuple[str, str]]) -> bool:
    """A page, or that it did not change, with nothing in it for one visitor."""
    said = dict(headers)
    shared = all(said.get(name) == value for name, value in _SHARED.items())
    return status[:3] in ("200", "304") and shared and "Set-Cookie" not in said


def _whole(answered: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answered)
    finally:
        if hasattr(answered, "close"):
            answered.close()
