"""Which pages show a list of people? Declared at the view, and written down in this one place once it was answered.

It is the only thing that a GET leaves behind. Nobody asked for it, so the method stays safe (RFC 9110, 9.2.1).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from eventapp.domain.actors import Actor
from eventapp.domain.looks import Looked, PeopleList
from eventapp.services import looking
from eventapp.web.access import View, current_staff, place_asked
from eventapp.web.clock import now

# A form that comes back for a mistake shows its list as well; a refusal and what did not change since show nothing.
_SHOWN_WITH = (200, 409, 422)


class _Shown(NamedTuple):
    people: int
    by: Actor | None
    event_id: int | None


def init_app(app: Flask) -> None:
    """After each answer, write down which list somebody saw, if it was one."""
    app.after_request(_write_down)


def lists_people(which: PeopleList) -> Callable[[View], View]:
    """Declare that a view names people; it says how many with `names_people`."""

    def declare(view: View) -> View:
        view.lists = which  # type: ignore[attr-defined]
        return view

    return declare


def names_people(people: int, *, by: Actor | None = None, event_id: int | None = None) -> None:
    """So many people are named in the answer to this request. `by` is who asks when that is nobody of staff, and
    `event_id` the event when the address does not name it."""
    g.people_shown = _Shown(people, by, event_id)


def _write_down(response: Response) -> Response:
    shown: _Shown | None = g.pop("people_shown", None)
    if shown is None or not shown.people or request.method == "HEAD" or response.status_code not in _SHOWN_WITH:
        return response
    view: Any = current_app.view_functions[request.endpoint or ""]
    by = shown.by or current_staff()
    assert by is not None
    try:
        looking.keep(_looked(view.lists, shown, response), by=by, now=now())
    except (SQLAlchemyError, OSError):
        current_app.logger.exception("a look at a list of people was not written down")
    return response


def _looked(which: PeopleList, shown: _Shown, response: Response) -> Looked:
    place, values = place_asked(), request.view_args or {}
    return Looked(
        at=which,
        people=shown.people,
        as_file="Content-Disposition" in response.headers,
        event_id=shown.event_id or place.event_id,
        circle_id=place.circle_id,
        organisation_id=values.get("organisation_id"),
    )
