"""The door app and the page that couples a phone to it."""

from flask import Blueprint

from eventapp.web.access import guard

blueprint = Blueprint("door", __name__)
guard(blueprint)

from eventapp.web.door import app, coupling  # noqa: E402, F401
