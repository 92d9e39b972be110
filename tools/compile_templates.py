"""Compiles the templates for the app that will serve them; nothing happens when that is up to date."""

from config import TestConfig
from eventapp import create_app
from eventapp.web.compiled import compile_templates

if __name__ == "__main__":
    compile_templates(create_app(TestConfig()))
